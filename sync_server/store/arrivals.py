"""Everything that was ever sent: arrivals, append-only, and what could not be read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, insert, select, update

from sync_server.store.engine import HERE, MANY, Tx
from sync_server.store.prepared import Prepared
from sync_server.store.schema import arrivals, counters, quarantine

RECEIPT = "receipt"  # the counter behind receipt numbers
_ABOUT = and_(arrivals.c.bureau == HERE, arrivals.c.id.in_(MANY))
_ENTERED = Prepared(
    select(
        arrivals.c.id,
        arrivals.c.kind,
        arrivals.c.digest,
        arrivals.c.device,
        arrivals.c.number,
        arrivals.c.position,
        arrivals.c.hash,
        arrivals.c.received_at,
    ).where(_ABOUT)
)
_WITHDRAWN = Prepared(select(arrivals.c.raw).where(_ABOUT, arrivals.c.kind == "withdrawal"))
_RECEIPTS = and_(counters.c.bureau == HERE, counters.c.name == RECEIPT)
_LAST_NUMBER = Prepared(select(counters.c.value).where(_RECEIPTS).with_for_update())
_COUNT_ON = Prepared(update(counters).where(_RECEIPTS).values(value=bindparam("number")))
# Two lists, not one of pairs: for pairs SQLite reads the whole table.
_LINKS = Prepared(
    select(arrivals.c.device, arrivals.c.position, arrivals.c.hash).where(
        arrivals.c.bureau == HERE,
        arrivals.c.device.in_(MANY),
        arrivals.c.position.in_(bindparam("positions", expanding=True)),
    )
)
_ADD = Prepared(insert(arrivals))


def about(tx: Tx, ids: Collection[str]) -> Sequence[Any]:
    """What came under these ids before: id, kind, digest, device and its place in the ledger."""
    return tx.many(_ENTERED, ids)


def withdrawals(tx: Tx, ids: Collection[str]) -> Sequence[bytes]:
    """The withdrawals of these reports as they came, which may be before the report itself."""
    return [row.raw for row in tx.many(_WITHDRAWN, ids)]


def links(tx: Tx, places: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], str]:
    """The hashes of these links of these devices' ledgers, each (device, position)."""
    if not places:
        return {}
    named = {"many": list({device for device, _ in places})}
    rows = tx.here(_LINKS, positions=list({position for _, position in places}), **named)
    found = {(row.device, row.position): row.hash for row in rows}
    return {place: found[place] for place in places if place in found}


def last_number(tx: Tx) -> int:
    """The last receipt's number, 0 before the first; held until the transaction ends."""
    found = tx.here(_LAST_NUMBER)
    if not found:
        tx.claim(f"counter/{RECEIPT}")
        found = tx.here(_LAST_NUMBER)
    if not found:
        tx.run(insert(counters).values(bureau=tx.bureau, name=RECEIPT, value=0))
    return int(found[0].value) if found else 0


def count_on(tx: Tx, number: int) -> None:
    """`number` is now the last receipt's; the caller holds the counter."""
    tx.here(_COUNT_ON, number=number)


def add(tx: Tx, rows: Iterable[Mapping[str, Any]]) -> None:
    """Appends arrivals."""
    tx.put(_ADD, [{"bureau": tx.bureau, **row} for row in rows])


def set_aside(tx: Tx, rows: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Keeps what cannot be recorded (digest, device, code, field, raw); the same thing from the
    same device once."""
    new = {(row["digest"], row["device"]): row for row in rows}
    if not new:
        return
    here = quarantine.c.digest.in_([digest for digest, _ in new])
    held = select(quarantine.c.digest, quarantine.c.device)
    for row in tx.run(held.where(quarantine.c.bureau == tx.bureau, here)):
        new.pop((row.digest, row.device), None)
    if new:
        rows = [{"bureau": tx.bureau, "received_at": now, **row} for row in new.values()]
        tx.run(insert(quarantine), rows)


def lying(tx: Tx, device: str) -> Sequence[tuple[str, str, int]]:
    """What lies in quarantine from this device: digest, code, size in bytes."""
    size = func.length(quarantine.c.raw)
    here = and_(quarantine.c.bureau == tx.bureau, quarantine.c.device == device)
    wanted = select(quarantine.c.digest, quarantine.c.code, size.label("size")).where(here)
    return [(row.digest, row.code, row.size) for row in tx.run(wanted)]


def aside(tx: Tx, digest: str = "") -> Sequence[Row[Any]]:
    """All that lies in quarantine, or what has this digest, the oldest first."""
    wanted = select(quarantine).where(quarantine.c.bureau == tx.bureau)
    if digest:
        wanted = wanted.where(quarantine.c.digest == digest)
    return tx.run(wanted.order_by(quarantine.c.received_at, quarantine.c.digest)).all()
