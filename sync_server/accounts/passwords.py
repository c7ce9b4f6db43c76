"""Passwords of the console: argon2id, a lock that grows, and no word about which half was wrong."""

from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sync_server.domain.roles import Permission, Role, Staff, permissions
from sync_server.store import audit_log
from sync_server.store import staff as people
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import Store

FREE_TRIES = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=1)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
_HASHER = PasswordHasher()
_AT_ONCE = BoundedSemaphore(2)  # each takes 64 MiB: a crowd at the door must not fill the memory
# Verified when there is no such account, so that its absence takes the same time.
_NOBODY = _HASHER.hash("nobody has this password")


class Locked(Exception):
    """Too many wrong passwords; `until` is when the next try counts."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class WrongPassword(Exception):
    """No such account, or not its password, or no right to sign in: one answer for all three."""


def hash_password(password: str) -> str:
    """What the database keeps."""
    return _HASHER.hash(password)


def sign_in(store: Store, code: str, password: str, now: datetime) -> Staff:
    """The member of staff behind a code and password; raises WrongPassword or Locked.

    Slow by design (argon2id): call it in a thread.
    """
    row = _tried(store, code, now)
    fits = _fits(row.password_hash if row else None, password)
    if row is None:
        raise WrongPassword
    if not fits or row.disabled_at or Permission.SIGN_IN not in permissions(Role(row.role)):
        with store.writing() as tx:
            audit_log.note(tx, AuditEntry(now, code, "sign_in_failed"))
        raise WrongPassword
    with store.writing() as tx:
        people.forget_failures(tx, code)
        audit_log.note(tx, AuditEntry(now, code, "sign_in"))
    return Staff(row.staff, Role(row.role), row.name, row.community, row.grid)


def locked_until(failures: int, now: datetime) -> datetime | None:
    """Until when an account is locked after so many wrong passwords in a row."""
    if failures < FREE_TRIES:
        return None
    doubled: timedelta = FIRST_LOCK * 2 ** min(failures - FREE_TRIES, 10)
    return now + min(LONGEST_LOCK, doubled)


def _tried(store: Store, code: str, now: datetime) -> Any:
    """Counts a try as failed before it is looked at: many at once are no way around the lock."""
    with store.writing() as tx:
        tx.claim(f"staff/{code}")
        row = people.one(tx, code)
        if row is not None:
            if row.locked_until and row.locked_until > now:
                raise Locked(row.locked_until)
            failures = row.failures + 1
            people.count_failure(tx, code, failures, locked_until(failures, now))
        return row


def _fits(known: str | None, password: str) -> bool:
    try:
        with _AT_ONCE:
            _HASHER.verify(known or _NOBODY, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return known is not None
