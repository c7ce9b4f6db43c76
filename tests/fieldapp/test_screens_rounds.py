"""When the phone tries by itself, and that a tap, a seal or a network need not wait for it."""

import asyncio
from pathlib import Path

import flet as ft
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.codelists import built_in
from fieldapp.app import sync_on_network
from fieldapp.state.sync import FIRST_PAUSE_S, LAST_PAUSE_S, spread
from tests.builders import NOON, an_entry
from tests.fieldapp.a_phone import Hands, Phone


def waiting(phone: Phone) -> None:
    entry, parcel = an_entry().sealed(NOON, built_in())
    phone.notebook.write(entry)
    phone.notebook.enqueue(parcel)


@given(st.floats(1, 1000), st.binary(min_size=2, max_size=2))
def test_a_pause_is_spread_between_half_and_one_and_a_half(pause: float, dice: bytes) -> None:
    assert pause / 2 <= spread(pause, dice) < 1.5 * pause


def test_two_phones_do_not_come_back_at_one_moment() -> None:
    assert spread(LAST_PAUSE_S, b"\x00\x00") != spread(LAST_PAUSE_S, b"\x80\x00")


class Rests:
    """Notes each pause; the named ones are cut short; after the last the beat stops."""

    def __init__(self, count: int, cut: frozenset[int] = frozenset()) -> None:
        self.count, self.cut, self.taken = count, cut, list[float]()

    async def __call__(self, seconds: float) -> bool:
        if len(self.taken) == self.count:
            raise asyncio.CancelledError
        self.taken.append(seconds)
        return len(self.taken) - 1 in self.cut


async def beaten(phone: Phone, rests: Rests) -> list[float]:
    """The pauses of a phone that rolls nothing but zeros, so that each is half of the rule's."""
    async with phone:
        await phone.state.refresh()
        with pytest.raises(asyncio.CancelledError):
            await phone.state.sync.run_repeatedly(rests)
    return [round(2 * pause, 1) for pause in rests.taken]


@pytest.mark.asyncio
async def test_on_a_bad_road_the_pauses_grow_and_stop_growing(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(road=False))
    waiting(phone)
    assert await beaten(phone, Rests(7)) == pytest.approx(
        [FIRST_PAUSE_S, 30, 60, 120, 240, LAST_PAUSE_S, LAST_PAUSE_S], 0.01
    )
    assert phone.courier.rounds == 7


@pytest.mark.asyncio
async def test_a_round_that_was_asked_for_begins_the_count_anew(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(road=False))
    waiting(phone)
    pauses = await beaten(phone, Rests(5, cut=frozenset({2})))
    assert pauses == pytest.approx([FIRST_PAUSE_S, 30, 60, FIRST_PAUSE_S, 30], 0.01)


@pytest.mark.asyncio
async def test_with_nothing_to_send_it_asks_now_and_then_for_answers(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    pauses = await beaten(phone, Rests(6))
    assert pauses == pytest.approx([FIRST_PAUSE_S, 30, 60, 120, 240, LAST_PAUSE_S], 0.01)
    assert phone.courier.rounds == 1


@pytest.mark.asyncio
async def test_a_tap_in_the_middle_of_a_pause_makes_a_round_at_once(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(road=False))
    waiting(phone)
    async with phone as app:
        beat = asyncio.create_task(phone.state.sync.run_repeatedly())
        await app.tap("sync")
        await app.tap("retry")
        phone.hands.road = True
        await app.tap("retry")
        assert phone.courier.rounds == 2 and not app.shows("holding")
        beat.cancel()


@pytest.mark.asyncio
async def test_who_asks_while_one_is_under_way_gets_one_after_it(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(gate=asyncio.Event()))
    waiting(phone)
    async with phone as app:
        first = asyncio.create_task(phone.state.sync.run())
        await app.settle()
        await phone.state.sync.run()
        await phone.state.sync.run()
        assert phone.hands.gate
        phone.hands.gate.set()
        await first
        assert phone.courier.rounds == 2


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("network", "rounds"),
    [
        ([ft.ConnectivityType.WIFI], 1),
        ([ft.ConnectivityType.MOBILE, ft.ConnectivityType.VPN], 1),
        ([ft.ConnectivityType.NONE], 0),
    ],
)
async def test_a_network_that_comes_back_is_used_at_once(
    tmp_path: Path, network: list[ft.ConnectivityType], rounds: int
) -> None:
    phone = Phone(tmp_path)
    async with phone:
        service = ft.Connectivity()
        await sync_on_network(lambda: phone.state)(
            ft.ConnectivityChangeEvent(name="change", control=service, connectivity=network)
        )
        assert phone.courier.rounds == rounds
