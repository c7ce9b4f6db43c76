"""What a phone delivers is received: judged one by one, kept in one transaction, and receipted."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contract.replies import Outcome, Receipt, Refusal, link
from contract.wire import Json
from sync_server import problems
from sync_server.judge import Fit, Torn, Unfit, judged
from sync_server.phones import Phone
from sync_server.recording import Came, NotYours, record
from sync_server.store import arrivals, devices
from sync_server.store.engine import Store, Tx

log = logging.getLogger("xuncha")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One call: who brings it, and how far the phone's clock is ahead of ours, in seconds."""

    phone: Phone
    skew_s: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """Receipts for all that is kept for good, refusals for what lies in quarantine."""

    receipts: tuple[Receipt, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def receive(store: Store, delivery: Delivery, things: Sequence[Json | Torn]) -> Received:
    """Keeps what was delivered, all of it in one transaction.

    Should something that looked fit fail for whatever reason, each arrival gets a transaction of
    its own, so that one bad arrival never holds up another. Raises problems.StorageFull or Busy
    when nothing can be written; then nothing is receipted.
    """
    with store.reading() as tx:
        owned = devices.of(tx, delivery.phone.author)
    found = [judged(thing, delivery.phone.author, owned) for thing in things]
    try:
        return _together(store, delivery, found)
    except problems.Problem:
        raise
    except Exception:  # nobody foresaw it; the arrival that did it is found below
        log.exception("a delivery failed, its arrivals are taken one by one")
        return _one_by_one(store, delivery, found)


def _together(store: Store, delivery: Delivery, found: Sequence[Fit | Unfit]) -> Received:
    with store.writing() as tx:
        ledger = devices.head(tx, delivery.phone.device)
        ids = {one.id for one in found if isinstance(one, Fit)}
        for name in sorted(ids):  # in one order everywhere, so that no two wait for each other
            tx.claim(f"record/{name}")
        desk = _Desk(tx, delivery, ledger.position, ledger.hash)
        kept = [desk.take(one) for one in found]
        devices.advance(tx, delivery.phone.device, desk.position, desk.hash)
    return Received(
        tuple(one for one in kept if isinstance(one, Receipt)),
        tuple(one for one in kept if isinstance(one, Refusal)),
    )


def _one_by_one(store: Store, delivery: Delivery, found: Sequence[Fit | Unfit]) -> Received:
    sum_of = Received()
    for one in found:
        try:
            came = _together(store, delivery, [one])
        except problems.Problem:
            raise
        except Exception:
            if isinstance(one, Unfit):
                raise
            log.exception("an arrival failed and is kept aside")
            came = _together(store, delivery, [Unfit.of(one, "unprocessable")])
        sum_of = Received(sum_of.receipts + came.receipts, sum_of.refusals + came.refusals)
    return sum_of


class _Desk:
    """Takes arrivals in the order they were delivered and writes the device's ledger on."""

    def __init__(self, tx: Tx, delivery: Delivery, position: int, hash: str) -> None:
        self.tx, self.delivery = tx, delivery
        self.position, self.hash = position, hash

    def take(self, one: Fit | Unfit) -> Receipt | Refusal:
        if isinstance(one, Unfit):
            return self._aside(one)
        held = arrivals.held(self.tx, self.delivery.phone.device, one.digest)
        if held is not None:
            return _receipt(one, Outcome.HELD, held)
        number = f"{self.tx.bureau}-{arrivals.number(self.tx):06d}"
        try:
            came = Came(one, self.delivery.phone, number, self.delivery.skew_s, self.delivery.now)
            outcome = record(self.tx, came)
        except NotYours:
            return self._aside(Unfit.of(one, "not_yours"))
        return self._entered(one, outcome, number)

    def _entered(self, one: Fit, outcome: Outcome, number: str) -> Receipt:
        position = self.position + 1
        hash = link(self.hash, position, one.digest, number)
        row = arrivals.Arrival(
            digest=one.digest,
            device=self.delivery.phone.device,
            kind=one.kind.value,
            id=one.id,
            revision=one.sent.revision,
            number=number,
            position=position,
            hash=hash,
            outcome=outcome.value,
            raw=one.raw,
            received_at=self.delivery.now,
            skew_s=self.delivery.skew_s,
        )
        arrivals.add(self.tx, row)
        self.position, self.hash = position, hash
        return _receipt(one, outcome, row)

    def _aside(self, one: Unfit) -> Refusal:
        refusal, device = one.refusal, self.delivery.phone.device
        why = arrivals.Aside(refusal.digest, device, refusal.code, refusal.field[:100])
        arrivals.set_aside(self.tx, why, one.raw, self.delivery.now)
        return refusal


def _receipt(one: Fit, outcome: Outcome, row: arrivals.Entered) -> Receipt:
    return Receipt(
        kind=one.kind,
        id=one.sent.id,
        revision=one.sent.revision,
        outcome=outcome,
        digest=one.digest,
        number=row.number,
        position=row.position,
        hash=row.hash,
        at=row.received_at,
    )
