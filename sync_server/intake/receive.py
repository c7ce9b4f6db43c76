"""Records what phones send: each arrival is judged alone, all are committed in one transaction."""

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
CHECKED_COLUMNS = ("position", "hash", "app")
SEEN_AT_STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CallArrivals:
    """The validated arrivals of one call, the phone that made it, how many seconds that phone's
    clock is ahead of the server's, and the version of its app."""

    phone: Phone
    skew_s: int
    now: datetime
    arrivals: Sequence[ValidArrival | RefusedArrival] = ()
    app: str = ""


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """Receipts for all arrivals that were recorded, refusals for those that were quarantined."""

    receipts: tuple[Receipt, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def receive(store: Store, call: CallArrivals) -> IntakeResult:
    """Records the arrivals of one call in one transaction.

    If an arrival that looked valid fails for an unforeseen reason, each gets a transaction of its
    own, so that one bad arrival never holds up another. Raises problems.StorageFull or Busy when
    nothing can be written; then nothing is receipted.
    """
    try:
        with store.writing() as tx:
            return receive_batch(tx, [call])[0]
    except problems.Problem:
        raise
    except Exception as error:  # unforeseen; the arrival that caused it is found below
        log.error("a call failed, its arrivals are recorded alone: %s", private_traceback(error))
    total = IntakeResult()
    for one in call.arrivals:
        result = _receive_alone(store, call, one)
        total = IntakeResult(total.receipts + result.receipts, total.refusals + result.refusals)
    return total


def receive_batch(tx: Tx, calls: Sequence[CallArrivals]) -> list[IntakeResult]:
    """Records the arrivals of many calls, in their order, with few statements; one result for each
    call. After an error the caller must roll back: some rows may be written."""
    valid = [one for call in calls for one in call.arrivals if isinstance(one, ValidArrival)]
    ids = {one.id for one in valid}
    tx.claim(*(f"record/{id}" for id in ids))
    batch = _BatchIntake(tx, calls, UnitOfWork(tx, ids), valid)
    results = [batch.receive_call(call) for call in calls]
    batch.write()
    return results


def _receive_alone(
    store: Store, call: CallArrivals, one: ValidArrival | RefusedArrival
) -> IntakeResult:
    """One arrival in a transaction of its own. If it fails again, it is quarantined."""
    try:
        with store.writing() as tx:
            return receive_batch(tx, [replace(call, arrivals=[one])])[0]
    except problems.Problem:
        raise
    except Exception as error:
        if isinstance(one, RefusedArrival):
            raise
        log.error("an arrival failed and is quarantined: %s", private_traceback(error))
        return _receive_alone(store, call, RefusedArrival.of(one, "unprocessable"))


class _BatchIntake:
    """Records arrivals in the order in which they were sent and extends each device's ledger.
    Everything is collected in memory until `write`."""

    def __init__(
        self, tx: Tx, calls: Sequence[CallArrivals], unit: UnitOfWork, valid: Sequence[ValidArrival]
    ) -> None:
        self._tx, self._unit = tx, unit
        callers = {call.phone.device: call.phone.author for call in calls}
        self._known = devices.lock_ledgers(tx, callers)
        self._heads = {name: (row.position, row.hash) for name, row in self._known.items()}
        others = {one.body.device for one in valid} - callers.keys()
        self._owners = {**devices.owners(tx, others), **callers}
        self._number = self._first_number = arrivals.last_number(tx) if valid else 0
        self._recorded: list[dict[str, Any]] = []
        self._quarantined: list[dict[str, Any]] = []
        self._device_rows: dict[str, dict[str, Any]] = {}
        self._now = calls[0].now

    def receive_call(self, call: CallArrivals) -> IntakeResult:
        results = [self._receive(one, call) for one in call.arrivals]
        device = call.phone.device
        position, hash = self._heads[device]
        head = {"which": device, "position": position, "hash": hash}
        self._device_rows[device] = head | {"app": call.app, "seen_at": call.now}
        return IntakeResult(
            tuple(one for one in results if isinstance(one, Receipt)),
            tuple(one for one in results if isinstance(one, Refusal)),
        )

    def write(self) -> None:
        self._unit.write()
        arrivals.add(self._tx, self._recorded)
        arrivals.add_to_quarantine(self._tx, self._quarantined, self._now)
        if self._number > self._first_number:
            arrivals.set_last_number(self._tx, self._number)
        rows = [row for row in self._device_rows.values() if self._is_worth_writing(row)]
        devices.add_calls(self._tx, rows)

    def _is_worth_writing(self, row: dict[str, Any]) -> bool:
        """A call without news costs no write, except one per SEEN_AT_STEP."""
        known = self._known[row["which"]]
        if (known.position, known.hash, known.app) != tuple(map(row.get, CHECKED_COLUMNS)):
            return True
        return known.seen_at is None or abs(row["seen_at"] - known.seen_at) >= SEEN_AT_STEP

    def _receive(self, one: ValidArrival | RefusedArrival, call: CallArrivals) -> Receipt | Refusal:
        if isinstance(one, RefusedArrival):
            return self._quarantine(one, call)
        held = self._unit.known_arrivals.get((call.phone.device, one.digest))
        if held is not None:
            return _receipt(one, Outcome.HELD, held)
        # A device that nobody here knows may be one that a restored database forgot.
        if self._owners.get(one.body.device, call.phone.author) != call.phone.author:
            return self._quarantine(RefusedArrival.of(one, "not_yours"), call)
        number = f"{self._tx.bureau}-{self._number + 1:06d}"
        try:
            incoming = IncomingArrival(one, call.phone, number, call.skew_s, call.now)
            outcome = record(self._unit, incoming)
        except NotAuthor:
            return self._quarantine(RefusedArrival.of(one, "not_yours"), call)
        self._number += 1
        return self._add_to_ledger(one, outcome, number, call)

    def _add_to_ledger(
        self, one: ValidArrival, outcome: Outcome, number: str, call: CallArrivals
    ) -> Receipt:
        device = call.phone.device
        last, before = self._heads[device]
        position = last + 1
        hash = link_hash(before, position, one.digest, number)
        row = {
            "digest": one.digest,
            "device": device,
            "kind": one.kind.value,
            "id": one.id,
            "revision": one.body.revision,
            "number": number,
            "position": position,
            "hash": hash,
            "outcome": outcome.value,
            "raw": one.raw,
            "received_at": call.now,
            "skew_s": call.skew_s,
        }
        self._heads[device] = (position, hash)
        self._recorded.append(row)
        self._unit.known_arrivals[device, one.digest] = row
        return _receipt(one, outcome, row)

    def _quarantine(self, one: RefusedArrival, call: CallArrivals) -> Refusal:
        refusal = one.refusal
        reason = {"code": refusal.code, "field": refusal.field[:100], "raw": one.raw}
        key = {"digest": refusal.digest, "device": call.phone.device}
        self._quarantined.append(key | reason)
        return refusal


def _receipt(one: ValidArrival, outcome: Outcome, row: dict[str, Any]) -> Receipt:
    return Receipt(
        kind=one.kind,
        id=one.body.id,
        revision=one.body.revision,
        outcome=outcome,
        digest=one.digest,
        number=row["number"],
        position=row["position"],
        hash=row["hash"],
        at=row["received_at"],
    )
