"""Which times cannot be right, by when the bureau received them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sync_server.domain.plausible_times import AHEAD, FROM, implausible_times, is_plausible
from tests.builders import a_fix, a_photo, a_report

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize("at", [FROM, NOW, NOW - timedelta(days=700), NOW + AHEAD])
def test_a_time_that_may_be_right_is_not_flagged(at: datetime) -> None:
    assert is_plausible(at, NOW)


@pytest.mark.parametrize("at", [FROM - TICK, NOW + AHEAD + TICK, datetime(1970, 1, 1, tzinfo=UTC)])
def test_each_time_of_a_report_is_looked_at(at: datetime) -> None:
    assert not is_plausible(at, NOW)
    fit = a_report()
    assert implausible_times(fit, NOW) == ()
    changes: dict[str, dict[str, Any]] = {
        "seen_at": {"seen_at": at},
        "sealed_at": {"sealed_at": at},
        "fix": {"fix": a_fix(at=at)},
        "photos": {"photos": (a_photo(1), a_photo(2, taken_at=at), a_photo(3, taken_at=at))},
    }
    for name, change in changes.items():
        assert implausible_times(fit.changed(**change), NOW) == (name,)
