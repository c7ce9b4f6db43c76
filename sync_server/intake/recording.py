"""A fit arrival becomes a record, a patrol or a suggestion; every kind has its row in one table."""

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
from sync_server.accounts.phones import Phone
from sync_server.casework import review
from sync_server.domain.merge import Content, Merged, merge, withdraw
from sync_server.intake.unit_of_work import UnitOfWork
from sync_server.intake.validate import ValidArrival
from sync_server.store import records

COMMUNITY_DIGITS = 12
S = TypeVar("S", Report, Patrol, Withdrawal, Suggestion)


class NotAuthor(Exception):
    """The record of this id belongs to another duty post."""


@dataclass(frozen=True, slots=True)
class IncomingArrival:
    """One arrival and how it came; `number` is the receipt it will get."""

    fit: ValidArrival
    phone: Phone
    number: str
    skew_s: int
    now: datetime


def record(book: UnitOfWork, came: IncomingArrival) -> Outcome:
    """Joins the arrival to what is there. Raises NotYours; then nothing was joined."""
    return KINDS[came.fit.kind](book, came)


def _report(book: UnitOfWork, came: IncomingArrival) -> Outcome:
    report, id = _sent(came, Report), came.fit.id
    row = _own(book, came)
    known = records.merged(row, book.withdrawn_at(id, came.phone.author))
    outcome, merged = merge(known, Content(report.revision, came.fit.digest))
    if outcome in {Outcome.HELD, Outcome.STALE}:
        return outcome
    columns = _standing(merged, came.now)
    if merged.shown and merged.shown.digest == came.fit.digest:
        columns |= _shown(report, came)
        book.attach_photos(id, (photo.sha256 for photo in report.photos))
    if row is None:
        first = {"number": came.number, "seq": _seq(came.number), "state": CaseState.REPORTED}
        book.add(id, first | columns)
        return outcome
    before = row["revision"]  # altering changes what `row` shows
    book.alter(id, columns)
    if report.revision > before:
        _revised(book, row, came)
    return outcome


def _withdrawal(book: UnitOfWork, came: IncomingArrival) -> Outcome:
    taken_back = _sent(came, Withdrawal)
    row = _own(book, came)
    book.note_withdrawal(came.fit.id, came.phone.author, taken_back.at)
    outcome, merged = withdraw(records.merged(row, None), taken_back.at)
    if row and row["state"] in WORKER_MAY_EDIT:
        book.alter(came.fit.id, _standing(merged, came.now))
    elif row:  # accepted meanwhile: the wish is kept and seen, the case is the bureau's
        _revised(book, row, came)
    return outcome


def _revised(book: UnitOfWork, row: Mapping[str, Any], came: IncomingArrival) -> None:
    if step := review.step_of_revision(row["id"], row["state"], came.phone.author, came.now):
        book.step(step)


def _patrol(book: UnitOfWork, came: IncomingArrival) -> Outcome:
    patrol = _sent(came, Patrol)
    row = {
        "revision": patrol.revision,
        "digest": came.fit.digest,
        "author": patrol.author,
        "started_at": patrol.started_at,
        "body": wire.to_json(patrol),
    }
    records.keep_patrol(book.tx, came.fit.id, row)
    return Outcome.RECORDED


def _suggestion(book: UnitOfWork, came: IncomingArrival) -> Outcome:
    text = _sent(came, Suggestion).text
    row = {"author": came.phone.author, "received_at": came.now, "text": text}
    records.keep_suggestion(book.tx, came.fit.id, row)
    return Outcome.RECORDED


def _sent(came: IncomingArrival, model: type[S]) -> S:
    if not isinstance(came.fit.sent, model):
        raise TypeError(model)
    return came.fit.sent


def _own(book: UnitOfWork, came: IncomingArrival) -> Mapping[str, Any] | None:
    row = book.record(came.fit.id)
    if row and row["author"] != came.phone.author:
        raise NotAuthor
    return row


def _standing(merged: Merged, now: datetime) -> dict[str, Any]:
    shown = (
        {"revision": merged.shown.revision, "digest": merged.shown.digest} if merged.shown else {}
    )
    return shown | {
        "rivals": sorted(merged.rivals),
        "disputed": merged.disputed,
        "withdrawn_at": merged.withdrawn_at,
        "changed_at": now,
    }


def _shown(report: Report, came: IncomingArrival) -> dict[str, Any]:
    place = report.place
    return {
        "kind": report.kind.value,
        "author": came.phone.author,
        "device": report.device,
        "grid": place.grid or came.phone.grid,
        "community": _community(place.community, came.phone.community),
        "place_key": key(place.compound or place.landmark, place.building, place.unit)[:200],
        "place": place.in_words[:200],
        "shift": report.shift,
        "seen_at": report.seen_at,
        "received_at": came.now,
        "skew_s": came.skew_s,
        "body": report,
    }


def _community(said: str | None, own: str | None) -> str | None:
    """An official code has twelve digits; what is no code at all tells nothing."""
    return said if said and len(said) <= COMMUNITY_DIGITS else own


def _seq(number: str) -> int:
    return int(number.rpartition("-")[2])


KINDS: dict[ArrivalKind, Callable[[UnitOfWork, IncomingArrival], Outcome]] = {
    ArrivalKind.REPORT: _report,
    ArrivalKind.WITHDRAWAL: _withdrawal,
    ArrivalKind.PATROL: _patrol,
    ArrivalKind.SUGGESTION: _suggestion,
}
