"""Small stand-ins for the ports, in memory; the tests of each adapter run against them as well."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256 as digest_of
from threading import RLock
from uuid import UUID

from contract.protocol import (
    Answer,
    Enrolment,
    EnrolmentRequest,
    SyncReply,
    SyncRequest,
    WantedPhoto,
)
from fieldapp.ports import (
    Credentials,
    DiskFull,
    FixOutcome,
    Frame,
    Mask,
    NotebookClosed,
    PhotoUploadState,
    ReceiptedParcel,
    Refused,
    Sighting,
)
from fieldapp.report.entry import UNDO, Entry, Stage
from fieldapp.report.parcel import Parcel
from tests.builders import NOON, SERVER_NOON

TOKEN = "t" * 43


class FakeNotebook:
    """Port Notebook. `full` makes every write fail."""

    def __init__(self) -> None:
        self.full = False
        self._pen = RLock()
        self._depth = 0
        self._entries: dict[UUID, Entry] = {}
        self._parcels: dict[str, Parcel] = {}
        self._receipted: dict[str, tuple[int, datetime]] = {}
        self._photos: dict[str, PhotoUploadState] = {}
        self._answers: dict[tuple[int, UUID], Answer] = {}
        self._memories: dict[str, str] = {}
        self._given_up = False

    @contextmanager
    def atomic(self) -> Iterator[None]:
        with self._pen:
            if self._given_up:
                raise NotebookClosed
            if self.full:
                raise DiskFull
            before = {name: copy(thing) for name, thing in vars(self).items() if name in TABLES}
            try:
                yield
            except BaseException:
                vars(self).update(before)
                raise

    def entry(self, report: UUID) -> Entry | None:
        return self._entries.get(report)

    def entries(
        self, stages: Iterable[Stage] = (), limit: int = 50, before: Entry | None = None
    ) -> Sequence[Entry]:
        wanted = set(stages) or set(Stage)
        found = [entry for entry in self._entries.values() if entry.stage in wanted]
        older = [entry for entry in found if not before or _age(entry) < _age(before)]
        return sorted(older, key=_age, reverse=True)[:limit]

    def counts(self) -> dict[Stage, int]:
        stages = [entry.stage for entry in self._entries.values()]
        return {stage: stages.count(stage) for stage in Stage}

    def write(self, entry: Entry) -> None:
        with self.atomic():
            held = self._entries.get(entry.report.id)
            self._entries[entry.report.id] = entry.with_news_of(held) if held else entry

    def discard(self, report: UUID) -> None:
        with self.atomic():
            held = self._entries.get(report)
            if held and held.report.revision == 0:
                del self._entries[report]

    def enqueue(self, parcel: Parcel) -> None:
        with self.atomic():
            self._parcels.setdefault(parcel.digest, parcel)

    def dequeue(self, digest: str) -> None:
        with self.atomic():
            if digest not in self._receipted:
                self._parcels.pop(digest, None)

    def outbox(self, sealed_before: datetime, limit: int) -> Sequence[Parcel]:
        waiting = [
            parcel
            for parcel in self._parcels.values()
            if parcel.digest not in self._receipted
            and not sealed_before <= parcel.sealed_at <= sealed_before + 2 * UNDO
        ]
        return sorted(waiting, key=lambda parcel: parcel.patrol, reverse=True)[:limit]

    def keep_receipted(self, digest: str, position: int, at: datetime) -> None:
        with self.atomic():
            if digest in self._parcels:
                self._receipted[digest] = position, at

    def receipted(self) -> Sequence[ReceiptedParcel]:
        kept = (parcel for parcel in self._parcels.values() if parcel.digest in self._receipted)
        return [ReceiptedParcel(parcel, *self._receipted[parcel.digest]) for parcel in kept]

    def requeue_receipted(self) -> Sequence[Parcel]:
        with self.atomic():
            kept = [one.parcel for one in self.receipted()]
            self._receipted.clear()
            return kept

    def purge_receipted(self, now: datetime, stays: timedelta) -> int:
        with self.atomic():
            for digest, (position, at) in self._receipted.items():
                self._receipted[digest] = position, min(at, now)
            old = [digest for digest, (_, at) in self._receipted.items() if now - at >= stays]
            for digest in old:
                del self._receipted[digest], self._parcels[digest]
            return len(old)

    def waiting(self) -> int:
        return len(self._parcels) - len(self._receipted)

    def save_photo(self, photo: PhotoUploadState) -> None:
        with self.atomic():
            self._photos[photo.sha256] = photo

    def note_photo_sent(self, sha256: str, sent: int) -> None:
        with self.atomic():
            if held := self._photos.get(sha256):
                self._photos[sha256] = replace(held, sent=sent)

    def photos(self, stored: bool | None = None) -> Sequence[PhotoUploadState]:
        found = sorted(self._photos.values(), key=lambda one: one.patrol, reverse=True)
        return [photo for photo in found if stored is None or photo.stored is stored]

    def keep_answer(self, answer: Answer) -> bool:
        with self.atomic():
            new = (answer.seq, answer.report) not in self._answers
            self._answers.setdefault((answer.seq, answer.report), answer)
            return new

    def drop_answer(self, answer: Answer) -> None:
        with self.atomic():
            self._answers.pop((answer.seq, answer.report), None)

    def answers(self) -> Sequence[Answer]:
        return [self._answers[key] for key in sorted(self._answers)]

    def remembered(self, key: str) -> str | None:
        return self._memories.get(key)

    def remember(self, key: str, text: str | None) -> None:
        with self.atomic():
            self._memories.pop(key, None)
            if text is not None:
                self._memories[key] = text

    def close_if(self, ready: Callable[[], bool]) -> bool:
        with self._pen:
            self._given_up = ready()
            return self._given_up


TABLES = {"_entries", "_parcels", "_receipted", "_photos", "_answers", "_memories"}


def _age(entry: Entry) -> tuple[datetime, UUID]:
    return entry.report.seen_at, entry.report.id


class FakeSafe:
    """Port Safe. While `shut` it does not answer."""

    def __init__(self, **secrets: str) -> None:
        self.secrets, self.shut = dict(secrets), False

    async def get(self, name: str) -> str | None:
        self._answer()
        return self.secrets.get(name)

    async def put(self, name: str, text: str | None) -> None:
        self._answer()
        self.secrets.pop(name, None)
        if text is not None:
            self.secrets[name] = text

    async def settle(self, name: str, text: str) -> str:
        self._answer()
        return self.secrets.setdefault(name, text)

    def _answer(self) -> None:
        if self.shut:
            raise OSError


class FakeCredentials:
    """Port CredentialSource: always the same; none without an address."""

    def __init__(self, address: str = "", token: str = TOKEN) -> None:
        self._credentials = Credentials(address, token) if address else None

    async def credentials(self) -> Credentials | None:
        return self._credentials


class FakeAlbum:
    """Port Album."""

    def __init__(self) -> None:
        self.full = False
        self.kept: dict[str, bytes] = {}

    def keep(self, jpeg: bytes) -> str:
        if self.full:
            raise DiskFull
        name = digest_of(jpeg).hexdigest()
        self.kept[name] = jpeg
        return name

    def read(self, sha256: str) -> bytes | None:
        return self.kept.get(sha256)

    def forget(self, sha256: str) -> None:
        self.kept.pop(sha256, None)

    def used_bytes(self) -> int:
        return sum(len(jpeg) for jpeg in self.kept.values())

    def free_bytes(self) -> int:
        return 10**12


class FakeDarkroom:
    """Port Darkroom: a print is the raw bytes and the number of masks."""

    async def develop(self, raw: bytes) -> Frame:
        if not raw.startswith(b"\xff\xd8"):
            raise Refused("not_a_picture")
        return Frame(raw, 1600, 1200)

    async def masked(self, frame: Frame, masks: Sequence[Mask], strip: str = "") -> Frame:
        written = bytes([len(masks)]) + strip.encode()
        return Frame(frame.jpeg + written, frame.width, frame.height)


class FakeCamera:
    """Port Camera: shoots what it holds."""

    def __init__(self, raw: bytes = b"\xff\xd8 photo", refusal: str = "") -> None:
        self.raw, self.refusal = raw, refusal

    async def shoot(self) -> bytes:
        if self.refusal:
            raise Refused(self.refusal)
        return self.raw


NOT_FOUND = Sighting(FixOutcome.TIMED_OUT)


class FakeLocator:
    """Port Locator: always the same sighting."""

    def __init__(self, sighting: Sighting = NOT_FOUND) -> None:
        self.sighting = sighting

    async def locate(self, seconds: float = 20) -> Sighting:
        return self.sighting


class FakeClock:
    """Port Clock, moved by hand; its randomness counts upwards."""

    def __init__(self, now: datetime = NOON) -> None:
        self.at, self.drawn = now, 0

    def now(self) -> datetime:
        return self.at

    def entropy(self, size: int) -> bytes:
        self.drawn += 1
        return self.drawn.to_bytes(size, "big")

    def pass_(self, **time: float) -> None:
        self.at += timedelta(**time)


class FakeLink:
    """Port Link: records what was asked; `answer` makes the reply, `trouble` is raised once."""

    def __init__(self) -> None:
        self.asked: list[tuple[SyncRequest, list[bytes]]] = []
        self.enrolled: list[EnrolmentRequest] = []
        self.sent: dict[str, bytes] = {}
        self.troubles: list[Exception] = []
        self.answer: Callable[[SyncRequest, Sequence[bytes]], SyncReply] = lambda *_: SyncReply(
            server_time=SERVER_NOON
        )

    async def enrol(self, asked: EnrolmentRequest, address: str) -> Enrolment:
        self._stumble()
        self.enrolled.append(asked)
        return Enrolment(
            token=TOKEN,
            device="d1",
            author="wg0301",
            bureau="9999",
            bureau_name="示例旗教体局",
            grid="0301",
            grid_name="第三网格",
            server_time=SERVER_NOON,
        )

    async def sync(
        self, asked: SyncRequest, parcels: Sequence[bytes], *, plain_bytes: int = 0
    ) -> SyncReply:
        self.asked.append((asked, list(parcels)))
        self._stumble()
        return self.answer(asked, parcels)

    async def photo(self, wanted: WantedPhoto, jpeg: bytes, told: Callable[[int], None]) -> None:
        self._stumble()
        self.sent[wanted.sha256] = jpeg
        told(len(jpeg))

    def _stumble(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
