"""Sessions of the console: a random secret in a cookie, of which only the hash is stored; it
expires."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from fastapi import Request

from sync_server.console.cookies import A_YEAR, Cookie
from sync_server.domain.roles import Permission, Role, Staff, permissions
from sync_server.settings import Settings
from sync_server.store import audit_log
from sync_server.store import staff as people
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import DatabaseRow, Store, Tx

COOKIE = "xuncha_session"
SESSION = Cookie(COOKIE, same_site="strict")
BYTES = 32
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # a session's last use is stored once a minute at most


class SignedOut(Exception):
    """Nobody is signed in; `had_session` if somebody was and the session has ended."""

    def __init__(self, had_session: bool) -> None:
        super().__init__()
        self.had_session = had_session


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in duty post, and the token that its forms carry against forged requests (CSRF)."""

    staff: Staff
    csrf: str

    @property
    def permissions(self) -> frozenset[Permission]:
        return permissions(self.staff.role)

    @property
    def only_community(self) -> str | None:
        """The one community whose records they may see; None for all."""
        everywhere = Permission.READ_EVERYWHERE in self.permissions
        return None if everywhere else self.staff.community or ""


def visitor_of(
    store: Store, settings: Settings, request: Request, now: datetime, *, touch: bool = True
) -> Visitor:
    """Who is signed in; unless not to `touch` the session, notes that they are active. Raises
    SignedOut for no session, an ended one, or a disabled account."""
    secret = SESSION.read(settings, request)
    if not secret:
        raise SignedOut(had_session=False)
    with store.reading() as tx:
        row = people.session_of(tx, hash_session(secret))
    if row is None or not is_live(row, now):
        raise SignedOut(had_session=True)
    if touch and now - row.seen_at >= SEEN_EVERY:
        with store.writing() as tx:
            people.touch_session(tx, hash_session(secret), now)
    staff = Staff(row.staff, Role(row.role), row.name, row.community, row.grid)
    return Visitor(staff, row.csrf)


def hash_session(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def is_live(row: DatabaseRow, now: datetime) -> bool:
    fresh = now - row.seen_at <= IDLE and now - row.opened_at <= LONGEST
    allowed = row.disabled_at is None and Permission.SIGN_IN in permissions(Role(row.role))
    return fresh and allowed


def open_session(tx: Tx, staff: str, now: datetime) -> str:
    """Opens a session and returns the secret for its cookie. It is always new: one that a browser
    sends may have been planted there."""
    secret = token_urlsafe(BYTES)
    people.delete_ended_sessions(tx, now - LONGEST, now - IDLE)
    people.open_session(tx, hash_session(secret), staff, token_urlsafe(BYTES), now)
    return secret


def end_session(store: Store, settings: Settings, request: Request, now: datetime) -> None:
    """Ends the session of this browser, if there is one: its duty post has signed out."""
    if secret := SESSION.read(settings, request):
        with store.writing() as tx:
            if row := people.session_of(tx, hash_session(secret)):
                people.end_session(tx, row.session)
                audit_log.note(tx, AuditEntry(now, row.staff, "sign_out"))


def note_browser(tx: Tx, secret: str, staff: str, now: datetime) -> None:
    """Remembers this browser, by the secret of its long-lived cookie, for the next sign-in."""
    people.forget_browsers(tx, now - timedelta(seconds=A_YEAR))
    people.note_browser(tx, hash_session(secret), staff, now)
