"""Which times of a report cannot be right. They are recorded and flagged, never refused: a phone
whose clock was reset loses nothing, and what is accepted depends on no clock."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from contract.report import Report

FROM = datetime(2024, 1, 1, tzinfo=UTC)  # before this program was written nobody reported by it
AHEAD = timedelta(days=1)  # of when the bureau received it: a zone set wrongly is less


def is_plausible(at: datetime, received_at: datetime) -> bool:
    """Whether something received at `received_at` may have happened at `at`."""
    return at >= FROM and at - received_at <= AHEAD


def implausible_times(report: Report, received_at: datetime) -> tuple[str, ...]:
    """Which of `seen_at`, `sealed_at`, `fix` and `photos` have a time that cannot be right."""
    wrong = (name for name, at in _times(report) if not is_plausible(at, received_at))
    return tuple(dict.fromkeys(wrong))


def _times(report: Report) -> Iterator[tuple[str, datetime]]:
    yield "seen_at", report.seen_at
    if report.sealed_at:
        yield "sealed_at", report.sealed_at
    if report.fix:
        yield "fix", report.fix.at
    for photo in report.photos:
        yield "photos", photo.taken_at
