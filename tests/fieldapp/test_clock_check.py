"""A clock that is far off is told before the seal; sealing stays possible and loses nothing."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.reference import Reference
from contract.value import EARLIEST, LATEST
from contract.zone import CHINA, ZONE
from fieldapp.adapters import system_clock
from fieldapp.adapters.system_clock import SystemClock, uptime
from fieldapp.patrol.shifts import shift
from fieldapp.report.entry import Stage
from fieldapp.state.clock_check import BUILT, BureauTime, clock_flaw
from fieldapp.ui.words import sentences
from tests.builders import NOON
from tests.fieldapp.a_phone import Hands, Phone
from tests.fieldapp.test_screens_flow import to_seen

IMPOSSIBLE = [
    datetime(1970, 1, 1, 8, tzinfo=ZONE),
    datetime(1980, 1, 6, tzinfo=ZONE),
    datetime(2007, 4, 6, tzinfo=ZONE),
    BUILT - timedelta(days=1),
    datetime(2101, 1, 1, tzinfo=ZONE),
    LATEST - timedelta(days=1),  # what SystemClock makes of all that is later
]
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("now", IMPOSSIBLE)
def test_a_time_that_cannot_be_needs_no_bureau_to_be_told(now: datetime) -> None:
    assert clock_flaw(now, None) == "clock_impossible"


@pytest.mark.parametrize("this_run", [True, False])
@pytest.mark.parametrize(
    ("now", "bureau", "flaw"),
    [
        (NOON, NOON, ""),
        (NOON, NOON + timedelta(seconds=300), ""),
        (NOON, NOON - timedelta(seconds=300), ""),
        (NOON, NOON + timedelta(seconds=301), "clock_wrong"),
        (NOON, NOON - timedelta(seconds=301), "clock_wrong"),
        (NOON - HOUR, NOON - 2 * HOUR, ""),  # it was ahead and was set back
        (NOON + HOUR, NOON - HOUR, "clock_wrong"),
        (NOON - HOUR, NOON, "clock_wrong"),  # it was right and was set back
    ],
)
def test_what_the_bureau_said_is_held_against_the_clock(
    now: datetime, bureau: datetime, flaw: str, this_run: bool
) -> None:
    assert clock_flaw(now, BureauTime(bureau, NOON, this_run)) == flaw


def test_a_clock_that_was_behind_may_have_been_set_right_while_the_app_was_closed() -> None:
    said = BureauTime(NOON + HOUR, NOON)
    assert clock_flaw(NOON + 2 * HOUR, said) == "clock_wrong"
    again = BureauTime(NOON + HOUR, NOON, this_run=False)
    assert clock_flaw(NOON + 2 * HOUR, again) == ""
    assert clock_flaw(NOON + HOUR / 2, again) == "clock_wrong"


MOMENTS = st.datetimes(timezones=st.just(UTC))


@given(MOMENTS, MOMENTS, MOMENTS, st.booleans())
def test_every_flaw_has_its_words(
    now: datetime, bureau: datetime, phone: datetime, this_run: bool
) -> None:
    flaw = clock_flaw(now, BureauTime(bureau, phone, this_run))
    assert not flaw or {f"why.{flaw}", f"next.{flaw}"} <= sentences().keys()


@pytest.mark.parametrize(
    ("year", "read"), [(1900, EARLIEST), (2026, None), (9999, LATEST - timedelta(days=1))]
)
def test_a_clock_beyond_the_bounds_of_every_report_is_read_as_the_bound(
    monkeypatch: pytest.MonkeyPatch, year: int, read: datetime | None
) -> None:
    at = datetime(year, 6, 1, tzinfo=UTC)
    frozen = SimpleNamespace(now=lambda _: at)
    monkeypatch.setattr(system_clock, "datetime", frozen)
    assert SystemClock().now() == (read or at)


@pytest.mark.asyncio
@pytest.mark.parametrize("now", IMPOSSIBLE)
async def test_with_an_impossible_clock_it_is_told_and_the_report_is_sealed(
    tmp_path: Path, now: datetime
) -> None:
    phone = Phone(tmp_path, Hands(now=now))
    async with phone as app:
        assert app.shows("worry-clock_impossible")
        await to_seen(app)
        assert app.shows("clock")
        await app.tap("sign-POSTER")
        await app.route("/place/seen/review")
        assert app.shows("clock") and app.says(f"{now:%Y-%m-%d %H:%M}") and app.says("封存")
        await app.seal()
        (entry,) = phone.notebook.entries()
        assert entry.stage is Stage.SEALED and phone.notebook.waiting() == 1
        await app.tap("undo")
        assert phone.notebook.waiting() == 0 and phone.state.draft.entry


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("skew", "words"),
    [(7200.0, "慢约 2 小时"), (-86400.0 * 3, "快约 3 天"), (-360.0, "快约 6 分钟"), (3.0, "")],
)
async def test_how_far_the_clock_is_off_stands_on_the_review(
    tmp_path: Path, skew: float, words: str
) -> None:
    phone = Phone(tmp_path, Hands(skew=skew))
    async with phone as app:
        await phone.state.sync.run()
        await to_seen(app)
        await app.route("/place/seen/review")
        assert app.shows("clock") is bool(words) and app.says(words)
    again = Phone(tmp_path, Hands(road=False))
    async with again as app:  # started again, without network: it is still known
        assert app.shows("worry-clock_wrong") is bool(words)


@pytest.mark.asyncio
async def test_nothing_seen_is_sealed_after_the_same_warning(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(now=datetime(2019, 1, 1, 12, tzinfo=ZONE)))
    async with phone as app:
        await app.tap("clear")
        assert app.shows("clock")
        await phone.state.patrol.open()
        await app.settle()
        assert app.shows("clock")


def test_the_clock_speaks_the_bureaus_zone_wherever_the_process_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "America/New_York")
        time.tzset()
        now = SystemClock().now()
    time.tzset()
    assert now.utcoffset() == timedelta(hours=8)
    evening = datetime(2026, 11, 27, 14, 30, tzinfo=UTC).astimezone(now.tzinfo)
    assert (shift(evening), f"{evening:%H:%M}") == ("NIGHT", "22:30")


@pytest.mark.asyncio
async def test_the_phone_tells_the_time_in_the_zone_that_the_bureau_said(tmp_path: Path) -> None:
    """Shift and rest day follow; a phone that heard of none is in UTC+8."""
    phone = Phone(tmp_path)
    async with phone:
        assert SystemClock().now().utcoffset() == timedelta(hours=8)
    phone.memory.keep_reference_data(None, Reference(version="e7", utc_offset_min=360))
    try:
        async with Phone(tmp_path):
            now = SystemClock().now()
            dusk = datetime(2026, 11, 27, 11, 45, tzinfo=UTC).astimezone(now.tzinfo)
            assert now.utcoffset() == timedelta(hours=6)
            assert f"{dusk:%H:%M}" == "17:45" and dusk.date().isoformat() == "2026-11-27"
    finally:
        ZONE.set_to(CHINA)


def test_a_system_without_a_clock_since_it_was_switched_on_has_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def names_one_it_has_not(_: int) -> float:
        raise OSError(28, "Invalid argument")

    monkeypatch.setattr("time.monotonic", lambda: 7.0)
    monkeypatch.setattr("time.clock_gettime", names_one_it_has_not)
    assert uptime() == 7
    monkeypatch.delattr("time.clock_gettime")
    assert uptime() == 7
