"""A damaged notebook: what can be read goes into a new one, and the worker is told."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import flet as ft
import pytest

from contract.codelists import built_in
from contract.protocol import ArrivalKind
from fieldapp.adapters import sqlite_file, sqlite_salvage
from fieldapp.adapters.ciphers import Clear
from fieldapp.adapters.cryptography_cipher import AesCipher
from fieldapp.adapters.flet_safe import FletSafe
from fieldapp.adapters.sqlite_notebook import TORN, SqliteNotebook
from fieldapp.app import start_app
from fieldapp.device import storage_key
from fieldapp.memory.memory import Memory
from fieldapp.platforms.installation import Installation
from fieldapp.platforms.native import NATIVE
from fieldapp.ports import (
    Cipher,
    DiskFull,
    NotebookBusy,
    NotebookDamaged,
    NotebookShut,
    PhotoUploadState,
    StorageFailure,
)
from fieldapp.report.entry import UNDO
from fieldapp.ui.words import sentences
from tests.builders import NOON, SERVER_NOON, a_name, a_receipt, an_answer, an_entry
from tests.fieldapp.a_phone import Phone, an_identity
from tests.fieldapp.headless import Headless
from tests.fieldapp.test_safe import Keystore

OURS = AesCipher(b"k" * 32)
REPORTS = 60
PAGE = 4096


def filled(path: Path, cipher: Cipher = OURS) -> list[UUID]:
    """A phone after some weeks: reports in every stage, receipts, answers, photos, memories."""
    book, ids = SqliteNotebook(path, cipher), list[UUID]()
    for n in range(REPORTS):
        written = an_entry(id=a_name(NOON + timedelta(minutes=n)), note="字" * 120)
        entry, parcel = written.sealed(NOON, built_in())
        with book.atomic():
            book.enqueue(parcel)
            if n % 3 == 0:
                receipt = a_receipt(parcel, position=n + 1)
                entry = entry.delivered(receipt, NOON)
                book.keep_receipted(parcel.digest, n + 1, SERVER_NOON)
            if n % 6 == 0:
                answer = an_answer(entry.report.id, n + 1)
                entry = entry.reviewed(answer)
                book.keep_answer(answer)
            book.write(entry)
            book.save_photo(PhotoUploadState(f"{n:064x}", 9, sent=n % 9, due=True))
            book.remember(f"key{n}", "text" * 20)
        ids.append(entry.report.id)
    Memory(book).keep_identity(an_identity())
    book.close()
    return ids


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[UUID]]:
    path = tmp_path_factory.mktemp("sound") / "notebook.db"
    return path, filled(path)


def copied(sound: Path, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return Path(shutil.copy(sound, folder / "notebook.db"))


def damage(path: Path, at: int, size: int = 64, seed: int = 0) -> bytes:
    content = bytearray(path.read_bytes())
    content[at : at + size] = random.Random(seed).randbytes(size)  # no secret
    path.write_bytes(content)
    return bytes(content)


def held(book: SqliteNotebook, ids: list[UUID]) -> int:
    return sum(book.entry(one) is not None for one in ids)


def to_bureau(book: SqliteNotebook) -> set[str]:
    """The reports that the bureau has, by their receipt, or will get."""
    waiting = (parcel for parcel in book.outbox(NOON + UNDO, 999))
    has = {str(entry.report.id) for entry in book.entries(limit=999) if entry.receipt}
    return has | {parcel.id for parcel in waiting if parcel.kind is ArrivalKind.REPORT}


def test_no_damaged_page_hides_a_report(sound: tuple[Path, list[UUID]], tmp_path: Path) -> None:
    """64 bytes at the beginning of each page in turn, the first of the file among them."""
    file, ids = sound
    for page in range(file.stat().st_size // PAGE):
        path = copied(file, tmp_path / str(page))
        content = damage(path, page * PAGE, seed=page)
        book = SqliteNotebook(path, OURS)
        aside = book.remembered(TORN)
        assert aside and path.with_name(aside).read_bytes() == content, page
        assert held(book, ids) == REPORTS, page
        assert to_bureau(book) == {str(one) for one in ids}, page
        assert Memory(book).damage() and book.remembered("salvaged") == str(REPORTS)
        left = {one.name for one in path.parent.iterdir()} - {"notebook.db", aside}
        assert left == {"notebook.db-wal", "notebook.db-shm"}, page
        book.close()


def test_no_damage_within_a_page_hides_a_report(
    sound: tuple[Path, list[UUID]], tmp_path: Path
) -> None:
    """SQLite's own check does not see a changed byte within a value; our seal does."""
    file, ids = sound
    told = 0
    for page in range(1, file.stat().st_size // PAGE, 3):
        path = copied(file, tmp_path / str(page))
        damage(path, page * PAGE + 2000, seed=page)
        book = SqliteNotebook.whole(path, OURS)
        assert held(book, ids) == REPORTS and len(book.entries(limit=999)) == REPORTS
        assert to_bureau(book) == {str(one) for one in ids}, page
        told += book.remembered(TORN) is not None
        book.close()
    assert told


def test_what_was_sealed_keeps_its_bytes_and_its_receipt(
    sound: tuple[Path, list[UUID]], tmp_path: Path
) -> None:
    file, _ = sound
    before = SqliteNotebook(copied(file, tmp_path / "before"), OURS)
    path = copied(file, tmp_path / "after")
    damage(path, 100)  # the schema: every row can be read
    after = SqliteNotebook(path, OURS)
    now = NOON + UNDO
    assert after.outbox(now, 999) == before.outbox(now, 999)
    assert after.receipted() == before.receipted() and after.answers() == before.answers()
    assert after.photos() == before.photos() and after.counts() == before.counts()
    assert after.entries(limit=999) == before.entries(limit=999)
    assert Memory(after).identity() == an_identity()
    for book in (before, after):
        book.close()


CUTS: dict[str, Callable[[bytes], bytes]] = {
    "cut in half": lambda content: content[: len(content) // 2],
    "cut within a page": lambda content: content[: -3 * PAGE - 1000],
    "three pages": lambda content: content[: 3 * PAGE] + b"\0" * 3 * PAGE + content[6 * PAGE :],
    "600 bytes of one page": lambda content: content[:8192] + b"x" * 600 + content[8792:],
    "text by a cleaner": lambda content: b"not a database, some cleaner wrote this here " * 50,
    "zeros": lambda content: bytes(len(content)),
    "the first page": lambda content: bytes(PAGE) + content[PAGE:],
}


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_however_the_file_was_spoilt_the_app_goes_on_and_keeps_it(
    sound: tuple[Path, list[UUID]], tmp_path: Path, cut: Callable[[bytes], bytes]
) -> None:
    path = copied(sound[0], tmp_path)
    spoilt = cut(path.read_bytes())
    path.write_bytes(spoilt)
    book = SqliteNotebook(path, OURS)
    aside = book.remembered(TORN)
    assert aside and path.with_name(aside).read_bytes() == spoilt
    saved = held(book, sound[1])
    assert book.remembered("salvaged") == str(saved)
    assert saved == REPORTS or spoilt[PAGE:] != sound[0].read_bytes()[PAGE:]
    book.write(an_entry())
    book.close()
    SqliteNotebook(path, OURS).close()
    assert not path.with_name(f"{aside[:-1]}2").exists()  # it is sound from now on


def test_a_folder_in_its_place_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "notebook.db"
    path.mkdir()
    book = SqliteNotebook(path, OURS)
    assert book.remembered(TORN) == "notebook.db.torn-1" and path.is_file()
    book.close()


def test_what_was_not_in_the_main_file_yet_is_saved_too(tmp_path: Path) -> None:
    """A kill leaves the last writes in the -wal."""
    living = tmp_path / "living" / "notebook.db"
    ids = filled(living)
    book = SqliteNotebook(living, OURS)
    late = an_entry(id=a_name(NOON + timedelta(days=1)))
    book.write(late)
    path = tmp_path / "killed" / "notebook.db"
    shutil.copytree(living.parent, path.parent)
    book.close()
    damage(path, 20 * PAGE)
    after = SqliteNotebook(path, OURS)
    assert after.remembered(TORN) and held(after, [*ids, late.report.id]) == REPORTS + 1
    after.close()


def test_of_another_key_nothing_is_taken_over(
    sound: tuple[Path, list[UUID]], tmp_path: Path
) -> None:
    for cipher in (AesCipher(b"x" * 32), Clear()):
        path = copied(sound[0], tmp_path / type(cipher).__name__)
        book = SqliteNotebook(path, cipher)
        assert not book.entries() and not book.photos() and book.waiting() == 0
        assert book.remembered("salvaged") == "0"
        book.close()


@pytest.mark.parametrize("where", ["move_database", "finish_renewal", "_fill", "_copied"])
def test_a_kill_while_it_is_renewed_loses_nothing(
    sound: tuple[Path, list[UUID]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    path = copied(sound[0], tmp_path)
    content, real = damage(path, 9 * PAGE), getattr(sqlite_salvage, where)

    def dies(*args: Any) -> None:
        if where != "finish_renewal" or not path.exists():
            raise KeyboardInterrupt
        real(*args)

    monkeypatch.setattr(sqlite_salvage, where, dies)
    with pytest.raises(KeyboardInterrupt):
        SqliteNotebook(path, OURS)
    monkeypatch.undo()
    book = SqliteNotebook(path, OURS)
    assert held(book, sound[1]) == REPORTS
    assert path.with_name("notebook.db.torn-1").read_bytes() == content
    book.close()


def test_a_full_disk_leaves_the_damaged_one_in_its_place(
    sound: tuple[Path, list[UUID]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copied(sound[0], tmp_path)
    content = damage(path, 9 * PAGE)

    def full(*_: Any) -> None:
        raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr(sqlite_salvage, "_save", full)
        with pytest.raises(DiskFull):
            SqliteNotebook(path, OURS)
    assert path.read_bytes() == content and not path.with_name("notebook.db.torn-1").exists()
    book = SqliteNotebook(path, OURS)
    assert held(book, sound[1]) == REPORTS
    book.close()


def test_the_bureau_tells_its_answers_again_once(
    sound: tuple[Path, list[UUID]], tmp_path: Path
) -> None:
    path = copied(sound[0], tmp_path)
    book = SqliteNotebook(path, OURS)
    Memory(book).settle_damage()
    Memory(book).keep_cursor(7, "x")
    assert not Memory(book).retelling()
    book.close()
    damage(path, 100)
    book = SqliteNotebook(path, OURS)
    memory = Memory(book)
    assert memory.cursor() == 7
    memory.settle_damage()
    assert (memory.cursor(), memory.heard_name(), memory.retelling()) == (0, "", True)
    memory.keep_cursor(9)
    memory.settle_damage()
    assert memory.cursor() == 9
    book.close()


def test_a_withdrawal_whose_parcel_is_lost_is_sent(tmp_path: Path) -> None:
    path = tmp_path / "notebook.db"
    book = SqliteNotebook(path, OURS)
    entry, _ = an_entry().sealed(NOON, built_in())
    withdrawn, parcel = entry.withdrawn(NOON)
    book.write(withdrawn)
    book.close()
    damage(path, 100)
    book = SqliteNotebook(path, OURS)
    assert book.outbox(NOON + UNDO, 9) == [parcel]
    book.close()


def locked(path: Path) -> sqlite3.Connection:
    other = sqlite3.connect(path, timeout=0)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_a_locked_notebook_is_a_worded_failure_and_writes_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_S", 0.1)
    path = tmp_path / "notebook.db"
    book, entry = SqliteNotebook(path), an_entry()
    other = locked(path)
    with pytest.raises(NotebookBusy):
        book.write(entry)
    with pytest.raises(NotebookBusy):
        book.remember("a", "b")
    assert book.entries() == []
    other.rollback()
    book.write(entry)
    assert book.entry(entry.report.id) == entry
    book.close()
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("CREATE TABLE other (n)")
    other.commit()
    with pytest.raises(NotebookBusy):
        SqliteNotebook(path)
    other.close()


def test_what_sqlite_says_has_words() -> None:
    for failure in (DiskFull, NotebookBusy, NotebookDamaged, NotebookShut):
        assert issubclass(failure, StorageFailure)
        assert f"why.{failure.code}" in sentences()


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (sqlite3.SQLITE_BUSY_SNAPSHOT, NotebookBusy),
        (sqlite3.SQLITE_LOCKED, NotebookBusy),
        (sqlite3.SQLITE_IOERR_READ, NotebookShut),
        (sqlite3.SQLITE_READONLY_DBMOVED, NotebookShut),
        (sqlite3.SQLITE_CANTOPEN, NotebookShut),
        (sqlite3.SQLITE_CORRUPT_INDEX, NotebookDamaged),
        (sqlite3.SQLITE_FULL, DiskFull),
    ],
)
def test_each_failure_of_sqlite_is_one_of_ours(code: int, failure: type[StorageFailure]) -> None:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    with pytest.raises(failure), sqlite_file.tells_storage_failures():
        raise error


@pytest.mark.asyncio
async def test_a_tap_on_a_locked_notebook_says_so_and_keeps_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_S", 0.1)
    phone = Phone(tmp_path)
    async with phone as app:
        await app.tap("add")
        other = locked(tmp_path / "notebook.db")
        await phone.state.draft.answer("note", "晚上有灯")
        await app.settle()
        assert app.says("被另一窗口占用")
        other.close()


def phone_in(folder: Path) -> Callable[[ft.Page], Any]:
    async def main(page: ft.Page) -> None:
        await start_app(page, Installation(folder, "http://127.0.0.1:9", FletSafe(), NATIVE))

    return main


async def key_of(keystore: Keystore) -> AesCipher:
    """The cipher of a phone that begins over this key store."""

    async def main(page: ft.Page) -> None:
        found.append(await storage_key.load_or_create(FletSafe(), lambda size: b"k" * size))

    found = list[bytes]()
    async with Headless(main, keystore.replies()):
        return AesCipher(found[0])


@pytest.mark.asyncio
async def test_the_worker_is_told_what_was_saved_until_it_was_read(tmp_path: Path) -> None:
    keystore, path = Keystore(), tmp_path / "notebook.db"
    filled(path, await key_of(keystore))
    damage(path, 20 * PAGE)
    async with Headless(phone_in(tmp_path), keystore.replies()) as app:
        assert app.says(f"救回了 {REPORTS} 份记录") and app.says("notebook.db.torn-1")
        await app.tap("damage-read")
        assert not app.shows("damage")
    async with Headless(phone_in(tmp_path), keystore.replies()) as app:
        assert not app.shows("damage") and app.shows("add")


@pytest.mark.asyncio
async def test_a_notebook_that_does_not_open_is_told_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_S", 0.1)
    keystore, path = Keystore(), tmp_path / "notebook.db"
    filled(path, await key_of(keystore))
    other = sqlite3.connect(path)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    async with Headless(phone_in(tmp_path), keystore.replies()) as app:
        assert app.shows("shut") and app.says("被另一窗口占用")
        other.close()
        await app.tap("retry")
        assert app.shows("add") and not app.shows("shut")
