"""Requests and replies: the sync call with receipts, refusals and answers; enrolment; problems."""

from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, Field

from contract.anchor import Anchor
from contract.codelists import CodeLists
from contract.reference import LeadCounts, Places, Reference
from contract.revocation import RevocationNotice
from contract.rules import Flaw
from contract.value import WHOLE, Code, Flag, FreeText, Many, Name, Sha256, Value, When

PROTOCOL = 1  # the version of this protocol, sent in each request
MAX_ARRIVALS = 50  # arrivals in one sync call
MAX_ARRIVAL_BYTES = 64 * 1024  # of one arrival in canonical JSON: a report has about 1.5 KB
MAX_PHOTOS_ASKED = 100  # photos asked about in one sync call
UNREADABLE = "unreadable"  # the `state` of an answer that the server can no longer read
GENESIS = "0" * 64  # stands for the hash before the first link of a device's ledger


class ArrivalKind(StrEnum):
    """What a phone may send to the bureau."""

    REPORT = "report"
    PATROL = "patrol"
    WITHDRAWAL = "withdrawal"
    SUGGESTION = "suggestion"
    OBJECTION = "objection"


class Outcome(StrEnum):
    """What the server did with an arrival; whichever it is, the arrival is kept durably.

    RECORDED: new content. HELD: the same content was there before. STALE: a newer revision was
    there before. DISPUTED: another content of the same revision was there before. WITHDRAWN: the
    report is taken back.
    """

    RECORDED = "RECORDED"
    HELD = "HELD"
    STALE = "STALE"
    DISPUTED = "DISPUTED"
    WITHDRAWN = "WITHDRAWN"


class Receipt(Value):
    """Confirms that arrival `digest` is durable in the server's database; only then may the phone
    forget it.

    `number` is what people quote; `position` (from 1) and `hash` are its link in this device's
    ledger (`link_hash`). A repeated delivery gets the first receipt again with outcome HELD.
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
    """The hash of one link of a ledger, 64 hexadecimal digits: SHA-256 over the hash of the link
    `before` (GENESIS for position 1) and this link's position, digest and receipt number.

    Phone and server both compute it, so neither can change earlier links unnoticed.
    """
    return sha256(f"{before}\n{position}\n{digest}\n{number}".encode()).hexdigest()


class Refusal(Value):
    """This arrival will not be recorded as it is; it is kept in quarantine under `digest`, unless
    `code` is `arrival_too_large`: then only the phone has it.

    `code` says why; `field` where, as a dotted path, if the shape is wrong; `flaws` what is to be
    mended, if the code is `flawed`. `kind`, `id` and `revision` are None if they cannot be read.
    """

    digest: Sha256
    kind: Code | None = None
    id: UUID | None = None
    revision: int | None = None
    code: Code
    field: Name = ""
    flaws: tuple[Flaw, ...] = ()


class Answer(Value):
    """What the bureau decided about one report. `seq` numbers the answers of one duty post in the
    order of the decisions, from 1 without gaps.

    `state` is a code of the list `case_state` (`cases.CaseState`, or newer) or UNREADABLE: then an
    answer was given and is damaged, and `report`, `place` and `number` are what is left of it.
    `about` is the kind of arrival that `report` names: a suggestion is answered as well. `same_as`
    is the number of the record that this report repeats, with the reason DUPLICATE; with any other
    state that of the record under which the place was handled: every worker who reported a place
    hears its outcome, each about their own report.
    `object_until` is the last day, by the bureau's calendar, on which the worker may object to
    this result; None if they may not.
    `reason` is of the list that cases.REASON_LISTS has for the state; `by` is a role, never a
    person. `place` and `number` let a phone that no longer holds the report still say what the
    answer is about.
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
    about: Code = "report"
    same_as: Code | None = None
    object_until: date | None = None


class WantedPhoto(Value):
    """A photo that the server still lacks: send it from byte `offset`, to the upload of the id
    `upload` if one is open."""

    sha256: Sha256
    offset: Annotated[int, Field(ge=0)] = 0
    upload: Name | None = None


class HeldVersions(Value):
    """The versions of code lists and reference data that the phone holds, "" for none. `places` is
    the edition of all lists; a phone that holds only the compounds sends their version. `counts` is
    the version of its `LeadCounts`; None from an app that does not know them."""

    codelists: Name = ""
    places: Name = ""
    counts: Name | None = None


class LedgerHead(Value):
    """The last link of a device's ledger that phone or server holds."""

    position: Annotated[int, Field(ge=1, le=2**31 - 1, strict=True), WHOLE]
    hash: Sha256


def _no_number(time: Any) -> Any:
    """Pydantic would take a number for seconds since 1970, and the protocol knows no such time."""
    if isinstance(time, int | float):
        raise ValueError("a time is a text")
    return time


class SyncRequest(Value):
    """One sync call: sends what is new and asks for what is new.

    `arrivals` are `{"kind": …, "body": …}`, at most MAX_ARRIVALS, validated one by one; `photos`
    are digests that the phone still holds and asks about, at most MAX_PHOTOS_ASKED. `cursor` is the
    `seq` of the last answer that the phone has.

    `ledger` and `heard` let the server notice that it was restored from a backup: the phone's last
    link, and the `heard` of the reply that brought the answer at `cursor`. Both may be left out;
    then nothing is checked.

    `leaving`: a revoked phone has handed over all it can, and will now be emptied.

    `sent_at` is any time at all: a phone whose clock stands nowhere still gets through, and only
    the difference to the server's clock is kept.
    """

    protocol: Annotated[int, Field(strict=True), WHOLE]
    app: Name = ""
    sent_at: Annotated[AwareDatetime, BeforeValidator(_no_number)]
    cursor: Annotated[int, Field(ge=0, strict=True), WHOLE] = 0
    heard: Name = ""
    ledger: LedgerHead | None = None
    held: HeldVersions = HeldVersions()
    arrivals: tuple[Any, ...] = ()
    photos: Many[Sha256] = ()
    leaving: Flag = False


class SyncReply(Value):
    """Receipts and refusals for the arrivals, then everything that is new to the phone.

    Of the photos asked about, `stored` are durable on the server (the phone may delete them) and
    `wanted` are not. `more` asks the phone to call again at once; `cursor` is the `seq` of the last
    answer in this reply and `heard` the server's name for that answer.

    `forgot`: the server does not know the link that the phone named, because its database was
    restored from a backup; the phone sends again everything that has a receipt and that it still
    holds. `retold`: for the same reason the answers begin again with the first one.

    `retry_at`: this device has used up what a day allows. What was sent and has neither receipt nor
    refusal was not kept, and may be sent again from that time on, by the server's clock.
    `server_time` is any time at all, as `sent_at` is. `anchor` comes about once a day: the phone
    keeps it for whoever checks the bureau's audit log. So does `bureau_key`, in Base64: a phone
    seals to it what leaves it as a file (`unsent_file`).
    """

    receipts: tuple[Receipt, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    stored: tuple[Sha256, ...] = ()
    wanted: tuple[WantedPhoto, ...] = ()
    answers: tuple[Answer, ...] = ()
    cursor: int = 0
    heard: Name = ""
    more: Flag = False
    forgot: Flag = False
    retold: Flag = False
    codelists: CodeLists | None = None
    places: Places | None = None
    reference: Reference | None = None
    counts: LeadCounts | None = None
    anchor: Anchor | None = None
    bureau_key: Name = ""
    retry_at: AwareDatetime | None = None
    server_time: AwareDatetime


class EnrolmentRequest(Value):
    """A one-time code as typed (spaces and dashes are ignored) and the phone's model name. `author`
    is the duty post that this room of the phone belongs to already: a code of another is refused,
    and stays good."""

    code: Name
    model: Name = ""
    author: Code | None = None


class Enrolment(Value):
    """What a phone is given once: its token (256 bit, of which the server keeps only a hash), its
    own name `device`, and its duty post `author` with bureau and grid. For `bureau_key` see
    SyncReply."""

    token: Name
    device: Code
    author: Code
    bureau: Code
    bureau_name: Name
    grid: Code | None = None
    grid_name: Name = ""
    bureau_key: Name = ""
    server_time: When


class ProblemDetails(Value):
    """RFC 9457 `application/problem+json`. `code` is stable and is what programs look at.
    `farewell` comes only with the code `token_revoked`, if the calling phone itself was revoked."""

    type: str = "about:blank"
    title: str = ""
    status: int
    code: Code
    detail: FreeText = ""
    farewell: RevocationNotice | None = None
