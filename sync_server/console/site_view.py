"""What pages show of a site: its leads with their outcomes, who said which, what people ruled."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contract.cases import REASON_LISTS
from contract.report import Report
from sync_server.console.listing import badges
from sync_server.console.record_parts import Tile, report_of
from sync_server.console.state_badges import Badge, state_badge
from sync_server.console.times import ShownTime, shown_time
from sync_server.console.words import Wording
from sync_server.domain.case_events import CaseEvent, effective
from sync_server.private_traceback import private_traceback
from sync_server.store import case_events, site_records, site_rulings
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import ReadRow, UnreadableRow

log = logging.getLogger("xuncha")

MOST_LINES = 5  # on the page of a record
OF_ONE_VALUE = frozenset(
    {"place", "venue", "institution"}
)  # where two values contradict each other


@dataclass(frozen=True, slots=True)
class ReadLead:
    """A record of a site, and the report in it, which is read and checked once for a page."""

    row: DatabaseRow
    report: Report


@dataclass(frozen=True, slots=True)
class SiteLead:
    """One lead of a site, as a line."""

    id: str
    number: str
    place: str
    badges: Sequence[Badge]
    seen: ShownTime
    what: str
    may_leave: bool  # it is not of this site for itself alone
    outcome: str = ""  # the reason of its result
    tiles: Sequence[Tile] = ()  # of its photos
    photos_gone: bool = False  # those that are not here will not come


@dataclass(frozen=True, slots=True)
class SiteLine:
    """On the page of a record: the other leads of its site."""

    url: str
    words: str
    leads: Sequence[SiteLead]


@dataclass(frozen=True, slots=True)
class FieldSource:
    """What reports say of one field: each value with the numbers of those that say it."""

    field: str
    values: Sequence[tuple[str, Sequence[str]]]
    is_disputed: bool = False  # one at most can be right


@dataclass(frozen=True, slots=True)
class RulingLine:
    """What somebody said about a site, and whether it can be taken back."""

    n: int
    words: str
    reason: str
    staff: str
    at: ShownTime
    undone: ShownTime | None


def site_line(
    tx: Tx, row: DatabaseRow, only_community: str | None, now: datetime, wording: Wording
) -> SiteLine | None:
    """The other leads of a record's site, that this visitor may see; None if there are none."""
    site = site_records.site_of(tx, row.id)
    if site is None:
        return None
    root = site.superseded_by or site.site
    rows = site_records.members(tx, site_records.parts_of(tx, root), only_community)
    others = [one for one in readable_leads(rows) if one.row.id != row.id]
    if not others:
        return None
    words = wording.say("site.one_other" if len(others) == 1 else "site.others", n=len(others))
    return SiteLine(f"/sites/{root}", words, leads_of(tx, others[:MOST_LINES], now, wording))


def readable_leads(rows: Sequence[ReadRow]) -> list[ReadLead]:
    """Those of the records that can be shown: whatever one holds, the others are."""
    found = (_read(row) for row in rows if not isinstance(row, UnreadableRow))
    return [one for one in found if one]


def _read(row: DatabaseRow) -> ReadLead | None:
    try:
        return ReadLead(row, report_of(row))
    except Exception as error:
        log.error("record %r cannot be shown: %s", row.number, private_traceback(error))
        return None


def leads_of(tx: Tx, leads: Sequence[ReadLead], now: datetime, wording: Wording) -> list[SiteLead]:
    """The leads as lines, each with what came of it."""
    steps = case_events.events_of_each(tx, [one.row.id for one in leads])
    return [
        _line(one, len(leads) > 1, now, wording, _outcome(one, steps, wording)) for one in leads
    ]


def _outcome(lead: ReadLead, steps: Mapping[str, Sequence[CaseEvent]], wording: Wording) -> str:
    """The last result with its reason, and the state of it where the case has gone on since; ""
    while there is none."""
    if lead.row.withdrawn_at is not None:
        return ""
    told = [one for one in effective(steps.get(lead.row.id, ())) if one.after in REASON_LISTS]
    if not told:
        return ""
    last = told[-1]
    state = state_badge(last.after, wording.language).word if last.after != lead.row.state else ""
    reason = wording.word(REASON_LISTS[last.after], last.reason)
    return wording.say("join.dot").join(one for one in (state, reason) if one)


def sources(leads: Sequence[ReadLead], wording: Wording) -> list[FieldSource]:
    """Which report said what; several values of a field stand side by side."""
    said: dict[str, dict[str, list[str]]] = {}
    for one in leads:
        for field, value in _said(one.report, wording).items():
            if value:
                said.setdefault(field, {}).setdefault(value, []).append(one.row.number)
    return [
        FieldSource(field, list(values.items()), field in OF_ONE_VALUE and len(values) > 1)
        for field, values in said.items()
    ]


def rulings_of(tx: Tx, parts: Sequence[str], now: datetime, wording: Wording) -> list[RulingLine]:
    """What people said about a site and those for which it stands, the newest first."""
    return [
        RulingLine(
            row.n,
            wording.say("site.ruled.split" if row.report else f"site.ruled.{row.verdict.lower()}"),
            row.reason,
            row.staff,
            shown_time(row.at, now, wording.say),
            shown_time(row.undone_at, now, wording.say) if row.undone_at else None,
        )
        for row in site_rulings.about(tx, parts)
    ]


def _line(
    lead: ReadLead, may_leave: bool, now: datetime, wording: Wording, outcome: str
) -> SiteLead:
    row, report = lead.row, lead.report
    what = (wording.words("disguise", report.disguises), wording.words("sign", report.signs))
    return SiteLead(
        id=row.id,
        number=row.number,
        place=row.place,
        badges=badges(row, wording),
        seen=shown_time(row.seen_at, now, wording.say),
        what=wording.say("join.dot").join(one for one in what if one),
        may_leave=may_leave,
        outcome=outcome,
    )


def _said(report: Report, wording: Wording) -> Mapping[str, str]:
    return {
        "place": report.place.in_words,
        "venue": wording.word("venue", report.place.venue),
        "institution": report.institution,
        "disguises": wording.words("disguise", report.disguises),
        "time_slots": wording.words("time_slot", report.time_slots),
    }
