"""What was purged when its time was over: that it was there, and nothing of what it said."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, insert, select

from sync_server.store.engine import Tx
from sync_server.store.schema import tombstones

COMPLAINT = "complaint"


def add(tx: Tx, kind: str, numbers: Iterable[str], now: datetime) -> None:
    rows = [{"bureau": tx.bureau, "kind": kind, "subject": one, "at": now} for one in numbers]
    if rows:
        tx.run(insert(tombstones), rows)


def purged_at(tx: Tx, kind: str, number: str) -> datetime | None:
    """When it was purged; None for what was not, or never was."""
    here = and_(tombstones.c.bureau == tx.bureau, tombstones.c.kind == kind)
    wanted = select(tombstones.c.at).where(here, tombstones.c.subject == number)
    found: datetime | None = tx.run(wanted).scalar_one_or_none()
    return found
