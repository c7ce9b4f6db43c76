"""The lock that also opens to a finger or a face: chosen, asked for, and never the only way."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from fieldapp.device.pin import KEPT, PAUSES
from tests.builders import an_entry
from tests.fieldapp.a_lock import OTHER, PIN, enter, gone, kept, locked
from tests.fieldapp.a_phone import CODE, Phone

pytestmark = pytest.mark.asyncio


def known(folder: Path, body: bool | None = True, **changes: Any) -> Phone:
    """A phone whose worker has chosen it, and that knows who holds it (or not)."""
    phone = locked(folder, biometrics=True, **changes)
    phone.hands.body = body
    return phone


def chosen(phone: Phone) -> bool:
    pin = kept(phone)
    return pin is not None and pin.biometrics


async def test_a_known_finger_opens_without_a_tap(tmp_path: Path) -> None:
    phone = known(tmp_path)
    async with phone as app:
        assert app.shows("add") and not app.shows("digit-1")
    [question] = phone.hands.asked
    assert (question.title, question.reason, question.cancel) == ("巡查", "打开巡查", "输密码")


async def test_nothing_is_shown_while_the_system_asks(tmp_path: Path) -> None:
    phone = known(tmp_path)
    phone.hands.answer = asyncio.Event()
    phone.notebook.write(an_entry())
    async with phone as app:
        assert app.shows("digit-1") and not app.shows("add") and not app.says("样例苑")
        app.start("biometrics")  # the dialogue stands already
        await app.settle()
        assert len(phone.hands.asked) == 1
        phone.hands.answer.set()
        await app.settle()
        assert app.shows("add")


async def test_a_stranger_is_asked_for_the_pin(tmp_path: Path) -> None:
    phone = known(tmp_path, body=False)
    async with phone as app:
        assert app.says("没认出来") and app.shows("digit-1") and not app.shows("add")
        await enter(app, PIN)
        assert app.shows("add")


async def test_the_pin_can_be_typed_while_the_system_asks(tmp_path: Path) -> None:
    phone = known(tmp_path, body=False)
    phone.hands.answer = asyncio.Event()
    async with phone as app:
        await enter(app, PIN)
        assert app.shows("add")
        phone.hands.answer.set()  # given up: nobody is told of it any more
        await app.settle()
        await app.route("/settings/lock")
        assert app.shows("pin-set") and not app.shows("said")


async def test_it_asks_again_when_it_is_tapped(tmp_path: Path) -> None:
    phone = known(tmp_path, body=False)
    async with phone as app:
        phone.hands.body = True
        await app.tap("biometrics")
        assert app.shows("add") and len(phone.hands.asked) == 2


async def test_it_asks_when_the_worker_comes_back(tmp_path: Path) -> None:
    phone = known(tmp_path)
    async with phone as app:
        phone.hands.body = False
        await gone(phone, minutes=9)
        await app.settle()
        assert app.shows("digit-1") and len(phone.hands.asked) == 2


async def test_who_has_not_chosen_it_is_not_asked(tmp_path: Path) -> None:
    phone = locked(tmp_path)
    phone.hands.body = True
    async with phone as app:
        assert app.shows("digit-1") and not app.shows("biometrics")
        await phone.state.lock.recognise(question=None)  # type: ignore[arg-type]  # nobody reads it
        assert app.shows("digit-1")
    assert not phone.hands.asked


async def test_the_worker_need_not_wait_for_what_others_typed(tmp_path: Path) -> None:
    phone = known(tmp_path, body=False, wrong=4)
    async with phone as app:
        assert phone.state.lock.wait == PAUSES[4]
        phone.hands.body = True
        await app.tap("biometrics")
        assert app.shows("add")
        await gone(phone, minutes=9)
    pin = kept(phone)
    assert pin and pin.wrong == 0


async def test_it_is_chosen_by_showing_that_it_works(tmp_path: Path) -> None:
    phone = locked(tmp_path)
    phone.hands.body = False
    async with phone as app:
        await enter(app, PIN)
        await app.route("/settings/lock")
        assert app.says("登记过指纹、面容的人都能打开")
        await app.tap("biometrics-on")
        assert app.says("没认出来") and app.find("said").live_region and not chosen(phone)
        phone.hands.body = True
        await app.tap("biometrics-on")
        assert not app.says("没认出来") and chosen(phone)
    again = Phone(tmp_path)
    again.hands.body = True
    async with again as app:
        assert app.shows("add")
        await app.route("/settings/lock")
        await app.tap("biometrics-off")
        assert not chosen(again)
    async with Phone(tmp_path) as app:
        assert app.shows("digit-1")


async def test_a_phone_that_cannot_look_offers_nothing(tmp_path: Path) -> None:
    phone = locked(tmp_path)
    async with phone as app:
        await enter(app, PIN)
        await app.route("/settings/lock")
        assert app.shows("pin-off") and not app.shows("biometrics-on")


async def test_without_a_pin_there_is_nothing_to_be_offered(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    phone.hands.body = True
    async with phone as app:
        await app.route("/settings/lock")
        assert app.shows("pin-set") and not app.shows("biometrics-on")


async def test_another_pin_leaves_it_chosen_and_no_pin_ends_it(tmp_path: Path) -> None:
    phone = known(tmp_path)
    async with phone as app:
        await app.route("/settings/lock")
        await app.tap("pin-set")
        for digits in (PIN, OTHER, OTHER):
            await enter(app, digits)
        pin = kept(phone)
        assert pin and pin.fits(OTHER) and pin.biometrics
        await app.tap("pin-off")
        await enter(app, OTHER)
        assert phone.safe.kept(KEPT) is None


async def test_a_finger_neither_changes_the_pin_nor_takes_it_off(tmp_path: Path) -> None:
    async with known(tmp_path) as app:
        await app.route("/settings/lock")
        for button in ("pin-set", "pin-off"):
            await app.tap(button)
            assert app.shows("digit-1") and not app.shows("biometrics")
            await app.tap("back")


async def test_a_new_code_of_the_bureau_ends_it(tmp_path: Path) -> None:
    phone = known(tmp_path, body=False)
    async with phone as app:
        await app.tap("forgot")
        await app.write("enrol-code", CODE)
        await app.tap("enrol")
        assert app.shows("add") and kept(phone) is None


async def test_a_safe_that_does_not_answer_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = locked(tmp_path)
    phone.hands.body = True
    async with phone as app:
        await enter(app, PIN)
        await app.route("/settings/lock")

        async def shut(name: str, text: str | None) -> None:
            raise OSError

        monkeypatch.setattr(phone.safe, "put", shut)
        await app.tap("biometrics-on")
        assert app.says("安全存储打不开") and not chosen(phone)
