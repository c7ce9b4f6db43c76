"""A bureau at the end of a slow road, a phone full of photos, and how quick its screens are."""

import asyncio
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import NamedTuple

from PIL import Image

from contract.report import Photo
from demo import play
from demo.pocket import Pocket
from demo.programs import Program, reachable
from demo.road import PIECE, Road
from fieldapp.platforms.installation import Installation
from fieldapp.ports import Frame
from fieldapp.report.entry import Entry
from tests.journeys.conftest import Bureau, free_port
from tests.journeys.test_story import bureau_without_server
from tests.journeys.worker import Worker, field_app, inside, needs_chromium, worker

EDGE = {"pace": PIECE / 8_000, "delay": 0.15}  # 64 kbit/s, 300 ms there and back
SIZE = (640, 480)


class Far:
    """A road of its own thread, for a browser's driver blocks the one that a test runs in."""

    def __init__(self, road: Road, loop: asyncio.AbstractEventLoop) -> None:
        self.road, self._loop = road, loop

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self.road.close)

    def open(self, pace: float = 0, delay: float = 0) -> None:
        self.road.pace, self.road.delay = pace, delay
        self._loop.call_soon_threadsafe(self.road.open)


@contextmanager
def far(port: int) -> Iterator[Far]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    road = Road(port)
    try:
        asyncio.run_coroutine_threadsafe(road.__aenter__(), loop).result(10)
        yield Far(road, loop)
        asyncio.run_coroutine_threadsafe(road.__aexit__(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Travelling(NamedTuple):
    """A worker whose fifty photos are on the road, and how long screens took before and do now."""

    bureau: Bureau
    one: Worker
    idle: list[float]
    going: list[float]


@contextmanager
def fifty_photos_over_edge(folder: Path, times: int, pixels: int = 1) -> Iterator[Travelling]:
    """Screens are changed `times` there and back without and with the photos."""
    needs_chromium()
    bureau, phones = bureau_without_server(folder), folder / "phones"
    with Program.server(bureau.settings) as server:
        reachable(bureau.settings.port, server)
        with (
            far(bureau.settings.port) as road,
            field_app(free_port(), road.road.address, phones) as address,
            worker(folder / "profile", address, pixels) as one,
        ):
            one.enrol(bureau.code())
            screen_changes(one, 3)  # warm
            idle = screen_changes(one, times)
            filled(phones, one, reports=10, photos=5)
            road.open(**EDGE)
            one.phone.tap("sync")
            one.phone.tap("retry")
            one.phone.expect_text("overall", "还有 50 张照片", timeout_ms=30_000)
            one.phone.tap("back")
            yield Travelling(bureau, one, idle, screen_changes(one, times))
            road.close()
    bureau.store.close()


def filled(phones: Path, one: Worker, reports: int, photos: int) -> list[Entry]:
    """Seals reports into this worker's notebook and album on disk, as if the worker had."""
    found: list[Entry] = []

    async def fill(phone: Pocket, _: Installation) -> None:
        # The first screen stands before the app's own first round has brought the places.
        until(lambda: phone.memory.places().compounds, seconds=30)
        for n in range(reports):
            shown = tuple(a_noisy_photo(phone, photos * n + k) for k in range(photos))
            found.append(phone.sealed(play.draft(phone, shown)))

    inside(phones, one, fill)
    return found


def until(holds: Callable[[], object], seconds: float) -> None:
    deadline = monotonic() + seconds
    while not holds():
        assert monotonic() < deadline, "in vain"
        sleep(0.2)


def a_noisy_photo(phone: Pocket, seed: int) -> Photo:
    """Some 60 KB that no other photo has; noise, for nothing on the way may shrink it."""
    noise = Image.frombytes(
        "L", (SIZE[0] // 2, SIZE[1] // 2), random.Random(seed).randbytes(76_800)
    )
    out = BytesIO()
    noise.resize(SIZE).convert("RGB").save(out, "JPEG", quality=70)
    return phone.kept(Frame(out.getvalue(), *SIZE))


def screen_changes(one: Worker, times: int) -> list[float]:
    """Seconds from a tap until the next screen stands there, there and back."""
    took = []
    for _ in range(times):
        for tapped, awaited in (("settings", "language-zh"), ("back", "add")):
            node = one.phone.at(tapped).first
            node.wait_for(state="attached")
            began = perf_counter()
            node.click()
            one.phone.at(awaited).first.wait_for(state="attached")
            took.append(perf_counter() - began)
    return took
