"""A truthful bureau in memory behind a fake link, and a phone without screens before it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from contract import wire
from contract.codelists import CodeLists, built_in
from contract.patrol import Patrol
from contract.protocol import (
    GENESIS,
    Answer,
    ArrivalKind,
    LedgerHead,
    Outcome,
    Receipt,
    Refusal,
    SyncReply,
    SyncRequest,
    WantedPhoto,
    link_hash,
)
from contract.reference import LeadCounts, Places, Reference
from contract.report import Suggestion
from fieldapp.courier.courier import Courier, TripPorts
from fieldapp.memory.memory import Memory
from fieldapp.ports import Notebook, Offline, PhotoUploadState, Refused, Safe
from fieldapp.report.entry import UNDO, Entry
from fieldapp.report.parcel import Parcel
from tests.builders import NOON, SERVER_NOON, a_name, a_photo, an_entry, an_identity
from tests.fieldapp.fakes import FakeAlbum, FakeClock, FakeLink, FakeSafe

PAGE = 2  # answers in one reply, few enough that a test sees `more`


class Bureau:
    """Receives by digest, keeps the ledger, answers from a cursor. `unfit` parcels are refused one
    by one, `poison` ones with the whole batch; a `lost` reply was given and never arrived. An `old`
    one does not know how to say that it has forgotten something."""

    def __init__(self, road: FakeLink) -> None:
        self.road = road
        self.kept: dict[str, Receipt] = {}
        self.order: list[str] = []
        self.numbered = 0
        self.unfit: dict[str, str] = {}
        self.poison: dict[str, int] = {}
        self.mute: set[str] = set()
        self.answers: list[Answer] = []
        self.places: Places | None = None
        self.reference: Reference | None = None
        self.lists: CodeLists | None = None
        self.counts: LeadCounts | None = None
        self.outcome = Outcome.RECORDED
        self.at = SERVER_NOON
        self.lost = 0
        self.old = False
        self.again = 0  # how often it gave a receipt for what it had
        road.answer = self.reply

    def reply(self, asked: SyncRequest, parcels: Sequence[bytes]) -> SyncReply:
        digests = [sha256(raw).hexdigest() for raw in parcels]
        for digest in digests:
            if status := self.poison.get(digest):
                raise Refused("unreadable", status)
        forgot = asked.ledger is not None and not self._knows(asked.ledger)
        kept = [self._receive(raw, digest) for raw, digest in zip(parcels, digests, strict=True)]
        retold = self._named(asked.cursor) != asked.heard != ""
        start = 0 if retold or asked.cursor > len(self.answers) else asked.cursor
        page = self.answers[start : start + PAGE]
        if self.lost:
            self.lost -= 1
            raise Offline("timed_out")
        return SyncReply(
            receipts=tuple(one for one in kept if isinstance(one, Receipt)),
            refusals=tuple(one for one in kept if isinstance(one, Refusal)),
            stored=tuple(one for one in asked.photos if one in self.road.sent),
            wanted=tuple(WantedPhoto(sha256=o) for o in asked.photos if o not in self.road.sent),
            answers=tuple(page),
            cursor=start + len(page),
            heard="" if self.old else self._named(start + len(page)),
            forgot=forgot and not self.old,
            retold=retold and not self.old,
            more=len(page) == PAGE,
            places=self.places,
            reference=self.reference,
            codelists=self.lists,
            counts=self.counts,
            server_time=self.at,
        )

    def restore(self, parcels: int, answers: int = 0, photos: Sequence[str] = ()) -> None:
        """The database as it was after so many parcels and answers; the folder with these photos.
        Its numbers go on from another hundred, as those of a bureau with many phones would."""
        for digest in self.order[parcels:]:
            del self.kept[digest]
        del self.order[parcels:], self.answers[answers:]
        self.road.sent = {name: self.road.sent[name] for name in photos}
        self.numbered += 100

    def _knows(self, head: LedgerHead) -> bool:
        held = self.order[head.position - 1 : head.position]
        return [self.kept[digest].hash for digest in held] == [head.hash]

    def _named(self, cursor: int) -> str:
        """A name for the answer at the cursor that none with another past has."""
        told = self.answers[:cursor]
        if self.old or not told or cursor > len(self.answers):
            return ""
        return wire.digest([wire.to_json(answer) for answer in told])[:12]

    def decide(self, report: UUID, **changes: Any) -> Answer:
        fields = {"seq": len(self.answers) + 1, "report": report, "at": self.at} | changes
        answer = Answer.model_validate({"state": "20", "by": "SUPERVISOR"} | fields)
        self.answers.append(answer)
        return answer

    def _receive(self, raw: bytes, digest: str) -> Receipt | Refusal | None:
        if digest in self.mute:
            return None
        if code := self.unfit.get(digest):
            return Refusal(digest=digest, code=code)  # it could not even read an id
        if held := self.kept.get(digest):
            self.again += 1
            return held.changed(outcome=Outcome.HELD)
        thing = wire.parse_json(raw)
        before = self.kept[self.order[-1]].hash if self.order else GENESIS
        position = len(self.order) + 1
        number = f"9999-{position + self.numbered:06d}"
        self.kept[digest] = Receipt(
            kind=thing["kind"],
            id=thing["body"]["id"],
            revision=thing["body"].get("revision", 1),
            outcome=self.outcome,
            digest=digest,
            number=number,
            position=position,
            hash=link_hash(before, position, digest, number),
            at=self.at,
        )
        self.order.append(digest)
        return self.kept[digest]


class Phone:
    """A notebook, an album and a courier; `seal` does what the state does when a worker seals."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook, self.album = notebook, FakeAlbum()
        self.clock, self.road, self.safe = FakeClock(), FakeLink(), FakeSafe()
        self.bureau = Bureau(self.road)
        self.memory = Memory(notebook)
        self.memory.keep_identity(an_identity())
        self.start()

    def start(self) -> None:
        """The app opens (again): only what is durable is left."""
        self.courier = Courier(self.ports())

    def ports(self, safe: Safe | None = None) -> TripPorts:
        safe = safe or self.safe
        return TripPorts(self.notebook, self.memory, self.album, self.road, self.clock, safe)

    def seal(self, entry: Entry | None = None, *, photos: int = 0, **changes: Any) -> Parcel:
        """Sealed, and past the ten seconds in which it may be undone."""
        kept = [self.album.keep(f"photo {n} {self.clock.drawn}".encode()) for n in range(photos)]
        self.clock.drawn += 1
        shown = tuple(a_photo(sha256=sha256, bytes=len(self.album.kept[sha256])) for sha256 in kept)
        entry = entry or an_entry(photos=shown, **changes)
        entry, parcel = entry.sealed(self.clock.now(), built_in())
        self.post(entry, parcel)
        self.clock.pass_(seconds=UNDO.total_seconds() + 1)
        return parcel

    def post(self, entry: Entry, parcel: Parcel) -> None:
        with self.notebook.atomic():
            self.notebook.write(entry)
            self.notebook.enqueue(parcel)
            for photo in entry.report.photos:
                if photo.sha256 not in {one.sha256 for one in self.notebook.photos()}:
                    patrol = str(entry.report.patrol or "")
                    self.notebook.save_photo(
                        PhotoUploadState(photo.sha256, photo.bytes, patrol=patrol)
                    )

    def entry(self, parcel: Parcel) -> Entry:
        entry = self.notebook.entry(UUID(parcel.id))
        assert entry
        return entry

    def outbox(self) -> list[str]:
        return [p.digest for p in self.notebook.outbox(self.clock.now() - UNDO, 1_000)]

    def carried(self) -> list[int]:
        """How many parcels went with each call."""
        return [len(parcels) for _, parcels in self.road.asked]

    def fill(self, on: bool = True) -> None:
        """A full disk: every write fails."""
        self.notebook.full = on  # type: ignore[attr-defined]  # the fake's switch


def a_patrol() -> Parcel:
    patrol = Patrol(id=a_name(), device="d1", author="wg0301", started_at=NOON, ended_at=NOON)
    return Parcel.of(ArrivalKind.PATROL, patrol, 1, NOON)


def a_suggestion() -> Parcel:
    said = Suggestion(id=a_name(), device="d1", author="wg0301", at=NOON, text="字再大一点")
    return Parcel.of(ArrivalKind.SUGGESTION, said, 1, NOON)


def aside(phone: Phone, parcel: Parcel) -> bytes | None:
    kept = phone.memory.refused(parcel.digest)
    return kept.raw if kept else None


def pass_days(phone: Phone, days: float) -> None:
    phone.clock.pass_(days=days)
    phone.bureau.at += timedelta(days=days)


def alter(phone: Phone, change: Callable[[SyncReply], SyncReply]) -> None:
    bureau = phone.bureau
    phone.road.answer = lambda asked, parcels: change(bureau.reply(asked, parcels))


def refuses(trouble: Exception) -> Callable[[SyncRequest, Sequence[bytes]], SyncReply]:
    def answer(*_: object) -> SyncReply:
        raise trouble

    return answer
