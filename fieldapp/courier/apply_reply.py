"""What one reply of the bureau changes in the notebook: all of it or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contract.protocol import ArrivalKind, Outcome, Receipt, Refusal, SyncReply, SyncRequest
from fieldapp.courier.apply_answers import file_answers
from fieldapp.courier.ledger import LONGEST, Ledger
from fieldapp.memory.memory import Memory
from fieldapp.memory.resend import send_again
from fieldapp.ports import Notebook
from fieldapp.report.entry import Entry, Stage
from fieldapp.report.parcel import Parcel

RECEIVED = (Stage.DELIVERED, Stage.REVIEWED)
EVERY = 1_000_000
ABOUT_A_REPORT = {ArrivalKind.REPORT, ArrivalKind.WITHDRAWAL}


@dataclass(frozen=True, slots=True)
class AppliedReply:
    """What came of one batch: digests that need not go again, and how many answers were new."""

    delivered: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    answers: int = 0


def apply_reply(
    notebook: Notebook, sent: Sequence[Parcel], asked: SyncRequest, reply: SyncReply, now: datetime
) -> AppliedReply:
    """Applies the reply to what was `sent` and `asked`, in one transaction."""
    parcels = {parcel.digest: parcel for parcel in sent}
    receipts = [r for r in reply.receipts if _speaks_of(r, parcels.get(r.digest))]
    delivered = frozenset(receipt.digest for receipt in receipts)
    refusals = [r for r in reply.refusals if r.digest in parcels.keys() - delivered]
    with notebook.atomic():
        if reply.forgot and asked.ledger and asked.ledger == Memory(notebook).highest_link():
            Memory(notebook).new_era()  # unless another tab has begun it
            send_again(notebook)
        for receipt in sorted(receipts, key=lambda receipt: receipt.position):
            _receive(notebook, parcels[receipt.digest], receipt, now)
            notebook.keep_receipted(receipt.digest, receipt.position, reply.server_time)
        for refusal in refusals:
            set_aside_refused(notebook, parcels[refusal.digest], refusal, now)
        answers = file_answers(notebook, asked, reply)
        _stored(notebook, asked, reply)
        _learn(Memory(notebook), reply)
    refused = frozenset(refusal.digest for refusal in refusals)
    return AppliedReply(delivered=delivered, refused=refused, answers=answers)


def set_aside_refused(notebook: Notebook, parcel: Parcel, refusal: Refusal, now: datetime) -> None:
    """Out of the way of those behind it. The worker is told; the bytes are kept."""
    with notebook.atomic():
        entry = _entry(notebook, parcel)
        if entry and parcel.kind is ArrivalKind.REPORT:
            notebook.write(entry.refused(refusal.changed(revision=parcel.revision), now))
        Memory(notebook).keep_refused(parcel)
        notebook.dequeue(parcel.digest)


def mark_photo_stored(notebook: Notebook, sha256: str, at: datetime) -> None:
    """The bureau has confirmed this photo by its digest; `at` by the bureau's clock."""
    with notebook.atomic():
        for picture in notebook.photos(stored=False):
            if picture.sha256 == sha256:
                notebook.save_photo(replace(picture, sent=picture.size, stored_at=at))


def _speaks_of(receipt: Receipt, parcel: Parcel | None) -> bool:
    if parcel is None or receipt.position > LONGEST:
        return False
    said = (receipt.kind, str(receipt.id), receipt.revision)
    return said == (parcel.kind, parcel.id, parcel.revision)


def _receive(notebook: Notebook, parcel: Parcel, receipt: Receipt, now: datetime) -> None:
    Ledger(Memory(notebook)).enter(receipt)
    if entry := _entry(notebook, parcel):
        notebook.write(entry.delivered(receipt, now))
        gone = entry.stage is Stage.WITHDRAWN or receipt.outcome is Outcome.WITHDRAWN
        shown = _shown(parcel, entry)
        _due(notebook, shown - _shown_elsewhere(notebook, entry) if gone else shown, not gone)


def _shown(parcel: Parcel, entry: Entry) -> set[str]:
    """The pictures that this parcel is about and the entry still shows: one that the worker took
    out since must not leave the phone (rule L6)."""
    now = {photo.sha256 for photo in entry.report.photos}
    return now if parcel.kind is ArrivalKind.WITHDRAWAL else now & parcel.pictures()


def _shown_elsewhere(notebook: Notebook, gone: Entry) -> set[str]:
    """Pictures that the bureau needs for another report, whatever becomes of this one."""
    others = notebook.entries(RECEIVED, EVERY)
    return {
        p.sha256 for one in others if one.report.id != gone.report.id for p in one.report.photos
    }


def _due(notebook: Notebook, shown: Iterable[str], due: bool) -> None:
    if shown := set(shown):
        for picture in notebook.photos():
            if picture.sha256 in shown and picture.due is not due:
                notebook.save_photo(replace(picture, due=due, idle_at=None))


def _stored(notebook: Notebook, asked: SyncRequest, reply: SyncReply) -> None:
    """What the bureau says of the photos asked about, one that it has lost since included."""
    stored, at = set(reply.stored), reply.server_time
    wanted = {one.sha256: one.offset for one in reply.wanted}
    for picture in notebook.photos() if asked.photos else ():
        name = picture.sha256
        if name not in asked.photos:
            continue
        if name in stored and not picture.stored:
            notebook.save_photo(replace(picture, sent=picture.size, stored_at=at))
        elif name in wanted and picture.stored and name not in stored:
            notebook.save_photo(replace(picture, sent=wanted[name], stored_at=None))


def _learn(memory: Memory, reply: SyncReply) -> None:
    if reply.codelists:
        memory.keep_lists(reply.codelists)
    memory.keep_reference_data(reply.places, reply.reference)


def _entry(notebook: Notebook, parcel: Parcel) -> Entry | None:
    return notebook.entry(UUID(parcel.id)) if parcel.kind in ABOUT_A_REPORT else None
