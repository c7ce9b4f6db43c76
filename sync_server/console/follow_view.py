"""What the page of a record shows of the one case of its place: whom it follows, who follows it,
whom the next step takes along; and the records of the place, to choose from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from contract.cases import CaseState
from sync_server.casework.following import taken_along
from sync_server.console.decision_form import DecisionForm, Reason
from sync_server.console.listing import badges
from sync_server.console.sessions import Visitor
from sync_server.console.state_badges import Badge
from sync_server.console.words import Wording
from sync_server.domain.following import LEADS_IN, gathers
from sync_server.store import followers, records, site_records
from sync_server.store.engine import DatabaseRow, Tx


@dataclass(frozen=True, slots=True)
class OtherRecord:
    id: str
    number: str
    badges: Sequence[Badge]


@dataclass(frozen=True, slots=True)
class FollowNote:
    """A sentence and the records that it is about."""

    words: str
    others: Sequence[OtherRecord]


def follow_notes(
    tx: Tx, row: DatabaseRow, form: DecisionForm | None, visitor: Visitor, wording: Wording
) -> list[FollowNote]:
    """The sentences; none for a record that shares its case with no other."""
    leader = records.numbered(tx, row.follows) if row.follows else None
    found = {"follow.leader": [leader]} if leader else {}
    if not leader:
        found["follow.followers"] = followers.of(tx, row.number)
    found["follow.next"] = _next(tx, row, form, visitor)
    only = visitor.only_community
    seen = {
        code: [one for one in rows if only in (None, one.community)] for code, rows in found.items()
    }
    return [_note(code, rows, wording) for code, rows in seen.items() if rows]


def _next(
    tx: Tx, row: DatabaseRow, form: DecisionForm | None, visitor: Visitor
) -> list[DatabaseRow]:
    """Whom one of the steps that are offered takes along."""
    steps = [step.to for step in (form.options if form else ()) if gathers(row.state, step.to)]
    return taken_along(tx, row, max(steps), visitor.staff.role) if steps else []


def with_leads(tx: Tx, row: DatabaseRow, form: DecisionForm, wording: Wording) -> DecisionForm:
    """Adds the other records of the place that this one may be joined to, or may repeat. Where no
    case is open, joining is not offered."""
    if not any(option.to in NAMING for option in form.options):
        return form
    near = site_records.together(tx, row.id)
    may_join = any(one.state in LEADS_IN and one.withdrawn_at is None for one in near)
    options = [one for one in form.options if one.to != CaseState.MERGED or may_join]
    leads = tuple(Reason(one.number, _words(one, wording)) for one in near)
    return replace(form, options=tuple(options), choices=replace(form.choices, leads=leads))


NAMING = (CaseState.MERGED, CaseState.REJECTED)  # moves with which another record is named


def _words(row: DatabaseRow, wording: Wording) -> str:
    return wording.say("join.dot").join((row.number, badges(row, wording)[0].word, row.place))


def _note(code: str, rows: Iterable[DatabaseRow], wording: Wording) -> FollowNote:
    others = [OtherRecord(row.id, row.number, badges(row, wording)) for row in rows]
    words = wording.say(code, n=len(others))
    return FollowNote(words, () if code == "follow.next" else others)  # the site's line names them
