"""Sign-in to the console: argon2id, a wait for who guesses, one answer for whatever was wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sync_server.accounts import throttle
from sync_server.accounts.throttle import Limit, Limits, network_of, subject
from sync_server.domain.roles import Permission, Role, Staff, permissions
from sync_server.store import audit_log
from sync_server.store import staff as people
from sync_server.store.audit_log import TECHNICIAN, AuditEntry
from sync_server.store.engine import Store, Tx

# Counted for a name and a network together, whether there is such a post or not: nobody learns from
# the wait which posts there are, and nobody elsewhere can keep a post out.
OF_NAME_AND_NETWORK = Limit(5, timedelta(minutes=1), timedelta(hours=1))
OF_NETWORK = Limit(30, timedelta(minutes=1), timedelta(minutes=15))
SHORTEST_PASSWORD, LONGEST_PASSWORD, LONGEST_NAME = 10, 200, 40
UNKNOWN = "unknown"  # in the audit log: what was typed may be a password
_HASHER = PasswordHasher()
# Verified if there is no such account, so that this takes the same time.
_NO_ACCOUNT = _HASHER.hash("nobody has this password")


class WrongPassword(Exception):
    """No such account, or not its password, or no right to sign in: one answer for all three."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was typed, from which address, in which browser: `browser` is the hash of the secret in
    its long-lived cookie, empty if it has none."""

    code: str
    password: str
    address: str = ""
    browser: str = ""


def hash_password(password: str) -> str:
    """The argon2id hash that the database keeps."""
    return _HASHER.hash(password)


def change(tx: Tx, post: str, password: str, now: datetime) -> None:
    """Gives a duty post another password, by the technician (rule L11)."""
    people.set_password(tx, post, hash_password(password))
    audit_log.note(tx, AuditEntry(now, TECHNICIAN, "password_changed", post))


def sign_in(store: Store, attempt: Attempt, now: datetime) -> Staff:
    """The member of staff with this code and password; raises WrongPassword, or Throttled.

    Slow by design (argon2id): see SignInQueue.
    """
    with store.writing() as tx:
        limits = _limits(tx, attempt)
        throttle.count_try(tx, limits, now)
        row = people.one(tx, attempt.code)
    is_right = _matches(row.password_hash if row else None, attempt.password)
    may = row and not row.disabled_at and Permission.SIGN_IN in permissions(Role(row.role))
    with store.writing() as tx:
        if row is None or not is_right or not may:
            who = row.staff if row else UNKNOWN
            audit_log.note_often(tx, AuditEntry(now, who, "sign_in_failed"))
        else:
            throttle.take_back(tx, limits, now)
            audit_log.note(tx, AuditEntry(now, row.staff, "sign_in"))
            return Staff(row.staff, Role(row.role), row.name, row.community, row.grid)
    raise WrongPassword


def _limits(tx: Tx, attempt: Attempt) -> Limits:
    """A browser from which this post has signed in before is counted by itself alone."""
    name = attempt.code[:LONGEST_NAME]
    if attempt.browser and people.is_known_browser(tx, attempt.browser, name):
        return {subject("browser", attempt.browser, name): OF_NAME_AND_NETWORK}
    network = network_of(attempt.address)
    return {
        subject("sign-in", network, name): OF_NAME_AND_NETWORK,
        subject("sign-in", network): OF_NETWORK,
    }


def _matches(hashed: str | None, password: str) -> bool:
    try:
        _HASHER.verify(hashed or _NO_ACCOUNT, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None
