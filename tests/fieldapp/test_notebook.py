"""What every notebook promises, run on SQLite and on the fake; then what only a disk can break."""

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Thread

import pytest

from contract.protocol import ArrivalKind
from fieldapp.adapters.sqlite_notebook import TORN, SqliteNotebook
from fieldapp.ports import DiskFull, Notebook, PhotoUploadState, ReceiptedParcel
from fieldapp.report.entry import UNDO, Stage
from tests.builders import (
    NOON,
    SERVER_NOON,
    a_name,
    a_parcel,
    a_receipt,
    an_answer,
    an_entry,
)
from tests.fieldapp.fakes import FakeNotebook


@pytest.fixture(params=["sqlite", "fake"])
def notebook(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Notebook]:
    if request.param == "fake":
        yield FakeNotebook()
        return
    book = SqliteNotebook(tmp_path / "phone" / "notebook.db")
    yield book
    book.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "phone" / "notebook.db"


def broken_off(notebook: Notebook, *writes: Callable[[], None]) -> None:
    with notebook.atomic():
        for write in writes:
            write()
        raise RuntimeError


def test_an_entry_comes_back_as_it_was_written(notebook: Notebook) -> None:
    entry = an_entry(note="学生18:30进出", newer_key={"a": [1]})
    notebook.write(entry)
    assert notebook.entry(entry.report.id) == entry
    assert notebook.entry(a_name()) is None


def test_writing_again_replaces(notebook: Notebook) -> None:
    entry = an_entry()
    notebook.write(entry)
    notebook.write(entry.answered("note", "晚上有灯"))
    held = notebook.entry(entry.report.id)
    assert held and held.report.note == "晚上有灯"
    assert len(notebook.entries()) == 1


def test_an_older_copy_does_not_unwrite_the_news(notebook: Notebook) -> None:
    entry = an_entry(revision=1, sealed_at=NOON).changed(stage=Stage.SEALED)
    notebook.write(entry)
    parcel = a_parcel(entry.report)
    told = entry.delivered(a_receipt(parcel), NOON).reviewed(an_answer(entry.report.id))
    notebook.write(told)
    notebook.write(entry.answered("note", "typed meanwhile"))
    held = notebook.entry(entry.report.id)
    assert held and held.stage is Stage.DRAFT and held.report.note == "typed meanwhile"
    assert (held.receipt, held.answers, held.story) == (told.receipt, told.answers, told.story)


def test_entries_are_newest_first_by_moment_not_by_offset(notebook: Notebook) -> None:
    london = NOON.astimezone(UTC)
    first = an_entry(seen_at=NOON)
    second = an_entry(seen_at=london + timedelta(seconds=1))
    third = an_entry(seen_at=NOON + timedelta(seconds=2))
    for entry in (second, third, first):
        notebook.write(entry)
    assert list(notebook.entries()) == [third, second, first]


def test_pages_meet_without_gap_or_overlap(notebook: Notebook) -> None:
    written = [an_entry(seen_at=NOON + timedelta(seconds=n // 3)) for n in range(20)]
    for entry in written:
        notebook.write(entry)
    seen = list(notebook.entries(limit=7))
    for _ in range(3):
        seen += notebook.entries(limit=7, before=seen[-1])
    assert [entry.report.id for entry in seen] == [e.report.id for e in reversed(written)]


def test_stages_are_chosen_and_counted(notebook: Notebook) -> None:
    draft, refused = an_entry(), an_entry().changed(stage=Stage.REFUSED)
    notebook.write(draft)
    notebook.write(refused)
    assert list(notebook.entries([Stage.REFUSED])) == [refused]
    assert notebook.counts() == dict.fromkeys(Stage, 0) | {Stage.DRAFT: 1, Stage.REFUSED: 1}
    assert list(notebook.entries([Stage.DRAFT], before=draft)) == []


def test_only_what_was_never_sealed_can_be_discarded(notebook: Notebook) -> None:
    draft, sealed = an_entry(), an_entry(revision=1)
    notebook.write(draft)
    notebook.write(sealed)
    notebook.discard(draft.report.id)
    notebook.discard(sealed.report.id)
    assert list(notebook.entries()) == [sealed]


def test_a_parcel_comes_back_byte_for_byte(notebook: Notebook) -> None:
    parcel = a_parcel(note="灯 \u2028 🏫")
    notebook.enqueue(parcel)
    assert notebook.outbox(NOON + UNDO, 9) == [parcel]


def test_one_digest_is_one_parcel(notebook: Notebook) -> None:
    parcel = a_parcel()
    notebook.enqueue(parcel)
    notebook.enqueue(parcel)
    assert notebook.waiting() == 1
    notebook.dequeue(parcel.digest)
    notebook.dequeue(parcel.digest)
    assert notebook.waiting() == 0


def test_a_parcel_waits_while_it_may_be_undone(notebook: Notebook) -> None:
    notebook.enqueue(a_parcel())
    assert notebook.outbox(NOON, 9) == []
    assert len(notebook.outbox(NOON + timedelta(microseconds=1), 9)) == 1


def test_a_parcel_sealed_by_a_clock_that_ran_ahead_still_leaves(notebook: Notebook) -> None:
    notebook.enqueue(a_parcel(now=NOON + timedelta(days=900)))
    notebook.enqueue(a_parcel(now=NOON + timedelta(seconds=5)))
    ready = notebook.outbox(NOON - UNDO, 9)
    assert [parcel.sealed_at.year for parcel in ready] == [2029]


def test_the_outbox_keeps_the_order_of_posting(notebook: Notebook) -> None:
    parcels = [a_parcel(now=NOON - timedelta(days=day)) for day in (1, 3, 2)]
    for parcel in parcels:
        notebook.enqueue(parcel)
    assert list(notebook.outbox(NOON, 2)) == parcels[:2]


def test_the_newest_patrol_goes_first_and_within_it_the_order_of_posting(
    notebook: Notebook,
) -> None:
    old, new = "01a1f71c-7600-7000-8000-000000000001", "01a1f71c-7600-7000-8000-000000000002"
    none, first, late, second = (
        a_parcel(now=NOON - timedelta(hours=1)).changed(patrol=patrol)
        for patrol in ("", old, new, old)
    )
    for parcel in (none, first, late, second):
        notebook.enqueue(parcel)
    assert list(notebook.outbox(NOON, 9)) == [late, first, second, none]
    photos = [
        PhotoUploadState(f"{n:064x}", 9, patrol=patrol) for n, patrol in enumerate(("", old, new))
    ]
    for photo in photos:
        notebook.save_photo(photo)
    notebook.save_photo(replace(photos[0], due=True))  # drawing again is no new place
    assert [one.patrol for one in notebook.photos()] == [new, old, ""]


def test_photos_keep_the_order_in_which_they_were_first_drawn(notebook: Notebook) -> None:
    photos = [PhotoUploadState(f"{n:064x}", 9) for n in (3, 1, 2)]
    for photo in photos:
        notebook.save_photo(photo)
    notebook.save_photo(replace(photos[0], due=True))
    assert [one.sha256 for one in notebook.photos()] == [one.sha256 for one in photos]


def test_a_shelved_parcel_is_out_of_the_outbox_and_comes_back_in_its_place(
    notebook: Notebook,
) -> None:
    first, second, third = (a_parcel() for _ in range(3))
    for parcel in (first, second, third):
        notebook.enqueue(parcel)
    notebook.keep_receipted(second.digest, 5, SERVER_NOON)
    notebook.keep_receipted(first.digest, 4, SERVER_NOON)
    notebook.keep_receipted("0" * 64, 6, SERVER_NOON)  # recalled meanwhile
    assert (notebook.waiting(), list(notebook.outbox(NOON + UNDO, 9))) == (1, [third])
    assert notebook.receipted() == [
        ReceiptedParcel(first, 4, SERVER_NOON),
        ReceiptedParcel(second, 5, SERVER_NOON),
    ]
    notebook.dequeue(first.digest)  # what is kept is not undone any more
    notebook.enqueue(first)  # nor sent twice
    assert list(notebook.requeue_receipted()) == [first, second]
    assert (list(notebook.requeue_receipted()), notebook.receipted(), notebook.waiting()) == (
        [],
        [],
        3,
    )
    assert list(notebook.outbox(NOON + UNDO, 9)) == [first, second, third]


def test_the_shelf_is_cleared_of_what_was_kept_long_enough(notebook: Notebook) -> None:
    old, new, waits = (a_parcel() for _ in range(3))
    for parcel in (old, new, waits):
        notebook.enqueue(parcel)
    notebook.keep_receipted(old.digest, 1, SERVER_NOON)
    notebook.keep_receipted(new.digest, 2, SERVER_NOON + timedelta(microseconds=1))
    week = timedelta(days=7)
    assert notebook.purge_receipted(SERVER_NOON + week - timedelta(microseconds=1), week) == 0
    assert notebook.purge_receipted(SERVER_NOON + week, week) == 1
    assert [one.parcel for one in notebook.receipted()] == [new]
    assert notebook.waiting() == 1
    assert notebook.purge_receipted(datetime.min.replace(tzinfo=UTC), week) == 0


def test_what_was_shelved_by_a_clock_that_ran_ahead_is_not_kept_for_years(
    notebook: Notebook,
) -> None:
    parcel, week = a_parcel(), timedelta(days=7)
    notebook.enqueue(parcel)
    notebook.keep_receipted(parcel.digest, 1, SERVER_NOON + timedelta(days=4_000))
    notebook.purge_receipted(SERVER_NOON, week)
    assert notebook.receipted()
    assert notebook.purge_receipted(SERVER_NOON + week, week) == 1


def test_a_photo_is_known_by_its_digest(notebook: Notebook) -> None:
    on_its_way = PhotoUploadState("a" * 64, 9, sent=4, due=True)
    stored = PhotoUploadState("b" * 64, 9, 9, True, stored_at=NOON, forgotten=True, idle_at=NOON)
    for photo in (PhotoUploadState("a" * 64, 9), stored, on_its_way):
        notebook.save_photo(photo)
    assert {photo.sha256: photo for photo in notebook.photos()} == {
        "a" * 64: on_its_way,
        "b" * 64: stored,
    }
    assert notebook.photos(stored=True) == [stored]
    assert notebook.photos(stored=False) == [on_its_way]


def test_how_far_a_photo_is_changes_nothing_else_of_it(notebook: Notebook) -> None:
    stored = PhotoUploadState("b" * 64, 9, sent=4, due=True, stored_at=NOON)
    notebook.save_photo(stored)
    notebook.note_photo_sent(stored.sha256, 7)
    notebook.note_photo_sent("c" * 64, 7)  # never drawn
    assert notebook.photos() == [replace(stored, sent=7)]


def test_an_answer_is_kept_once_even_for_a_report_that_is_not_here(notebook: Notebook) -> None:
    second, first = an_answer(a_name(), 2), an_answer(a_name(), 1)
    assert notebook.keep_answer(second) and notebook.keep_answer(first)
    assert not notebook.keep_answer(second)
    assert list(notebook.answers()) == [first, second]


def test_a_struck_answer_may_be_filed_anew(notebook: Notebook) -> None:
    answer, other = an_answer(a_name(), 1), an_answer(a_name(), 1)
    notebook.keep_answer(answer)
    notebook.keep_answer(other)
    notebook.drop_answer(answer)
    notebook.drop_answer(answer)
    assert list(notebook.answers()) == [other]
    assert notebook.keep_answer(answer.changed(state="15"))


def test_two_duty_posts_may_count_alike(notebook: Notebook) -> None:
    assert notebook.keep_answer(an_answer(a_name(), 1))
    assert notebook.keep_answer(an_answer(a_name(), 1))
    assert len(notebook.answers()) == 2


def test_a_memory_is_replaced_and_forgotten(notebook: Notebook) -> None:
    notebook.remember("cursor", "1")
    notebook.remember("cursor", "2")
    assert notebook.remembered("cursor") == "2"
    notebook.remember("cursor", None)
    assert notebook.remembered("cursor") is None


def test_what_fails_in_the_middle_leaves_nothing(notebook: Notebook) -> None:
    def nested() -> None:
        with notebook.atomic():
            notebook.enqueue(a_parcel())

    with pytest.raises(RuntimeError):
        broken_off(notebook, lambda: notebook.write(an_entry()), nested)
    assert not notebook.entries() and notebook.waiting() == 0


def test_an_inner_failure_that_is_caught_takes_only_its_own_writes(notebook: Notebook) -> None:
    with notebook.atomic():
        notebook.remember("outer", "1")
        with pytest.raises(RuntimeError):
            broken_off(notebook, lambda: notebook.remember("inner", "1"))
    assert (notebook.remembered("outer"), notebook.remembered("inner")) == ("1", None)


def test_threads_do_not_mix_their_transactions(notebook: Notebook) -> None:
    def fill(name: str) -> None:
        for n in range(30):
            key = f"{name}{n}"
            with pytest.raises(RuntimeError):
                broken_off(notebook, partial(notebook.remember, key, "half"))
            notebook.remember(key, "whole")

    threads = [Thread(target=fill, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {notebook.remembered(f"{name}{n}") for name in "abcd" for n in range(30)} == {"whole"}


async def _in_threads(book: Notebook) -> int:
    await asyncio.gather(*(asyncio.to_thread(book.write, an_entry()) for _ in range(40)))
    return len(book.entries(limit=99))


@pytest.mark.asyncio
async def test_writes_from_many_threads_all_arrive(notebook: Notebook) -> None:
    assert await _in_threads(notebook) == 40


def test_it_is_all_there_after_a_restart(path: Path) -> None:
    entry, parcel, answer = an_entry(), a_parcel(), an_answer(a_name())
    book = SqliteNotebook(path)
    book.write(entry)
    book.enqueue(parcel)
    book.keep_answer(answer)
    book.close()
    book = SqliteNotebook(path)
    assert book.entry(entry.report.id) == entry
    assert list(book.answers()) == [answer] and book.waiting() == 1
    book.close()


def test_two_tabs_of_one_profile_write_into_one_notebook(path: Path) -> None:
    books = SqliteNotebook(path), SqliteNotebook(path)

    def fill(book: SqliteNotebook, name: str) -> None:
        for n in range(20):
            with book.atomic():  # reads first: the upgrade of such a transaction may not fail
                book.remembered("any")
                book.remember(f"{name}{n}", "x")

    threads = [
        Thread(target=fill, args=(book, name)) for book, name in zip(books, "ab", strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(books[0].remembered(f"{name}{n}") for name in "ab" for n in range(20))
    for book in books:
        book.close()


def test_a_program_that_leaves_takes_nothing_from_two_tabs(path: Path) -> None:
    """While they have it open their -wal stays: without it they would read a torn notebook."""
    first, second = SqliteNotebook(path), SqliteNotebook(path)
    first.remember("key", "text")
    other = (
        "import sqlite3, sys; other = sqlite3.connect(sys.argv[1]);"
        "other.execute('CREATE TABLE other (n)'); other.commit(); other.close()"
    )
    subprocess.run([sys.executable, "-c", other, str(path)], check=True)
    assert path.with_name(f"{path.name}-wal").exists()
    second.remember("key", "another")
    assert first.remembered("key") == "another"
    for tab in (first, second):
        tab.close()


def test_only_this_phone_reads_its_notebook(path: Path) -> None:
    book = SqliteNotebook(path)
    book.remember("a", "b")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    modes = {name.name: stat.S_IMODE(name.stat().st_mode) for name in path.parent.iterdir()}
    assert len(modes) == 3 and set(modes.values()) == {0o600}, modes
    book.close()


def test_a_commit_waits_for_the_disk(path: Path) -> None:
    book = SqliteNotebook(path)
    assert book._db.rows("PRAGMA synchronous") == [(2,)]
    assert book._db.rows("PRAGMA journal_mode") == [("wal",)]
    book.close()


def test_a_full_disk_leaves_nothing_half_written(path: Path) -> None:
    book = SqliteNotebook(path)
    book.remember("before", "kept")
    [(pages,)] = book._db.rows("PRAGMA page_count")
    book._db.rows(f"PRAGMA max_page_count={pages + 2}")
    small, big = partial(book.remember, "small", "x"), partial(book.remember, "big", "x" * 100_000)
    with pytest.raises(DiskFull):
        broken_off(book, small, big)
    assert (book.remembered("before"), book.remembered("small")) == ("kept", None)
    book._db.rows("PRAGMA max_page_count=1000000")
    book.remember("after", "x" * 100_000)
    assert book.remembered("after")
    book.close()


@pytest.mark.parametrize("kind", ["no database", "torn page"])
def test_a_torn_notebook_is_set_aside_and_kept(path: Path, kind: str) -> None:
    book = SqliteNotebook(path)
    for n in range(200):
        book.remember(f"key{n}", "x" * 200)
    book.close()
    content = bytearray(path.read_bytes())
    start = 0 if kind == "no database" else 4096 * 3
    content[start : start + 4000] = os.urandom(4000)
    path.write_bytes(content)
    book = SqliteNotebook(path)
    aside = book.remembered(TORN)
    assert aside and path.with_name(aside).read_bytes() == bytes(content)
    book.write(an_entry())
    book.close()


def test_an_empty_file_is_a_new_notebook(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    book = SqliteNotebook(path)
    assert book.remembered(TORN) is None
    book.close()


def test_a_notebook_in_use_is_not_taken_for_a_torn_one(path: Path) -> None:
    SqliteNotebook(path).close()
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    book = SqliteNotebook(path)
    assert book.remembered(TORN) is None
    book.close()
    other.close()


WRITER = """
import sys
from pathlib import Path
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
book = SqliteNotebook(Path(sys.argv[1]))
n = 0
while True:
    with book.atomic():
        book.remember(f"{sys.argv[2]} left {n}", "x" * 500)
        book.remember(f"{sys.argv[2]} right {n}", "x" * 500)
    print(n, flush=True)
    n += 1
"""


@pytest.mark.parametrize("written", [1, 7, 50, 180])
def test_a_kill_loses_nothing_that_was_written(path: Path, written: int) -> None:
    for life in ("first", "second"):  # a notebook that was killed before is killed again
        last = last_before_a_kill(path, life, written)
        book = SqliteNotebook(path)
        assert all(book.remembered(f"{life} left {n}") for n in range(last + 1))
        left, right = (book.remembered(f"{life} {side} {last + 1}") for side in ("left", "right"))
        assert (left is None) == (right is None)
        book.close()


def last_before_a_kill(path: Path, life: str, written: int) -> int:
    """The number of the last pair whose write returned."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, path, life], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout
    said = [writer.stdout.readline() for _ in range(written)]
    writer.send_signal(signal.SIGKILL)
    said += writer.stdout.readlines()
    writer.wait()
    writer.stdout.close()
    return max(int(line) for line in said if line.endswith("\n"))


def test_a_kind_of_parcel_is_kept(notebook: Notebook) -> None:
    entry = an_entry(revision=1, sealed_at=NOON).changed(stage=Stage.SEALED)
    _, parcel = entry.withdrawn(NOON)
    notebook.enqueue(parcel)
    assert notebook.outbox(NOON + UNDO, 1)[0].kind is ArrivalKind.WITHDRAWAL
