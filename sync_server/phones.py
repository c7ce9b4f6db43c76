"""Phones: who is behind a token, and how a one-time code becomes one."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from contract.replies import GENESIS, Enrolment, EnrolmentRequest
from sync_server import problems
from sync_server.store import devices, places
from sync_server.store import staff as people
from sync_server.store.engine import Store, Tx

CODE_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Phone:
    """One enrolled device, its worker and the head of its ledger."""

    device: str
    author: str
    grid: str | None
    community: str | None
    position: int
    hash: str


def hashed(secret: str) -> str:
    """What the database keeps of a token, a cookie or a code: SHA-256 in hexadecimal."""
    return sha256(secret.encode()).hexdigest()


def phone_of(tx: Tx, authorization: str) -> Phone:
    """The phone behind `Authorization: Bearer …`; raises NotSignedIn or TokenRevoked.

    The token is looked up by its hash, so that no comparison takes longer for a nearer guess.
    """
    scheme, _, token = authorization.partition(" ")
    row = devices.by_token(tx, hashed(token)) if scheme.lower() == "bearer" and token else None
    if row is None:
        raise problems.NotSignedIn
    if row.revoked_at is not None or row.disabled_at is not None:
        raise problems.TokenRevoked
    return Phone(row.device, row.staff, row.grid, row.community, row.position, row.hash)


def new_code(tx: Tx, staff: str, now: datetime, lasts_s: int) -> str:
    """A one-time code for a worker's next phone; only its hash is kept."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    devices.offer(tx, hashed(code), staff, now + timedelta(seconds=lasts_s))
    return code


def typed(code: str) -> str:
    """A code as people type it: with spaces, dashes, full-width digits of a Chinese keyboard."""
    return "".join(str(int(sign)) for sign in code if sign.isdecimal())


def enrol(store: Store, asked: EnrolmentRequest, now: datetime) -> Enrolment:
    """Spends a code for a token; raises CodeNotValid or CodeExpired. Of two phones one wins."""
    code = typed(asked.code)
    with store.writing() as tx:
        tx.claim(f"enrolment/{hashed(code)}")
        offer = devices.offered(tx, hashed(code))
        if offer is None or offer.used_at is not None:
            raise problems.CodeNotValid
        if offer.expires_at < now:
            raise problems.CodeExpired
        devices.spend(tx, hashed(code), now)
        return _enrolled(tx, offer.staff, asked.model, now)


def _enrolled(tx: Tx, staff: str, model: str, now: datetime) -> Enrolment:
    token, device = secrets.token_urlsafe(32), f"d{secrets.token_hex(6)}"
    devices.add(
        tx,
        device=device,
        staff=staff,
        token=hashed(token),
        model=model,
        hash=GENESIS,
        enrolled_at=now,
    )
    row = people.one(tx, staff)
    if row is None:
        raise problems.CodeNotValid
    return Enrolment(
        token=token,
        device=device,
        author=staff,
        bureau=tx.bureau,
        bureau_name=places.bureau_name(tx),
        grid=row.grid,
        grid_name=places.grid_name(tx, row.grid),
        server_time=now,
    )
