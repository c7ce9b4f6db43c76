"""Parts of a record's page: hints, photo tiles, history; and the reports behind it."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from contract import wire
from contract.cases import REASON_LISTS, CaseState
from contract.place import AMBER_M
from contract.report import Report
from contract.visible_text import has_visible
from sync_server.casework.answering import told_state
from sync_server.console.state_badges import Badge, state_badge
from sync_server.console.times import NO_TIME, SKEW_SHOWN, ShownTime, duration, shown_time
from sync_server.console.words import Wording, sentences
from sync_server.domain.case_events import Standing, StepKind, effective
from sync_server.domain.cases import rule
from sync_server.domain.plausible_times import implausible_times, is_plausible
from sync_server.domain.roles import Role, Staff
from sync_server.domain.unfounded_places import UNFOUNDED_BEFORE, WITHIN_DAYS
from sync_server.private_traceback import private_traceback
from sync_server.store.arrival_key import NotOpened
from sync_server.store.arrivals import sent_bytes
from sync_server.store.case_events import CaseStep
from sync_server.store.engine import DatabaseRow, Tx
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
class ProofPhotos:
    """The photos of one report that was made for a task: the report's id and number, the grid and
    the role that it came from, when it was seen."""

    record: str
    number: str
    sender: str
    seen: ShownTime
    tiles: Sequence[Tile]


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


def unlisted_hint(report: Report, wording: Wording) -> Hint:
    """Of a compound that is none of the bureau's; and whether its name is left out, because a
    person or a room was read in it (rules L2, L4)."""
    code = "unlisted" if has_visible(report.place.compound_name) else "unlisted_unnamed"
    return Hint(code, wording.say(f"hint.{code}"))


def who_is_first(case: Standing, staff: Staff, wording: Wording) -> Iterator[Hint]:
    """Rule L13: to the supervisor what it asks, to others that they wait; and that the place is
    looked at by another grid before anybody is sent there."""
    if case.supervisor_first:
        own = "asked" if staff.role is Role.SUPERVISOR else "waits"
        days, n = WITHIN_DAYS, UNFOUNDED_BEFORE
        yield Hint("again", wording.say(f"hint.again_{own}", days=days, n=n), "danger")
    if case.other_grid_first:
        yield Hint("other_grid", wording.say("hint.other_grid"), "danger")


def objection_hints(
    row: DatabaseRow, events: Sequence[DatabaseRow], wording: Wording
) -> list[Hint]:
    """What the worker says against the result, while it is looked at again."""
    objected = CaseState.OBJECTED
    into = [e for e in effective(events) if e.after == objected and e.before != objected]
    if row.state != objected or not into or into[-1].role != Role.GRID:
        return []
    return [Hint("objection", wording.say("hint.objection", text=into[-1].comment))]


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
    fresh = [row.received_at for row in arrived if _is_content(row)]
    return bool(decided and fresh and max(fresh) > max(decided))


def _is_content(row: DatabaseRow) -> bool:
    return row.kind == "report" and row.outcome in ("RECORDED", "DISPUTED")


def _arrival(row: DatabaseRow, now: datetime, wording: Wording) -> TimelineStep:
    say = wording.say
    own = f"history.{row.kind}"
    code = own if own in sentences() else "history.arrived"
    revision, outcome = say("field.revision", n=row.revision), say(f"outcome.{row.outcome}")
    words = say(code, revision=revision, outcome=outcome)
    ledger = say("field.ledger", n=row.position)
    receipt = say("history.receipt", number=row.number, ledger=ledger)
    at = row.received_at
    who = wording.word("role", "GRID")
    return TimelineStep(at, shown_time(at, now, say), words, who, receipt)


def _event(row: DatabaseRow, now: datetime, wording: Wording) -> TimelineStep:
    shows_state = row.kind in (StepKind.MOVE, StepKind.FOLLOW)
    state = told_state(CaseStep.of(row))
    badge = state_badge(state, wording.language) if shows_state else None
    words = badge.word if badge else wording.say(f"step.{row.kind}")
    detail = wording.say("join.dot").join(filter(None, _details(row, wording)))
    who = wording.word("role", row.role)
    near = shown_time(row.at, now, wording.say)
    return TimelineStep(row.at, near, words, who, detail, row.comment, badge)


def reason_word(row: DatabaseRow, wording: Wording) -> str:
    """The reason of a step, in words."""
    if row.kind == StepKind.FOLLOW:
        return wording.word(REASON_LISTS.get(told_state(CaseStep.of(row)), ""), row.reason)
    found = rule(StepKind(row.kind), row.before, row.after)
    return wording.word(found.reasons if found else "", row.reason)


def _details(row: DatabaseRow, wording: Wording) -> Iterator[str]:
    """Reason and whatever else was said with a step."""
    yield reason_word(row, wording)
    if row.same_as:
        repeats = row.after == CaseState.REJECTED and row.kind == StepKind.MOVE
        yield wording.say(f"history.{'same_as' if repeats else 'with'}", number=row.same_as)
    said = row.said or {}
    if "assignee" in said:
        yield wording.say("case.assignee", post=said["assignee"])
    if "department" in said:
        yield wording.word("department", said["department"])
    if "number" in said:
        yield wording.say("step.number", number=said["number"])
    if "receipt" in said:
        yield wording.say("case.receipt", number=said["receipt"])
    for entry in filter(None, said.get("checks", "").split(",")):
        code, _, answer = entry.partition("=")
        word = wording.word("check", code)
        yield wording.say("step.check", check=word, answer=wording.say(f"check.{answer}"))


def report_in(tx: Tx, arrived: Sequence[DatabaseRow], digest: str) -> Report | None:
    """The report among these arrivals that has this digest; None if there is none."""
    return next((_report_of_arrival(tx, row) for row in arrived if row.digest == digest), None)


def report_before(tx: Tx, arrived: Sequence[DatabaseRow], revision: int) -> Report | None:
    """The report with the highest revision below `revision`; None if there is none."""
    older = [row for row in arrived if row.kind == "report" and row.revision < revision]
    newest = max(older, key=lambda row: (row.revision, row.digest), default=None)
    return _report_of_arrival(tx, newest) if newest else None


def _report_of_arrival(tx: Tx, row: DatabaseRow) -> Report | None:
    """The report in an arrival, whose bytes are `{"kind": …, "body": …}`; None if it cannot be
    read (any more)."""
    try:
        return wire.validate(Report, wire.parse_json(sent_bytes(tx, row))["body"])
    except (wire.Unreadable, NotOpened, ValueError, TypeError, LookupError) as error:
        log.error("arrival %r cannot be read: %s", row.number, private_traceback(error))
        return None
