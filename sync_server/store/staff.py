"""The duty posts and the console's sessions: the one room where a person may have a name."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, insert, or_, select, update

from sync_server.store.engine import Tx
from sync_server.store.schema import sessions, staff


def one(tx: Tx, code: str) -> Row[Any] | None:
    """A duty post by its code, whatever its state."""
    return tx.run(select(staff).where(_this(tx, code))).one_or_none()


def add(tx: Tx, **row: object) -> None:
    """A new duty post."""
    tx.run(insert(staff).values(bureau=tx.bureau, **row))


def set_password(tx: Tx, code: str, password_hash: str) -> None:
    """A new password; failures and locks are forgotten, and whoever is signed in is out."""
    tx.run(delete(sessions).where(sessions.c.bureau == tx.bureau, sessions.c.staff == code))
    values = {"password_hash": password_hash, "failures": 0, "locked_until": None}
    tx.run(update(staff).where(_this(tx, code)).values(values))


def failed(tx: Tx, code: str, failures: int, locked_until: datetime | None) -> None:
    """One more wrong password."""
    values = {"failures": failures, "locked_until": locked_until}
    tx.run(update(staff).where(_this(tx, code)).values(values))


def succeeded(tx: Tx, code: str) -> None:
    """The right password: the count of failures begins anew."""
    tx.run(update(staff).where(_this(tx, code)).values(failures=0, locked_until=None))


def open_session(tx: Tx, session: str, code: str, csrf: str, now: datetime) -> None:
    """A session by the hash of its cookie."""
    row = {"session": session, "staff": code, "csrf": csrf, "opened_at": now, "seen_at": now}
    tx.run(insert(sessions).values(bureau=tx.bureau, **row))


def session_of(tx: Tx, session: str) -> Row[Any] | None:
    """The session with its duty post's columns (`role`, `name`, `community`, `disabled_at` …)."""
    home = and_(staff.c.bureau == sessions.c.bureau, staff.c.staff == sessions.c.staff)
    wanted = (
        sessions.c.session,
        sessions.c.csrf,
        sessions.c.opened_at,
        sessions.c.seen_at,
        *(column for column in staff.c if column.name != "bureau"),
    )
    here = and_(sessions.c.bureau == tx.bureau, sessions.c.session == session)
    return tx.run(select(*wanted).join(staff, home).where(here)).one_or_none()


def touch_session(tx: Tx, session: str, now: datetime) -> None:
    """The session was used."""
    here = and_(sessions.c.bureau == tx.bureau, sessions.c.session == session)
    tx.run(update(sessions).where(here).values(seen_at=now))


def end_session(tx: Tx, session: str) -> None:
    """Signed out."""
    here = and_(sessions.c.bureau == tx.bureau, sessions.c.session == session)
    tx.run(delete(sessions).where(here))


def sweep_sessions(tx: Tx, opened_before: datetime, seen_before: datetime) -> None:
    """Forgets sessions that have ended by age or by idleness."""
    old = or_(sessions.c.opened_at < opened_before, sessions.c.seen_at < seen_before)
    tx.run(delete(sessions).where(sessions.c.bureau == tx.bureau, old))


def _this(tx: Tx, code: str) -> Any:
    return and_(staff.c.bureau == tx.bureau, staff.c.staff == code)
