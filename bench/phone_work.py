"""The phone's own work, timed: sealing, a photo, the list of one's reports. Times are in ms."""

import asyncio
import random
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from flet.messaging.protocol import Message, MessageAction
from PIL import Image

from contract.codelists import built_in
from contract.protocol import GENESIS, link_hash
from fieldapp.adapters.folder_album import FolderAlbum
from fieldapp.adapters.mask_geometry import MAX_BYTES
from fieldapp.adapters.pillow_darkroom import PillowDarkroom, develop, masked
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.adapters.system_clock import SystemClock
from fieldapp.memory.memory import Memory
from fieldapp.ports import Mask, Notebook
from fieldapp.report.entry import Entry
from fieldapp.state import FieldState, Kit, paths
from tests import builders
from tests.fieldapp import a_phone
from tests.fieldapp.headless import Headless, pack, routed

SHOT = (4000, 3000)
SHOTS = 4
HEADS = (Mask(0.2, 0.4, 0.08, 0.1), Mask(0.6, 0.5, 0.14, 0.18))
PATIENCE_S = 10


class Watch:
    """Times of one kind of work: on the wall, and of the processor alone, which no neighbour
    lengthens. Both in ms."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def start(self) -> None:
        self._began = time.perf_counter(), time.process_time()

    def stop(self) -> None:
        wall, cpu = self._began
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.cpu.append((time.process_time() - cpu) * 1000)


def notebook_of(folder: Path, reports: int) -> None:
    """A phone that has delivered so many reports."""
    folder.mkdir(parents=True)
    notebook = SqliteNotebook(folder / "notebook.db", a_phone.CIPHER)
    memory = Memory(notebook)
    memory.keep_identity(a_phone.an_identity())
    memory.keep_places(a_phone.TOWN)
    received(notebook, reports)
    notebook.close()


def received(notebook: Notebook, reports: int) -> None:
    """So many reports, one a minute before noon, each with its receipt."""
    lists, before = built_in(), GENESIS
    with notebook.atomic():
        for n in range(1, reports + 1):
            at = builders.NOON - timedelta(minutes=n)
            draft = builders.an_entry(id=builders.a_name(at), seen_at=at)
            entry, parcel = draft.sealed(at, lists)
            receipt = builders.a_receipt(parcel, n, before)
            before = link_hash(before, n, parcel.digest, receipt.number)
            notebook.write(entry.delivered(receipt, at))


async def sealed(folder: Path, times: int) -> Watch:
    """From the press until the app goes home: the report has been on the disk for a moment then."""
    notebook = SqliteNotebook(folder / "notebook.db", a_phone.CIPHER)
    state = FieldState(_kit(folder, notebook, home := asyncio.Queue[str]()))
    await state.open()
    watch = Watch()
    for _ in range(times):
        state.draft.entry = Entry(report=builders.a_report(id=uuid4()))
        watch.start()
        pressing = asyncio.create_task(state.outbox.seal())
        async with asyncio.timeout(PATIENCE_S):
            where = await home.get()
        watch.stop()
        if where != paths.HOME:
            raise RuntimeError(f"not sealed: {state.draft.flaws}")
        await asyncio.sleep(0.02)  # what follows on the screen is no part of it
        pressing.cancel()
    notebook.close()
    return watch


def _kit(folder: Path, notebook: SqliteNotebook, home: "asyncio.Queue[str]") -> Kit:
    hands = a_phone.Hands(road=False)

    async def on_wifi() -> bool:
        return True

    async def copy(_: str) -> None: ...

    memory = Memory(notebook)
    return Kit(
        notebook=notebook,
        album=FolderAlbum(folder / "album", a_phone.CIPHER),
        darkroom=PillowDarkroom(),
        spotter=a_phone.Spotter(hands),
        locator=a_phone.Locator(hands),
        camera=a_phone.Finder(hands),
        courier=a_phone.Courier(hands, memory),
        clock=SystemClock(),
        memory=memory,
        navigate=home.put_nowait,
        set_theme=lambda _: None,
        on_wifi=on_wifi,
        copy=copy,
    )


def photo_ready(folder: Path, times: int) -> Watch:
    """From what the camera gives to a masked file in the album, hashed and synced."""
    album = FolderAlbum(folder / "album", a_phone.CIPHER)
    shots = [_shot(n) for n in range(SHOTS)]
    watch = Watch()
    for n in range(times):
        watch.start()
        photo = masked(develop(shots[n % SHOTS]), HEADS)
        album.keep(photo.jpeg)
        watch.stop()
        if not len(photo.jpeg) <= MAX_BYTES:
            raise RuntimeError("too large")
    return watch


def _shot(n: int) -> bytes:
    """12 MP as hard to code as a photograph: shapes of three sizes and a sensor's grain."""
    dice = random.Random(n)

    def noise(width: int, height: int) -> Image.Image:
        small = Image.frombytes("RGB", (width, height), dice.randbytes(width * height * 3))
        return small.resize(SHOT, Image.Resampling.BICUBIC)

    scene = Image.blend(noise(100, 75), noise(1000, 750), 0.1 + 0.05 * n)
    out = BytesIO()
    Image.blend(scene, noise(*SHOT), 0.04).save(out, "JPEG", quality=90)
    return out.getvalue()


async def list_opened(folder: Path, times: int) -> Watch:
    """From the tap until the page with the newest reports is encoded for the client."""
    watch = Watch()
    phone = a_phone.Phone(folder)
    async with phone as app:
        newest = phone.notebook.entries(limit=1)[0].report.id
        for _ in range(times):
            shown = _watched(app, f"report-{newest}".encode())
            watch.start()
            await routed(app.session, paths.REPORTS)
            async with asyncio.timeout(PATIENCE_S):
                await shown.wait()
            watch.stop()
            await app.settle()
            phone.state.reports.listed = ()
            await app.route(paths.HOME)
    phone.notebook.close()
    return watch


def _watched(app: Headless, sign: bytes) -> asyncio.Event:
    """Set once the client was sent something with this sign in it."""
    shown, send = asyncio.Event(), type(app.silent).send_message

    def heard(message: Message) -> None:
        if message.action == MessageAction.INVOKE_METHOD:
            send(app.silent, message)
        elif sign in pack(message.body):
            shown.set()

    app.silent.send_message = heard  # type: ignore[method-assign]  # one object, while it is timed
    return shown
