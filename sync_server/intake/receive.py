"""Records what phones send: each arrival is judged alone, all are committed in one transaction."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contract.protocol import Outcome, Receipt, Refusal, link_hash
from sync_server import problems
from sync_server.accounts.phones import Phone
from sync_server.accounts.quota import DayUse, next_day
from sync_server.domain.sent_names import compound_codes, unless_personal
from sync_server.intake.recording import IncomingArrival, NotRecorded, record
from sync_server.intake.unit_of_work import UnitOfWork
from sync_server.intake.validate import RefusedArrival, ValidArrival
from sync_server.private_traceback import private_traceback
from sync_server.settings import DailyQuota
from sync_server.store import arrivals, devices
from sync_server.store.engine import Store, Tx

log = logging.getLogger("xuncha")
CHECKED_COLUMNS = ("position", "hash", "app", "used_on", "used_arrivals")
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
    """Receipts for all arrivals that were recorded, refusals for those that were quarantined or are
    too large. `retry_at`: when there is room again for the others, which were not kept; else
    None."""

    receipts: tuple[Receipt, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    retry_at: datetime | None = None

    def __add__(self, other: "IntakeResult") -> "IntakeResult":
        retry_at = self.retry_at or other.retry_at
        receipts, refusals = self.receipts + other.receipts, self.refusals + other.refusals
        return IntakeResult(receipts, refusals, retry_at)


def receive(store: Store, call: CallArrivals, quota: DailyQuota = DailyQuota()) -> IntakeResult:
    """Records the arrivals of one call in one transaction.

    If an arrival that looked valid fails for an unforeseen reason, each gets a transaction of its
    own, so that one bad arrival never holds up another. Raises problems.StorageFull or Busy when
    nothing can be written; then nothing is receipted.
    """
    try:
        with store.writing() as tx:
            return receive_batch(tx, [call], quota)[0]
    except problems.Problem:
        raise
    except Exception as error:  # unforeseen; the arrival that caused it is found below
        log.error("a call failed, its arrivals are recorded alone: %s", private_traceback(error))
    total = IntakeResult()
    for one in call.arrivals:
        total += _receive_alone(store, replace(call, arrivals=[one]), quota)
    return total


def receive_batch(
    tx: Tx, calls: Sequence[CallArrivals], quota: DailyQuota = DailyQuota()
) -> list[IntakeResult]:
    """Records the arrivals of many calls, in their order, with few statements; one result for each
    call. After an error the caller must roll back: some rows may be written."""
    valid = [one for call in calls for one in call.arrivals if isinstance(one, ValidArrival)]
    ids = {one.id for one in valid}
    tx.claim(*(f"record/{id}" for id in ids))
    compounds = {code for one in valid for code in compound_codes(one.body)}
    batch = _BatchIntake(tx, calls, UnitOfWork(tx, ids, compounds), quota)
    results = [batch.receive_call(call) for call in calls]
    batch.write()
    return results


def _receive_alone(store: Store, call: CallArrivals, quota: DailyQuota) -> IntakeResult:
    """One arrival in a transaction of its own. If it fails again, it is quarantined."""
    [one] = call.arrivals
    try:
        with store.writing() as tx:
            return receive_batch(tx, [call], quota)[0]
    except problems.Problem:
        raise
    except Exception as error:
        if isinstance(one, RefusedArrival):
            raise
        log.error("an arrival failed and is quarantined: %s", private_traceback(error))
        refused = RefusedArrival.of(one, "unprocessable")
        return _receive_alone(store, replace(call, arrivals=[refused]), quota)


class _BatchIntake:
    """Records arrivals in the order in which they were sent and extends each device's ledger.
    Everything is collected in memory until `write`."""

    def __init__(
        self, tx: Tx, calls: Sequence[CallArrivals], unit: UnitOfWork, quota: DailyQuota
    ) -> None:
        self._tx, self._unit, self._quota = tx, unit, quota
        sent = [one for call in calls for one in call.arrivals]
        valid = [one for one in sent if isinstance(one, ValidArrival)]
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
        self._used = {name: DayUse.of(row).today(self._now) for name, row in self._known.items()}

    def receive_call(self, call: CallArrivals) -> IntakeResult:
        results = [self._receive(one, call) for one in call.arrivals]
        device = call.phone.device
        position, hash = self._heads[device]
        head = {"which": device, "position": position, "hash": hash}
        row = head | {"app": unless_personal(call.app), "seen_at": call.now}
        self._device_rows[device] = row | self._used[device].columns()
        return IntakeResult(
            tuple(one for one in results if isinstance(one, Receipt)),
            tuple(one for one in results if isinstance(one, Refusal)),
            next_day(self._now) if None in results else None,
        )

    def write(self) -> None:
        self._unit.write(self._now)
        arrivals.add(self._tx, self._recorded)
        arrivals.add_to_quarantine(self._tx, self._quarantined, self._now)
        if self._number > self._first_number:
            arrivals.set_last_number(self._tx, self._number)
        rows = [row for row in self._device_rows.values() if self._is_worth_writing(row)]
        devices.add_calls(self._tx, rows)

    def _is_worth_writing(self, row: dict[str, Any]) -> bool:
        """A call without news costs no write, except one per SEEN_AT_STEP."""
        known = self._known[row["which"]]
        if any(getattr(known, name) != row[name] for name in CHECKED_COLUMNS):
            return True
        return known.seen_at is None or abs(row["seen_at"] - known.seen_at) >= SEEN_AT_STEP

    def _receive(
        self, one: ValidArrival | RefusedArrival, call: CallArrivals
    ) -> Receipt | Refusal | None:
        """None: it was not kept, for its device has used up what a day allows."""
        if isinstance(one, RefusedArrival):
            return self._quarantine(one, call)
        held = self._unit.known_arrivals.get((call.phone.device, one.digest))
        if held is not None:
            return _receipt(one, Outcome.HELD, held)
        # A device that nobody here knows may be one that a restored database forgot.
        if self._owners.get(one.body.device, call.phone.author) != call.phone.author:
            return self._quarantine(RefusedArrival.of(one, "not_yours"), call)
        if not self._has_room(one, call):
            return None
        number = f"{self._tx.bureau}-{self._number + 1:06d}"
        try:
            incoming = IncomingArrival(one, call.phone, number, call.skew_s, call.now)
            outcome = record(self._unit, incoming)
        except NotRecorded as refused:
            return self._quarantine(RefusedArrival.of(one, refused.code), call)
        self._number += 1
        self._count(one, call)
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

    def _has_room(self, one: ValidArrival | RefusedArrival, call: CallArrivals) -> bool:
        return self._used[call.phone.device].has_room_for_arrival(len(one.raw), self._quota)

    def _count(self, one: ValidArrival | RefusedArrival, call: CallArrivals) -> None:
        device = call.phone.device
        self._used[device] = self._used[device].with_arrival(len(one.raw))

    def _quarantine(self, one: RefusedArrival, call: CallArrivals) -> Refusal | None:
        refusal = one.refusal
        if not one.is_kept:
            return refusal
        if not self._has_room(one, call):
            return None
        self._count(one, call)
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
