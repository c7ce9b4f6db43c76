"""A whole phone for screen tests: real notebook and album, a town, a clock that the test moves."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import flet as ft

from contract.protocol import Answer
from contract.reference import Building, Compound, Places
from fieldapp.adapters.cryptography_cipher import AesCipher
from fieldapp.adapters.file_safe import FileSafe
from fieldapp.adapters.flet_page import navigator
from fieldapp.adapters.folder_album import FolderAlbum
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.courier.progress import Progress, RoundResult
from fieldapp.memory.memory import Identity, LastRound, Memory
from fieldapp.ports import FixOutcome, Frame, Mask, Offline, Question, Refused, Sighting
from fieldapp.report.entry import Stage
from fieldapp.routes import App
from fieldapp.state import FieldState, Kit
from fieldapp.ui import theme
from tests.builders import NOON, a_fix
from tests.fieldapp.headless import Headless

TOWN = Places(
    version="1",
    community_names={"999900100001": "示例社区"},
    compounds=(
        Compound(
            id="yly",
            name="样例苑",
            initials="yly",
            community="999900100001",
            grid="0301",
            lat=38.60123,
            lon=108.84567,
            venue="RESIDENTIAL",
            buildings=(
                Building(name="1号楼", units=("1单元", "2单元")),
                Building(name="3号楼", units=("1单元", "2单元")),
            ),
        ),
        Compound(
            id="sfgy",
            name="示范公寓",
            initials="sfgy",
            community="999900100001",
            lat=38.70,
            lon=108.90,
            venue="OFFICE",
            buildings=(Building(name="A座"),),
        ),
    ),
)
CODE = "DEMO-0001"
CIPHER = AesCipher(b"k" * 32)


def _open() -> threading.Event:
    eyes = threading.Event()
    eyes.set()
    return eyes


@dataclass
class Hands:
    """What a test holds: the clock, the position, the camera, the road, and where it all leads."""

    now: datetime = NOON
    sighting: Sighting = field(default_factory=lambda: Sighting(FixOutcome.FOUND, a_fix()))
    refusal: str = ""
    road: bool = True
    wifi: bool = True
    why: str | None = None  # how the next rounds end, when the road is there
    refused: dict[str, str] = field(default_factory=dict)  # photos, with their codes
    gate: asyncio.Event | None = None  # a round is under way until it is set
    answers: list[Answer] = field(default_factory=list)
    shots: int = 0
    skew: float | None = None  # of the clock, as the bureau says
    copied: str = ""
    lamp: bool = True
    lights: list[bool] = field(default_factory=list)
    font: bool = True
    faces: Sequence[Mask] | None = ()  # None: this phone cannot look for them
    eyes: threading.Event = field(default_factory=_open)
    code: str | None = None  # what the QR code before the camera says
    scans: bool | None = True  # False: zbar does not load any more; None: it is not there
    body: bool | None = None  # whether the phone knows who holds it; None: it cannot look
    asked: list[Question] = field(default_factory=list)
    uptime: float = 1000.0
    lasting: bool = True  # the system deletes nothing by itself
    saving: str = ""  # why no file is saved
    answer: asyncio.Event | None = None  # the system's dialogue stands until it is set


class Clock:
    def __init__(self, hands: Hands) -> None:
        self.hands, self.drawn = hands, 0

    def now(self) -> datetime:
        return self.hands.now

    def entropy(self, size: int) -> bytes:
        self.drawn += 1
        return self.drawn.to_bytes(size, "big")


class Locator:
    def __init__(self, hands: Hands) -> None:
        self.hands = hands

    async def locate(self, seconds: float = 20) -> Sighting:
        return self.hands.sighting


class Finder:
    def __init__(self, hands: Hands) -> None:
        self.hands = hands

    def view(self) -> ft.Control:
        return ft.Container(bgcolor=theme.INK)

    async def aim(self) -> None:
        if self.hands.refusal:
            raise Refused(self.hands.refusal)

    async def shine(self, on: bool) -> None:
        if not self.hands.lamp:
            raise Refused("no_torch")
        self.hands.lights.append(on)

    async def rest(self) -> None: ...

    async def shoot(self) -> bytes:
        await self.aim()
        self.hands.shots += 1
        return b"raw %d" % self.hands.shots


class Darkroom:
    """Writes the masks into the photo, so that a test can read them there."""

    async def develop(self, raw: bytes) -> Frame:
        return Frame(b"developed " + raw, 1600, 1200)

    def __init__(self, hands: Hands) -> None:
        self.hands = hands

    async def masked(self, frame: Frame, masks: Any, strip: str = "") -> Frame:
        if strip and not self.hands.font:
            raise Refused("no_strip")
        spots = ",".join(f"{mask.x:.2f}/{mask.y:.2f}" for mask in masks)
        written = f" masked {spots} strip [{strip}]"
        return Frame(frame.jpeg + written.encode(), frame.width, frame.height)


class Spotter:
    """Sees the faces that the test put there, once its eyes are open."""

    def __init__(self, hands: Hands) -> None:
        self.hands = hands

    async def spot(self, frame: Frame) -> Sequence[Mask]:
        await asyncio.to_thread(self.hands.eyes.wait, timeout=10)
        if self.hands.faces is None:
            raise Refused("no_spotter")
        return self.hands.faces


class Scanner:
    """Reads the code that the test holds before the camera."""

    def __init__(self, hands: Hands) -> None:
        self.hands = hands
        self.seen: list[bytes] = []

    async def scan(self, jpeg: bytes) -> str | None:
        if not self.hands.scans:
            raise Refused("no_scanner")
        self.seen.append(jpeg)
        return self.hands.code


class Biometrics:
    """A phone that knows the worker, or somebody else, or nobody."""

    def __init__(self, hands: Hands) -> None:
        self.hands = hands

    async def offered(self) -> bool:
        return self.hands.body is not None

    async def recognised(self, question: Question) -> bool:
        self.hands.asked.append(question)
        if self.hands.answer:
            await self.hands.answer.wait()
        return bool(self.hands.body)


class Courier:
    def __init__(self, hands: Hands, memory: Memory) -> None:
        self.hands, self.memory, self.rounds = hands, memory, 0
        self.with_photos: list[bool] = []
        self.told: Callable[[Progress], None] = lambda _: None

    async def enrol(self, code: str, model: str, address: str) -> Identity:
        if not self.hands.road:
            raise Offline
        if code != CODE:
            raise Refused("code_not_valid")
        identity = an_identity(address=address)
        self.memory.keep_identity(identity)
        self.memory.keep_places(TOWN)
        return identity

    async def round(
        self, *, photos: bool = True, told: Callable[[Progress], None] = lambda _: None
    ) -> RoundResult:
        self.rounds += 1
        self.with_photos.append(photos)
        self.told = told
        if self.hands.gate:
            await self.hands.gate.wait()
        why = self.hands.why if self.hands.road else "no_road"
        self.memory.keep_last_round(LastRound(at=self.hands.now, ok=why is None, why=why))
        return RoundResult(
            at=self.hands.now,
            why=why,
            photos_refused=self.hands.refused,
            clock_skew_s=self.hands.skew,
        )


def an_identity(**changes: Any) -> Identity:
    return Identity(
        device="d1",
        author="wg0301",
        bureau="9999",
        bureau_name="示例旗教育体育局",
        grid="0301",
        grid_name="示例片区",
        address="http://127.0.0.1:8000",
    ).changed(**changes)


class Phone:
    """`async with Phone(tmp_path) as phone:` then tap, write and read by identifier."""

    def __init__(self, folder: Path, hands: Hands | None = None, enrolled: bool = True) -> None:
        self.folder, self.hands = folder, hands or Hands()
        self.notebook = SqliteNotebook(folder / "notebook.db", CIPHER)
        self.album = FolderAlbum(folder / "album", CIPHER)
        self.memory = Memory(self.notebook)
        self.safe = FileSafe(folder / "safe")
        self.courier = Courier(self.hands, self.memory)
        if enrolled:
            self.memory.keep_identity(an_identity())
            self.memory.keep_places(TOWN)
        self.lights: list[str] = []

    async def __aenter__(self) -> Headless:
        self.app = await Headless(self._main).__aenter__()
        return self.app

    async def __aexit__(self, *news: object) -> None:
        await self.app.__aexit__(*news)

    async def told(self, answer: Answer) -> None:
        """The bureau says this of a report; the screens have heard it."""
        entry = self.notebook.entry(answer.report)
        assert entry
        self.notebook.write(entry.changed(stage=Stage.DELIVERED).reviewed(answer))
        await self.state.refresh()
        await self.app.settle()

    async def _main(self, page: ft.Page) -> None:
        self.state = FieldState(self._kit(page))
        await self.state.open()
        page.render_views(App, (self.state,))

    def _kit(self, page: ft.Page) -> Kit:
        async def on_wifi() -> bool:
            return self.hands.wifi

        async def copy(words: str) -> None:
            self.hands.copied = words

        async def save_unsent() -> None:
            if self.hands.saving:
                raise Refused(self.hands.saving)

        async def lasting() -> bool:
            return self.hands.lasting

        return Kit(
            notebook=self.notebook,
            album=self.album,
            darkroom=Darkroom(self.hands),
            spotter=Spotter(self.hands),
            locator=Locator(self.hands),
            camera=Finder(self.hands),
            courier=self.courier,
            clock=Clock(self.hands),
            memory=self.memory,
            navigate=navigator(page),
            set_theme=self.lights.append,
            on_wifi=on_wifi,
            copy=copy,
            address="http://127.0.0.1:8000",
            safe=self.safe,
            scanner=None if self.hands.scans is None else Scanner(self.hands),
            biometrics=Biometrics(self.hands),
            uptime=lambda: self.hands.uptime,
            lasting=lasting,
            save_unsent=save_unsent,
        )


def spots(masks: tuple[Mask, ...]) -> list[tuple[float, float]]:
    return [(mask.x, mask.y) for mask in masks]
