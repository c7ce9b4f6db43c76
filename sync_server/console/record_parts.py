"""One record as an officer sees it, made of what the store holds: hints, tiles, history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contract import wire
from contract.place import AMBER_M
from contract.report import Report
from sync_server.console.moments import SKEW_WORTH_SAYING, Moment, exactly, lasting, moment
from sync_server.console.sheet import Wording
from sync_server.console.state_badges import Badge, state_badge
from sync_server.store.engine import DatabaseRow

COMPARABLE = ("WGS84",)  # datums whose points may be drawn beside the compounds' own


@dataclass(frozen=True, slots=True)
class Hint:
    code: str
    text: str
    colour: str = "warn"


@dataclass(frozen=True, slots=True)
class Tile:
    """One photo: `percent` is 100 when it is here, None when nothing of it has come."""

    n: int
    sha256: str
    what: str
    percent: int | None

    @property
    def here(self) -> bool:
        return self.percent == 100


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One thing that happened, by a role and never by name."""

    at: datetime
    moment: Moment
    words: str
    who: str
    detail: str = ""
    comment: str = ""
    badge: Badge | None = None


def report_of(row: DatabaseRow) -> Report:
    return wire.validate(Report, row.body)


def tiles(
    report: Report, stored: Iterable[str], sent: Mapping[str, int], reader: Wording
) -> list[Tile]:
    """`sent` is how many bytes of an unfinished photo have come."""
    here = frozenset(stored)
    found = []
    for n, photo in enumerate(report.photos, 1):
        part = sent.get(photo.sha256)
        percent = None if part is None else min(99, part * 100 // photo.bytes)
        what = reader.word("photo_subject", photo.what)
        found.append(Tile(n, photo.sha256, what, 100 if photo.sha256 in here else percent))
    return found


def hints(
    row: DatabaseRow, report: Report, revised: bool, now: datetime, reader: Wording
) -> list[Hint]:
    say = reader.say
    found = []
    if row.withdrawn_at is not None:
        when = moment(row.withdrawn_at, now, say).near
        found.append(Hint("withdrawn", say("hint.withdrawn", time=when), "muted"))
    if row.disputed:
        found.append(Hint("disputed", say("hint.disputed"), "danger"))
    if revised:
        found.append(Hint("revised", say("hint.revised_since", n=row.revision), "info"))
    if abs(row.skew_s) > SKEW_WORTH_SAYING:
        side = "ahead" if row.skew_s > 0 else "behind"
        found.append(Hint("skew", say(f"hint.skew_{side}", time=lasting(row.skew_s, say))))
    if report.conflict_of_interest:
        found.append(Hint("conflict", say("hint.conflict")))
    return found + fix_hints(report, reader)


def fix_hints(report: Report, reader: Wording) -> list[Hint]:
    fix, say = report.fix, reader.say
    if fix is None:
        return []
    found = []
    if fix.mock:
        found.append(Hint("mock", say("hint.mock"), "danger"))
    if fix.datum not in COMPARABLE:
        found.append(Hint("datum", say("hint.datum", datum=reader.word("datum", fix.datum))))
    if fix.accuracy_m and fix.accuracy_m > AMBER_M:
        found.append(Hint("coarse", say("hint.coarse", m=round(fix.accuracy_m))))
    return found


def history(
    arrived: Sequence[DatabaseRow], events: Sequence[DatabaseRow], now: datetime, reader: Wording
) -> list[TimelineStep]:
    """Arrivals and decisions in one line of time, newest last."""
    steps = [_arrival(row, now, reader) for row in arrived]
    steps += [_event(row, now, reader) for row in events]
    return sorted(steps, key=lambda step: step.at)


def is_revised_since(events: Sequence[DatabaseRow], arrived: Sequence[DatabaseRow]) -> bool:
    """Whether the worker sent something new after a person's last decision."""
    decided = [event.at for event in events if event.role != "GRID"]
    fresh = [row.received_at for row in arrived if row.outcome in ("RECORDED", "DISPUTED")]
    return bool(decided and fresh and max(fresh) > max(decided))


def _arrival(row: DatabaseRow, now: datetime, reader: Wording) -> TimelineStep:
    say = reader.say
    code = "history.withdrawal" if row.kind == "withdrawal" else "history.arrived"
    revision, outcome = say("field.revision", n=row.revision), say(f"outcome.{row.outcome}")
    words = say(code, revision=revision, outcome=outcome)
    ledger = say("field.ledger", n=row.position)
    receipt = say("history.receipt", number=row.number, ledger=ledger)
    at = row.received_at
    who = reader.word("role", "GRID")
    return TimelineStep(at, moment(at, now, say), words, who, receipt)


def _event(row: DatabaseRow, now: datetime, reader: Wording) -> TimelineStep:
    badge = state_badge(row.after, reader.language)
    reason = reader.word("reject_reason", row.reason)
    who = reader.word("role", row.role)
    near = moment(row.at, now, reader.say)
    return TimelineStep(row.at, near, badge.word, who, reason, row.comment, badge)


def printed(now: datetime, reader: Wording) -> str:
    return reader.say("app.printed", time=exactly(now))


def report_in(arrived: Sequence[DatabaseRow], digest: str) -> Report | None:
    """The report that came under this digest."""
    return next((_sent(row) for row in arrived if row.digest == digest), None)


def report_before(arrived: Sequence[DatabaseRow], revision: int) -> Report | None:
    """The newest report of an older revision."""
    older = [row for row in arrived if row.kind == "report" and row.revision < revision]
    newest = max(older, key=lambda row: (row.revision, row.digest), default=None)
    return _sent(newest) if newest else None


def _sent(row: DatabaseRow) -> Report:
    """An arrival's bytes are `{"kind": …, "body": …}`."""
    return wire.validate(Report, wire.parse_json(row.raw)["body"])
