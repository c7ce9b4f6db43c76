"""Sign-in to the console: argon2id, a lock that doubles, and one error for whatever was wrong."""

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
# Each hashing takes 64 MiB: many sign-ins at once must not fill the memory.
_HASHING_SLOTS = BoundedSemaphore(2)
# Verified if there is no such account, so that this takes the same time.
_NO_ACCOUNT = _HASHER.hash("nobody has this password")


class Locked(Exception):
    """Too many wrong passwords; the next try is allowed at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class WrongPassword(Exception):
    """No such account, or not its password, or no right to sign in: one answer for all three."""


def hash_password(password: str) -> str:
    """The argon2id hash that the database keeps."""
    return _HASHER.hash(password)


def sign_in(store: Store, code: str, password: str, now: datetime) -> Staff:
    """The member of staff with this code and password; raises WrongPassword or Locked.

    Slow by design (argon2id): call it in a thread.
    """
    row = _count_try(store, code, now)
    is_right = _matches(row.password_hash if row else None, password)
    if row is None:
        raise WrongPassword
    if not is_right or row.disabled_at or Permission.SIGN_IN not in permissions(Role(row.role)):
        with store.writing() as tx:
            audit_log.note(tx, AuditEntry(now, code, "sign_in_failed"))
        raise WrongPassword
    with store.writing() as tx:
        people.forget_failures(tx, code)
        audit_log.note(tx, AuditEntry(now, code, "sign_in"))
    return Staff(row.staff, Role(row.role), row.name, row.community, row.grid)


def locked_until(failures: int, now: datetime) -> datetime | None:
    """Until when an account is locked after this many wrong passwords in a row; None if it is
    not."""
    if failures < FREE_TRIES:
        return None
    doubled: timedelta = FIRST_LOCK * 2 ** min(failures - FREE_TRIES, 10)
    return now + min(LONGEST_LOCK, doubled)


def _count_try(store: Store, code: str, now: datetime) -> Any:
    """Counts a try as failed before it is checked, so that many at once cannot pass the lock.
    Returns the account's row, None if there is none; raises Locked."""
    with store.writing() as tx:
        tx.claim(f"staff/{code}")
        row = people.one(tx, code)
        if row is not None:
            if row.locked_until and row.locked_until > now:
                raise Locked(row.locked_until)
            failures = row.failures + 1
            people.count_failure(tx, code, failures, locked_until(failures, now))
        return row


def _matches(hashed: str | None, password: str) -> bool:
    try:
        with _HASHING_SLOTS:
            _HASHER.verify(hashed or _NO_ACCOUNT, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None
