"""Little room, a wrong clock, a low battery: each is said before it spoils something."""

from pathlib import Path
from uuid import uuid4

import pytest

from contract.protocol import ArrivalKind
from fieldapp.report.parcel import Parcel
from fieldapp.screens.warnings import ICONS
from fieldapp.state.warnings import (
    LEAST_CHARGE,
    LEAST_FREE,
    MOST_SKEW_S,
    MUCH_UNSENT,
    find_warnings,
)
from fieldapp.ui.words import sentences
from tests.builders import NOON, a_report
from tests.fieldapp.a_phone import Hands, Phone

pytestmark = pytest.mark.asyncio


class Battery:
    def __init__(self, level: int | None) -> None:
        self.level = level

    async def charge(self) -> int | None:
        return self.level


@pytest.mark.parametrize(
    ("room", "charge", "skew", "found"),
    [
        (None, None, None, ()),
        (LEAST_FREE, LEAST_CHARGE, MOST_SKEW_S, ()),
        (LEAST_FREE - 1, LEAST_CHARGE, 0, ("room_low",)),
        (LEAST_FREE, LEAST_CHARGE - 1, 0, ("battery_low",)),
        (LEAST_FREE, LEAST_CHARGE, MOST_SKEW_S + 1, ("clock_wrong",)),
        (LEAST_FREE, LEAST_CHARGE, -MOST_SKEW_S - 1, ("clock_wrong",)),
        (0, 0, 9999, ("room_low", "clock_wrong", "battery_low")),
    ],
)
async def test_what_is_known_to_be_wrong_is_a_worry(
    room: int | None, charge: int | None, skew: float | None, found: tuple[str, ...]
) -> None:
    assert find_warnings(room, charge, skew) == found


async def test_every_worry_has_words_and_a_next_step() -> None:
    for code in (*find_warnings(0, 0, 9999, 99), "storage_lent"):
        assert code in ICONS and {f"why.{code}", f"next.{code}"} <= sentences().keys()


async def test_a_low_battery_is_said_and_gone_when_charged(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        phone.state.sync.battery = battery = Battery(9)
        await phone.state.sync.run()
        await app.settle()
        assert app.shows("worry-battery_low") and app.says("电量不足")
        battery.level = 80
        await phone.state.sync.run()
        await app.settle()
        assert not app.shows("worry-battery_low")


async def test_a_wrong_clock_is_said_until_a_round_finds_it_right(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        for skew, shown in ((7200.0, True), (None, True), (2.0, False)):  # None: no answer came
            phone.hands.skew = skew
            await phone.state.sync.run()
            await app.settle()
            assert app.shows("worry-clock_wrong") is shown


async def test_an_almost_full_storage_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Phone(tmp_path)
    monkeypatch.setattr(phone.album, "free_bytes", lambda: 5_000_000)
    async with phone as app:
        await phone.state.sync.run()
        await app.settle()
        assert app.shows("worry-room_low") and app.says("清出空间")


async def test_there_is_room_on_a_real_disk(tmp_path: Path) -> None:
    assert Phone(tmp_path).album.free_bytes() > 0


async def test_storage_that_may_go_is_said_before_anything_is_typed(tmp_path: Path) -> None:
    for lasting in (True, False):
        (folder := tmp_path / str(lasting)).mkdir()
        phone = Phone(folder, Hands(lasting=lasting), enrolled=False)
        async with phone as app:
            assert app.shows("enrol-code") and app.shows("worry-storage_lent") is not lasting


async def test_much_unsent_on_storage_that_may_go_is_to_be_sent_first(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(lasting=False, why="no_road"))
    async with phone as app:
        for many, shown in ((MUCH_UNSENT - 1, False), (MUCH_UNSENT, True)):
            while phone.notebook.waiting() < many:
                report = a_report(id=uuid4())
                phone.notebook.enqueue(Parcel.of(ArrivalKind.REPORT, report, 1, NOON))
            await phone.state.sync.run()
            await app.settle()
            assert app.shows("worry-send_first") is shown
        assert app.says(f"{MUCH_UNSENT} 件未发，先联网发出")
        phone.hands.lasting = True
        await phone.state.sync.run()
        await app.settle()
        assert not app.shows("worry-send_first")
