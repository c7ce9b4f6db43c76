"""One lead, whole: everything the store holds about a record, gathered for its page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from contract.report import Report
from sync_server.console import record_parts as told
from sync_server.console.case_form import DecisionForm
from sync_server.console.chart import Chart, Spot, chart
from sync_server.console.listing import badges
from sync_server.console.moments import Moment, moment
from sync_server.console.sheet import (
    Difference,
    SheetLine,
    Wording,
    coordinates,
    differences,
    lines,
)
from sync_server.console.state_badges import Badge, state_badge
from sync_server.store import case_events, places, record_details
from sync_server.store.engine import DatabaseRow, Tx

NEAR_DEGREES = 0.03  # about 3 km


@dataclass(frozen=True, slots=True)
class Versions:
    """Two contents beside each other."""

    title: str
    one: str
    other: str
    rows: Sequence[Difference]
    open: bool = False


@dataclass(frozen=True, slots=True)
class FixWords:
    words: str
    quality: str


@dataclass(frozen=True, slots=True)
class Flash:
    """What was just decided, as the worker will read it."""

    state: str
    badge: Badge
    reason: str
    comment: str


@dataclass(frozen=True, slots=True)
class UnsavedDecision:
    """Why a decision was not taken, and what the officer had written."""

    told: str
    comment: str


@dataclass(frozen=True, slots=True)
class RecordView:
    id: str
    title: str
    number: str
    ledger: str
    revision: str
    badges: Sequence[Badge]
    hints: Sequence[told.Hint]
    versions: Sequence[Versions]
    lines: Sequence[SheetLine]
    fix: FixWords | None
    chart: Chart | None
    away: str
    sender: str
    seen: Moment
    received: Moment
    history: Sequence[told.TimelineStep]
    tiles: Sequence[told.Tile] = ()
    on_the_way: int = 0
    sees_photos: bool = False
    back: str = ""
    next: str = ""
    flash: Flash | None = None
    form: DecisionForm | None = None
    kept: UnsavedDecision | None = None
    closed: str = ""
    events: Sequence[DatabaseRow] = field(default=(), repr=False)


def record_view(tx: Tx, row: DatabaseRow, now: datetime, reader: Wording) -> RecordView:
    """The part that is the same for everyone who may read this record."""
    report = told.report_of(row)
    arrived, events = record_details.arrivals_of(tx, row.id), case_events.of_record(tx, row.id)
    revised = told.is_revised_since(events, arrived)
    sheet = _chart(tx, report)
    return RecordView(
        id=row.id,
        title=row.place or reader.say("list.no_place"),
        number=row.number,
        ledger=next((_ledger(a, reader) for a in arrived if a.number == row.number), ""),
        revision=reader.say("field.revision", n=row.revision),
        badges=badges(row, reader),
        hints=told.hints(row, report, revised, now, reader),
        versions=_versions(row, report, arrived, reader),
        lines=lines(report, reader),
        fix=_fix(report, reader),
        chart=sheet,
        away=_away(report, sheet, reader),
        sender=_sender(tx, row, reader),
        seen=moment(row.seen_at, now, reader.say),
        received=moment(row.received_at, now, reader.say),
        history=told.history(arrived, events, now, reader),
        events=events,
    )


def flash(events: Sequence[DatabaseRow], n: int | None, reader: Wording) -> Flash | None:
    """The decision number `n` of this record, to be shown right after it was made."""
    event = next((each for each in events if each.n == n and each.role != "GRID"), None)
    if event is None:
        return None
    badge = state_badge(event.after, reader.language)
    return Flash(badge.word, badge, reader.word("reject_reason", event.reason), event.comment)


def _ledger(arrival: DatabaseRow, reader: Wording) -> str:
    return reader.say("field.ledger", n=arrival.position)


def _sender(tx: Tx, row: DatabaseRow, reader: Wording) -> str:
    """A grid and a role, no name."""
    grid = places.grid_name(tx, row.grid)
    return reader.say("join.dot").join(x for x in (grid, reader.word("role", "GRID")) if x)


def _fix(report: Report, reader: Wording) -> FixWords | None:
    fix, say = report.fix, reader.say
    if fix is None:
        return None
    if fix.accuracy_m is None:
        sure = say("fix.unsure")
    else:
        sure = say("fix.accuracy", m=round(fix.accuracy_m))
    kind = (reader.word("datum", fix.datum), reader.word("loc_provider", fix.provider))
    return FixWords(coordinates(report), say("join.dot").join((sure, *kind)))


def _away(report: Report, sheet: Chart | None, reader: Wording) -> str:
    if sheet is None or sheet.away_m is None:
        return ""
    return reader.say("fix.away", name=report.place.compound_name, m=sheet.away_m)


def _chart(tx: Tx, report: Report) -> Chart | None:
    """A fix of another datum is not drawn: it would stand beside the wrong compound."""
    fix, picked = report.fix, report.place.compound
    own = places.compound(tx, picked) if picked else None
    point = None
    if fix and fix.datum in told.COMPARABLE:
        point = (fix.lat, fix.lon, fix.accuracy_m or 0.0)
    centre = point[:2] if point else (own.lat, own.lon) if own else None
    if centre is None or centre[0] is None or centre[1] is None:
        return None
    near = record_details.compounds_near(tx, centre[0], centre[1], NEAR_DEGREES)
    return chart(point, [Spot(row.lat, row.lon, row.name, row.compound == picked) for row in near])


def _versions(
    row: DatabaseRow, report: Report, arrived: Sequence[DatabaseRow], reader: Wording
) -> list[Versions]:
    say, found = reader.say, []
    for digest in row.rivals:
        if rival := told.report_in(arrived, digest):
            rows = differences(report, rival, reader)
            title = say("record.versions")
            found.append(Versions(title, say("diff.shown"), say("diff.other"), rows, True))
    if before := told.report_before(arrived, row.revision):
        rows = differences(before, report, reader)
        one, other = say("diff.before"), say("diff.after")
        found.append(Versions(say("record.changed"), one, other, rows))
    return found
