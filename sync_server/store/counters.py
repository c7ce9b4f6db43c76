"""Numbers that people quote, without gaps: the next one of a year."""

from datetime import datetime

from sqlalchemy import and_, insert, update

from contract.zone import ZONE
from sync_server.store.engine import Tx
from sync_server.store.schema import counters


def next_of_year(tx: Tx, what: str, now: datetime) -> str:
    """The next number of the counter `what` in this year: 2026-0001. The counter stays locked until
    the transaction ends, and a transaction that fails gives its number back."""
    year = now.astimezone(ZONE).year
    name = f"{what}/{year}"
    tx.claim(f"counter/{name}")
    here = and_(counters.c.bureau == tx.bureau, counters.c.name == name)
    counted = update(counters).where(here).values(value=counters.c.value + 1)
    n = tx.run(counted.returning(counters.c.value)).scalar_one_or_none()
    if n is None:
        tx.run(insert(counters).values(bureau=tx.bureau, name=name, value=1))
    return f"{year}-{n or 1:04d}"
