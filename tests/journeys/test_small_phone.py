"""The smallest phone in the largest letters: nothing is cut off, and all can be reached."""

import pytest

from fieldapp.ui import theme
from tests.journeys import beyond, semantics, tour
from tests.journeys.flet_driver import FletDriver
from tests.journeys.semantics import Node

pytestmark = pytest.mark.browser
WIDTH, HEIGHT = 320, 568
STEP, TOP = 180, 10_000  # of the wheel, in logical pixels
WHILE_MS = 250
# Flutter draws in the frame after the wheel; no fixed time would do on every machine.
FRAMES = """async () => {
  for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame);
}"""
ROUNDING = 0.6
Seen = dict[str, list[Node]]  # by name: how a control looked, from the top to the bottom


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    found = {}
    with tour.seasoned(tmp_path_factory.mktemp("small")) as there:
        there.one.phone.resize({"width": WIDTH, "height": HEIGHT})
        there.one.phone.enlarge(2)
        for name in beyond.all_of(there):
            found[name] = scrolled_through(there.one.phone)
    return found


def scrolled_through(phone: FletDriver) -> Seen:
    """Ends where it began: at the top."""
    seen, before = Seen(), list[Node]()
    phone.page.mouse.move(WIDTH / 2, HEIGHT / 3)
    scroll(phone, -TOP)
    while (now := changed(phone, before)) != before:
        for part in now:
            seen.setdefault(part.name, []).append(part)
        before = now
        scroll(phone, STEP)
    scroll(phone, -TOP)
    return seen


def changed(phone: FletDriver, before: list[Node]) -> list[Node]:
    """The controls now; where nothing has moved, a slow machine gets a while to move it."""
    now = semantics.controls(semantics.read(phone.page))
    if now == before:
        phone.page.wait_for_timeout(WHILE_MS)
        now = semantics.controls(semantics.read(phone.page))
    return now


def scroll(phone: FletDriver, by: int) -> None:
    phone.page.mouse.wheel(0, by)
    phone.page.evaluate(FRAMES)


def test_every_control_lies_inside_the_width(screens: dict[str, Seen]) -> None:
    found = [
        (name, part)
        for name, seen in screens.items()
        for looks in seen.values()
        for part in looks
        if part.x < -ROUNDING or part.x + part.w > WIDTH + ROUNDING
    ]
    assert found == []


def test_every_control_comes_wholly_into_sight(screens: dict[str, Seen]) -> None:
    assert screens.keys() == set(beyond.SCREENS)
    assert [name for name, seen in screens.items() if not seen] == []
    looks = [(name, looks) for name, seen in screens.items() for looks in seen.values()]
    assert [(name, parts[0]) for name, parts in looks if not whole(parts)] == []


def whole(looks: list[Node]) -> bool:
    """The tree's boxes are cut where the screen is: what is as high as it ever was, is whole."""
    shown = [part for part in looks if part.y >= -ROUNDING and part.y + part.h <= HEIGHT]
    return max((min(part.w, part.h) for part in shown), default=0) >= theme.TOUCH - ROUNDING


def test_a_list_has_half_of_the_screen_or_more(screens: dict[str, Seen]) -> None:
    """What stays below while the rest is scrolled leaves that much to it."""
    fixed = {
        name: [looks[0].y for looks in seen.values() if len(looks) > 1 and stays(looks)]
        for name, seen in screens.items()
        if name not in NOT_LISTS
    }
    assert [name for name, tops in fixed.items() if min(tops, default=HEIGHT) < HEIGHT / 2] == []


def stays(looks: list[Node]) -> bool:
    return len({round(part.y) for part in looks}) == 1


NOT_LISTS = {"pin", "locked"}  # ten keys for four digits
