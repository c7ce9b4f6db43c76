"""What one reply of the bureau changes in the notebook: all of it or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contract.protocol import ArrivalKind, Outcome, Receipt, Refusal, SyncReply, SyncRequest
from fieldapp.courier.apply_answers import file_answers
from fieldapp.courier.ledger import MAX_POSITION, Ledger
from fieldapp.memory.memory import Memory
from fieldapp.memory.resend import send_again
from fieldapp.ports import Notebook
from fieldapp.report.entry import Entry, Stage
from fieldapp.report.parcel import Parcel

RECEIVED = (Stage.DELIVERED, Stage.REVIEWED)
ALL = 1_000_000
ABOUT_A_REPORT = {ArrivalKind.REPORT, ArrivalKind.WITHDRAWAL}


@dataclass(frozen=True, slots=True)
class SyncExchange:
    """One sync call: the parcels that were sent, what was asked, and the bureau's reply."""

    sent: Sequence[Parcel]
    asked: SyncRequest
    reply: SyncReply


@dataclass(frozen=True, slots=True)
class AppliedReply:
    """What came of a batch: digests that need not be sent again, and how many answers were new."""

    delivered: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    answers: int = 0


def apply_reply(
    notebook: Notebook, memory: Memory, exchange: SyncExchange, now: datetime
) -> AppliedReply:
    """Writes down what the reply says of the exchange, in one transaction; `now` by the phone's
    clock. Raises DiskFull."""
    asked, reply = exchange.asked, exchange.reply
    parcels = {parcel.digest: parcel for parcel in exchange.sent}
    receipts = [r for r in reply.receipts if _is_receipt_for(parcels.get(r.digest), r)]
    delivered = frozenset(receipt.digest for receipt in receipts)
    refusals = [r for r in reply.refusals if r.digest in parcels.keys() - delivered]
    with notebook.atomic():
        if reply.forgot and asked.ledger and asked.ledger == memory.highest_link():
            memory.new_era()  # where it differs, another tab has begun the new era meanwhile
            send_again(notebook)
        for receipt in sorted(receipts, key=lambda receipt: receipt.position):
            Ledger(memory).add(receipt)
            _apply_receipt(notebook, parcels[receipt.digest], receipt, now)
            notebook.keep_receipted(receipt.digest, receipt.position, reply.server_time)
        for refusal in refusals:
            set_aside_refused(notebook, memory, parcels[refusal.digest], refusal, now)
        answers = file_answers(notebook, memory, asked, reply)
        _apply_photo_states(notebook, asked, reply)
        _keep_reference_data(memory, reply)
        _keep_of_the_day(memory, reply, now)
    refused = frozenset(refusal.digest for refusal in refusals)
    return AppliedReply(delivered=delivered, refused=refused, answers=answers)


def set_aside_refused(
    notebook: Notebook, memory: Memory, parcel: Parcel, refusal: Refusal, now: datetime
) -> None:
    """Takes a refused parcel out of the outbox, so that it holds up none behind it. The entry shows
    the refusal; the bytes are kept."""
    with notebook.atomic():
        entry = _entry(notebook, parcel)
        if entry and parcel.kind is ArrivalKind.REPORT:
            notebook.write(entry.refused(refusal.changed(revision=parcel.revision), now))
        if parcel.kind is ArrivalKind.OBJECTION and (about := notebook.entry(UUID(parcel.id))):
            notebook.write(about.objection_refused(refusal.code, now))
        memory.keep_refused(parcel)
        notebook.dequeue(parcel.digest)


def mark_photo_stored(notebook: Notebook, sha256: str, at: datetime) -> None:
    """The bureau has confirmed this photo by its digest; `at` by the bureau's clock."""
    with notebook.atomic():
        for photo in notebook.photos(stored=False):
            if photo.sha256 == sha256:
                notebook.save_photo(replace(photo, sent=photo.size, stored_at=at))


def _is_receipt_for(parcel: Parcel | None, receipt: Receipt) -> bool:
    if parcel is None or receipt.position > MAX_POSITION:
        return False
    said = (receipt.kind, str(receipt.id), receipt.revision)
    return said == (parcel.kind, parcel.id, parcel.revision)


def _apply_receipt(notebook: Notebook, parcel: Parcel, receipt: Receipt, now: datetime) -> None:
    """The photos of a report that was received become due; those of one that was withdrawn no
    longer are, unless another report needs them."""
    if entry := _entry(notebook, parcel):
        notebook.write(entry.delivered(receipt, now))
        withdrawn = entry.stage is Stage.WITHDRAWN or receipt.outcome is Outcome.WITHDRAWN
        shown = _photos_shown(parcel, entry)
        if withdrawn:
            shown -= _photos_of_others(notebook, entry)
        _set_due(notebook, shown, not withdrawn)


def _photos_shown(parcel: Parcel, entry: Entry) -> set[str]:
    """The photos that this parcel is about and that the entry still shows: one that the worker has
    taken out since must not leave the phone (rule L6)."""
    now = {photo.sha256 for photo in entry.report.photos}
    return now if parcel.kind is ArrivalKind.WITHDRAWAL else now & parcel.photos()


def _photos_of_others(notebook: Notebook, withdrawn: Entry) -> set[str]:
    """Photos that the bureau needs for another report."""
    others = notebook.entries(RECEIVED, ALL)
    return {
        photo.sha256
        for one in others
        if one.report.id != withdrawn.report.id
        for photo in one.report.photos
    }


def _set_due(notebook: Notebook, digests: Iterable[str], due: bool) -> None:
    if digests := set(digests):
        for photo in notebook.photos():
            if photo.sha256 in digests and photo.due is not due:
                notebook.save_photo(replace(photo, due=due, idle_at=None))


def _apply_photo_states(notebook: Notebook, asked: SyncRequest, reply: SyncReply) -> None:
    """What the bureau says of the photos asked about: stored, or wanted though it had it before."""
    stored, at = set(reply.stored), reply.server_time
    wanted = {one.sha256: one.offset for one in reply.wanted}
    for photo in notebook.photos() if asked.photos else ():
        name = photo.sha256
        if name not in asked.photos:
            continue
        if name in stored and not photo.stored:
            notebook.save_photo(replace(photo, sent=photo.size, stored_at=at))
        elif name in wanted and photo.stored and name not in stored:
            notebook.save_photo(replace(photo, sent=wanted[name], stored_at=None))


def _keep_reference_data(memory: Memory, reply: SyncReply) -> None:
    if reply.codelists:
        memory.keep_lists(reply.codelists)
    memory.keep_reference_data(reply.places, reply.reference)
    if reply.counts:
        memory.keep_counts(reply.counts)


def _keep_of_the_day(memory: Memory, reply: SyncReply, now: datetime) -> None:
    if reply.anchor:
        memory.keep_anchor(reply.anchor, now)
    if reply.bureau_key:
        memory.keep_bureau_key(reply.bureau_key)


def _entry(notebook: Notebook, parcel: Parcel) -> Entry | None:
    return notebook.entry(UUID(parcel.id)) if parcel.kind in ABOUT_A_REPORT else None
