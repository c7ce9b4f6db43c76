"""Writes the replies to sync calls: receipts, answers, reference data and wanted photos."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from contract.anchor import Anchor
from contract.codelists import CodeLists, built_in
from contract.protocol import UNREADABLE, Answer, SyncReply, SyncRequest, WantedPhoto
from contract.reference import LeadCounts
from sync_server.accounts.phones import Phone
from sync_server.intake.count_news import CountNews
from sync_server.intake.receive import IntakeResult
from sync_server.intake.reference_data import ReferenceData
from sync_server.intake.told_answers import told
from sync_server.store import answers, arrivals, held_answers, photos
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


class AnchorSource(Protocol):
    """Where the anchors of the audit log come from."""

    def for_phone(self, device: str, now: datetime) -> Anchor | None:
        """The one to be told to this phone with the reply to its call; None for no news."""
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

    answers: Sequence[Answer]
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

    def __init__(self, photo_store: PhotoStore, anchors: AnchorSource, key: str = "") -> None:
        """`key` is the bureau's public one, told with each anchor."""
        self._photo_store, self._reference = photo_store, ReferenceData()
        self._anchors, self._key = anchors, key
        self._names: dict[tuple[str, int], str] = {}

    def write_replies(self, tx: Tx, calls: Sequence[ReceivedCall]) -> list[SyncReply]:
        """One reply for each call; the arrivals of the calls were received in this transaction.

        A photo is `stored` only if its file is there: the phone then deletes its own copy.
        """
        calls = _with_released(tx, calls)
        photos = self._photos(tx, calls)
        forgotten = _devices_we_forgot(tx, calls)
        tx.write_last()  # after all locks but those of this: what was received is told at once
        held = [call.asked.held.counts for call in calls]
        news = CountNews(tx, self._reference.current_change(tx), held)
        return [
            self._with_key(self._reply(tx, call, photos, (news, call.phone.device in forgotten)))
            for call in calls
        ]

    def stored(self, tx: Tx, asked: Collection[str]) -> set[str]:
        """Which of these photos are durable here, row and file."""
        return {one for one in photos.stored(tx, asked) if self._photo_store.holds(one)}

    def _photos(self, tx: Tx, calls: Sequence[ReceivedCall]) -> PhotoStatus:
        asked = {one for call in calls for one in call.asked.photos}
        stored = self.stored(tx, asked)
        devices = {call.phone.device for call in calls if call.asked.photos}
        now = max(call.now for call in calls)
        return PhotoStatus(stored, photos.open_uploads(tx, devices, asked - stored, now))

    def _counts(
        self, tx: Tx, call: ReceivedCall, news: CountNews, forgot: bool
    ) -> LeadCounts | None:
        """With a call that has nothing to deliver: a report and its reply together have 1.2 KB."""
        if call.result.receipts:
            return None
        held = (call.asked.held.counts, forgot)
        return self._reference.counts_for(tx, call.phone, held, (news, call.now))

    def _reply(
        self, tx: Tx, call: ReceivedCall, photos: PhotoStatus, state: tuple[CountNews, bool]
    ) -> SyncReply:
        asked, (news, forgot) = call.asked, state
        batch, held, lists = self._answers(tx, call), asked.held, self._reference
        places, reference = lists.changes_for(tx, call.phone, held.places, (news.change, call.now))
        return SyncReply(
            receipts=call.result.receipts,
            refusals=call.result.refusals,
            stored=tuple(sorted(photos.stored.intersection(asked.photos))),
            wanted=self._wanted(call, photos),
            answers=tuple(batch.answers),
            cursor=batch.cursor,
            heard=batch.heard if batch.heard != asked.heard else "",
            more=len(batch.answers) == MOST_ANSWERS,
            forgot=forgot,
            retold=batch.retold,
            codelists=_code_lists(held.codelists),
            places=places,
            reference=reference,
            counts=self._counts(tx, call, news, forgot),
            anchor=self._anchors.for_phone(call.phone.device, call.now),
            retry_at=call.result.retry_at,
            server_time=call.now,
        )

    def _with_key(self, reply: SyncReply) -> SyncReply:
        return reply.changed(bureau_key=self._key) if reply.anchor else reply

    def _answers(self, tx: Tx, call: ReceivedCall) -> AnswerBatch:
        """The answers after the cursor. If the answer at the cursor is not the one that the phone
        heard, our database was restored from a backup: all answers are told again."""
        author, heard = call.phone.author, call.asked.heard
        cursor = min(call.asked.cursor, MOST_SEQ)
        if cursor == call.phone.last_answer and self._is_named(author, cursor, heard):
            return AnswerBatch((), cursor, heard)
        found = self._starting_at(tx, author, max(1, cursor), MOST_ANSWERS + (cursor > 0))
        names = [self._name(author, one) for one in found]
        if not cursor or (found and _is_the_one(found[0], cursor, ("", names[0]), heard)):
            new = found[1:] if cursor else found
            return AnswerBatch(new, new[-1].seq if new else cursor, names[-1] if names else "")
        found = self._starting_at(tx, author, 1, MOST_ANSWERS)
        last = found[-1] if found else None
        name = self._name(author, last) if last else ""
        return AnswerBatch(found, last.seq if last else 0, name, retold=True)

    def _starting_at(self, tx: Tx, author: str, seq: int, most: int) -> list[Answer]:
        return [told(tx, author, row) for row in answers.starting_at(tx, author, seq, most)]

    def _is_named(self, author: str, cursor: int, heard: str) -> bool:
        return not cursor or (bool(heard) and self._names.get((author, cursor)) == heard)

    def _name(self, author: str, one: Answer) -> str:
        """The bureau's name for an answer: a hash, so that two different answers differ in it."""
        content = (one.seq, one.report, one.at.isoformat(), one.state, one.reason, one.comment)
        name = sha256("\n".join(map(str, content)).encode()).hexdigest()[:16]
        if len(self._names) >= MOST_NAMES:
            self._names.clear()
        if one.state != UNREADABLE:  # that one may be mended
            self._names[author, one.seq] = name
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


def _with_released(tx: Tx, calls: Sequence[ReceivedCall]) -> Sequence[ReceivedCall]:
    """Releases the answers whose time has come; the calls then know the last number of each."""
    now = max(call.now for call in calls)
    last = held_answers.release(tx, {call.phone.author for call in calls}, now)
    if not last:
        return calls
    known = ((call, last.get(call.phone.author, call.phone.last_answer)) for call in calls)
    return [replace(call, phone=replace(call.phone, last_answer=n)) for call, n in known]


def _is_the_one(first: Answer, cursor: int, names: Sequence[str], heard: str) -> bool:
    """Whether the first answer found is the one that the phone heard. A damaged one may well be:
    the phone that has it whole is not told it anew."""
    return first.seq == cursor and (heard in names or first.state == UNREADABLE)


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


def _code_lists(held: str) -> CodeLists | None:
    """The code lists; None if the phone holds them."""
    lists = built_in()
    return lists if lists.version != held else None
