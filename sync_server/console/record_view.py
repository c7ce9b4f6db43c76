"""Everything that the page of a record shows, gathered from the store and put in words."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from contract.cases import CLOSED
from contract.report import Report
from sync_server.casework.answering import is_explained, is_told
from sync_server.console import record_parts as parts
from sync_server.console.case_view import CaseView
from sync_server.console.decision_form import DecisionForm
from sync_server.console.far_fixes import far_of, far_words
from sync_server.console.follow_view import FollowNote
from sync_server.console.listing import badges
from sync_server.console.report_lines import (
    Difference,
    ReportLine,
    coordinates,
    differences,
    report_lines,
)
from sync_server.console.site_view import SiteLine
from sync_server.console.sketch_map import MapPoint, SketchMap, sketch_map
from sync_server.console.state_badges import Badge, state_badge
from sync_server.console.task_cards import TaskCard
from sync_server.console.times import ShownTime, shown_time
from sync_server.console.words import Wording
from sync_server.domain.case_events import StepKind, effective
from sync_server.domain.desk import is_desk
from sync_server.domain.sent_names import compound_codes, with_known_name
from sync_server.private_traceback import private_traceback
from sync_server.store import case_events, places, record_details
from sync_server.store.case_events import CaseStep
from sync_server.store.engine import DatabaseRow, Tx

log = logging.getLogger("xuncha")
NEAR_DEGREES = 0.03  # about 3 km


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two contents field by field, with the headings of their columns."""

    title: str
    one: str
    other: str
    rows: Sequence[Difference]
    open: bool = False


@dataclass(frozen=True, slots=True)
class FixLine:
    words: str
    quality: str


@dataclass(frozen=True, slots=True)
class Flash:
    """The step that was just made, in words; then what the worker will read of it, `badge` None for
    nothing."""

    step: str
    badge: Badge | None = None
    reason: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class UnsavedDecision:
    """A decision that cannot be made any more: why, and the comment that the officer had
    written."""

    message: str
    comment: str


@dataclass(frozen=True, slots=True)
class RoomLine:
    """Leads to floor and room, which are never on the record's own page."""

    url: str
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class RecordView:
    id: str
    title: str
    number: str
    ledger: str
    revision: str
    badges: Sequence[Badge]
    hints: Sequence[parts.Hint]
    comparisons: Sequence[Comparison]
    lines: Sequence[ReportLine]
    fix: FixLine | None
    map: SketchMap | None
    away: str
    sender: str
    seen: ShownTime
    received: ShownTime
    history: Sequence[parts.TimelineStep]
    tiles: Sequence[parts.Tile] = ()
    unfinished: str = ""  # of photos, in words; "" if all are here
    photos_gone: bool = False  # those that are not here will not come
    sees_photos: bool = False
    proofs: Sequence[parts.ProofPhotos] = ()  # of reports that answered tasks about it
    back: str = ""
    next: str = ""
    flash: Flash | None = None
    form: DecisionForm | None = None
    unsaved: UnsavedDecision | None = None
    closed: str = ""
    site: SiteLine | None = None
    follows: Sequence[FollowNote] = ()
    case: CaseView = field(default_factory=CaseView)
    undone: str = ""  # what became of an undoing that was asked for
    tasks: Sequence[TaskCard] = ()  # that were made for it
    task_url: str = ""  # where another one is given; "" if this visitor may not
    handover_form: str = ""  # its address; "" if there is none for this visitor
    room: RoomLine | None = None  # None for a visitor who may not, or a place that is no home
    events: Sequence[DatabaseRow] = field(default=(), repr=False)

    @property
    def was_closed(self) -> bool:
        """At least once: the position is gone, also where the case was opened again."""
        return any(step.after in CLOSED for step in effective(self.events))


def record_view(tx: Tx, row: DatabaseRow, now: datetime, wording: Wording) -> RecordView:
    """What is the same for everyone who may read this record; console/record.py adds the rest."""
    all_rows = record_details.arrivals_of(tx, row.id), case_events.of_record(tx, row.id)
    arrived, events = map(parts.readable, all_rows)
    report = _named(tx, parts.report_of(row))
    revised = parts.is_revised_since(events, arrived)
    drawn = _map_or_none(tx, report)
    return RecordView(
        id=row.id,
        title=report.place.in_words[:200] or wording.say("list.no_place"),
        number=row.number,
        ledger=next((_ledger_position(a, wording) for a in arrived if a.number == row.number), ""),
        revision=wording.say("field.revision", n=row.revision),
        badges=badges(row, wording),
        hints=[*parts.hints(row, report, revised, now, wording), *_of_place(tx, report, wording)],
        comparisons=_opened(_comparisons(tx, row, report, arrived, wording), revised),
        lines=report_lines(report, wording),
        fix=_fix(report, wording),
        map=drawn,
        away=_away(report, drawn, wording),
        sender=sender(tx, row, wording),
        seen=shown_time(row.seen_at, now, wording.say),
        received=shown_time(row.received_at, now, wording.say),
        history=parts.history(*all_rows, now, wording),
        events=events,
    )


def flash(events: Sequence[DatabaseRow], n: int | None, wording: Wording) -> Flash | None:
    """Step number `n` of the case, which has just been decided; None if it is no decision."""
    event = next((each for each in events if each.n == n and each.role != "GRID"), None)
    if event is None:
        return None
    badge = state_badge(event.after, wording.language)
    step = badge.word if event.kind == StepKind.MOVE else wording.say(f"step.{event.kind}")
    if not is_told(CaseStep.of(event)):
        return Flash(step)
    explained = (parts.reason_word(event, wording), event.comment) if is_explained(event) else ()
    return Flash(step, badge, *explained)


def _ledger_position(arrival: DatabaseRow, wording: Wording) -> str:
    return wording.say("field.ledger", n=arrival.position)


def sender(tx: Tx, row: DatabaseRow, wording: Wording) -> str:
    """The grid and the role of who reported, never a name."""
    who = wording.say("complaint.desk") if is_desk(row.device) else wording.word("role", "GRID")
    return wording.say("join.dot").join(x for x in (places.grid_name(tx, row.grid), who) if x)


def _fix(report: Report, wording: Wording) -> FixLine | None:
    fix, say = report.fix, wording.say
    if fix is None:
        return None
    metres = fix.radius_m
    sure = say("fix.unsure") if metres is None else say("fix.accuracy", m=round(metres))
    kind = (wording.word("datum", fix.datum), wording.word("loc_provider", fix.provider))
    return FixLine(coordinates(report), say("join.dot").join((sure, *kind)))


def _far_hint(tx: Tx, report: Report, wording: Wording) -> list[parts.Hint]:
    far = far_of(tx, report)
    return [parts.Hint("far", far_words(far, wording.say))] if far else []


def _away(report: Report, drawn: SketchMap | None, wording: Wording) -> str:
    if drawn is None or drawn.away_m is None:
        return ""
    return wording.say("fix.away", name=report.place.compound_name, m=drawn.away_m)


def _map_or_none(tx: Tx, report: Report) -> SketchMap | None:
    """None if what is known of the compounds cannot be drawn."""
    try:
        return _map(tx, report)
    except Exception as error:
        log.error("a map cannot be drawn: %s", private_traceback(error))
        return None


def _map(tx: Tx, report: Report) -> SketchMap | None:
    """The compounds around the fix, or around the picked compound if there is no fix or it is of a
    datum that cannot be compared: drawn, it would be beside the wrong compound."""
    fix, picked = report.fix, report.place.compound
    own = places.compound(tx, picked) if picked else None
    point = None
    if fix and fix.datum in parts.COMPARABLE:
        point = (fix.lat, fix.lon, fix.accuracy_m or 0.0)
    centre = point[:2] if point else (own.lat, own.lon) if own else None
    if centre is None or centre[0] is None or centre[1] is None:
        return None
    near = record_details.compounds_near(tx, centre[0], centre[1], NEAR_DEGREES)
    return sketch_map(
        point, [MapPoint(row.lat, row.lon, row.name, row.compound == picked) for row in near]
    )


def _named(tx: Tx, report: Report) -> Report:
    """The report with the bureau's name of its compound, as its list has it now."""
    return with_known_name(report, places.compound_names(tx, compound_codes(report)))


def _of_place(tx: Tx, report: Report, wording: Wording) -> list[parts.Hint]:
    return [*_unlisted(tx, report, wording), *_far_hint(tx, report, wording)]


def _opened(comparisons: Sequence[Comparison], revised: bool) -> list[Comparison]:
    """What the worker changed after a decision is shown at once."""
    return [replace(one, open=one.open or revised) for one in comparisons]


def _unlisted(tx: Tx, report: Report, wording: Wording) -> list[parts.Hint]:
    """Says that the picked compound is none of the bureau's."""
    picked = report.place.compound
    is_listed = picked is None or bool(places.compound_names(tx, [picked]))
    return [] if is_listed else [parts.unlisted_hint(report, wording)]


def _comparisons(
    tx: Tx, row: DatabaseRow, report: Report, arrived: Sequence[DatabaseRow], wording: Wording
) -> list[Comparison]:
    say, found = wording.say, []
    for digest in row.rivals:
        if rival := parts.report_in(tx, arrived, digest):
            rows = differences(report, _named(tx, rival), wording)
            title = say("record.versions")
            found.append(Comparison(title, say("diff.shown"), say("diff.other"), rows, True))
    if before := parts.report_before(tx, arrived, row.revision):
        rows = differences(_named(tx, before), report, wording)
        one, other = say("diff.before"), say("diff.after")
        found.append(Comparison(say("record.changed"), one, other, rows))
    return found
