"""Everything that was ever sent: arrivals, append-only, and what could not be read."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, insert, select, update

from sync_server.store.engine import Tx
from sync_server.store.schema import arrivals, counters, quarantine


@dataclass(frozen=True, slots=True)
class Arrival:
    """One row to append."""

    digest: str
    device: str
    kind: str
    id: str
    revision: int
    number: str
    position: int
    hash: str
    outcome: str
    raw: bytes
    received_at: datetime
    skew_s: int


Entered = Arrival | Row[Any]  # an arrival with its place in the ledger


@dataclass(frozen=True, slots=True)
class Aside:
    """Why something lies in quarantine."""

    digest: str
    device: str
    code: str
    field: str


def held(tx: Tx, device: str, digest: str) -> Row[Any] | None:
    """This very arrival of this very device, when it came before."""
    here = and_(
        arrivals.c.bureau == tx.bureau, arrivals.c.digest == digest, arrivals.c.device == device
    )
    return tx.run(select(arrivals).where(here)).one_or_none()


def number(tx: Tx, name: str = "receipt") -> int:
    """The next number of a counter, from 1; held until the transaction ends."""
    here = and_(counters.c.bureau == tx.bureau, counters.c.name == name)
    raised = update(counters).where(here).values(value=counters.c.value + 1)
    value = tx.run(raised.returning(counters.c.value)).scalar_one_or_none()
    if value is None:
        tx.claim(f"counter/{name}")
        value = tx.run(raised.returning(counters.c.value)).scalar_one_or_none()
    if value is None:
        tx.run(insert(counters).values(bureau=tx.bureau, name=name, value=1))
        return 1
    return int(value)


def add(tx: Tx, row: Arrival) -> None:
    """Appends an arrival."""
    tx.run(insert(arrivals).values(bureau=tx.bureau, **asdict(row)))


def of_record(tx: Tx, record: str) -> Sequence[Row[Any]]:
    """All arrivals about one record, in order of receipt."""
    here = and_(arrivals.c.bureau == tx.bureau, arrivals.c.id == record)
    return tx.run(select(arrivals).where(here).order_by(arrivals.c.number)).all()


def withdrawals(tx: Tx, record: str) -> Sequence[bytes]:
    """The withdrawals of a record as they came, which may be before the report itself."""
    here = and_(
        arrivals.c.bureau == tx.bureau, arrivals.c.id == record, arrivals.c.kind == "withdrawal"
    )
    return tx.run(select(arrivals.c.raw).where(here)).scalars().all()


def set_aside(tx: Tx, why: Aside, raw: bytes, now: datetime) -> None:
    """Keeps what cannot be recorded; the same thing from the same device once."""
    here = and_(
        quarantine.c.bureau == tx.bureau,
        quarantine.c.digest == why.digest,
        quarantine.c.device == why.device,
    )
    if tx.run(select(quarantine.c.code).where(here)).first() is None:
        row = {"bureau": tx.bureau, "raw": raw, "received_at": now, **asdict(why)}
        tx.run(insert(quarantine).values(row))
