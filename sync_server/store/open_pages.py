"""Who has which record open at this moment; forgotten after a minute."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from sync_server.store.engine import Tx
from sync_server.store.schema import open_pages

LASTS = timedelta(seconds=60)  # after the last sign of life


def note_open(tx: Tx, record: str, staff: str, role: str, now: datetime) -> None:
    """A duty post has this record open; what lasted its minute is forgotten."""
    tx.claim(open_pages.name)
    here = open_pages.c.bureau == tx.bureau
    over = (open_pages.c.at <= now - LASTS) | (open_pages.c.at > now)  # the clock was set back
    tx.run(delete(open_pages).where(here, over))
    mine = (here, open_pages.c.record == record, open_pages.c.staff == staff)
    if not tx.run(update(open_pages).where(*mine).values(at=now, role=role)).rowcount:
        row = {"record": record, "staff": staff, "role": role, "at": now}
        tx.run(insert(open_pages).values(bureau=tx.bureau, **row))


def roles_of_others(tx: Tx, record: str, staff: str, now: datetime) -> Sequence[str]:
    """The role of each other duty post that has this record open, sorted."""
    wanted = select(open_pages.c.role).where(
        open_pages.c.bureau == tx.bureau,
        open_pages.c.record == record,
        open_pages.c.staff != staff,
        open_pages.c.at > now - LASTS,
        open_pages.c.at <= now,
    )
    return tx.run(wanted.order_by(open_pages.c.role)).scalars().all()
