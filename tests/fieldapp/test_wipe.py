"""A phone that gave itself up is emptied, however often that is cut short; no other phone is."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.adapters.cryptography_cipher import AesCipher
from fieldapp.adapters.file_safe import FileSafe
from fieldapp.adapters.folder_album import FolderAlbum
from fieldapp.adapters.phone_folder import PhoneFolder
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.device import storage_key, wipe_record
from fieldapp.device.wipe import finish_wipe
from fieldapp.device.wipe_record import WipeRecord
from tests.builders import NOON, an_entry

WORD = WipeRecord(at=NOON, device="d1", bureau_name="示例旗教体局", handed=2, drafts=1)
OURS = AesCipher(b"k" * 32)
pytestmark = pytest.mark.asyncio


@pytest.fixture
def safe(tmp_path: Path) -> Iterator[FileSafe]:
    """Of a phone with a notebook, two photos, a torn notebook, a token and a PIN. The notebook
    stays open: closed at some moment of the collector's, it would take its -wal away."""
    book = SqliteNotebook(tmp_path / "notebook.db", OURS)
    book.write(an_entry())
    album = FolderAlbum(tmp_path / "album", OURS)
    album.keep(b"\xff\xd8\xff one")
    album.keep(b"\xff\xd8\xff two")
    (tmp_path / "notebook.db.torn-1").write_bytes(b"torn")
    (tmp_path / "album" / "x.half").write_bytes(b"half")
    safe = FileSafe(tmp_path / "safe")
    for name in (storage_key.KEY, "token_d1", "pin"):
        safe.keep(name, "secret")
    yield safe
    book.close()


def left(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "safe"
    )


async def gave_up(safe: FileSafe) -> None:
    await wipe_record.begin_wipe(safe, WORD)


async def test_a_phone_without_a_last_word_is_left_alone(tmp_path: Path, safe: FileSafe) -> None:
    before = left(tmp_path)
    assert await finish_wipe(safe, PhoneFolder(tmp_path)) is None
    assert left(tmp_path) == before and safe.kept(storage_key.KEY) == "secret"


async def test_a_word_beside_the_key_means_that_nothing_had_happened(
    tmp_path: Path, safe: FileSafe
) -> None:
    before = left(tmp_path)
    await safe.put(wipe_record.KEPT, '{"at":"2026-11-20T12:00:00+08:00","device":"d1"}')
    assert await finish_wipe(safe, PhoneFolder(tmp_path)) is None
    assert left(tmp_path) == before and safe.kept(storage_key.KEY) == "secret"
    assert await wipe_record.load(safe) is None


async def test_what_was_given_up_is_gone_with_token_and_pin(tmp_path: Path, safe: FileSafe) -> None:
    await gave_up(safe)
    assert await finish_wipe(safe, PhoneFolder(tmp_path)) == WORD
    assert left(tmp_path) == []
    assert [safe.kept(name) for name in (storage_key.KEY, "token_d1", "pin")] == [None] * 3
    assert await finish_wipe(safe, PhoneFolder(tmp_path)) == WORD  # said again until it was read


async def test_cut_short_anywhere_it_is_finished_at_the_next_start(
    tmp_path: Path, safe: FileSafe, monkeypatch: pytest.MonkeyPatch
) -> None:
    await gave_up(safe)
    unlink, cuts = os.unlink, 0
    for nth in range(20):
        budget = nth

        def mortal(*args: object, **options: object) -> None:
            nonlocal budget
            budget -= 1
            if budget < 0:
                raise OSError("killed here")
            unlink(*args, **options)  # type: ignore[arg-type]  # whatever it was given

        monkeypatch.setattr(os, "unlink", mortal)
        try:
            done = await finish_wipe(safe, PhoneFolder(tmp_path))
        except OSError:
            cuts += 1
            assert not (tmp_path / "notebook.db").exists() or nth < 3
            continue
        break
    assert done == WORD and cuts > 3
    assert left(tmp_path) == []


async def test_a_key_that_came_back_too_late_for_its_notebook_goes_again(
    tmp_path: Path, safe: FileSafe
) -> None:
    """Where the platform's safe writes later than it says, and power was cut in between."""
    await gave_up(safe)
    (tmp_path / "notebook.db").unlink()
    safe.keep(storage_key.KEY, "secret")
    assert await finish_wipe(safe, PhoneFolder(tmp_path)) == WORD
    assert left(tmp_path) == [] and safe.kept(storage_key.KEY) is None


async def test_without_the_key_nothing_that_a_kill_left_can_be_read(
    tmp_path: Path, safe: FileSafe
) -> None:
    await gave_up(safe)
    assert safe.kept(storage_key.KEY) is None  # the files are still there at this moment
    book = SqliteNotebook(tmp_path / "notebook.db", AesCipher(b"x" * 32))
    assert not book.entries() and book.remembered("torn")
    book.close()
