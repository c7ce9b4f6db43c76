"""Every screen, heard and felt: labels, order, states, sizes and gaps, from the semantics tree."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, ViewportSize

from fieldapp.ui import theme
from tests.journeys import beyond, semantics, tour
from tests.journeys.semantics import Node

pytestmark = pytest.mark.browser
TALL: ViewportSize = {"width": 390, "height": 3_000}  # nothing is cut off by the fold
LATEST_S = 20
ROUNDING = 0.6  # dp: the tree's numbers are rounded to device pixels
PRIMARY = {"add", "next", "seal", "use", "shutter", "retry", "send", "enrol", "find", "suggest"}
ANNOUNCED = (  # on which screen a screen reader says which words by itself
    ("copied", "复制不了"),  # this browser does not let it
    ("place", "±8 米 准"),
    ("unanswered", "至少选一个迹象"),
    ("mask", "没找到人脸"),
    ("undo", "已封存"),
    ("undo", "1 条待发"),
    ("summary", "还在手机上"),
    ("slip", "不能写人"),
    ("withdrawing", "再点一次撤回"),
)
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
            found[name] = semantics.read(page)
            said[name] = announced(page, [words for screen, words in ANNOUNCED if screen == name])
    return found, said


def announced(page: Page, expected: list[str]) -> list[str]:
    """What was said by itself, once the expected words have been said or LATEST_S is over: a busy
    machine says them late."""
    said = semantics.heard(page)
    deadline = time.monotonic() + LATEST_S
    while time.monotonic() < deadline and not all(
        any(words in one for one in said) for words in expected
    ):
        page.wait_for_timeout(100)
        said += semantics.heard(page)
    return said


@pytest.fixture(scope="module")
def screens(toured: tuple[Screens, Said]) -> Screens:
    return toured[0]


@pytest.fixture(scope="module")
def said(toured: tuple[Screens, Said]) -> Said:
    return toured[1]


def controls(screens: Screens) -> Iterator[tuple[str, Node]]:
    """Each control with the name of its screen."""
    return ((name, part) for name in screens for part in semantics.controls(screens[name]))


def test_the_tour_passes_every_screen(screens: Screens) -> None:
    assert screens.keys() == set(beyond.SCREENS)
    assert [name for name, nodes in screens.items() if not semantics.controls(nodes)] == []


def test_every_control_has_words(screens: Screens) -> None:
    assert [(name, part) for name, part in controls(screens) if not part.label] == []


def test_a_screen_is_read_from_above_to_below(screens: Screens) -> None:
    orders = {name: semantics.out_of_order(semantics.controls(screens[name])) for name in screens}
    assert {name: found for name, found in orders.items() if found} == {}


def test_a_thumb_in_a_glove_hits_every_control(screens: Screens) -> None:
    def least(part: Node) -> float:
        return theme.PRIMARY_TOUCH if part.name in PRIMARY else theme.TOUCH

    sizes = [(name, part, min(part.w, part.h)) for name, part in controls(screens)]
    assert [(name, part) for name, part, size in sizes if size < least(part) - ROUNDING] == []


def test_no_two_controls_are_hit_at_once(screens: Screens) -> None:
    found = [
        (name, one, other)
        for name, nodes in screens.items()
        for one, other, gap in semantics.gaps(semantics.controls(nodes))
        if gap < theme.GAP - ROUNDING
    ]
    assert found == []


def test_a_screen_says_where_one_is(screens: Screens) -> None:
    headings = {
        name: [node.name for node in nodes if node.role == "heading"]
        for name, nodes in screens.items()
    }
    assert {name: found for name, found in headings.items() if found != ["title"]} == {}


def test_what_is_chosen_is_announced(screens: Screens) -> None:
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


def test_what_changes_by_itself_is_read_aloud(said: Said) -> None:
    assert [one for one in ANNOUNCED if not any(one[1] in words for words in said[one[0]])] == []


def test_a_screen_that_stands_still_is_silent(said: Said) -> None:
    for name in ("settings", "privacy", "about", "lock", "pin", "form"):
        assert said[name] == [], name


def test_an_identifier_stands_once_on_a_screen(screens: Screens) -> None:
    found = [
        (name, identifier)
        for name, nodes in screens.items()
        for identifier, times in Counter(node.name for node in nodes if node.name).items()
        if times > 1
    ]
    assert found == []


def test_where_nothing_can_be_chosen_nothing_is_said_to_be(screens: Screens) -> None:
    assert not [node for node in screens["duty"] if node.chosen]
