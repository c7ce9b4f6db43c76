"""Counts of wrong passwords and codes, in the database so that a restart does not clear them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, insert, select, update

from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.schema import tries


def one(tx: Tx, subject: str) -> DatabaseRow | None:
    """`wrong`, `until` and `last_at` of what tries are counted for; None if there were none."""
    return tx.run(select(tries).where(_this(tx, subject))).one_or_none()


def put(tx: Tx, subject: str, wrong: int, until: datetime | None, now: datetime) -> None:
    """Stores how many were wrong, and when the next try is allowed. The caller has claimed it."""
    values = {"wrong": wrong, "until": until, "last_at": now}
    if not tx.run(update(tries).where(_this(tx, subject)).values(values)).rowcount:
        tx.run(insert(tries).values(bureau=tx.bureau, subject=subject, **values))


def forget(tx: Tx, subjects: Collection[str]) -> None:
    """Deletes these counts."""
    here = and_(tries.c.bureau == tx.bureau, tries.c.subject.in_(subjects))
    tx.run(delete(tries).where(here))


def forget_before(tx: Tx, when: datetime) -> None:
    """Deletes the counts to which nothing was added since."""
    tx.run(delete(tries).where(tries.c.bureau == tx.bureau, tries.c.last_at < when))


def last_but(tx: Tx, newest: int) -> datetime | None:
    """When something was last added to the count that comes after the `newest` ones; None if there
    are no more."""
    ages = select(tries.c.last_at).where(tries.c.bureau == tx.bureau)
    found: datetime | None = tx.run(
        ages.order_by(tries.c.last_at.desc()).offset(newest).limit(1)
    ).scalar_one_or_none()
    return found


def _this(tx: Tx, subject: str) -> Any:
    return and_(tries.c.bureau == tx.bureau, tries.c.subject == subject)
