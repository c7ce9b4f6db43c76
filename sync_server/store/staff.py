"""The duty posts, the only rows that may hold a person's name, and the console's sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select, update

from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.schema import sessions, staff


def one(tx: Tx, code: str) -> DatabaseRow | None:
    """The duty post with this code, disabled or not; None if there is none."""
    return tx.run(select(staff).where(_this(tx, code))).one_or_none()


def add(tx: Tx, **row: object) -> None:
    """A new duty post."""
    tx.run(insert(staff).values(bureau=tx.bureau, **row))


def set_password(tx: Tx, code: str, password_hash: str) -> None:
    """Sets a new password, forgets failures and locks, and ends all sessions of the post."""
    tx.run(delete(sessions).where(sessions.c.bureau == tx.bureau, sessions.c.staff == code))
    values = {"password_hash": password_hash, "failures": 0, "locked_until": None}
    tx.run(update(staff).where(_this(tx, code)).values(values))


def count_failure(tx: Tx, code: str, failures: int, locked_until: datetime | None) -> None:
    """Stores the number of wrong passwords in a row, and until when the post is locked."""
    values = {"failures": failures, "locked_until": locked_until}
    tx.run(update(staff).where(_this(tx, code)).values(values))


def forget_failures(tx: Tx, code: str) -> None:
    """After the right password: no failures, no lock."""
    tx.run(update(staff).where(_this(tx, code)).values(failures=0, locked_until=None))


def open_session(tx: Tx, session: str, code: str, csrf: str, now: datetime) -> None:
    """A new session; `session` is the hash of its cookie's secret."""
    row = {"session": session, "staff": code, "csrf": csrf, "opened_at": now, "seen_at": now}
    tx.run(insert(sessions).values(bureau=tx.bureau, **row))


def session_of(tx: Tx, session: str) -> DatabaseRow | None:
    """The session with the columns of its duty post (`role`, `name`, `community`, `disabled_at` …);
    None if there is none."""
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
    """Notes that the session was used now."""
    here = and_(sessions.c.bureau == tx.bureau, sessions.c.session == session)
    tx.run(update(sessions).where(here).values(seen_at=now))


def end_session(tx: Tx, session: str) -> None:
    """Deletes a session."""
    here = and_(sessions.c.bureau == tx.bureau, sessions.c.session == session)
    tx.run(delete(sessions).where(here))


def delete_ended_sessions(tx: Tx, opened_before: datetime, seen_before: datetime) -> None:
    """Deletes sessions that are too old or were not used for too long."""
    old = or_(sessions.c.opened_at < opened_before, sessions.c.seen_at < seen_before)
    tx.run(delete(sessions).where(sessions.c.bureau == tx.bureau, old))


def _this(tx: Tx, code: str) -> Any:
    return and_(staff.c.bureau == tx.bureau, staff.c.staff == code)
