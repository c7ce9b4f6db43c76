"""Phones: authenticates their tokens, and enrols new ones by one-time codes."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from contract.protocol import GENESIS, Enrolment, EnrolmentRequest
from sync_server import problems
from sync_server.store import devices, places
from sync_server.store import staff as people
from sync_server.store.engine import Store, Tx

CODE_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Phone:
    """One enrolled device: its duty post (`author`) with grid and community, the head of its ledger
    (`position`, `hash`), and the number of the post's last answer."""

    device: str
    author: str
    grid: str | None
    community: str | None
    position: int
    hash: str
    last_answer: int = 0


def hash_secret(secret: str) -> str:
    """SHA-256 in hexadecimal: all that the database keeps of a token, a cookie or a code."""
    return sha256(secret.encode()).hexdigest()


def phones_of(tx: Tx, authorizations: Sequence[str]) -> list[Phone | problems.Problem]:
    """For each `Authorization: Bearer …` its phone, or NotSignedIn or TokenRevoked.

    A token is looked up by its hash, so that the time taken tells nothing about the token.
    """
    hashes = [_token_hash(authorization) for authorization in authorizations]
    rows = devices.by_token(tx, {hash for hash in hashes if hash})
    return [_phone(rows.get(hash)) for hash in hashes]


def phone_of(tx: Tx, authorization: str) -> Phone:
    """The phone of one `Authorization` header; raises NotSignedIn or TokenRevoked."""
    [found] = phones_of(tx, [authorization])
    if isinstance(found, problems.Problem):
        raise found
    return found


def _token_hash(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    return hash_secret(token) if scheme.lower() == "bearer" and token else ""


def _phone(row: Any) -> Phone | problems.Problem:
    if row is None:
        return problems.NotSignedIn()
    if row.revoked_at is not None:
        return problems.TokenRevoked(row.device)
    if row.disabled_at is not None:
        # Names no device: the post may be opened again, so its phones keep everything.
        return problems.TokenRevoked()
    ledger = (row.position, row.hash)
    return Phone(row.device, row.staff, row.grid, row.community, *ledger, row.last_answer)


def new_code(tx: Tx, staff: str, now: datetime, lasts_s: int) -> str:
    """A one-time code for the next phone of a duty post, valid for `lasts_s` seconds; only its hash
    is kept."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    devices.add_code(tx, hash_secret(code), staff, now + timedelta(seconds=lasts_s))
    return code


def normalize_code(code: str) -> str:
    """The digits of a code as people type it: with spaces, dashes, full-width digits of a Chinese
    keyboard."""
    return "".join(str(int(sign)) for sign in code if sign.isdecimal())


def enrol(store: Store, asked: EnrolmentRequest, now: datetime) -> Enrolment:
    """Enrols a phone and uses the code up. Raises CodeNotValid or CodeExpired; of two phones that
    send one code at once, one is enrolled."""
    code = normalize_code(asked.code)
    with store.writing() as tx:
        tx.claim(f"enrolment/{hash_secret(code)}")
        offer = devices.code_row(tx, hash_secret(code))
        if offer is None or offer.used_at is not None:
            raise problems.CodeNotValid
        if offer.expires_at < now:
            raise problems.CodeExpired
        devices.use_code(tx, hash_secret(code), now)
        return _add_device(tx, offer.staff, asked.model, now)


def _add_device(tx: Tx, staff: str, model: str, now: datetime) -> Enrolment:
    token, device = secrets.token_urlsafe(32), f"d{secrets.token_hex(6)}"
    devices.add(
        tx,
        device=device,
        staff=staff,
        token=hash_secret(token),
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
