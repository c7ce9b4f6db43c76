"""Puts a new notebook in the place of a damaged one, with everything of it that can be read.

SQLite gives up a table at its first damaged page, though the rows on all other pages can be read by
their numbers. The damaged file is kept beside the new one, unchanged. All is done on copies, and
the new one takes its place by a rename: a kill at any moment loses nothing.
"""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Protocol
from uuid import UUID

from contract.protocol import ArrivalKind
from fieldapp.adapters.durable_files import sync_folder
from fieldapp.adapters.sqlite_file import TAILS, free_name, move_database
from fieldapp.adapters.sqlite_readable import Readable
from fieldapp.ports import Cipher, Notebook, ReceiptedParcel
from fieldapp.report.entry import Stage
from fieldapp.report.parcel import Parcel
from fieldapp.report.reseal import entry_in, missing_parcel, name_of

TORN = "torn"  # the memory that says under which name a damaged notebook was set aside
SALVAGED = "salvaged"  # the memory that says how many reports of it were saved
NEW, COPY = ".new", ".copy"


class NewNotebook(Notebook, Protocol):
    """One to be filled and closed."""

    def close(self) -> None: ...


def renew(path: Path, cipher: Cipher, begin: Callable[[Path], NewNotebook]) -> None:
    """Fills a new notebook, which `begin` makes, from what can be read of the one at `path`, and
    puts it in its place. Raises a StorageFailure, and then has changed nothing."""
    seen = path.stat().st_ino
    aside, new, copy = free_name(path), _beside(path, NEW), _beside(path, COPY)
    try:
        _delete(new)
        _fill(new, begin, aside.name, path, cipher)
        if path.stat().st_ino != seen:  # another window was faster
            return _delete(new)
        move_database(path, aside)
        finish_renewal(path)
        return None
    finally:
        _delete(copy)


def finish_renewal(path: Path) -> None:
    """Puts a new notebook into its place, if a kill came between the two renames: the place is
    empty only then."""
    new = _beside(path, NEW)
    if new.exists() and not path.exists():
        move_database(new, path)
        sync_folder(path.parent)


def _fill(
    new: Path, begin: Callable[[Path], NewNotebook], aside: str, path: Path, cipher: Cipher
) -> None:
    notebook = begin(new)
    try:
        with closing(Readable(_copied(path), cipher)) as readable, notebook.atomic():
            saved = _save(notebook, readable)
            notebook.remember(TORN, aside)
            notebook.remember(SALVAGED, str(saved))
    finally:
        notebook.close()


def _copied(path: Path) -> Path:
    """A copy that SQLite may write into, as it does when it reads a -wal."""
    copy = _beside(path, COPY)
    _delete(copy)
    copy.touch(0o600)
    for tail in ("-wal", ""):
        if (part := Path(f"{path}{tail}")).is_file():
            shutil.copyfile(part, f"{copy}{tail}")
    return copy


def _save(notebook: Notebook, readable: Readable) -> int:
    """Writes what can be read; returns how many reports that is."""
    for name, text in readable.memories():
        notebook.remember(name, text)
    for entry in readable.entries():
        notebook.write(entry)
    for answer in readable.answers():
        notebook.keep_answer(answer)
    _save_parcels(notebook, readable)
    for photo in readable.photos():
        notebook.save_photo(photo)
    return sum(notebook.counts().values())


def _save_parcels(notebook: Notebook, readable: Readable) -> None:
    """The parcels in their order. Of an entry that is lost, the parcel has the report: it is sent
    once more, for the receipt went with the entry. An entry whose parcel is lost gets one."""
    rebuilt, held = set[str](), set()
    for one in readable.parcels():
        parcel = one.parcel if isinstance(one, ReceiptedParcel) else one
        notebook.enqueue(parcel)
        held.add(name_of(parcel))
        if parcel.id in rebuilt or _is_orphan(notebook, parcel):
            rebuilt.add(parcel.id)
            _rebuild(notebook, parcel)
        elif isinstance(one, ReceiptedParcel):
            notebook.keep_receipted(parcel.digest, one.position, one.at)
    for stage in (Stage.SEALED, Stage.WITHDRAWN):
        for entry in notebook.entries((stage,), sum(notebook.counts().values())):
            if missing := missing_parcel(entry, held):
                notebook.enqueue(missing)


def _is_orphan(notebook: Notebook, parcel: Parcel) -> bool:
    return parcel.kind is ArrivalKind.REPORT and notebook.entry(UUID(parcel.id)) is None


def _rebuild(notebook: Notebook, parcel: Parcel) -> None:
    """The entry of a report whose own row is lost, as its last parcel says."""
    if parcel.kind is ArrivalKind.REPORT:
        notebook.write(entry_in(parcel))
    elif entry := notebook.entry(UUID(parcel.id)):
        notebook.write(entry.changed(stage=Stage.WITHDRAWN))


def _beside(path: Path, tail: str) -> Path:
    return path.with_name(f"{path.name}{tail}")


def _delete(path: Path) -> None:
    for tail in TAILS:
        Path(f"{path}{tail}").unlink(missing_ok=True)
