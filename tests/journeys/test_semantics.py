"""Every screen, heard and felt: labels, order, states, sizes and gaps, from the semantics tree."""

import pytest

from fieldapp import look
from tests.journeys import semantics, tour
from tests.journeys.semantics import Node

pytestmark = pytest.mark.browser
TALL = {"width": 390, "height": 3_000}  # nothing is cut off by the fold
ROUNDING = 0.6  # dp: the tree's numbers are rounded to device pixels
PRIMARY = {"add", "next", "seal", "use", "shutter", "retry", "send", "enrol", "find", "suggest"}


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Node]]:
    """Each screen of the tour as its tree says it."""
    found = {}
    with tour.seasoned(tmp_path_factory.mktemp("tour")) as one:
        one.phone.page.set_viewport_size(TALL)  # type: ignore[arg-type]  # a dict of its shape
        for stop in tour.walk(one.phone):
            found[stop.name] = semantics.read(one.phone.page)
    return found


SCREENS = [stop.name for stop in tour.STOPS]


@pytest.mark.parametrize("name", SCREENS)
def test_every_control_has_words(screens: dict[str, list[Node]], name: str) -> None:
    parts = semantics.controls(screens[name])
    assert parts
    assert not [part for part in parts if not part.label]


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_read_from_above_to_below(screens: dict[str, list[Node]], name: str) -> None:
    assert semantics.out_of_order(semantics.controls(screens[name])) == []


@pytest.mark.parametrize("name", SCREENS)
def test_a_thumb_in_a_glove_hits_every_control(screens: dict[str, list[Node]], name: str) -> None:
    for part in semantics.controls(screens[name]):
        least = look.PRIMARY_TOUCH if part.name in PRIMARY else look.TOUCH
        assert min(part.w, part.h) >= least - ROUNDING, part


@pytest.mark.parametrize("name", SCREENS)
def test_no_two_controls_are_hit_at_once(screens: dict[str, list[Node]], name: str) -> None:
    for one, other, gap in semantics.gaps(semantics.controls(screens[name])):
        assert gap >= look.GAP - ROUNDING, (one, other)


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_says_where_one_is(screens: dict[str, list[Node]], name: str) -> None:
    headings = [node for node in screens[name] if node.role == "heading"]
    assert [node.name for node in headings] == ["title"]


def test_what_is_chosen_is_announced(screens: dict[str, list[Node]]) -> None:
    chosen = {
        "settings": "language-zh",
        "place": "building-2",
        "extras": "sign-POSTER",
        "find": "pile-all",
        "help": "topic-lead",
        "form": "form-ROUTINE",
    }
    for screen, name in chosen.items():
        states = {node.name: node.chosen for node in screens[screen] if node.chosen}
        assert states[name] == "true", screen
        assert "false" in states.values(), screen


def test_where_nothing_can_be_chosen_nothing_is_said_to_be(screens: dict[str, list[Node]]) -> None:
    assert not [node for node in screens["duty"] if node.chosen]
