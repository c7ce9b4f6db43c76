"""The app lock: what it hides, how it slows a guesser down, and how an honest worker gets in."""

import asyncio
from pathlib import Path

import flet as ft
import pytest

from fieldapp.device.pin import KEPT, PAUSES, Pin
from tests.builders import an_entry
from tests.fieldapp.a_lock import OTHER, PIN, enter, gone, kept, locked
from tests.fieldapp.a_phone import CODE, Phone
from tests.fieldapp.headless import Headless, walk

pytestmark = pytest.mark.asyncio


async def test_nothing_is_shown_before_the_pin(tmp_path: Path) -> None:
    phone = locked(tmp_path)
    phone.notebook.write(an_entry())
    async with phone as app:
        assert app.shows("digit-1") and not app.shows("add") and not app.says("样例苑")
        await app.route("/reports")  # nor by another address
        assert app.shows("digit-1") and not app.says("样例苑")
        await app.route("/")
        await enter(app, PIN)
        assert app.shows("add") and not app.shows("digit-1")


async def test_the_screen_says_how_many_digits_stand_there_and_never_which(tmp_path: Path) -> None:
    async with locked(tmp_path) as app:
        await app.tap("digit-2")
        await app.tap("digit-4")
        assert (app.find("dots").label, filled(app)) == ("已输入 2 位", [True, True, False, False])
        await app.tap("erase")
        assert filled(app) == [True, False, False, False]


def filled(app: Headless) -> list[bool]:
    dots = [part for part in walk(app.find("dots")) if isinstance(part, ft.Icon)]
    return [dot.icon is ft.Icons.CIRCLE for dot in dots]


async def test_wrong_pins_make_one_wait_and_a_restart_does_not_help(tmp_path: Path) -> None:
    phone = locked(tmp_path)
    async with phone as app:
        for _ in range(3):
            await enter(app, OTHER)
        assert app.says("密码不对") and app.says("后再试")
        await enter(app, PIN)
        assert app.shows("digit-1")  # also the right one waits
    again = Phone(tmp_path)
    async with again as app:
        assert again.state.lock.wait == PAUSES[3]
        again.hands.uptime += PAUSES[3]
        await asyncio.sleep(1.2)
        await enter(app, OTHER)
        assert again.state.lock.wait == PAUSES[4] > PAUSES[3]


async def test_a_failed_try_is_read_aloud_and_the_seconds_are_not(tmp_path: Path) -> None:
    async with locked(tmp_path, wrong=2) as app:
        await enter(app, OTHER)
        title, wait = app.find("title"), app.find("wait")
        assert (title.live_region, words(title)) == (True, ["密码不对"])
        assert not wait.live_region and words(wait)[0].endswith("后再试")
        assert not app.shows("dots")  # nothing can be typed


def words(part: ft.Control) -> list[str]:
    return [str(one.value) for one in walk(part) if isinstance(one, ft.Text)]


async def test_a_try_counts_before_its_answer_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever kills the app at the answer guesses without end."""
    phone = locked(tmp_path)
    seen = list[int]()

    def fits(*_: object) -> bool:
        pin = kept(phone)
        seen.append(pin.wrong if pin else -1)
        return False

    monkeypatch.setattr(Pin, "fits", fits)
    async with phone as app:
        await enter(app, OTHER)
    assert seen == [1]


async def test_the_right_pin_ends_the_count(tmp_path: Path) -> None:
    phone = locked(tmp_path, wrong=2)
    async with phone as app:
        await enter(app, PIN)
    pin = kept(phone)
    assert pin and pin.wrong == 0


async def test_a_pin_is_set_said_twice_and_asked_for_at_the_next_start(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await app.route("/settings/lock")
        await app.tap("pin-set")
        await enter(app, PIN)
        await enter(app, OTHER)
        assert app.says("两次不一样") and kept(phone) is None
        await enter(app, PIN)
        await enter(app, PIN)
        assert app.says("密码已设好")
    assert PIN not in (phone.safe.kept(KEPT) or PIN)
    async with Phone(tmp_path) as app:
        assert app.shows("digit-1") and not app.shows("add")


@pytest.mark.parametrize("button", ["pin-set", "pin-off"])
async def test_who_does_not_know_the_pin_can_neither_change_it_nor_take_it_off(
    tmp_path: Path, button: str
) -> None:
    phone = locked(tmp_path)
    async with phone as app:
        await enter(app, PIN)
        await app.route("/settings/lock")
        await app.tap(button)
        await enter(app, OTHER)
        assert app.says("密码不对")
        pin = kept(phone)
        assert pin and pin.fits(PIN)


async def test_a_pin_is_taken_off(tmp_path: Path) -> None:
    phone = locked(tmp_path)
    async with phone as app:
        await enter(app, PIN)
        await app.route("/settings/lock")
        await app.tap("pin-off")
        await enter(app, PIN)
        assert app.says("密码已取消") and kept(phone) is None


async def test_a_forgotten_pin_costs_a_new_code_and_nothing_that_is_unsent(tmp_path: Path) -> None:
    phone = locked(tmp_path, wrong=9)
    phone.notebook.write(an_entry())
    async with phone as app:
        await app.tap("forgot")
        assert app.says("没发的内容都在")
        await app.write("enrol-code", "WRONG")
        await app.tap("enrol")
        assert app.shows("enrol") and kept(phone)
        await app.tap("back")
        assert app.shows("digit-1")
        await app.tap("forgot")
        await app.write("enrol-code", CODE)
        await app.tap("enrol")
        assert app.shows("add") and kept(phone) is None
    assert len(phone.notebook.entries()) == 1


@pytest.mark.parametrize(("minutes", "shut"), [(4, False), (5, True), (-1, True)])
async def test_it_locks_after_a_while_away_and_when_the_clock_went_back(
    tmp_path: Path, minutes: int, shut: bool
) -> None:
    phone = locked(tmp_path)
    async with phone as app:
        await enter(app, PIN)
        await gone(phone, minutes=minutes)
        await app.settle()
        assert app.shows("digit-1") is shut


async def test_a_draft_is_there_again_after_the_lock(tmp_path: Path) -> None:
    phone = locked(tmp_path)
    async with phone as app:
        await enter(app, PIN)
        app.start("add")
        await app.settle(40)
        await gone(phone, minutes=9)
        await app.settle()
        assert app.shows("digit-1") and not app.shows("next")
        await enter(app, PIN)
        assert app.shows("next")


async def test_what_waits_goes_out_while_it_is_locked(tmp_path: Path) -> None:
    phone = locked(tmp_path)
    async with phone:
        await phone.state.sync.run()
        assert phone.courier.rounds == 1 and phone.state.lock.shut


async def test_a_pin_is_offered_until_somebody_answers(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        assert not app.shows("pin")
        await app.tap("clear")
        await app.seal()
        assert app.shows("pin")
        await app.tap("pin-no")
        assert not app.shows("pin")
    async with Phone(tmp_path) as app:
        assert not app.shows("pin")


async def test_a_phone_without_a_pin_is_open(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await gone(phone, minutes=99)
        assert app.shows("add")


async def test_a_pause_goes_on_across_starts_and_begins_once_more_after_the_phone_was_off(
    tmp_path: Path,
) -> None:
    waits: list[int] = []
    for uptime in (1010.0, 1010.0, 5.0, 15.0, 40.0):
        phone = locked(tmp_path, wrong=3, tried=1000.0) if not waits else Phone(tmp_path)
        phone.hands.uptime = uptime
        async with phone:
            waits.append(phone.state.lock.wait)
    assert waits == [20, 20, 30, 20, 0]


async def test_help_is_called_from_the_lock_and_nothing_else_is_seen(tmp_path: Path) -> None:
    phone = locked(tmp_path)
    async with phone as app:
        await app.tap("sos")
        assert app.shows("call-110") and not app.shows("add")
        await app.tap("note-alarm")
        patrol = phone.memory.patrol()
        assert app.shows("noted") and patrol and len(patrol.alarms) == 1
        await app.tap("back")
        assert app.shows("digit-1") and not app.shows("add")
