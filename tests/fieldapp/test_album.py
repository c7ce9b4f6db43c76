"""What every album promises, on a folder, on rows and on the fake; then what a disk can break."""

import errno
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from fieldapp.adapters.ciphers import Clear
from fieldapp.adapters.folder_album import FolderAlbum
from fieldapp.adapters.sqlite_album import TORN, SqliteAlbum
from fieldapp.ports import Album, DiskFull
from tests.fieldapp.fakes import FakeAlbum

JPEG = b"\xff\xd8" + b"photo" * 1000 + b"\xff\xd9"


@pytest.fixture(params=["folder", "rows", "fake"])
def album(request: pytest.FixtureRequest, tmp_path: Path) -> Album:
    if request.param == "rows":
        return SqliteAlbum(tmp_path / "album.db", Clear(), lambda: 1_000)
    return FolderAlbum(tmp_path / "album") if request.param == "folder" else FakeAlbum()


def test_a_photo_is_named_by_its_content(album: Album) -> None:
    name = album.keep(JPEG)
    assert name == sha256(JPEG).hexdigest()
    assert album.read(name) == JPEG


def test_the_same_photo_twice_is_one(album: Album) -> None:
    album.keep(JPEG)
    album.keep(JPEG)
    assert album.used_bytes() == len(JPEG)


def test_a_forgotten_photo_is_gone_and_may_be_forgotten_again(album: Album) -> None:
    name = album.keep(JPEG)
    album.forget(name)
    album.forget(name)
    assert album.read(name) is None and album.used_bytes() == 0


def test_a_photo_is_there_after_a_restart(tmp_path: Path) -> None:
    name = FolderAlbum(tmp_path / "album").keep(JPEG)
    assert FolderAlbum(tmp_path / "album").read(name) == JPEG


def test_a_torn_photo_is_never_handed_out(tmp_path: Path) -> None:
    album = FolderAlbum(tmp_path / "album")
    name = album.keep(JPEG)
    (tmp_path / "album" / name).write_bytes(JPEG[:100])
    assert album.read(name) is None
    assert (tmp_path / "album" / f"{name}.torn").read_bytes() == JPEG[:100]
    assert album.keep(JPEG) == name and album.read(name) == JPEG


def test_a_photo_gets_its_name_once_it_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First the bytes, then the name, then the folder that holds the name."""
    album, settled = FolderAlbum(tmp_path / "album"), list[tuple[bool, bool]]()
    path = tmp_path / "album" / sha256(JPEG).hexdigest()

    def noted(place: int) -> None:
        settled.append((stat.S_ISDIR(os.fstat(place).st_mode), path.exists()))

    monkeypatch.setattr(os, "fsync", noted)
    album.keep(JPEG)
    assert settled == [(False, False), (True, True)]


def test_only_this_phone_reads_its_album(tmp_path: Path) -> None:
    name = FolderAlbum(tmp_path / "album").keep(JPEG)
    assert stat.S_IMODE((tmp_path / "album").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "album" / name).stat().st_mode) == 0o600


def test_a_name_that_is_no_digest_opens_no_file(tmp_path: Path) -> None:
    album = FolderAlbum(tmp_path / "album")
    for name in ("../notebook.db", "", "a" * 63 + "/"):
        with pytest.raises(ValueError, match="SHA-256"):
            album.read(name)


def test_what_a_kill_cut_short_is_swept_up_later(tmp_path: Path) -> None:
    folder = tmp_path / "album"
    FolderAlbum(folder)
    old, new = folder / "old.half", folder / "new.half"
    for half in (old, new):
        half.write_bytes(b"x")
    os.utime(old, (0, 0))
    FolderAlbum(folder)
    assert not old.exists() and new.exists()


NO_ROOM = """
import resource, signal, sys
from pathlib import Path
from fieldapp.adapters import folder_album
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
album = folder_album.FolderAlbum(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    album.keep(b"x" * 5000)
except OSError as error:
    print(error.errno, flush=True)
print(album.used_bytes(), flush=True)
"""


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """A limit on file size stands for a disk that ends within the file."""
    said = subprocess.run(
        [sys.executable, "-c", NO_ROOM, tmp_path / "album"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == [str(errno.EFBIG), "0"], said.stderr
    assert not list((tmp_path / "album").iterdir())


def no_room(_: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_no_room_is_told_as_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    album = FolderAlbum(tmp_path / "album")
    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(DiskFull):
        album.keep(JPEG)
    monkeypatch.undo()
    assert album.used_bytes() == 0


def test_no_room_to_take_a_name_away_is_told_as_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    album = FolderAlbum(tmp_path / "album")
    name = album.keep(JPEG)
    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(DiskFull):
        album.forget(name)


def rows_in(folder: Path) -> SqliteAlbum:
    return SqliteAlbum(folder / "album.db", Clear(), lambda: 1_000)


def test_rows_of_photos_outlast_the_app_and_a_torn_one_is_kept_aside(tmp_path: Path) -> None:
    album = rows_in(tmp_path)
    name = album.keep(JPEG)
    album.close()
    with closing(sqlite3.connect(tmp_path / "album.db")) as db:
        db.execute("UPDATE photos SET sealed = ?", [JPEG[:100]])
        db.commit()
    album = rows_in(tmp_path)
    assert album.read(name) is None
    assert album.keep(JPEG) == name and album.read(name) == JPEG and album.free_bytes() == 1_000
    album.close()
    with closing(sqlite3.connect(tmp_path / "album.db")) as db:
        kept = dict(db.execute("SELECT sha256, sealed FROM photos"))
    assert kept == {name: JPEG, name + TORN: JPEG[:100]}


def test_a_file_that_is_no_album_any_more_is_kept_beside_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "album.db").write_bytes(b"no database" * 1_000)
    album = rows_in(tmp_path)
    assert album.read(album.keep(JPEG)) == JPEG
    assert (tmp_path / "album.db.torn-1").read_bytes() == b"no database" * 1_000


def test_an_album_that_is_full_says_so_and_keeps_what_it_has(tmp_path: Path) -> None:
    album = rows_in(tmp_path)
    name = album.keep(JPEG)
    album._db.execute("PRAGMA max_page_count = 3")
    with pytest.raises(DiskFull):
        album.keep(JPEG * 100)
    assert album.read(name) == JPEG
