"""Everything that phones ever sent, append-only; what could not be recorded is in quarantine. The
bytes lie there sealed: `sent_bytes` opens them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, select, update

from sync_server.store.engine import THESE, THIS_BUREAU, DatabaseRow, Tx
from sync_server.store.prepared import PreparedStatement
from sync_server.store.schema import arrivals, counters, quarantine

RECEIPT = "receipt"  # the counter of receipt numbers
_BY_ID = and_(arrivals.c.bureau == THIS_BUREAU, arrivals.c.id.in_(THESE))
_ARRIVALS = PreparedStatement(
    select(
        arrivals.c.id,
        arrivals.c.kind,
        arrivals.c.digest,
        arrivals.c.device,
        arrivals.c.number,
        arrivals.c.position,
        arrivals.c.hash,
        arrivals.c.received_at,
    ).where(_BY_ID)
)
_RAW_WITHDRAWALS = PreparedStatement(
    select(arrivals.c.raw, arrivals.c.digest).where(_BY_ID, arrivals.c.kind == "withdrawal")
)
_RECEIPTS = and_(counters.c.bureau == THIS_BUREAU, counters.c.name == RECEIPT)
_LAST_NUMBER = PreparedStatement(select(counters.c.value).where(_RECEIPTS).with_for_update())
_SET_LAST_NUMBER = PreparedStatement(
    update(counters).where(_RECEIPTS).values(value=bindparam("number"))
)
# Two lists instead of one of pairs: for pairs SQLite would read the whole table.
_LINK_HASHES = PreparedStatement(
    select(arrivals.c.device, arrivals.c.position, arrivals.c.hash).where(
        arrivals.c.bureau == THIS_BUREAU,
        arrivals.c.device.in_(THESE),
        arrivals.c.position.in_(bindparam("positions", expanding=True)),
    )
)
_ADD = PreparedStatement(insert(arrivals))


def by_id(tx: Tx, ids: Collection[str]) -> Sequence[Any]:
    """The arrivals with these ids (of reports, withdrawals and the like): `id`, `kind`, `digest`,
    `device`, and of its receipt `number`, `position`, `hash` and `received_at`."""
    return tx.rows_of(_ARRIVALS, ids)


def ids_by_number(tx: Tx, numbers: Collection[str]) -> tuple[str, ...]:
    """The ids of what got these receipts' numbers, no more than one each."""
    here = and_(arrivals.c.bureau == tx.bureau, arrivals.c.number.in_(numbers))
    return tuple(tx.run(select(arrivals.c.id).where(here)).scalars()) if numbers else ()


def raw_withdrawals(tx: Tx, ids: Collection[str]) -> Sequence[bytes]:
    """The withdrawals of these reports, as they were sent. One may arrive before its report."""
    return [sent_bytes(tx, row) for row in tx.rows_of(_RAW_WITHDRAWALS, ids)]


def sent_bytes(tx: Tx, row: Any) -> bytes:
    """What the phone sent, of a row of arrivals or of the quarantine. Raises NotOpened if that was
    changed, or moved to another row."""
    return tx.arrival_key.opened(row.raw, row.digest)


def numbered(tx: Tx, number: str) -> DatabaseRow | None:
    """The arrival with this receipt number, or None."""
    here = and_(arrivals.c.bureau == tx.bureau, arrivals.c.number == number)
    return tx.run(select(arrivals).where(here)).one_or_none()


def link_hashes(tx: Tx, places: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], str]:
    """The hashes at these places, each (device, position in its ledger); one where nothing arrived
    is left out."""
    if not places:
        return {}
    wanted = {"these": list({device for device, _ in places})}
    rows = tx.rows(_LINK_HASHES, positions=list({position for _, position in places}), **wanted)
    found = {(row.device, row.position): row.hash for row in rows}
    return {place: found[place] for place in places if place in found}


def last_number(tx: Tx) -> int:
    """The last receipt's number, 0 before the first. The counter stays locked until the transaction
    ends."""
    found = tx.rows(_LAST_NUMBER)
    if not found:
        tx.claim(f"counter/{RECEIPT}")
        found = tx.rows(_LAST_NUMBER)
    if not found:
        tx.run(insert(counters).values(bureau=tx.bureau, name=RECEIPT, value=0))
    return int(found[0].value) if found else 0


def set_last_number(tx: Tx, number: int) -> None:
    """Stores the last receipt's number; the caller has locked the counter by `last_number`."""
    tx.rows(_SET_LAST_NUMBER, number=number)


def add(tx: Tx, rows: Iterable[Mapping[str, Any]]) -> None:
    """Appends arrivals; `raw` as it was sent."""
    tx.run_each(_ADD, [_sealed(tx, row) for row in rows])


def add_to_quarantine(tx: Tx, rows: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Keeps what cannot be recorded (`digest`, `device`, `code`, `field`, `raw`); the same content
    from the same device once."""
    new = {(row["digest"], row["device"]): row for row in rows}
    if not new:
        return
    here = quarantine.c.digest.in_([digest for digest, _ in new])
    held = select(quarantine.c.digest, quarantine.c.device)
    for row in tx.run(held.where(quarantine.c.bureau == tx.bureau, here)):
        new.pop((row.digest, row.device), None)
    if new:
        tx.run(
            insert(quarantine), [_sealed(tx, {"received_at": now, **row}) for row in new.values()]
        )


def quarantined_from(tx: Tx, device: str) -> Sequence[tuple[str, str, int]]:
    """What is in quarantine from this device: (digest, code, size in bytes as it lies there) of
    each."""
    size = func.length(quarantine.c.raw)
    here = and_(quarantine.c.bureau == tx.bureau, quarantine.c.device == device)
    wanted = select(quarantine.c.digest, quarantine.c.code, size.label("size")).where(here)
    return [(row.digest, row.code, row.size) for row in tx.run(wanted)]


def quarantined(tx: Tx, digest: str = "") -> Sequence[DatabaseRow]:
    """All that is in quarantine, or only what has this digest, the oldest first."""
    wanted = select(quarantine).where(quarantine.c.bureau == tx.bureau)
    if digest:
        wanted = wanted.where(quarantine.c.digest == digest)
    return tx.run(wanted.order_by(quarantine.c.received_at, quarantine.c.digest)).all()


def _sealed(tx: Tx, row: Mapping[str, Any]) -> dict[str, Any]:
    sealed = tx.arrival_key.sealed(row["raw"], row["digest"])
    return {"bureau": tx.bureau, **row, "raw": sealed}
