"""One case for one place: what is decided about the record that leads it reaches all who reported
it, each in an answer of their own."""

from collections.abc import Collection
from datetime import datetime

from contract.cases import CaseState
from sync_server.casework.answering import is_explained, is_told
from sync_server.casework.case_rules import CaseSettings
from sync_server.casework.other_grid import has_interest
from sync_server.casework.steps import make_step
from sync_server.casework.supervisor_first import goes_to_supervisor
from sync_server.domain.case_events import StepKind, standing
from sync_server.domain.cases import rule
from sync_server.domain.following import LEADS_IN, followers_state, gathers, is_taken_along
from sync_server.domain.roles import Role
from sync_server.problems import BadDecision
from sync_server.store import audit_log, case_events, followers, records, site_records
from sync_server.store.audit_log import AuditEntry
from sync_server.store.case_events import CaseStep
from sync_server.store.engine import DatabaseRow, Tx


def claim_case(tx: Tx, record: str, named: str | None = None) -> frozenset[str]:
    """Claims the record, all that follow it or might, and the one `named` by its number. Returns
    their ids: what joins them meanwhile is not moved with them."""
    tx.claim(followers.CLAIM)
    ids = {record, *(one.id for one in site_records.together(tx, record))}
    row = records.one(tx, record)
    ids |= {one.id for one in followers.of(tx, row.number)} if row else set()
    leader = records.numbered(tx, named) if named else None
    ids |= {leader.id} if leader else set()
    tx.claim(*(f"record/{id}" for id in ids))
    return frozenset(ids)


def check_leader(tx: Tx, row: DatabaseRow, number: str, to: str) -> None:
    """Raises BadDecision unless the record with this number is another one of the same place; and,
    to be joined to it, one whose case is open."""
    leader = records.numbered(tx, number)
    if leader is None or leader.id == row.id:
        raise BadDecision("duplicate_unknown")
    if site_records.root_of(tx, leader.id) != site_records.root_of(tx, row.id):
        raise BadDecision("same_as_elsewhere")
    is_open = leader.state in LEADS_IN and leader.withdrawn_at is None
    if to == CaseState.MERGED and not is_open:
        raise BadDecision("same_as_not_open")


def lead(
    tx: Tx, row: DatabaseRow, step: CaseStep, claimed: Collection[str], settings: CaseSettings
) -> None:
    """Makes the step that was made for `row` for all that follow it, and takes the other leads of
    its place along if somebody will still go there."""
    if step.kind != StepKind.MOVE or step.after == CaseState.MERGED or not is_told(step):
        return
    here = site_records.root_of(tx, row.id)
    for one in _companions(tx, row, step):
        if one.id not in claimed:
            continue
        if site_records.root_of(tx, one.id) == here:
            make_step(tx, one, _with(row, one, step), settings)
            said = f"{step.after}: {row.number}"
            audit_log.note(tx, AuditEntry(step.at, step.staff, "follow", one.id, said))
        else:
            part(tx, one, (step.staff, step.role), step.at, settings)


def part(
    tx: Tx, row: DatabaseRow, by: tuple[str, str], now: datetime, settings: CaseSettings
) -> None:
    """The record follows no other one: while that is open it goes back to where it was, and its
    worker hears it; what was concluded stays. `by`: a duty post and its role."""
    before = standing(row.state, case_events.events(case_events.of_record(tx, row.id)))
    is_open = row.state == CaseState.MERGED
    after = before.joined_in or CaseState.REPORTED if is_open else row.state
    step = CaseStep(row.id, row.state, after, *by, now, kind=StepKind.PART.value)
    make_step(tx, row, step, settings)
    audit_log.note(tx, AuditEntry(now, by[0], "part", row.id, row.follows or ""))


def part_strays(
    tx: Tx, ids: Collection[str], by: tuple[str, str], now: datetime, settings: CaseSettings
) -> None:
    """Of these records, whose links have changed, those whose leader is of another place by now
    have a case of their own again. The caller has claimed them."""
    for row in followers.among(tx, ids):
        leader = records.numbered(tx, row.follows)
        if leader is None or not _is_together(tx, leader.id, row.id):
            part(tx, row, by, now, settings)


def _is_together(tx: Tx, one: str, other: str) -> bool:
    return site_records.root_of(tx, one) == site_records.root_of(tx, other)


def _companions(tx: Tx, row: DatabaseRow, step: CaseStep) -> list[DatabaseRow]:
    """Who follows the record already, and who is taken along by this step; by author."""
    found = {one.id: one for one in followers.of(tx, row.number)}
    if gathers(step.before, step.after):
        found = {one.id: one for one in taken_along(tx, row, step.after, step.role)} | found
    return sorted(found.values(), key=lambda one: (one.author, one.seq))


def taken_along(tx: Tx, row: DatabaseRow, after: str, role: str) -> list[DatabaseRow]:
    """The other leads of a record's place that a move of this role takes along; it has to be
    allowed to join them by hand as well, what waits for a supervisor is theirs, and what has to go
    to another grid joins no case in which somebody is sent already (rule L13)."""
    near = [one for one in site_records.together(tx, row.id) if one.withdrawn_at is None]
    events = case_events.events_of_each(tx, [one.id for one in near])
    stand = {one.id: standing(one.state, events.get(one.id, ())) for one in near}
    joins = (one for one in near if is_taken_along(stand[one.id], after))
    free = [one for one in joins if after == CaseState.ACCEPTED or not has_interest(one)]
    return [one for one in free if _may_join(tx, one, role)]


def _may_join(tx: Tx, row: DatabaseRow, role: str) -> bool:
    joining = rule(StepKind.MOVE, row.state, CaseState.MERGED)
    if joining is None or not any(one.value == role for one in joining.roles):
        return False
    return role == Role.SUPERVISOR or not goes_to_supervisor(tx, row)


def _with(row: DatabaseRow, one: DatabaseRow, step: CaseStep) -> CaseStep:
    """The step of a follower: what its worker is told is what the leader's worker is told."""
    told = (step.reason, step.comment) if is_explained(step) else (None, "")
    by = (step.staff, step.role, step.at)
    kind, said = StepKind.FOLLOW.value, {"state": step.after}
    after = followers_state(step.after)
    return CaseStep(one.id, one.state, after, *by, *told, row.number, kind, said)
