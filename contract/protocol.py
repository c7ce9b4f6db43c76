"""What goes over the road besides reports: the one sync call, receipts, refusals and answers."""

from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from contract.codelists import CodeLists
from contract.reference import Places, Reference
from contract.revocation import RevocationNotice
from contract.rules import Flaw
from contract.value import Code, FreeText, Name, Sha256, Value, When

PROTOCOL = 1
MAX_ARRIVALS = 50  # arrivals in one sync call
MAX_PHOTOS_ASKED = 100
MAX_PHOTOS_TOGETHER = 8  # photos in one request
MAX_BYTES_TOGETHER = 2_000_000  # and their bytes
GENESIS = "0" * 64  # the hash before the first link of a device's ledger


class ArrivalKind(StrEnum):
    """What may be sent to the bureau."""

    REPORT = "report"
    PATROL = "patrol"
    WITHDRAWAL = "withdrawal"
    SUGGESTION = "suggestion"


class Outcome(StrEnum):
    """What the bureau did with an arrival; each of them means that it is kept for good."""

    RECORDED = "RECORDED"
    HELD = "HELD"
    STALE = "STALE"
    DISPUTED = "DISPUTED"
    WITHDRAWN = "WITHDRAWN"


class Receipt(Value):
    """The only leave to forget: arrival `digest` is durable in the bureau's database.

    `number` is what people quote; `position` and `hash` are its link in this device's ledger.
    A repeated delivery gets the first receipt again with outcome HELD.
    """

    kind: ArrivalKind
    id: UUID
    revision: int
    outcome: Outcome
    digest: Sha256
    number: Code
    position: Annotated[int, Field(ge=1)]
    hash: Sha256
    at: When


def link_hash(before: str, position: int, digest: str, number: str) -> str:
    """The hash of a ledger's link: SHA-256 over the hash before it and what this link says.

    `before` is GENESIS for position 1. Both sides compute it, so neither can rewrite the past.
    """
    return sha256(f"{before}\n{position}\n{digest}\n{number}".encode()).hexdigest()


class Refusal(Value):
    """This arrival will not be recorded as it is; it is kept in quarantine under `digest`."""

    digest: Sha256
    kind: Code | None = None
    id: UUID | None = None
    revision: int | None = None
    code: Code
    field: Name = ""
    flaws: tuple[Flaw, ...] = ()


class Answer(Value):
    """What the bureau decided about one report, in the order it was decided (`seq` has no gaps).

    `state` is a code of the list `case_state`; `by` a role, never a person. `place` and `number`
    let a phone that no longer holds the report still tell what it was about.
    """

    seq: Annotated[int, Field(ge=1)]
    report: UUID
    at: When
    state: Code
    reason: Code | None = None
    comment: FreeText = ""
    by: Code
    place: Name = ""
    number: Code | None = None


class WantedPhoto(Value):
    """A photo the bureau still lacks: send from byte `offset`, to `upload` when one is open."""

    sha256: Sha256
    offset: Annotated[int, Field(ge=0)] = 0
    upload: Name | None = None


class HeldVersions(Value):
    """The versions of reference data that the phone holds; empty for none. `places` names the
    edition of all lists; a phone that holds the compounds alone names their version."""

    codelists: Name = ""
    places: Name = ""


class LedgerHead(Value):
    """The last link of a device's ledger that somebody holds."""

    position: Annotated[int, Field(ge=1, le=2**31 - 1)]
    hash: Sha256


class SyncRequest(Value):
    """One round trip both ways. `arrivals` are `{"kind": …, "body": …}`, at most BATCH, judged one
    by one; `photos` are those the phone still holds and asks about, at most PHOTOS_ASKED.

    `ledger` and `heard` say what the phone knows of the bureau's past: its highest link, and what
    the bureau called the answer at `cursor`. A phone that leaves them out is not checked.
    """

    protocol: int
    app: Name = ""
    sent_at: When
    cursor: Annotated[int, Field(ge=0)] = 0
    heard: Name = ""
    ledger: LedgerHead | None = None
    held: HeldVersions = HeldVersions()
    arrivals: tuple[Any, ...] = ()
    photos: tuple[Sha256, ...] = ()


class SyncReply(Value):
    """Receipts and refusals for what came, then everything the phone has not heard yet.

    Of the photos asked about, `stored` are durable at the bureau under that digest (leave to
    delete them), `wanted` are not. `more` asks the phone to call again at once; `cursor` is the
    last answer in this reply and `heard` the bureau's name for it.

    `forgot`: the bureau does not know the link that the phone named, for its database was restored
    from a backup; the phone sends again all that it was ever receipted for and still holds.
    `retold`: for the same reason the answers begin again with the first.
    """

    receipts: tuple[Receipt, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    stored: tuple[Sha256, ...] = ()
    wanted: tuple[WantedPhoto, ...] = ()
    answers: tuple[Answer, ...] = ()
    cursor: int = 0
    heard: Name = ""
    more: bool = False
    forgot: bool = False
    retold: bool = False
    codelists: CodeLists | None = None
    places: Places | None = None
    reference: Reference | None = None
    server_time: When


class EnrolmentRequest(Value):
    """A one-time code, as typed (spaces and dashes are ignored), and the phone's model name."""

    code: Name
    model: Name = ""


class Enrolment(Value):
    """What a phone gets once: its token (256 bit, only a hash stays here), names and duty post."""

    token: Name
    device: Code
    author: Code
    bureau: Code
    bureau_name: Name
    grid: Code | None = None
    grid_name: Name = ""
    server_time: When


class ProblemDetails(Value):
    """RFC 9457 `application/problem+json`; `code` is stable and is what programs look at.
    `farewell` stands only beside `token_revoked`, where this very phone was revoked."""

    type: str = "about:blank"
    title: str = ""
    status: int
    code: Code
    detail: FreeText = ""
    farewell: RevocationNotice | None = None
