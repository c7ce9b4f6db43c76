"""Parts of a record's page: hints, photo tiles, history; and the reports behind it."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from contract import wire
from contract.place import AMBER_M
from contract.report import Report
from sync_server.console.state_badges import Badge, state_badge
from sync_server.console.times import NO_TIME, SKEW_SHOWN, ShownTime, duration, shown_time
from sync_server.console.words import Wording
from sync_server.domain.plausible_times import implausible_times, is_plausible
from sync_server.private_traceback import private_traceback
from sync_server.store.engine import DatabaseRow
from sync_server.store.readable import ReadRow, UnreadableRow

log = logging.getLogger("xuncha")
COMPARABLE = ("WGS84",)  # datums whose points may be drawn on one map with compounds


@dataclass(frozen=True, slots=True)
class Hint:
    code: str
    text: str
    colour: str = "warn"


@dataclass(frozen=True, slots=True)
class Tile:
    """One photo: `percent` is 100 if it is finished, None if its upload has not begun."""

    n: int
    sha256: str
    what: str
    percent: int | None

    @property
    def is_finished(self) -> bool:
        return self.percent == 100


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """An arrival or a decision; `who` is a role, never a name."""

    at: datetime
    time: ShownTime
    words: str
    who: str
    detail: str = ""
    comment: str = ""
    badge: Badge | None = None


def report_of(row: DatabaseRow) -> Report:
    """The shown revision of a record."""
    return wire.validate(Report, row.body)


def tiles(
    report: Report, stored: Iterable[str], received: Mapping[str, int], wording: Wording
) -> list[Tile]:
    """`stored` are the digests of finished photos; `received`: digest → bytes of an open upload."""
    finished = frozenset(stored)
    found = []
    for n, photo in enumerate(report.photos, 1):
        part = received.get(photo.sha256)
        percent = None if part is None else min(99, part * 100 // photo.bytes)
        what = wording.word("photo_subject", photo.what)
        found.append(Tile(n, photo.sha256, what, 100 if photo.sha256 in finished else percent))
    return found


def hints(
    row: DatabaseRow, report: Report, revised: bool, now: datetime, wording: Wording
) -> list[Hint]:
    say = wording.say
    found = []
    if row.withdrawn_at is not None:
        when = shown_time(row.withdrawn_at, now, say).short
        found.append(Hint("withdrawn", say("hint.withdrawn", time=when), "muted"))
    if row.disputed:
        found.append(Hint("disputed", say("hint.disputed"), "danger"))
    if revised:
        found.append(Hint("revised", say("hint.revised_since", n=row.revision), "info"))
    if abs(row.skew_s) > SKEW_SHOWN:
        side = "ahead" if row.skew_s > 0 else "behind"
        found.append(Hint("skew", say(f"hint.skew_{side}", time=duration(row.skew_s, say))))
    found += time_hints(row, report, wording)
    if report.conflict_of_interest:
        found.append(Hint("conflict", say("hint.conflict")))
    return found + fix_hints(report, wording)


def time_hints(row: DatabaseRow, report: Report, wording: Wording) -> list[Hint]:
    """Says which times cannot be right, by when the bureau received them."""
    wrong = list(implausible_times(report, row.received_at))
    if row.withdrawn_at is not None and not is_plausible(row.withdrawn_at, row.changed_at):
        wrong.append("withdrawn_at")
    if not wrong:
        return []
    which = wording.say("join.list").join(wording.say(f"time.{name}") for name in wrong)
    return [Hint("implausible", wording.say("hint.implausible", which=which))]


def fix_hints(report: Report, wording: Wording) -> list[Hint]:
    fix, say = report.fix, wording.say
    if fix is None:
        return []
    found = []
    if fix.mock:
        found.append(Hint("mock", say("hint.mock"), "danger"))
    if fix.datum not in COMPARABLE:
        found.append(Hint("datum", say("hint.datum", datum=wording.word("datum", fix.datum))))
    if fix.accuracy_m and fix.accuracy_m > AMBER_M:
        found.append(Hint("coarse", say("hint.coarse", m=round(fix.accuracy_m))))
    return found


def readable(rows: Sequence[ReadRow]) -> list[DatabaseRow]:
    """Those that can be read."""
    return [row for row in rows if not isinstance(row, UnreadableRow)]


def history(
    arrived: Sequence[ReadRow], events: Sequence[ReadRow], now: datetime, wording: Wording
) -> list[TimelineStep]:
    """Arrivals and decisions in order of time, newest last; those that cannot be shown at the end,
    with their number."""
    steps = [_step(row, _arrival, now, wording) for row in arrived]
    steps += [_step(row, _event, now, wording) for row in events]
    return sorted(steps, key=lambda step: step.at)


def _step(
    row: ReadRow,
    make: Callable[[DatabaseRow, datetime, Wording], TimelineStep],
    now: datetime,
    wording: Wording,
) -> TimelineStep:
    key = row.key if isinstance(row, UnreadableRow) else row
    try:
        if not isinstance(row, UnreadableRow):
            return make(row, now, wording)
    except Exception as error:
        log.error("a step of a record cannot be shown: %s", private_traceback(error))
    number = getattr(key, "number", None) or key.n
    words = wording.say("history.unshown", number=number)
    return TimelineStep(datetime.max.replace(tzinfo=UTC), NO_TIME, words, "")


def is_revised_since(events: Sequence[DatabaseRow], arrived: Sequence[DatabaseRow]) -> bool:
    """Whether the worker sent something new after a person's last decision."""
    decided = [event.at for event in events if event.role != "GRID"]
    fresh = [row.received_at for row in arrived if row.outcome in ("RECORDED", "DISPUTED")]
    return bool(decided and fresh and max(fresh) > max(decided))


def _arrival(row: DatabaseRow, now: datetime, wording: Wording) -> TimelineStep:
    say = wording.say
    code = "history.withdrawal" if row.kind == "withdrawal" else "history.arrived"
    revision, outcome = say("field.revision", n=row.revision), say(f"outcome.{row.outcome}")
    words = say(code, revision=revision, outcome=outcome)
    ledger = say("field.ledger", n=row.position)
    receipt = say("history.receipt", number=row.number, ledger=ledger)
    at = row.received_at
    who = wording.word("role", "GRID")
    return TimelineStep(at, shown_time(at, now, say), words, who, receipt)


def _event(row: DatabaseRow, now: datetime, wording: Wording) -> TimelineStep:
    badge = state_badge(row.after, wording.language)
    reason = wording.word("reject_reason", row.reason)
    who = wording.word("role", row.role)
    near = shown_time(row.at, now, wording.say)
    return TimelineStep(row.at, near, badge.word, who, reason, row.comment, badge)


def report_in(arrived: Sequence[DatabaseRow], digest: str) -> Report | None:
    """The report among these arrivals that has this digest; None if there is none."""
    return next((_report_of_arrival(row) for row in arrived if row.digest == digest), None)


def report_before(arrived: Sequence[DatabaseRow], revision: int) -> Report | None:
    """The report with the highest revision below `revision`; None if there is none."""
    older = [row for row in arrived if row.kind == "report" and row.revision < revision]
    newest = max(older, key=lambda row: (row.revision, row.digest), default=None)
    return _report_of_arrival(newest) if newest else None


def _report_of_arrival(row: DatabaseRow) -> Report | None:
    """The report in an arrival, whose bytes are `{"kind": …, "body": …}`; None if it cannot be
    read (any more)."""
    try:
        return wire.validate(Report, wire.parse_json(row.raw)["body"])
    except (wire.Unreadable, ValueError, TypeError, LookupError) as error:
        log.error("arrival %r cannot be read: %s", row.number, private_traceback(error))
        return None
