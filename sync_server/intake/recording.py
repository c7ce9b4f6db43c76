"""Turns a valid arrival into a record, a patrol, a withdrawal or a suggestion: one function for
each kind, found in the table `KINDS`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from contract import wire
from contract.cases import CLOSED, WORKER_MAY_EDIT, CaseState
from contract.patrol import Patrol
from contract.protocol import ArrivalKind, Outcome
from contract.report import Objection, Report, Suggestion, Withdrawal
from contract.search_text import search_text
from sync_server.accounts.phones import Phone
from sync_server.casework import review
from sync_server.casework.positions import was_closed
from sync_server.domain.clocks import local_day
from sync_server.domain.located import locate, place_key
from sync_server.domain.merge import Content, Merged, merge, withdraw
from sync_server.domain.roles import Role
from sync_server.domain.sent_names import with_known_name, with_known_names
from sync_server.domain.site_key import LEADS, site_key
from sync_server.intake.unit_of_work import UnitOfWork
from sync_server.intake.validate import ValidArrival
from sync_server.store import answers, fieldwork, records, tasks
from sync_server.store.case_events import CaseStep

COMMUNITY_DIGITS = 12  # of an official code
OBJECTION = "OBJECTION"  # of the list `reopen_reason`
UNSAID = "UNSAID"  # handed back without a reason
S = TypeVar("S", Report, Patrol, Withdrawal, Suggestion, Objection)


class NotRecorded(Exception):
    """A valid arrival cannot be recorded; `code` is told to its phone."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class IncomingArrival:
    """One arrival, the phone that sent it, and the receipt `number` that it will get; `skew_s` is
    how many seconds the phone's clock is ahead."""

    valid: ValidArrival
    phone: Phone
    number: str
    skew_s: int
    now: datetime


def record(unit: UnitOfWork, incoming: IncomingArrival) -> Outcome:
    """Merges the arrival into what is recorded. Raises NotRecorded; then nothing was changed."""
    return KINDS[incoming.valid.kind](unit, incoming)


def _report(unit: UnitOfWork, incoming: IncomingArrival) -> Outcome:
    report, id = _body(incoming, Report), incoming.valid.id
    row = _own_record(unit, incoming)
    known = records.merged(row, unit.withdrawn_at(id, incoming.phone.author))
    outcome, merged = merge(known, Content(report.revision, incoming.valid.digest))
    is_shown = merged.shown is not None and merged.shown.digest == incoming.valid.digest
    unit.name_photos(id, [photo.sha256 for photo in report.photos], is_shown)
    if report.task:
        _answer_task(unit, incoming, report.task)
    if outcome in {Outcome.HELD, Outcome.STALE}:
        return outcome
    columns = _merge_columns(merged, incoming.now)
    if is_shown:
        columns |= _shown_columns(unit, report, incoming)
        columns |= _closed_columns(unit, row, columns["body"])
    if row is None:
        unit.add(id, _first_columns(incoming) | columns)
        return outcome
    before = row["revision"]  # `alter` changes what `row` shows
    unit.alter(id, columns)
    if report.revision > before:
        _step_case(unit, row, incoming)
    return outcome


def _withdrawal(unit: UnitOfWork, incoming: IncomingArrival) -> Outcome:
    withdrawal = _body(incoming, Withdrawal)
    row = _own_record(unit, incoming)
    unit.note_withdrawal(incoming.valid.id, incoming.phone.author, withdrawal.at)
    outcome, merged = withdraw(records.merged(row, None), withdrawal.at)
    tasks.note_withdrawn(unit.tx, incoming.valid.id)
    if row and row["state"] in WORKER_MAY_EDIT:
        unit.alter(incoming.valid.id, _merge_columns(merged, incoming.now))
    elif row:  # accepted meanwhile: the withdrawal is kept and shown, the bureau decides
        _step_case(unit, row, incoming)
    return outcome


def _step_case(unit: UnitOfWork, row: Mapping[str, Any], incoming: IncomingArrival) -> None:
    author, now = incoming.phone.author, incoming.now
    if step := review.step_of_revision(row["id"], row["state"], author, now):
        unit.add_step(step)


def _patrol(unit: UnitOfWork, incoming: IncomingArrival) -> Outcome:
    patrol = _body(incoming, Patrol)
    row = {
        "revision": patrol.revision,
        "digest": incoming.valid.digest,
        "author": patrol.author,
        "started_at": patrol.started_at,
        "body": wire.to_json(with_known_names(patrol, unit.compound_names)),
    }
    records.keep_patrol(unit.tx, incoming.valid.id, row)
    fieldwork.keep_alarms(unit.tx, incoming.valid.id, _alarms(patrol, incoming))
    return Outcome.RECORDED


def _alarms(patrol: Patrol, incoming: IncomingArrival) -> list[dict[str, Any]]:
    """The calls for help of a patrol (rule L15), as rows."""
    where = {"grid": incoming.phone.grid, "community": incoming.phone.community}
    return [
        where
        | {"n": n, "at": alarm.at, "received_at": incoming.now, "compound": alarm.compound}
        | {"fix": wire.to_json(alarm.fix) if alarm.fix else None}
        for n, alarm in enumerate(patrol.alarms, 1)
    ]


def _suggestion(unit: UnitOfWork, incoming: IncomingArrival) -> Outcome:
    said = _body(incoming, Suggestion)
    if said.task and _answer_task(unit, incoming, said.task, said.reason or UNSAID):
        return Outcome.RECORDED
    row = {"author": incoming.phone.author, "received_at": incoming.now, "text": said.text}
    records.keep_suggestion(unit.tx, incoming.valid.id, row)
    return Outcome.RECORDED


def _answer_task(
    unit: UnitOfWork, incoming: IncomingArrival, task: str, reason: str | None = None
) -> bool:
    """What a phone answers to a task: this report, or the reason for which it is handed back. False
    for a task that the bureau does not know (any more)."""
    if not tasks.is_known(unit.tx, task):
        return False
    row = {"reason": reason, "grid": incoming.phone.grid, "at": incoming.now}
    tasks.keep_result(unit.tx, task, incoming.valid.id, row)
    return True


def _objection(unit: UnitOfWork, incoming: IncomingArrival) -> Outcome:
    """Moves a concluded case to its review, once, and in time by the clock of whoever wrote it."""
    said, row = _body(incoming, Objection), _own_record(unit, incoming)
    told = answers.last_about(unit.tx, incoming.phone.author, incoming.valid.id)
    if row is None or row["state"] not in CLOSED or told is None:
        raise NotRecorded("objection_not_possible")
    if unit.was_objected_to(incoming.valid.id):
        raise NotRecorded("objection_again")
    written = min(said.at - timedelta(seconds=incoming.skew_s), incoming.now)
    if told.object_until is None or local_day(written) > told.object_until:
        raise NotRecorded("objection_late")
    moved = (row["id"], row["state"], CaseState.OBJECTED.value)
    by = (incoming.phone.author, Role.GRID.value, incoming.now)
    unit.add_step(CaseStep(*moved, *by, OBJECTION, said.text.strip()), is_told=True)
    return Outcome.RECORDED


def _body(incoming: IncomingArrival, model: type[S]) -> S:
    if not isinstance(incoming.valid.body, model):
        raise TypeError(model)
    return incoming.valid.body


def _own_record(unit: UnitOfWork, incoming: IncomingArrival) -> Mapping[str, Any] | None:
    row = unit.record(incoming.valid.id)
    if row and row["author"] != incoming.phone.author:
        raise NotRecorded("not_yours")
    return row


def _merge_columns(merged: Merged, now: datetime) -> dict[str, Any]:
    """The columns of a record that `merge` decides."""
    shown = (
        {"revision": merged.shown.revision, "digest": merged.shown.digest} if merged.shown else {}
    )
    return shown | {
        "rivals": sorted(merged.rivals),
        "disputed": merged.disputed,
        "withdrawn_at": merged.withdrawn_at,
        "changed_at": now,
    }


def _first_columns(incoming: IncomingArrival) -> dict[str, Any]:
    """The columns of a record that only its first revision sets."""
    number = incoming.number
    first = {"number": number, "seq": _seq(number), "first_at": incoming.now}
    return first | {"state": CaseState.REPORTED}


def _closed_columns(
    unit: UnitOfWork, row: Mapping[str, Any] | None, report: Report
) -> dict[str, Any]:
    """Rule L8: once a case was closed, no later revision says where the worker stood."""
    if row is None or row["state"] in WORKER_MAY_EDIT or not was_closed(unit.tx, row["id"]):
        return {}
    return {"body": report.model_copy(update={"fix": None})}


def _shown_columns(unit: UnitOfWork, sent: Report, incoming: IncomingArrival) -> dict[str, Any]:
    """The columns of a record that come from the revision it shows."""
    report = with_known_name(sent, unit.compound_names)
    place = report.place
    return (
        named_columns(report)
        | {
            "kind": report.kind.value,
            "author": incoming.phone.author,
            "device": report.device,
            "grid": place.grid or incoming.phone.grid,
            "community": _community(place.community, incoming.phone.community),
            "shift": report.shift,
            "seen_at": report.seen_at,
            "received_at": incoming.now,
            "skew_s": incoming.skew_s,
        }
        | _located(unit, report)
    )


def _located(unit: UnitOfWork, report: Report) -> dict[str, Any]:
    """Where the record is counted; the unit of work links it to its site."""
    known, place = unit.gazetteer, report.place
    located = locate(place, known)
    key = site_key(report, located, known)
    unit.locate(str(report.id), key if report.kind in LEADS else None)
    return {"place_key": place_key(place, located)[:200]}


_folded_place = lru_cache(4096)(search_text)  # many reports speak of one door


def named_columns(report: Report) -> dict[str, Any]:
    """The columns of a record in which the name of its compound stands."""
    words = report.place.in_words[:200]
    return {"place": words, "place_folded": _folded_place(words), "body": report}


def _community(reported: str | None, own: str | None) -> str | None:
    """The reported community; the phone's own for none, or for what is too long to be a code."""
    return reported if reported and len(reported) <= COMMUNITY_DIGITS else own


def _seq(number: str) -> int:
    return int(number.rpartition("-")[2])


KINDS: dict[ArrivalKind, Callable[[UnitOfWork, IncomingArrival], Outcome]] = {
    ArrivalKind.REPORT: _report,
    ArrivalKind.WITHDRAWAL: _withdrawal,
    ArrivalKind.PATROL: _patrol,
    ArrivalKind.SUGGESTION: _suggestion,
    ArrivalKind.OBJECTION: _objection,
}
