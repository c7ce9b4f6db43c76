"""What the load is made of: reports as phones seal them, photos as phones keep them, as bytes."""

import json
import os
import random
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import fieldapp
from bench.photographs import PHOTO_BYTES, SIZE, Jpeg
from bench.running import COMMUNITY, GRID, ROOT, Caller
from contract import wire
from contract.ids import uuid7
from contract.place import Fix, Place
from contract.protocol import (
    PROTOCOL,
    ArrivalKind,
    HeldVersions,
    LedgerHead,
    SyncReply,
    SyncRequest,
)
from contract.report import Photo, Report
from fieldapp.adapters import http_messages
from fieldapp.report.parcel import Parcel

BLANK = UUID("00000000-0000-7000-8000-000000000000")
KINDS = 40  # so many different reports, each sent under many names
COMPOUNDS = json.loads((ROOT / "demo/county.json").read_text())["compounds"]
RECEIPT = b'"outcome":'  # once in every receipt, and in nothing else of a reply
JSON = b"Content-Type: application/json\r\n"
FIELD = b"Host: bureau\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\n"


@dataclass(frozen=True, slots=True)
class Desk:
    """How one phone writes to its bureau, once it has heard it."""

    caller: Caller
    held: HeldVersions = field(default_factory=HeldVersions)
    head: LedgerHead | None = None

    def hearing(self, reply: SyncReply) -> "Desk":
        """The same phone with what the bureau said."""
        head = self.head
        if reply.receipts:
            last = reply.receipts[-1]
            head = LedgerHead(position=last.position, hash=last.hash)
        lists = reply.codelists.version if reply.codelists else self.held.codelists
        places = reply.reference.version if reply.reference else self.held.places
        return Desk(self.caller, HeldVersions(codelists=lists, places=places), head)

    def envelope(self, photos: Sequence[str] = ()) -> SyncRequest:
        return SyncRequest(
            protocol=PROTOCOL,
            app=fieldapp.__version__,
            sent_at=datetime.now(UTC),
            ledger=self.head,
            held=self.held,
            photos=tuple(photos),
        )

    def call(self, parcels: Sequence[bytes], photos: Sequence[str] = ()) -> bytes:
        """One whole request, as the phone's own link writes it."""
        content, coding = http_messages.compress(
            http_messages.encode_batch(self.envelope(photos), parcels)
        )
        return posted(self, content, bool(coding))

    def key(self) -> bytes:
        return f"Authorization: Bearer {self.caller.token}\r\n".encode()

    def upload(self, photo: Jpeg) -> bytes:
        """The head of a tus creation whose body is the photo itself."""
        name = b64encode(photo.sha256.encode()).decode()
        told = {
            "Tus-Resumable": "1.0.0",
            "Content-Type": "application/offset+octet-stream",
            "Upload-Length": str(photo.size),
            "Upload-Metadata": f"sha256 {name},filetype {b64encode(b'image/jpeg').decode()}",
            "Content-Length": str(photo.size),
        }
        return self._head(b"/v1/photos/", told)

    def _head(self, place: bytes, told: dict[str, str]) -> bytes:
        line = b"POST %s HTTP/1.1\r\n" % place
        return b"".join((line, FIELD, self.key(), *_fields(told), b"\r\n"))


def posted(desk: Desk, content: bytes, is_zipped: bool) -> bytes:
    """A sync call's request around its content."""
    coding = b"Content-Encoding: gzip\r\n" if is_zipped else b""
    head = (b"POST /v1/sync HTTP/1.1\r\n", FIELD, desk.key(), coding, JSON)
    return b"".join((*head, b"Content-Length: %d\r\n\r\n" % len(content), content))


def parcels(caller: Caller, photos: int = 0) -> Iterator[tuple[UUID, bytes]]:
    """Sealed reports of this worker without end, each under a name of its own. Photos have numbers
    in the place of their digests."""
    forms = [_form(caller, n, photos) for n in range(KINDS)]
    blank = str(BLANK).encode()
    while True:
        for form in forms:
            name = uuid7(datetime.now(UTC), os.urandom(10))
            yield name, form.replace(blank, str(name).encode())


def _form(caller: Caller, n: int, photos: int) -> bytes:
    dice, now = random.Random(n), datetime.now(UTC)
    compound = dice.choice(COMPOUNDS)
    seen = now - timedelta(minutes=dice.randrange(5, 600))
    report = Report(
        id=BLANK,
        device=caller.device,
        author=caller.author,
        patrol=uuid7(seen, dice.randbytes(10)),
        shift=dice.choice(("DAY", "NIGHT")),
        seen_at=seen,
        fix=_fix(dice, compound, seen),
        place=_place(dice, compound),
        signs=("PUPILS_ENTERING", "POSTER")[: dice.randrange(1, 3)],
        count_band=dice.choice(("B1", "B2", "B3")),
        disguises=(dice.choice(("CARE", "HOMEWORK")),),
        subjects=(dice.choice(("MA", "FL")),),
        stage="PRIMARY",
        note=_note(dice),
        photos=tuple(_photo(k, seen) for k in range(photos)),
    )
    return Parcel.of(ArrivalKind.REPORT, report.next_revision(now), 1, now).raw


def _fix(dice: random.Random, compound: dict[str, Any], at: datetime) -> Fix:
    """Some 60 m around the compound's middle at most."""
    lat, lon = (compound[name] + dice.uniform(-1, 1) / 2_000 for name in ("lat", "lon"))
    accuracy = dice.randrange(4, 30)
    return Fix(lat=round(lat, 5), lon=round(lon, 5), accuracy_m=accuracy, at=at)


def _place(dice: random.Random, compound: dict[str, Any]) -> Place:
    return Place(
        community=COMMUNITY,
        grid=GRID,
        compound=compound["compound"],
        compound_name=compound["name"],
        building=f"{dice.randrange(1, 30)}号楼",
        unit=f"{dice.randrange(1, 5)}单元",
        venue="RESIDENTIAL",
    )


def _note(dice: random.Random) -> str:
    words = (
        "单元门口 张贴 晚托 广告 有学生进出 约 多人 窗户 亮灯 有讲课声 家长 等候 白板 课桌".split()
    )
    said = "".join(dice.choice(words) for _ in range(dice.randrange(4, 12)))
    return f"{dice.randrange(16, 21)}:{dice.randrange(10, 59)}{said}"


def _photo(n: int, at: datetime) -> Photo:
    return Photo(
        sha256=f"{n:064x}",
        bytes=PHOTO_BYTES,
        width=SIZE[0],
        height=SIZE[1],
        taken_at=at,
        redaction_reviewed=True,
    )


def _fields(told: dict[str, str]) -> list[bytes]:
    return [f"{name}: {value}\r\n".encode() for name, value in told.items()]


def reply_of(raw: bytes) -> SyncReply:
    """A sync reply's value from its body."""
    return wire.decode(SyncReply, raw)
