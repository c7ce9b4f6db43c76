"""Every screen, heard and felt: labels, order, states, sizes and gaps, from the semantics tree."""

import pytest
from playwright.sync_api import ViewportSize

from fieldapp.ui import theme
from tests.journeys import beyond, semantics, tour
from tests.journeys.semantics import Node

pytestmark = pytest.mark.browser
TALL: ViewportSize = {"width": 390, "height": 3_000}  # nothing is cut off by the fold
ROUNDING = 0.6  # dp: the tree's numbers are rounded to device pixels
PRIMARY = {"add", "next", "seal", "use", "shutter", "retry", "send", "enrol", "find", "suggest"}


Screens = dict[str, list[Node]]
Said = dict[str, list[str]]


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Screens, Said]:
    """Each screen of the tour as its tree says it, and what it said by itself."""
    found, said = Screens(), Said()
    with tour.seasoned(tmp_path_factory.mktemp("tour")) as there:
        phone = there.one.phone
        page = phone.page
        phone.resize(TALL)
        semantics.listen(page)
        for name in beyond.all_of(there):
            found[name], said[name] = semantics.read(page), semantics.heard(page)
    return found, said


@pytest.fixture(scope="module")
def screens(toured: tuple[Screens, Said]) -> Screens:
    return toured[0]


@pytest.fixture(scope="module")
def said(toured: tuple[Screens, Said]) -> Said:
    return toured[1]


@pytest.mark.parametrize("name", beyond.SCREENS)
def test_every_control_has_words(screens: dict[str, list[Node]], name: str) -> None:
    parts = semantics.controls(screens[name])
    assert parts
    assert not [part for part in parts if not part.label]


@pytest.mark.parametrize("name", beyond.SCREENS)
def test_a_screen_is_read_from_above_to_below(screens: dict[str, list[Node]], name: str) -> None:
    assert semantics.out_of_order(semantics.controls(screens[name])) == []


@pytest.mark.parametrize("name", beyond.SCREENS)
def test_a_thumb_in_a_glove_hits_every_control(screens: dict[str, list[Node]], name: str) -> None:
    for part in semantics.controls(screens[name]):
        least = theme.PRIMARY_TOUCH if part.name in PRIMARY else theme.TOUCH
        assert min(part.w, part.h) >= least - ROUNDING, part


@pytest.mark.parametrize("name", beyond.SCREENS)
def test_no_two_controls_are_hit_at_once(screens: dict[str, list[Node]], name: str) -> None:
    for one, other, gap in semantics.gaps(semantics.controls(screens[name])):
        assert gap >= theme.GAP - ROUNDING, (one, other)


@pytest.mark.parametrize("name", beyond.SCREENS)
def test_a_screen_says_where_one_is(screens: dict[str, list[Node]], name: str) -> None:
    headings = [node for node in screens[name] if node.role == "heading"]
    assert [node.name for node in headings] == ["title"]


def test_what_is_chosen_is_announced(screens: dict[str, list[Node]]) -> None:
    chosen = {
        "settings": "language-zh",
        "place": "building-2",
        "extras": "sign-POSTER",
        "find": "pile-all",
        "form": "form-ROUTINE",
    }
    for screen, name in chosen.items():
        states = {node.name: node.chosen for node in screens[screen] if node.chosen}
        assert states[name] == "true", screen
        assert "false" in states.values(), screen


@pytest.mark.parametrize(
    ("screen", "words"),
    [
        ("copied", "复制不了"),  # this browser does not let it
        ("place", "±8 米 准"),
        ("unanswered", "至少选一个迹象"),
        ("mask", "没找到人脸"),
        ("undo", "已封存"),
        ("undo", "1 条待发"),
        ("summary", "还在手机上"),
        ("slip", "不能写人"),
        ("withdrawing", "再点一次撤回"),
    ],
)
def test_what_changes_by_itself_is_read_aloud(said: Said, screen: str, words: str) -> None:
    assert [one for one in said[screen] if words in one], said[screen]


def test_a_screen_that_stands_still_is_silent(said: Said) -> None:
    for name in ("settings", "privacy", "about", "lock", "pin", "form"):
        assert said[name] == [], name


@pytest.mark.parametrize("name", beyond.SCREENS)
def test_a_name_stands_once_on_a_screen(screens: dict[str, list[Node]], name: str) -> None:
    names = [node.name for node in screens[name] if node.name]
    assert len(names) == len(set(names))


def test_where_nothing_can_be_chosen_nothing_is_said_to_be(screens: dict[str, list[Node]]) -> None:
    assert not [node for node in screens["duty"] if node.chosen]
