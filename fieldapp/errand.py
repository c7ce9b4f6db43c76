"""What one reply of the bureau changes in the notebook: all of it or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from contract import wire
from contract.replies import Answer, ArrivalKind, Outcome, Receipt, Refusal, SyncReply
from fieldapp.entry import Entry, Stage
from fieldapp.ledger import Ledger
from fieldapp.memory import Memory
from fieldapp.parcel import Parcel
from fieldapp.ports import Notebook, Picture

PHOTO_STAYS = timedelta(days=1)  # after the bureau has it: rule L12
ABOUT_A_REPORT = {ArrivalKind.REPORT, ArrivalKind.WITHDRAWAL}


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of one batch: digests that need not go again, and how many answers were new."""

    delivered: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    answers: int = 0


def settle(
    notebook: Notebook, sent: Sequence[Parcel], asked: set[str], reply: SyncReply, now: datetime
) -> Settled:
    """Applies a reply to what was `sent` and to the photos `asked` about, in one transaction."""
    memory, parcels = Memory(notebook), {parcel.digest: parcel for parcel in sent}
    receipts = [r for r in reply.receipts if _speaks_of(r, parcels.get(r.digest))]
    refusals = [r for r in reply.refusals if r.digest in parcels]
    with notebook.atomic():
        for receipt in sorted(receipts, key=lambda receipt: receipt.position):
            _receive(notebook, memory, parcels[receipt.digest], receipt, now)
        for refusal in refusals:
            take_aside(notebook, parcels[refusal.digest], refusal, now)
        new = [_file(notebook, answer) for answer in sorted(reply.answers, key=lambda a: a.seq)]
        _stored(notebook, asked.intersection(reply.stored), reply.server_time)
        memory.keep_cursor(reply.cursor)
        if reply.codelists:
            memory.keep_lists(reply.codelists)
        if reply.places:
            memory.keep_places(reply.places)
    return Settled(
        delivered=frozenset(receipt.digest for receipt in receipts),
        refused=frozenset(refusal.digest for refusal in refusals),
        answers=sum(new),
    )


def take_aside(notebook: Notebook, parcel: Parcel, refusal: Refusal, now: datetime) -> None:
    """Out of the way of those behind it. The worker is told; the bytes are kept."""
    with notebook.atomic():
        entry = _entry(notebook, parcel)
        if entry and parcel.kind is ArrivalKind.REPORT:
            notebook.write(entry.refused(refusal.changed(revision=parcel.revision), now))
        Memory(notebook).set_aside(parcel)
        notebook.recall(parcel.digest)


def forgettable(picture: Picture, now: datetime) -> bool:
    """Rule L12: a day after the bureau said that it has the picture, the phone needs none. `now` is
    by the bureau's clock, as `stored_at` is: the phone's may jump."""
    at = picture.stored_at
    return at is not None and not picture.forgotten and now - at >= PHOTO_STAYS


def _speaks_of(receipt: Receipt, parcel: Parcel | None) -> bool:
    if parcel is None:
        return False
    said = (receipt.kind, str(receipt.id), receipt.revision)
    return said == (parcel.kind, parcel.id, parcel.revision)


def _receive(
    notebook: Notebook, memory: Memory, parcel: Parcel, receipt: Receipt, now: datetime
) -> None:
    Ledger(memory).enter(receipt)
    if entry := _entry(notebook, parcel):
        notebook.write(entry.delivered(receipt, now))
        gone = entry.stage is Stage.WITHDRAWN or receipt.outcome is Outcome.WITHDRAWN
        _due(notebook, _shown(parcel, entry), not gone)
    if memory.ledger_broken():
        memory.set_aside(parcel)
    notebook.recall(parcel.digest)


def _shown(parcel: Parcel, entry: Entry) -> set[str]:
    """The pictures that this parcel is about and the entry still shows: one that the worker took
    out since must not leave the phone (rule L6)."""
    now = {photo.sha256 for photo in entry.report.photos}
    if parcel.kind is ArrivalKind.WITHDRAWAL:
        return now
    return now & {photo["sha256"] for photo in wire.read(parcel.raw)["body"].get("photos", ())}


def _due(notebook: Notebook, shown: Iterable[str], due: bool) -> None:
    if shown := set(shown):
        for picture in notebook.pictures():
            if picture.sha256 in shown and picture.due is not due:
                notebook.draw(replace(picture, due=due))


def _file(notebook: Notebook, answer: Answer) -> bool:
    new = notebook.file(answer)
    entry = notebook.entry(answer.report)
    if new and entry:
        notebook.write(entry.reviewed(answer))
    return new


def _stored(notebook: Notebook, stored: set[str], at: datetime) -> None:
    for picture in notebook.pictures(stored=False) if stored else ():
        if picture.sha256 in stored:
            notebook.draw(replace(picture, sent=picture.size, stored_at=at))


def _entry(notebook: Notebook, parcel: Parcel) -> Entry | None:
    return notebook.entry(UUID(parcel.id)) if parcel.kind in ABOUT_A_REPORT else None
