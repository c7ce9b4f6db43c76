"""What lies on the phone's flash: nothing that a report says, nothing that can be moved about."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from contract.codelists import built_in
from fieldapp.adapters import sqlite_schema
from fieldapp.adapters.ciphers import Clear
from fieldapp.adapters.cryptography_cipher import AesCipher
from fieldapp.adapters.file_safe import FileSafe
from fieldapp.adapters.folder_album import FolderAlbum
from fieldapp.adapters.sqlite_notebook import TORN, SqliteNotebook
from fieldapp.device import storage_key
from fieldapp.memory.memory import Memory
from fieldapp.ports import CannotOpen
from tests.builders import NOON, a_name, an_answer, an_entry, an_identity
from tests.fieldapp.a_phone import TOWN

OURS, THEIRS = AesCipher(b"k" * 32), AesCipher(b"x" * 32)
NOTE = "窗口有补习广告"
JPEG = b"\xff\xd8\xff a photo of a signboard"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "phone" / "notebook.db"


def filled(book: SqliteNotebook) -> None:
    """One of everything that has content, an older copy of it in the free pages included."""
    entry, parcel = an_entry(note=NOTE).sealed(NOON, built_in())
    book.write(an_entry(note=NOTE * 30).changed())
    book.write(entry)
    book.enqueue(parcel)
    book.keep_answer(an_answer(a_name(), note=NOTE))
    book.remember("card", NOTE * 9_000)
    book.remember("card", NOTE)
    memory = Memory(book)
    memory.keep_identity(an_identity())
    memory.keep_places(TOWN)


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


WORDS = [NOTE, "样例苑", "wg0301"]


def test_nothing_that_was_written_can_be_read_from_the_files(path: Path) -> None:
    book = SqliteNotebook(path, OURS)
    filled(book)
    found = on_disk(path.parent)  # with the log that was not checkpointed yet
    book.close()
    assert not [word for word in WORDS if word.encode() in found + on_disk(path.parent)]


def test_without_a_cipher_it_would_be_there_to_read(path: Path) -> None:
    """Else the test above looks in the wrong place."""
    book = SqliteNotebook(path, Clear())
    filled(book)
    book.close()
    assert all(word.encode() in on_disk(path.parent) for word in WORDS)


def test_a_notebook_of_another_key_is_set_aside_and_kept(path: Path) -> None:
    """The safe was emptied, by the owner or by an update of the system."""
    book = SqliteNotebook(path, THEIRS)
    filled(book)
    book.close()
    content = path.read_bytes()
    book = SqliteNotebook(path, OURS)
    aside = book.remembered(TORN)
    assert not book.entries() and aside
    assert path.with_name(aside).read_bytes() == content
    book.close()
    path.with_name(aside).rename(path.with_name("again.db"))
    again = SqliteNotebook(path.with_name("again.db"), THEIRS)
    assert len(again.entries(limit=9)) == 2
    again.close()


SWAPS: dict[str, str] = {
    "two entries": "UPDATE entries SET body = (SELECT body FROM entries WHERE id = :other)",
    "a memory for an entry": "UPDATE entries SET body = (SELECT text FROM memories LIMIT 1)",
    "a byte": "UPDATE entries SET body = CAST(substr(body, 1, 40) || x'00' AS BLOB)",
    "in the clear": "UPDATE entries SET body = CAST('{}' AS BLOB)",
}


@pytest.mark.parametrize("swap", SWAPS)
def test_who_writes_into_the_file_is_found_out(path: Path, swap: str) -> None:
    one, other = an_entry(id=a_name()), an_entry(id=a_name(), note=NOTE)
    book = SqliteNotebook(path, OURS)
    book.write(one)
    book.write(other)
    book.remember("a", "b")
    book.close()
    with sqlite3.connect(path) as file:
        file.execute(f"{SWAPS[swap]} WHERE id = :one", _ids(one.report.id, other.report.id))
    file.close()
    book = SqliteNotebook(path, OURS)
    assert book.entry(other.report.id) == other
    with pytest.raises(CannotOpen):
        book.entry(one.report.id)
    book.close()


def _ids(one: object, other: object) -> dict[str, str]:
    return {"one": str(one), "other": str(other)}


def test_a_photo_lies_sealed_and_comes_back_as_it_was(tmp_path: Path) -> None:
    album = FolderAlbum(tmp_path, OURS)
    name = album.keep(JPEG)
    assert album.read(name) == JPEG
    assert b"signboard" not in on_disk(tmp_path)
    assert FolderAlbum(tmp_path, THEIRS).read(name) is None


def test_a_photo_under_another_name_does_not_open(tmp_path: Path) -> None:
    album = FolderAlbum(tmp_path, OURS)
    one, other = album.keep(JPEG), album.keep(JPEG + b"2")
    (tmp_path / one).write_bytes((tmp_path / other).read_bytes())
    assert album.read(one) is None and album.read(other) == JPEG + b"2"


def test_the_key_is_made_once_and_found_again(tmp_path: Path) -> None:
    async def twice() -> tuple[bytes, bytes, bytes]:
        safe = FileSafe(tmp_path / "safe")
        first, second = await asyncio.gather(
            storage_key.load_or_create(safe, lambda size: b"a" * size),
            storage_key.load_or_create(safe, lambda size: b"b" * size),
        )
        return (
            first,
            second,
            await storage_key.load_or_create(FileSafe(tmp_path / "safe"), _no_dice),
        )

    first, second, later = asyncio.run(twice())
    assert first == second == later and len(first) == 32


def _no_dice(size: int) -> bytes:
    return b"c" * size


def test_what_a_safe_forgot_is_gone(tmp_path: Path) -> None:
    safe = FileSafe(tmp_path)
    safe.keep("token_d1", "t")
    assert safe.kept("token_d1") == "t"
    safe.keep("token_d1", None)
    safe.keep("token_d1", None)
    assert safe.kept("token_d1") is None


def test_a_cipher_says_the_same_thing_differently_each_time() -> None:
    assert OURS.seal(b"a", "x") != OURS.seal(b"a", "x")


@pytest.mark.parametrize("broken", [lambda s: s[:5], lambda s: b"", lambda s: s[:-1]])
def test_what_was_cut_short_does_not_open(broken: Callable[[bytes], bytes]) -> None:
    with pytest.raises(CannotOpen):
        OURS.open(broken(OURS.seal(b"content", "x")), "x")


def opened_by_two_tabs(path: Path) -> list[SqliteNotebook]:
    books = list[SqliteNotebook]()
    both = [threading.Thread(target=lambda: books.append(SqliteNotebook(path, OURS))) for _ in "ab"]
    for one in both:
        one.start()
    for one in both:
        one.join()
    return books


def test_two_tabs_begin_one_notebook(path: Path) -> None:
    first, second = opened_by_two_tabs(path)
    first.remember("card", NOTE)
    assert second.remembered("card") == NOTE and second.remembered(TORN) is None
    for book in (first, second):
        book.close()


def test_a_kill_while_a_notebook_is_begun_leaves_nothing_half(path: Path) -> None:
    class Dying(AesCipher):
        def seal(self, content: bytes, place: str) -> bytes:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        SqliteNotebook(path, Dying(b"k" * 32))
    book = SqliteNotebook(path, OURS)
    filled(book)
    assert book.remembered(TORN) is None
    book.close()


def test_the_schema_grows_by_one_more_migration_and_loses_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of two tabs of the newer app comes first, it is taken once."""
    before = SqliteNotebook(path, OURS)
    filled(before)
    before.close()
    grown = Migrations("notebook")
    grown()(sqlite_schema.baseline)

    @grown()
    def weights(db: Database) -> None:
        db.execute("ALTER TABLE photos ADD COLUMN weight INTEGER")

    monkeypatch.setattr(sqlite_schema, "MIGRATIONS", grown)
    books = opened_by_two_tabs(path)
    assert [len(book.entries(limit=9)) for book in books] == [2, 2]
    assert [book.remembered("card") for book in books] == [NOTE, NOTE]
    assert books[0]._db.rows("SELECT weight FROM photos") == []
    for book in books:
        book.close()
