"""Turns a valid arrival into a record, a patrol, a withdrawal or a suggestion: one function for
each kind, found in the table `KINDS`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from contract import wire
from contract.address import key
from contract.cases import WORKER_MAY_EDIT, CaseState
from contract.patrol import Patrol
from contract.protocol import ArrivalKind, Outcome
from contract.report import Report, Suggestion, Withdrawal
from contract.search_text import search_text
from sync_server.accounts.phones import Phone
from sync_server.casework import review
from sync_server.domain.merge import Content, Merged, merge, withdraw
from sync_server.intake.unit_of_work import UnitOfWork
from sync_server.intake.validate import ValidArrival
from sync_server.store import records

COMMUNITY_DIGITS = 12  # of an official code
S = TypeVar("S", Report, Patrol, Withdrawal, Suggestion)


class NotAuthor(Exception):
    """The record with this id belongs to another duty post."""


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
    """Merges the arrival into what is recorded. Raises NotAuthor; then nothing was changed."""
    return KINDS[incoming.valid.kind](unit, incoming)


def _report(unit: UnitOfWork, incoming: IncomingArrival) -> Outcome:
    report, id = _body(incoming, Report), incoming.valid.id
    row = _own_record(unit, incoming)
    known = records.merged(row, unit.withdrawn_at(id, incoming.phone.author))
    outcome, merged = merge(known, Content(report.revision, incoming.valid.digest))
    if outcome in {Outcome.HELD, Outcome.STALE}:
        return outcome
    columns = _merge_columns(merged, incoming.now)
    if merged.shown and merged.shown.digest == incoming.valid.digest:
        columns |= _shown_columns(report, incoming)
        unit.attach_photos(id, (photo.sha256 for photo in report.photos))
    if row is None:
        first = {
            "number": incoming.number,
            "seq": _seq(incoming.number),
            "state": CaseState.REPORTED,
        }
        unit.add(id, first | columns)
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
        "body": wire.to_json(patrol),
    }
    records.keep_patrol(unit.tx, incoming.valid.id, row)
    return Outcome.RECORDED


def _suggestion(unit: UnitOfWork, incoming: IncomingArrival) -> Outcome:
    text = _body(incoming, Suggestion).text
    row = {"author": incoming.phone.author, "received_at": incoming.now, "text": text}
    records.keep_suggestion(unit.tx, incoming.valid.id, row)
    return Outcome.RECORDED


def _body(incoming: IncomingArrival, model: type[S]) -> S:
    if not isinstance(incoming.valid.body, model):
        raise TypeError(model)
    return incoming.valid.body


def _own_record(unit: UnitOfWork, incoming: IncomingArrival) -> Mapping[str, Any] | None:
    row = unit.record(incoming.valid.id)
    if row and row["author"] != incoming.phone.author:
        raise NotAuthor
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


def _shown_columns(report: Report, incoming: IncomingArrival) -> dict[str, Any]:
    """The columns of a record that come from the revision it shows."""
    place = report.place
    words = place.in_words[:200]
    return {
        "kind": report.kind.value,
        "author": incoming.phone.author,
        "device": report.device,
        "grid": place.grid or incoming.phone.grid,
        "community": _community(place.community, incoming.phone.community),
        "place_key": key(place.compound or place.landmark, place.building, place.unit)[:200],
        "place": words,
        "place_folded": search_text(words),
        "shift": report.shift,
        "seen_at": report.seen_at,
        "received_at": incoming.now,
        "skew_s": incoming.skew_s,
        "body": report,
    }


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
}
