"""Sealed rows with floor and room of homes: written, read and purged."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, insert, select, update

from contract.cases import CaseState
from sync_server.store.arrival_key import NotOpened, is_sealed
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.schema import records, sealed_rooms

# Every text is filled up to one length: by its bytes a removal looks like a room.
LENGTH = 300


def of_record(tx: Tx, record: str) -> Sequence[DatabaseRow]:
    """All rows of a record, the oldest first, sealed as they are."""
    wanted = select(sealed_rooms).where(_of(tx, record)).order_by(sealed_rooms.c.n)
    return tx.run(wanted).all()


def add(tx: Tx, record: str, plain: bytes, why: str, by: tuple[str, datetime]) -> int:
    """Seals another row, whose number is returned; the caller has claimed the record. `plain` has
    at most LENGTH bytes and no blank at its end. `by`: the duty post, and when."""
    n = len(of_record(tx, record)) + 1
    sealed = tx.arrival_key.sealed(plain.ljust(LENGTH), _name(record, n))
    row = {"record": record, "n": n, "sealed": sealed, "reason": why}
    tx.run(insert(sealed_rooms).values(bureau=tx.bureau, **row, staff=by[0], at=by[1]))
    return n


def opened(tx: Tx, row: DatabaseRow) -> bytes:
    """What a row holds. Raises NotOpened for one that was purged, put there in the clear, moved or
    changed; and UnfitKey."""
    if row.sealed is None or not is_sealed(row.sealed):
        raise NotOpened(row.record)
    return tx.arrival_key.opened(row.sealed, _name(row.record, row.n)).rstrip()


def purge(tx: Tx, record: str) -> int:
    """Destroys what all rows of a record hold, corrected ones included; who wrote when and why
    stays. Returns how many rows held something."""
    held = and_(_of(tx, record), sealed_rooms.c.sealed.is_not(None))
    return int(tx.run(update(sealed_rooms).where(held).values(sealed=None)).rowcount)


def held(tx: Tx) -> Sequence[DatabaseRow]:
    """Each `record` of which something is sealed, with the `state` of its case and when that was
    `changed_at`; what was withdrawn stands as rejected."""
    here = (sealed_rooms.c.bureau == tx.bureau, sealed_rooms.c.sealed.is_not(None))
    same = and_(records.c.bureau == sealed_rooms.c.bureau, records.c.id == sealed_rooms.c.record)
    gone = records.c.withdrawn_at.is_not(None)
    state = case((gone, CaseState.REJECTED.value), else_=records.c.state).label("state")
    wanted = select(sealed_rooms.c.record, state, records.c.changed_at).join(records, same)
    return tx.run(wanted.where(*here).distinct().order_by(sealed_rooms.c.record)).all()


def _of(tx: Tx, record: str) -> ColumnElement[bool]:
    return and_(sealed_rooms.c.bureau == tx.bureau, sealed_rooms.c.record == record)


def _name(record: str, n: int) -> str:
    """What is authenticated with a row: moved to another place it does not open."""
    return f"room/{record}/{n}"
