"""The bureau's zone is one value of the program: all times are told in it, none is moved by it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from contract.zone import CHINA, ZONE

EVENING = datetime(2026, 11, 27, 14, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def bureau_of_this_test() -> Iterator[None]:
    yield
    ZONE.set_to(CHINA)


@pytest.mark.parametrize("process", ["UTC", "America/New_York", "Asia/Kathmandu"])
@pytest.mark.parametrize(
    ("zone", "clock", "minutes"),
    [
        (CHINA, "2026-11-27 22:30", 480),
        (timezone(timedelta(hours=6)), "2026-11-27 20:30", 360),
        (ZoneInfo("Europe/Berlin"), "2026-11-27 15:30", 60),
        (ZoneInfo("Pacific/Auckland"), "2026-11-28 03:30", 780),
    ],
)
def test_the_bureaus_clock_is_told_wherever_the_process_runs(
    zone: timezone, clock: str, minutes: int, process: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", process)
        time.tzset()
        ZONE.set_to(zone)
        here = EVENING.astimezone(ZONE)
        told = f"{here:%Y-%m-%d %H:%M}", ZONE.minutes_at(EVENING)
        same = datetime(here.year, here.month, here.day, here.hour, here.minute, tzinfo=ZONE)
    time.tzset()
    assert told == (clock, minutes) and here == EVENING == same
