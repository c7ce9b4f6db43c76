"""What the bureau said becomes what the phone knows: a reply is taken home whole, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contract import wire
from contract.replies import Answer, ArrivalKind, Outcome, Receipt, Refusal, SyncReply
from contract.report import Report
from fieldapp.entry import Parcel
from fieldapp.ledger import Ledger
from fieldapp.memory import Memory
from fieldapp.ports import Notebook

ABOUT_A_REPORT = frozenset({ArrivalKind.REPORT, ArrivalKind.WITHDRAWAL})
# The bureau has no use for the pictures of a report that was taken back.
SHOWS_PICTURES = {outcome: outcome is not Outcome.WITHDRAWN for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a reply brought; `silent` are digests that were sent and got no word."""

    delivered: int
    refused: int
    answers: int
    silent: frozenset[str]


class Homecoming:
    """Blocking: run in a thread. May raise Full; then nothing of the reply was kept, and the
    bureau says all of it again next time."""

    def __init__(self, notebook: Notebook, memory: Memory) -> None:
        self._notebook = notebook
        self._memory = memory
        self._ledger = Ledger(memory)

    def take(self, reply: SyncReply, sent: Sequence[Parcel], now: datetime) -> Taken:
        parcels = {parcel.digest: parcel for parcel in sent}
        with self._notebook.atomic():
            for receipt in reply.receipts:
                self._received(receipt, parcels.get(receipt.digest), now)
            for refusal in reply.refusals:
                self.refuse(refusal, parcels.get(refusal.digest), now)
            answers = sum(self._answered(answer) for answer in reply.answers)
            self._stored(frozenset(reply.stored), reply.server_time)
            self._refer(reply)
        received = {receipt.digest for receipt in reply.receipts} & set(parcels)
        refused = {refusal.digest for refusal in reply.refusals} & set(parcels)
        silent = frozenset(parcels) - received - refused
        return Taken(len(received), len(refused), answers, silent)

    def refuse(self, refusal: Refusal, parcel: Parcel | None, now: datetime) -> None:
        """The parcel leaves the outbox so that it holds up nothing, and is kept all the same.
        A bureau that could not read it names neither id nor revision; the parcel does."""
        if parcel:
            refusal = refusal.changed(
                kind=parcel.kind.value, id=UUID(parcel.id), revision=parcel.revision
            )
        with self._notebook.atomic():
            self._recall(refusal.digest, parcel, keep=True)
            entry = self._notebook.entry(refusal.id) if refusal.id else None
            if entry and refusal.kind == ArrivalKind.REPORT:
                self._notebook.write(entry.refused(refusal, now))

    def _received(self, receipt: Receipt, parcel: Parcel | None, now: datetime) -> None:
        self._ledger.enter(receipt)
        self._recall(receipt.digest, parcel, keep=self._memory.ledger_broken())
        entry = self._notebook.entry(receipt.id) if receipt.kind in ABOUT_A_REPORT else None
        if entry:
            self._notebook.write(entry.delivered(receipt, now))
        if receipt.kind is ArrivalKind.WITHDRAWAL and entry:
            self._due(entry.report, due=False)
        elif parcel and parcel.kind is ArrivalKind.REPORT:
            # As sealed, not as in the entry: that may be a draft again, with other pictures.
            sealed = wire.shape(Report, wire.read(parcel.raw)["body"])
            self._due(sealed, due=SHOWS_PICTURES[receipt.outcome])

    def _recall(self, digest: str, parcel: Parcel | None, *, keep: bool) -> None:
        if parcel and keep:
            self._memory.set_aside(parcel)
        self._notebook.recall(digest)

    def _due(self, report: Report, *, due: bool) -> None:
        shown = {photo.sha256 for photo in report.photos}
        for picture in self._notebook.pictures(stored=False):
            if picture.sha256 in shown and picture.due is not due:
                self._notebook.draw(replace(picture, due=due))

    def _answered(self, answer: Answer) -> bool:
        """Kept even when this phone no longer holds the report."""
        entry = self._notebook.entry(answer.report)
        if entry:
            self._notebook.write(entry.reviewed(answer))
        return self._notebook.file(answer)

    def _stored(self, digests: frozenset[str], at: datetime) -> None:
        """By the bureau's clock: the phone's own may jump."""
        for picture in self._notebook.pictures(stored=False):
            if picture.sha256 in digests:
                self._notebook.draw(replace(picture, sent=picture.size, stored_at=at))

    def _refer(self, reply: SyncReply) -> None:
        self._memory.keep_cursor(reply.cursor)
        if reply.places:
            self._memory.keep_places(reply.places)
        if reply.codelists:
            self._memory.keep_lists(reply.codelists)
