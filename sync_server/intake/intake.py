"""What phones deliver is received: judged one by one, kept in one transaction, and receipted."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contract.protocol import Outcome, Receipt, Refusal, link_hash
from sync_server import problems
from sync_server.accounts.phones import Phone
from sync_server.intake.recording import IncomingArrival, NotAuthor, record
from sync_server.intake.unit_of_work import UnitOfWork
from sync_server.intake.validate import RefusedArrival, ValidArrival
from sync_server.private_traceback import private_traceback
from sync_server.store import arrivals, devices
from sync_server.store.engine import Store, Tx

log = logging.getLogger("xuncha")
HEAD = ("position", "hash", "app")
A_WHILE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one call brought: who brings it, how far the phone's clock is ahead of ours in seconds,
    and the app's version."""

    phone: Phone
    skew_s: int
    now: datetime
    found: Sequence[ValidArrival | RefusedArrival] = ()
    app: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """Receipts for all that is kept for good, refusals for what lies in quarantine."""

    receipts: tuple[Receipt, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def receive(store: Store, delivery: Delivery) -> Received:
    """Keeps what one call delivered, all of it in one transaction.

    Should something that looked fit fail for whatever reason, each arrival gets a transaction of
    its own, so that one bad arrival never holds up another. Raises problems.StorageFull or Busy
    when nothing can be written; then nothing is receipted.
    """
    try:
        with store.writing() as tx:
            return receive_together(tx, [delivery])[0]
    except problems.Problem:
        raise
    except Exception as error:  # unforeseen; the arrival that caused it is found below
        log.error("a call failed, its arrivals are recorded alone: %s", private_traceback(error))
    sum_of = Received()
    for one in delivery.found:
        came = _alone(store, delivery, one)
        sum_of = Received(sum_of.receipts + came.receipts, sum_of.refusals + came.refusals)
    return sum_of


def receive_together(tx: Tx, deliveries: Sequence[Delivery]) -> list[Received]:
    """Keeps what many calls delivered, in their order, with few statements. All of it or nothing:
    any error means that none of it may stay."""
    fits = [one for brought in deliveries for one in brought.found if isinstance(one, ValidArrival)]
    ids = {one.id for one in fits}
    tx.claim(*(f"record/{id}" for id in ids))
    counter = _Intake(tx, deliveries, UnitOfWork(tx, ids), fits)
    received = [counter.take(brought) for brought in deliveries]
    counter.close()
    return received


def _alone(store: Store, delivery: Delivery, one: ValidArrival | RefusedArrival) -> Received:
    try:
        with store.writing() as tx:
            return receive_together(tx, [replace(delivery, found=[one])])[0]
    except problems.Problem:
        raise
    except Exception as error:
        if isinstance(one, RefusedArrival):
            raise
        log.error("an arrival failed and is quarantined: %s", private_traceback(error))
        return _alone(store, delivery, RefusedArrival.of(one, "unprocessable"))


class _Intake:
    """Takes arrivals in the order they were delivered and writes each device's ledger on."""

    def __init__(
        self, tx: Tx, deliveries: Sequence[Delivery], book: UnitOfWork, fits: Sequence[ValidArrival]
    ) -> None:
        self._tx, self._book = tx, book
        own = {each.phone.device: each.phone.author for each in deliveries}
        self._known = devices.heads(tx, own)
        self._heads = {name: (row.position, row.hash) for name, row in self._known.items()}
        self._owners = {**devices.owners(tx, {one.sent.device for one in fits} - own.keys()), **own}
        self._number = self._last = arrivals.last_number(tx) if fits else 0
        self._entered: list[dict[str, Any]] = []
        self._aside: list[dict[str, Any]] = []
        self._called: dict[str, dict[str, Any]] = {}
        self._now = deliveries[0].now

    def take(self, brought: Delivery) -> Received:
        kept = [self._taken(one, brought) for one in brought.found]
        device = brought.phone.device
        position, hash = self._heads[device]
        head = {"which": device, "position": position, "hash": hash}
        self._called[device] = head | {"app": brought.app, "seen_at": brought.now}
        return Received(
            tuple(one for one in kept if isinstance(one, Receipt)),
            tuple(one for one in kept if isinstance(one, Refusal)),
        )

    def close(self) -> None:
        self._book.write()
        arrivals.add(self._tx, self._entered)
        arrivals.set_aside(self._tx, self._aside, self._now)
        if self._number > self._last:
            arrivals.count_on(self._tx, self._number)
        devices.called(self._tx, [one for one in self._called.values() if self._is_news(one)])

    def _is_news(self, called: dict[str, Any]) -> bool:
        """A call that brought nothing costs no write, but for one in a while."""
        known = self._known[called["which"]]
        if (known.position, known.hash, known.app) != tuple(map(called.get, HEAD)):
            return True
        return known.seen_at is None or abs(called["seen_at"] - known.seen_at) >= A_WHILE

    def _taken(self, one: ValidArrival | RefusedArrival, brought: Delivery) -> Receipt | Refusal:
        if isinstance(one, RefusedArrival):
            return self._refused(one, brought)
        held = self._book.entered.get((brought.phone.device, one.digest))
        if held is not None:
            return _receipt(one, Outcome.HELD, held)
        # A device that nobody here knows may be one that a restored database forgot.
        if self._owners.get(one.sent.device, brought.phone.author) != brought.phone.author:
            return self._refused(RefusedArrival.of(one, "not_yours"), brought)
        number = f"{self._tx.bureau}-{self._number + 1:06d}"
        try:
            came = IncomingArrival(one, brought.phone, number, brought.skew_s, brought.now)
            outcome = record(self._book, came)
        except NotAuthor:
            return self._refused(RefusedArrival.of(one, "not_yours"), brought)
        self._number += 1
        return self._enter(one, outcome, number, brought)

    def _enter(
        self, one: ValidArrival, outcome: Outcome, number: str, brought: Delivery
    ) -> Receipt:
        device = brought.phone.device
        last, before = self._heads[device]
        position = last + 1
        hash = link_hash(before, position, one.digest, number)
        row = {
            "digest": one.digest,
            "device": device,
            "kind": one.kind.value,
            "id": one.id,
            "revision": one.sent.revision,
            "number": number,
            "position": position,
            "hash": hash,
            "outcome": outcome.value,
            "raw": one.raw,
            "received_at": brought.now,
            "skew_s": brought.skew_s,
        }
        self._heads[device] = (position, hash)
        self._entered.append(row)
        self._book.entered[device, one.digest] = row
        return _receipt(one, outcome, row)

    def _refused(self, one: RefusedArrival, brought: Delivery) -> Refusal:
        refusal = one.refusal
        why = {"code": refusal.code, "field": refusal.field[:100], "raw": one.raw}
        named = {"digest": refusal.digest, "device": brought.phone.device}
        self._aside.append(named | why)
        return refusal


def _receipt(one: ValidArrival, outcome: Outcome, row: dict[str, Any]) -> Receipt:
    return Receipt(
        kind=one.kind,
        id=one.sent.id,
        revision=one.sent.revision,
        outcome=outcome,
        digest=one.digest,
        number=row["number"],
        position=row["position"],
        hash=row["hash"],
        at=row["received_at"],
    )
