"""Photos are drawn small in processes of their own, once, and within limits."""

import asyncio
import os
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from threading import Event, Lock
from typing import Any

import pytest
from PIL import Image

from sync_server.apart import OverLimit, run_apart
from sync_server.photos import thumbnails
from sync_server.photos.jpeg import check_jpeg
from sync_server.photos.thumbnails import NoThumbnail, ThumbnailMaker
from sync_server.store.photo_folder import PhotoFolder
from sync_server.store.thumbnail_folder import UNREADABLE_S, ThumbnailFolder
from tests.sync_server.greedy import TOO_MUCH
from tests.sync_server.photographs import a_jpeg, digest

BUREAU = "9999"


@pytest.fixture
def maker(tmp_path: Path) -> ThumbnailMaker:
    return ThumbnailMaker(PhotoFolder(tmp_path, BUREAU), ThumbnailFolder(tmp_path, BUREAU))


def put(maker: ThumbnailMaker, photo: bytes) -> str:
    sha256 = digest(photo)
    maker.photos.write("u", 0, photo)
    maker.photos.finish({"u": sha256})
    return sha256


def got(maker: ThumbnailMaker, sha256: str) -> bytes | NoThumbnail:
    return asyncio.run(maker.get(sha256))


def files(root: Path) -> list[str]:
    return sorted(path.name for path in (root / BUREAU / "thumbnails").rglob("*.*"))


def test_a_thumbnail_is_the_picture_and_nothing_else_of_the_photo(maker: ThumbnailMaker) -> None:
    exif = Image.Exif()
    exif[0x010E] = "at home"
    photo = a_jpeg(1, size=(1600, 1200), exif=exif.tobytes(), comment=b"at home")
    small = got(maker, put(maker, photo))
    assert isinstance(small, bytes) and len(small) < len(photo) / 4
    assert check_jpeg(small, 480 * 480) == (480, 360)
    drawn, meant = (Image.open(BytesIO(one)).resize((8, 6)) for one in (small, photo))
    pixels = zip(drawn.tobytes(), meant.tobytes(), strict=True)
    assert max(abs(a - b) for a, b in pixels) < 24


def test_it_is_drawn_once_and_kept_apart_from_the_photos(
    maker: ThumbnailMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = put(maker, a_jpeg())
    first = got(maker, sha256)
    monkeypatch.setattr(thumbnails, "run_apart", None)  # would fail if it were called
    assert got(maker, sha256) == first
    assert files(tmp_path) == [f"{sha256}.jpg"]
    assert [path.parent.parent.name for path in tmp_path.rglob(f"{sha256}.jpg")].count(
        "photos"
    ) == 1


def test_a_photo_that_cannot_be_drawn_is_not_tried_again_for_a_day(
    maker: ThumbnailMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = b"\x08" + (180).to_bytes(2) + (240).to_bytes(2)
    bomb = a_jpeg().replace(size, b"\x08\xff\xdc\xff\xdc")
    sha256 = put(maker, bomb)
    assert got(maker, sha256) is NoThumbnail.UNREADABLE
    monkeypatch.setattr(thumbnails, "run_apart", lambda *_, **__: (0, b"mended"))
    assert got(maker, sha256) is NoThumbnail.UNREADABLE
    path = next(tmp_path.rglob(f"thumbnails/*/{sha256}.jpg"))
    os.utime(path, (0, time.time() - UNREADABLE_S - 1))
    assert got(maker, sha256) == b"mended"


def test_a_drawing_that_a_busy_machine_holds_up_is_given_up_and_tried_again(
    maker: ThumbnailMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = put(maker, a_jpeg())
    with monkeypatch.context() as busy:
        busy.setattr(thumbnails, "MOST_SECONDS", 0.01)
        assert got(maker, sha256) is NoThumbnail.BUSY
    assert isinstance(got(maker, sha256), bytes)


def test_what_runs_apart_has_limits_and_knows_nothing_of_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUNCHA_DATABASE", "postgresql://user:secret@host/db")
    greedy = "tests.sync_server.greedy"
    assert run_apart(greedy, "memory", seconds=60)[0] == TOO_MUCH
    assert run_apart(greedy, "file", str(tmp_path / "x"), seconds=60)[0] == TOO_MUCH
    status, names = run_apart(greedy, "", seconds=60)
    assert status == 0 and b"XUNCHA" not in names
    with pytest.raises(OverLimit, match="signal"):
        run_apart(greedy, "time", seconds=60)


def test_few_are_drawn_at_once_and_nobody_else_waits(
    maker: ThumbnailMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most, lock = 0, 0, Lock()

    def slow(*_: Any, **__: Any) -> tuple[int, bytes]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        with lock:
            running -= 1
        return 0, b"small"

    async def ask_all() -> tuple[int, list[bytes | NoThumbnail]]:
        asked = asyncio.gather(*(maker.get(one) for one in photos))
        ticks = 0
        while not asked.done():
            await asyncio.sleep(0.001)
            ticks += 1
        return ticks, await asked

    monkeypatch.setattr(thumbnails, "run_apart", slow)
    monkeypatch.setattr(thumbnails, "MOST_WAITING", 6)
    photos = [put(maker, a_jpeg(n)) for n in range(8)]
    ticks, answers = asyncio.run(ask_all())
    assert most == 2 and ticks > 20
    assert (answers.count(b"small"), answers.count(NoThumbnail.BUSY)) == (6, 2)
    assert got(maker, photos[answers.index(NoThumbnail.BUSY)]) == b"small"  # there is room again


def test_a_missing_photo_is_missing_and_a_full_disk_shows_all_the_same(
    maker: ThumbnailMaker, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        got(maker, "0" * 64)
    (tmp_path / BUREAU / "thumbnails").write_bytes(b"no folder can be made here")
    assert isinstance(got(maker, put(maker, a_jpeg())), bytes)


def test_the_thumbnail_goes_when_its_photo_goes(maker: ThumbnailMaker, tmp_path: Path) -> None:
    kept, gone = put(maker, a_jpeg(1)), digest(b"gone")
    for sha256 in (kept, gone):
        maker.kept.keep(sha256, b"small")
    half = tmp_path / BUREAU / "thumbnails" / kept[:2] / f"{kept}.0123"
    half.write_bytes(b"sm")
    os.utime(half, (0, 0))

    swept = Event()

    class Watched(ThumbnailFolder):
        def sweep(self, is_kept: Callable[[str], bool]) -> None:
            super().sweep(is_kept)
            swept.set()

    async def sweep_once() -> None:
        sweeping = asyncio.create_task(ThumbnailMaker(maker.photos, folder).sweep_forever())
        await asyncio.to_thread(swept.wait, 20)
        sweeping.cancel()

    folder = Watched(tmp_path, BUREAU)
    asyncio.run(sweep_once())
    assert files(tmp_path) == [f"{kept}.jpg"]
    assert (maker.kept.read(kept), maker.kept.read(gone)) == (b"small", None)
