"""Whatever a positioning plugin delivers becomes a fix of now or a worded "no position"."""

import asyncio
import math
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import flet_geolocator as fg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.place import Fix
from fieldapp.adapters.flet_geolocator import FletLocator
from fieldapp.ports import FixOutcome, Sighting
from fieldapp.report.position import STALE_AFTER, is_current, read_fix
from fieldapp.screens.badges import _fix_chip
from fieldapp.state.nearby import nearest, within_reach
from fieldapp.state.positioning import look_for_position
from fieldapp.ui.words import sentences, speaker
from tests.builders import NOON, a_fix
from tests.fieldapp.a_phone import TOWN
from tests.fieldapp.anything import ANYTHING

FINE: dict[str, object] = {
    "latitude": 38.60123,
    "longitude": 108.84567,
    "accuracy": 8.0,
    "timestamp": NOON,
    "mocked": False,
}
NONE, OLD = FixOutcome.UNAVAILABLE, FixOutcome.STALE
NO_POSITION: dict[str, tuple[dict[str, object], FixOutcome]] = {
    "accuracy -1": ({"accuracy": -1.0}, NONE),
    "latitude NaN": ({"latitude": math.nan}, NONE),
    "longitude NaN": ({"longitude": math.nan}, NONE),
    "latitude infinite": ({"latitude": -math.inf}, NONE),
    "latitude None": ({"latitude": None}, NONE),
    "latitude 91": ({"latitude": 91.0}, NONE),
    "longitude 181.5": ({"longitude": 181.5}, NONE),
    "latitude as text": ({"latitude": "38.1"}, NONE),
    "latitude true": ({"latitude": True}, NONE),
    "latitude huge": ({"latitude": 10**400}, NONE),
    "latitude a list": ({"latitude": [38.1]}, NONE),
    "origin": ({"latitude": 0.0, "longitude": 0.0, "accuracy": 0.0}, NONE),
    "origin, signed": ({"latitude": -0.0, "longitude": 0}, NONE),
    "by the origin": ({"latitude": 1e-7, "longitude": -0.0004}, NONE),
    "no time": ({"timestamp": None}, NONE),
    "time without zone": ({"timestamp": datetime(2026, 11, 20, 12)}, NONE),
    "time as text": ({"timestamp": "noon"}, NONE),
    "time NaN": ({"timestamp": math.nan}, NONE),
    "epoch": ({"timestamp": datetime(1970, 1, 1, tzinfo=UTC)}, OLD),
    "GPS week rollover": ({"timestamp": datetime(2007, 4, 6, tzinfo=UTC)}, OLD),
    "yesterday": ({"timestamp": NOON - timedelta(days=1)}, OLD),
    "tomorrow": ({"timestamp": NOON + timedelta(days=1)}, OLD),
    "six minutes ago": ({"timestamp": NOON - timedelta(minutes=6)}, OLD),
    "the last year": ({"timestamp": datetime.max.replace(tzinfo=timezone.min)}, NONE),
}
UNKNOWN_ACCURACY: dict[str, object] = {
    "0": 0.0,
    "-0": -0.0,
    "NaN": math.nan,
    "infinite": math.inf,
    "None": None,
    "2^31-1": 2147483647.0,
    "1e308": 1e308,
    "text": "8",
    "true": True,
}


class StoppedClock:
    def now(self) -> datetime:
        return NOON

    def entropy(self, size: int) -> bytes:
        return bytes(size)


class Service:
    """A plugin that answers every question with the given values, or raises them."""

    def __init__(self, position: Any, permission: Any) -> None:
        self.position, self.permission = position, permission

    async def get_permission_status(self) -> Any:
        return _said(self.permission)

    async def request_permission(self) -> Any:
        return _said(self.permission)

    async def get_current_position(self, _: Any) -> Any:
        return _said(self.position)


def _said(answer: Any) -> Any:
    if isinstance(answer, BaseException):
        raise answer
    return answer


def a_locator(
    position: Any, permission: Any = fg.GeolocatorPermissionStatus.WHILE_IN_USE
) -> FletLocator:
    locator = FletLocator.__new__(FletLocator)
    locator._service = Service(position, permission)  # type: ignore[assignment]  # a fake plugin
    locator.clock = StoppedClock()
    return locator


async def found(**changes: object) -> Sighting:
    position: Any = fg.GeolocatorPosition(**{**FINE, **changes})  # type: ignore[arg-type]  # the plugin checks nothing
    return await a_locator(position).locate()


@pytest.mark.asyncio
@pytest.mark.parametrize(("odd", "sight"), NO_POSITION.values(), ids=NO_POSITION)
async def test_what_is_no_position_of_now_is_told_as_none(
    odd: dict[str, object], sight: FixOutcome
) -> None:
    assert await found(**odd) == Sighting(sight)


@pytest.mark.asyncio
@pytest.mark.parametrize("accuracy", UNKNOWN_ACCURACY.values(), ids=UNKNOWN_ACCURACY)
async def test_an_accuracy_that_says_nothing_is_unknown(accuracy: object) -> None:
    sighting = await found(accuracy=accuracy)
    assert sighting.fix == a_fix(provider="fused", accuracy_m=None)


@pytest.mark.asyncio
@pytest.mark.parametrize("minutes", [-5, 0, 5])
async def test_a_position_of_now_is_found(minutes: int) -> None:
    at = NOON + timedelta(minutes=minutes)
    assert (await found(timestamp=at)).fix == a_fix(provider="fused", at=at)
    assert (await found(mocked=True)).fix == a_fix(provider="fused", mock=True)


@pytest.mark.asyncio
async def test_the_edge_of_the_map_is_on_it() -> None:
    sighting = await found(longitude=180.0000001)
    assert sighting.fix and sighting.fix.lon == 180


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "raised", [RuntimeError("x"), ValueError("x"), KeyError("x"), TypeError(), AttributeError()]
)
async def test_whatever_a_plugin_raises_is_no_position(raised: Exception) -> None:
    assert await a_locator(raised).locate() == Sighting(NONE)
    assert (await a_locator(None, raised).locate()).fix is None


class Position:
    def __init__(self, **values: object) -> None:
        vars(self).update(values)


@given(
    st.fixed_dictionaries({}, optional={name: ANYTHING | st.just(FINE[name]) for name in FINE}).map(
        lambda odd: Position(**{**FINE, **odd})
    ),
)
@pytest.mark.asyncio
async def test_any_values_are_a_sighting(position: Position) -> None:
    assert broken_promises(await a_locator(position).locate()) == []


@given(ANYTHING, ANYTHING | st.sampled_from(fg.GeolocatorPermissionStatus))
@pytest.mark.asyncio
async def test_any_answer_of_the_plugin_is_a_sighting(position: object, allowed: object) -> None:
    assert broken_promises(await a_locator(position, allowed).locate(1)) == []


def broken_promises(sighting: Sighting) -> list[str]:
    """What the port promises of a sighting, and this one does not keep."""
    fix = sighting.fix
    kept = {"a fix exactly when found": (fix is not None) is (sighting.sight is FixOutcome.FOUND)}
    if fix:
        kept |= {
            "a fix of the contract": Fix.model_validate(fix.model_dump()) == fix,
            "of now": is_current(fix, NOON),
            "a sane radius": fix.radius_m is None or 0 < fix.radius_m <= 1_000_000,
            "not the origin": abs(fix.lat) > 0 or abs(fix.lon) > 0,
        }
    return [promise for promise, is_kept in kept.items() if not is_kept]


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0.5, 999_999))
def test_every_place_on_earth_but_the_origin_is_read(lat: float, lon: float, m: float) -> None:
    fix = read_fix({"lat": lat, "lon": lon, "accuracy_m": m, "mock": False, "at": NOON})
    near_origin = max(abs(lat), abs(lon)) < 0.01
    assert (fix is None) is near_origin
    if fix:
        assert (fix.lat, fix.lon, fix.accuracy_m) == (round(lat, 5), round(lon, 5), m)


def test_a_fix_is_of_now_within_some_minutes() -> None:
    assert is_current(a_fix(at=NOON - STALE_AFTER), NOON)
    assert not is_current(a_fix(at=NOON - STALE_AFTER - timedelta(seconds=1)), NOON)
    assert not is_current(a_fix(at=NOON + STALE_AFTER + timedelta(seconds=1)), NOON)


def test_every_outcome_has_its_words() -> None:
    assert {f"sight.{sight}" for sight in FixOutcome} - sentences().keys() == {"sight.found"}


@pytest.mark.parametrize("accuracy", [0, 0.0, None])
def test_an_unknown_accuracy_chooses_no_compound_and_is_shown_as_unknown(
    accuracy: float | None,
) -> None:
    """Reports of an app before this one, and drafts it left, may hold a 0."""
    fix = a_fix(accuracy_m=accuracy)
    assert nearest(TOWN, fix) is None and within_reach(TOWN, fix) == []
    chip = repr(_fix_chip(fix, speaker("zh")))
    assert "精度未知" in chip and "±" not in chip


Locate = Callable[..., Any]


class FakeLocator:
    def __init__(self, behaviour: Locate) -> None:
        self.behaviour = behaviour

    def locate(self, seconds: float = 20) -> Any:
        return self.behaviour(seconds)


async def raises(_: float) -> Sighting:
    raise ZeroDivisionError


def raises_at_once(_: float) -> Any:
    raise ZeroDivisionError


async def says_none(_: float) -> Any:
    return None


async def finds_without_fix(_: float) -> Sighting:
    return Sighting(FixOutcome.FOUND)


ODD_LOCATORS = {
    "raises": raises,
    "raises at once": raises_at_once,
    "is no coroutine": lambda _: 5,
    "says None": says_none,
    "finds without a fix": finds_without_fix,
}


@pytest.mark.asyncio
@pytest.mark.parametrize("locate", ODD_LOCATORS.values(), ids=ODD_LOCATORS)
async def test_a_locator_that_breaks_its_promise_has_found_nothing(locate: Any) -> None:
    assert await look_for_position(FakeLocator(locate), 0.05) == Sighting(NONE)


@pytest.mark.asyncio
async def test_a_locator_that_hangs_and_cannot_be_cancelled_is_left_behind() -> None:
    released = asyncio.Event()

    async def hangs(_: float) -> Sighting:
        while not released.is_set():
            with suppress(asyncio.CancelledError):
                await released.wait()
        return Sighting(NONE)

    found = await asyncio.wait_for(look_for_position(FakeLocator(hangs), 0.05), 5)
    assert found == Sighting(FixOutcome.TIMED_OUT)
    released.set()
    await asyncio.sleep(0)
