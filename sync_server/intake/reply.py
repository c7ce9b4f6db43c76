"""What goes home with a sync call: answers, reference data, and which photos are still wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from contract.codelists import built_in
from contract.protocol import Answer, SyncReply, SyncRequest, WantedPhoto
from sync_server.accounts.phones import Phone
from sync_server.intake.intake import Received
from sync_server.intake.reference_data import ReferenceData
from sync_server.store import answers, arrivals, photos
from sync_server.store.engine import Tx

MOST_ANSWERS = 100
MOST_SEQ = 2**31 - 1  # what the column holds
MOST_NAMES = 10_000


class PhotoStore(Protocol):
    """What a reply asks of the photo store."""

    def reached(self, upload: str) -> int: ...

    def holds(self, sha256: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class ReceivedCall:
    """One call that was received and waits for its reply."""

    phone: Phone
    asked: SyncRequest
    now: datetime
    received: Received


@dataclass(frozen=True, slots=True)
class AnswerBatch:
    """What is told of the decisions: `heard` names the answer at `cursor`; a phone that said the
    same name need not hear it again."""

    rows: Sequence[Any]
    cursor: int
    heard: str
    retold: bool = False


@dataclass(frozen=True, slots=True)
class PhotoStatus:
    """What is known of those asked about: the stored ones, and by device and digest the uploads."""

    stored: set[str]
    under_way: Mapping[tuple[str, str], str]


class ReplyWriter:
    """Writes replies. What it remembers between calls can only be forgotten, never be wrong: an
    answer that was given stays, and the ground says when it changed."""

    def __init__(self, shelf: PhotoStore) -> None:
        self._shelf, self._ground = shelf, ReferenceData()
        self._names: dict[tuple[str, int], str] = {}

    def news(self, tx: Tx, calls: Sequence[ReceivedCall]) -> list[SyncReply]:
        """The whole replies; what the calls brought was received in this transaction before.

        A photo is said to be stored only where its file is: a phone deletes its own upon that word.
        """
        photos = self._photos(tx, calls)
        forgetful = _forgetful(tx, calls)
        stamp = self._ground.stamp(tx)
        return [
            self._reply(tx, call, photos, (stamp, call.phone.device in forgetful)) for call in calls
        ]

    def _photos(self, tx: Tx, calls: Sequence[ReceivedCall]) -> PhotoStatus:
        asked = {one for call in calls for one in call.asked.photos}
        stored = {one for one in photos.stored(tx, asked) if self._shelf.holds(one)}
        devices = {call.phone.device for call in calls if call.asked.photos}
        now = max(call.now for call in calls)
        return PhotoStatus(stored, photos.open_uploads(tx, devices, asked - stored, now))

    def _reply(
        self, tx: Tx, call: ReceivedCall, photos: PhotoStatus, known: tuple[int, bool]
    ) -> SyncReply:
        asked, (stamp, forgot) = call.asked, known
        told = self._told(tx, call)
        held = asked.held
        ground, news = self._ground.news(tx, call.phone, held.places, (stamp, call.now))
        lists = built_in()
        return SyncReply(
            receipts=call.received.receipts,
            refusals=call.received.refusals,
            stored=tuple(sorted(photos.stored.intersection(asked.photos))),
            wanted=self._wanted(call, photos),
            answers=tuple(_answer(row) for row in told.rows),
            cursor=told.cursor,
            heard=told.heard if told.heard != asked.heard else "",
            more=len(told.rows) == MOST_ANSWERS,
            forgot=forgot,
            retold=told.retold,
            codelists=lists if lists.version != held.codelists else None,
            places=ground,
            reference=news,
            server_time=call.now,
        )

    def _told(self, tx: Tx, call: ReceivedCall) -> AnswerBatch:
        """What follows the cursor. Where the answer at the cursor is not the one that the phone has
        heard, our database was restored from a backup: everything is told again."""
        author, cursor, heard = (
            call.phone.author,
            min(call.asked.cursor, MOST_SEQ),
            call.asked.heard,
        )
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
        """The bureau's name for an answer: two that differ in anything have two names."""
        said = (row.seq, row.report, row.at.isoformat(), row.state, row.reason, row.comment)
        name = sha256("\n".join(map(str, said)).encode()).hexdigest()[:16]
        if len(self._names) >= MOST_NAMES:
            self._names.clear()
        self._names[author, row.seq] = name
        return name

    def _wanted(self, call: ReceivedCall, photos: PhotoStatus) -> tuple[WantedPhoto, ...]:
        missing = [one for one in call.asked.photos if one not in photos.stored]
        begun = {one: photos.under_way.get((call.phone.device, one)) for one in missing}
        return tuple(
            WantedPhoto(
                sha256=one, offset=self._shelf.reached(upload), upload=f"/v1/photos/{upload}"
            )
            if upload
            else WantedPhoto(sha256=one)
            for one, upload in begun.items()
        )


def _forgetful(tx: Tx, calls: Sequence[ReceivedCall]) -> set[str]:
    """The devices whose named link is not in our ledger: our database is older than they know."""
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
