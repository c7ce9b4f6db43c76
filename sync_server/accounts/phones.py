"""Phones: authenticates their tokens, and enrols new ones by one-time codes."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import scrypt, sha256
from typing import Any

from contract.protocol import GENESIS, Enrolment, EnrolmentRequest
from sync_server import problems
from sync_server.accounts import throttle
from sync_server.accounts.quota import UNUSED, DayUse
from sync_server.accounts.throttle import network_of
from sync_server.domain.sent_names import unless_personal
from sync_server.store import audit_log, devices, places
from sync_server.store import staff as people
from sync_server.store.audit_log import TECHNICIAN, AuditEntry
from sync_server.store.engine import Store, Tx

# The first digits of a code say which it may be, the others are its secret. A thousand wrong
# guesses close that code, and only that: the chance to guess one open code is 1 in 100,000, and who
# wants to close one has to send ten million.
CODE_DIGITS, PUBLIC_DIGITS, MOST_WRONG = 12, 4, 1_000
GUESSES = throttle.Limit(5, timedelta(minutes=10), timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Phone:
    """One enrolled device: its duty post (`author`) with grid and community, the head of its ledger
    (`position`, `hash`), the number of the post's last answer, and what it used of its quota."""

    device: str
    author: str
    grid: str | None
    community: str | None
    position: int
    hash: str
    last_answer: int = 0
    used: DayUse = UNUSED
    is_revoked: bool = False


def hash_secret(secret: str) -> str:
    """SHA-256 in hexadecimal: all that the database keeps of a token, which is long and random."""
    return sha256(secret.encode()).hexdigest()


def phones_of(tx: Tx, authorizations: Sequence[str]) -> list[Phone | problems.Problem]:
    """For each `Authorization: Bearer …` its phone, or NotSignedIn or TokenRevoked; a Problem of
    ours if its row is damaged.

    A token is looked up by its hash, so that the time taken tells nothing about the token.
    """
    return _read(tx, authorizations, may_be_revoked=False)


def phone_of(tx: Tx, authorization: str) -> Phone:
    """The phone of one `Authorization` header; raises NotSignedIn or TokenRevoked."""
    return _or_raise(phones_of(tx, [authorization])[0])


def senders_of(tx: Tx, authorizations: Sequence[str]) -> list[Phone | problems.Problem]:
    """The same for who sends photos: a revoked phone, whose recorded reports may lack some, is a
    phone here. The caller asks `is_revoked`."""
    return _read(tx, authorizations, may_be_revoked=True)


def sender_of(tx: Tx, authorization: str) -> Phone:
    """The same of one header; raises NotSignedIn, or TokenRevoked for a disabled duty post."""
    return _or_raise(senders_of(tx, [authorization])[0])


def _or_raise(found: Phone | problems.Problem) -> Phone:
    if isinstance(found, problems.Problem):
        raise found
    return found


def _read(
    tx: Tx, authorizations: Sequence[str], *, may_be_revoked: bool
) -> list[Phone | problems.Problem]:
    hashes = [_token_hash(authorization) for authorization in authorizations]
    rows = devices.by_token(tx, {hash for hash in hashes if hash})
    return [
        _phone(rows[hash], may_be_revoked) if hash in rows else problems.NotSignedIn()
        for hash in hashes
    ]


def _token_hash(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    return hash_secret(token) if scheme.lower() == "bearer" and token else ""


def _phone(row: Any, may_be_revoked: bool) -> Phone | problems.Problem:
    if row is None:  # damaged: not a word of signing in, for the phone has a token that is right
        return problems.Problem()
    is_revoked = row.revoked_at is not None
    if is_revoked and not may_be_revoked:
        return problems.TokenRevoked(row.device)
    if row.disabled_at is not None and not is_revoked:
        # Names no device: the post may be opened again, so its phones keep everything.
        return problems.TokenRevoked()
    ledger = (row.position, row.hash)
    place = (row.grid, row.community)
    used = DayUse.of(row)
    return Phone(row.device, row.staff, *place, *ledger, row.last_answer, used, is_revoked)


def new_code(tx: Tx, staff: str, now: datetime, lasts_s: int) -> str:
    """A one-time code for the next phone of a duty post, valid for `lasts_s` seconds; only its hash
    is kept, and its first digits, which are no secret. Claims the audit log."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    hashed, expires_at = hash_code(tx.bureau, code), now + timedelta(seconds=lasts_s)
    devices.add_code(tx, hashed, code[:PUBLIC_DIGITS], staff, expires_at)
    audit_log.note(tx, AuditEntry(now, TECHNICIAN, "issue_code", staff))
    return code


def hash_code(bureau: str, code: str) -> str:
    """What the database keeps of a one-time code. Slow by design (20 ms): to try all codes with the
    same first digits takes a core three weeks, and a code lives three days."""
    salt = f"xuncha enrolment {bureau}".encode()
    return scrypt(code.encode(), salt=salt, n=2**13, r=8, p=1, dklen=32).hex()


def normalize_code(code: str) -> str:
    """The digits of a code as people type it: with spaces, dashes, full-width digits of a Chinese
    keyboard."""
    return "".join(str(int(sign)) for sign in code if sign.isdecimal())


def enrol(store: Store, asked: EnrolmentRequest, now: datetime, address: str = "") -> Enrolment:
    """Enrols a phone and uses the code up. Raises CodeNotValid, CodeExpired, or OtherPost if it is
    not that of the post that the phone asked for; of two phones that send one code at once, one is
    enrolled. TooManyTries if from this `address` came too many wrong ones: but a right code is
    right however many others were wrong. Blocks."""
    code = normalize_code(asked.code)
    guess = _Guess(code[:PUBLIC_DIGITS], {throttle.subject("enrol", network_of(address)): GUESSES})
    with store.reading() as tx:
        is_guessable = len(code) == CODE_DIGITS and devices.has_code(tx, guess.public)
        if not is_guessable:
            _check_wait(tx, guess, now)
    hashed = hash_code(store.bureau, code) if is_guessable else ""
    with store.writing() as tx:
        tx.claim(f"enrolment/{guess.public}")
        offer = devices.code_row(tx, hashed) if hashed else None
        if offer and offer.used_at is None and offer.wrong < MOST_WRONG:
            if offer.expires_at < now:
                raise problems.CodeExpired
            if asked.author not in (None, offer.staff):
                raise problems.OtherPost
            devices.use_code(tx, hashed, now)
            return _add_device(tx, offer.staff, asked.model, now)
        problem = _count_wrong(tx, guess, now)
    raise problem


@dataclass(frozen=True, slots=True)
class _Guess:
    """The first digits of a code that was sent, and what it is counted for if it is wrong."""

    public: str
    limits: throttle.Limits


def _check_wait(tx: Tx, guess: _Guess, now: datetime) -> None:
    try:
        throttle.check(tx, guess.limits, now)
    except throttle.Throttled as throttled:
        raise problems.TooManyTries(retry_after=throttled.seconds(now)) from throttled


def _count_wrong(tx: Tx, guess: _Guess, now: datetime) -> problems.Problem:
    """Counts a wrong guess, at the codes that it may have meant and for where it came from."""
    devices.count_wrong_guess(tx, guess.public)
    try:
        throttle.count_try(tx, guess.limits, now)
    except throttle.Throttled as throttled:
        return problems.TooManyTries(retry_after=throttled.seconds(now))
    return problems.CodeNotValid()


def _add_device(tx: Tx, staff: str, model: str, now: datetime) -> Enrolment:
    token, device = secrets.token_urlsafe(32), f"d{secrets.token_hex(6)}"
    devices.add(
        tx,
        device=device,
        staff=staff,
        token=hash_secret(token),
        model=unless_personal(model),
        hash=GENESIS,
        enrolled_at=now,
    )
    row = people.one(tx, staff)
    if row is None:
        raise problems.CodeNotValid
    audit_log.note(tx, AuditEntry(now, staff, "enrol", device))
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
