"""The duty posts, the only rows that may hold a person's name, and the console's sessions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select, update

from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.schema import browsers, sessions, staff


def one(tx: Tx, code: str) -> DatabaseRow | None:
    """The duty post with this code, disabled or not; None if there is none."""
    return tx.run(select(staff).where(_this(tx, code))).one_or_none()


def verifiers(tx: Tx, roles: Collection[str], community: str | None) -> Sequence[DatabaseRow]:
    """The duty posts of these roles, of this community or of none, by their code: `staff`,
    `role`."""
    near = or_(staff.c.community.is_(None), staff.c.community == community)
    here = and_(staff.c.bureau == tx.bureau, staff.c.role.in_(roles), near)
    open = staff.c.disabled_at.is_(None)
    wanted = select(staff.c.staff, staff.c.role).where(here, open)
    return tx.run(wanted.order_by(staff.c.role, staff.c.staff)).all()


def add(tx: Tx, **row: object) -> None:
    """A new duty post."""
    tx.run(insert(staff).values(bureau=tx.bureau, **row))


def set_password(tx: Tx, code: str, password_hash: str) -> None:
    """Sets a new password, ends all sessions of the post and forgets its browsers."""
    tx.run(delete(sessions).where(sessions.c.bureau == tx.bureau, sessions.c.staff == code))
    tx.run(delete(browsers).where(browsers.c.bureau == tx.bureau, browsers.c.staff == code))
    tx.run(update(staff).where(_this(tx, code)).values(password_hash=password_hash))


def is_known_browser(tx: Tx, browser: str, code: str) -> bool:
    """Whether the post has signed in from this browser; `browser` is the hash of its cookie."""
    return tx.run(select(browsers.c.staff).where(_browser(tx, browser, code))).first() is not None


def note_browser(tx: Tx, browser: str, code: str, now: datetime) -> None:
    """Remembers that the post signed in from this browser."""
    if not tx.run(update(browsers).where(_browser(tx, browser, code)).values(seen_at=now)).rowcount:
        row = {"bureau": tx.bureau, "browser": browser, "staff": code, "seen_at": now}
        tx.run(insert(browsers).values(row))


def forget_browsers(tx: Tx, seen_before: datetime) -> None:
    """Forgets the browsers from which nobody has signed in since."""
    old = and_(browsers.c.bureau == tx.bureau, browsers.c.seen_at < seen_before)
    tx.run(delete(browsers).where(old))


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


def _browser(tx: Tx, browser: str, code: str) -> Any:
    here = and_(browsers.c.bureau == tx.bureau, browsers.c.browser == browser)
    return and_(here, browsers.c.staff == code)
