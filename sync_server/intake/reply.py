"""Writes the replies to sync calls: receipts, answers, reference data and wanted photos."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from contract.codelists import built_in
from contract.protocol import Answer, SyncReply, SyncRequest, WantedPhoto
from sync_server.accounts.phones import Phone
from sync_server.intake.receive import IntakeResult
from sync_server.intake.reference_data import ReferenceData
from sync_server.store import answers, arrivals, photos
from sync_server.store.engine import Tx

MOST_ANSWERS = 100
MOST_SEQ = 2**31 - 1  # the largest value of the column
MOST_NAMES = 10_000


class PhotoStore(Protocol):
    """What a reply asks of the photo files."""

    def reached(self, upload: str) -> int:
        """How many bytes of this upload are on the disk."""
        ...

    def holds(self, sha256: str) -> bool:
        """Whether the file of the photo with this digest is there."""
        ...


@dataclass(frozen=True, slots=True)
class ReceivedCall:
    """One call whose arrivals were received, and which has no reply yet."""

    phone: Phone
    asked: SyncRequest
    now: datetime
    result: IntakeResult


@dataclass(frozen=True, slots=True)
class AnswerBatch:
    """The answers of one reply. `heard` is the bureau's name for the answer at `cursor`; `retold`:
    they begin again with the first one."""

    rows: Sequence[Any]
    cursor: int
    heard: str
    retold: bool = False


@dataclass(frozen=True, slots=True)
class PhotoStatus:
    """Of the photos asked about: the digests of those that are stored, and the names of the open
    uploads by device and digest."""

    stored: set[str]
    under_way: Mapping[tuple[str, str], str]


class ReplyWriter:
    """Writes replies. Its caches cannot be wrong: an answer that was given never changes, and
    reference data has a number that tells when it did."""

    def __init__(self, photo_store: PhotoStore) -> None:
        self._photo_store, self._reference = photo_store, ReferenceData()
        self._names: dict[tuple[str, int], str] = {}

    def write_replies(self, tx: Tx, calls: Sequence[ReceivedCall]) -> list[SyncReply]:
        """One reply for each call; the arrivals of the calls were received in this transaction.

        A photo is `stored` only if its file is there: the phone then deletes its own copy.
        """
        photos = self._photos(tx, calls)
        forgotten = _devices_we_forgot(tx, calls)
        change = self._reference.current_change(tx)
        return [
            self._reply(tx, call, photos, (change, call.phone.device in forgotten))
            for call in calls
        ]

    def _photos(self, tx: Tx, calls: Sequence[ReceivedCall]) -> PhotoStatus:
        asked = {one for call in calls for one in call.asked.photos}
        stored = {one for one in photos.stored(tx, asked) if self._photo_store.holds(one)}
        devices = {call.phone.device for call in calls if call.asked.photos}
        now = max(call.now for call in calls)
        return PhotoStatus(stored, photos.open_uploads(tx, devices, asked - stored, now))

    def _reply(
        self, tx: Tx, call: ReceivedCall, photos: PhotoStatus, state: tuple[int, bool]
    ) -> SyncReply:
        asked, (change, forgot) = call.asked, state
        batch = self._answers(tx, call)
        held = asked.held
        at = (change, call.now)
        places, reference = self._reference.changes_for(tx, call.phone, held.places, at)
        lists = built_in()
        return SyncReply(
            receipts=call.result.receipts,
            refusals=call.result.refusals,
            stored=tuple(sorted(photos.stored.intersection(asked.photos))),
            wanted=self._wanted(call, photos),
            answers=tuple(_answer(row) for row in batch.rows),
            cursor=batch.cursor,
            heard=batch.heard if batch.heard != asked.heard else "",
            more=len(batch.rows) == MOST_ANSWERS,
            forgot=forgot,
            retold=batch.retold,
            codelists=lists if lists.version != held.codelists else None,
            places=places,
            reference=reference,
            server_time=call.now,
        )

    def _answers(self, tx: Tx, call: ReceivedCall) -> AnswerBatch:
        """The answers after the cursor. If the answer at the cursor is not the one that the phone
        heard, our database was restored from a backup: all answers are told again."""
        author, heard = call.phone.author, call.asked.heard
        cursor = min(call.asked.cursor, MOST_SEQ)
        if cursor == call.phone.last_answer and self._is_named(author, cursor, heard):
            return AnswerBatch((), cursor, heard)
        rows = answers.starting_at(tx, author, max(1, cursor), MOST_ANSWERS + (cursor > 0))
        names = [self._name(author, row) for row in rows]
        if not cursor or (rows and rows[0].seq == cursor and heard in ("", names[0])):
            rows = rows[1:] if cursor else rows
            return AnswerBatch(rows, rows[-1].seq if rows else cursor, names[-1] if names else "")
        rows = answers.starting_at(tx, author, 1, MOST_ANSWERS)
        last = rows[-1] if rows else None
        name = self._name(author, last) if last else ""
        return AnswerBatch(rows, last.seq if last else 0, name, retold=True)

    def _is_named(self, author: str, cursor: int, heard: str) -> bool:
        return not cursor or (bool(heard) and self._names.get((author, cursor)) == heard)

    def _name(self, author: str, row: Any) -> str:
        """The bureau's name for an answer: a hash, so that two different answers differ in it."""
        content = (row.seq, row.report, row.at.isoformat(), row.state, row.reason, row.comment)
        name = sha256("\n".join(map(str, content)).encode()).hexdigest()[:16]
        if len(self._names) >= MOST_NAMES:
            self._names.clear()
        self._names[author, row.seq] = name
        return name

    def _wanted(self, call: ReceivedCall, photos: PhotoStatus) -> tuple[WantedPhoto, ...]:
        missing = [one for one in call.asked.photos if one not in photos.stored]
        begun = {one: photos.under_way.get((call.phone.device, one)) for one in missing}
        return tuple(
            WantedPhoto(
                sha256=one, offset=self._photo_store.reached(upload), upload=f"/v1/photos/{upload}"
            )
            if upload
            else WantedPhoto(sha256=one)
            for one, upload in begun.items()
        )


def _devices_we_forgot(tx: Tx, calls: Sequence[ReceivedCall]) -> set[str]:
    """The devices that named a link of their ledger which is not in ours: our database is older."""
    named = {
        (call.phone.device, call.asked.ledger.position): call.asked.ledger.hash
        for call in calls
        if call.asked.ledger and (call.asked.ledger.position, call.asked.ledger.hash)
        != (call.phone.position, call.phone.hash)
    }  # fmt: skip
    held = arrivals.link_hashes(tx, named.keys())
    return {device for (device, n), hash in named.items() if held.get((device, n)) != hash}


def _answer(row: Any) -> Answer:
    return Answer(
        seq=row.seq,
        report=row.report,
        at=row.at,
        state=row.state,
        reason=row.reason,
        comment=row.comment,
        by=row.by,
        place=row.place[:100],
        number=row.number,
    )
