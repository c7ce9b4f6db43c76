"""After the last kill: what a phone sealed and what its bureau has must be the same, once each."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import and_, select

from contract.protocol import GENESIS, Outcome, link_hash
from demo.pocket import cipher_in
from fieldapp.adapters.folder_album import FolderAlbum
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.memory.memory import Identity, Memory
from fieldapp.report.entry import Entry, Stage
from fieldapp.report.parcel import Parcel
from sync_server.settings import Settings
from sync_server.store.engine import Store
from sync_server.store.photo_folder import PhotoFolder
from sync_server.store.schema import arrivals, records
from tests.kills.forking import Say
from tests.kills.lives import ALL, Life

DIGITS = 64  # of a SHA-256


class Lost(AssertionError):
    """Something sealed or receipted is missing, doubled or other than it was."""


def agreed(settings: Settings, folders: Sequence[Path], claimed: set[str]) -> Life:
    """Compares phones with their bureau; says how many reports, photos and held receipts there
    are. Raises Lost. `claimed` are reports whose sealing had returned before some kill."""

    def life(say: Say) -> None:
        store = Store.open(settings.database, settings.bureau)
        try:
            photos = PhotoFolder(settings.photos, settings.bureau)
            entries = [one for folder in folders for one in _compared(store, photos, folder)]
        finally:
            store.close()
        _same(claimed - {str(one.report.id) for one in entries}, set(), "sealed, then forgotten")
        pictures = sum(len(one.report.photos) for one in entries)
        say(f"{len(entries)} {pictures} {sum(map(_held, entries))}")

    return life


def _compared(store: Store, photos: PhotoFolder, folder: Path) -> list[Entry]:
    cipher = cipher_in(folder)
    notebook = SqliteNotebook(folder / "notebook.db", cipher)
    album = FolderAlbum(folder / "album", cipher)
    try:
        entries = [one for one in notebook.entries(limit=ALL) if one.report.revision]
        rows = _rows(store, Memory(notebook).identity())
    finally:
        notebook.close()
    _same(sorted(rows), sorted(str(one.report.id) for one in entries), "records")
    for entry in entries:
        _recorded(entry, *rows[str(entry.report.id)])
    _chained([arrival for arrival, _ in rows.values()])
    _pictured(album, photos, entries)
    _whole(album, folder / "album")
    return entries


def _rows(store: Store, identity: Identity | None) -> dict[str, tuple[Any, Any]]:
    """Every arrival of the device with its record, by report; Lost when one came twice."""
    device = identity.device if identity else None
    here = and_(arrivals.c.bureau == store.bureau, arrivals.c.device == device)
    same = and_(records.c.bureau == arrivals.c.bureau, records.c.id == arrivals.c.id)
    asked = select(arrivals, records.c.digest.label("shown")).outerjoin(records, same)
    with store.reading() as tx:
        found = tx.run(asked.where(here)).all()
    _same([row.id for row in found if row.shown is None], [], "arrivals without a record")
    rows = {row.id: (row, row.shown) for row in found}
    _same(len(rows), len(found), "arrivals, each once")
    return rows


def _recorded(entry: Entry, arrival: Any, shown: str) -> None:
    report, receipt = entry.report, entry.receipt
    at = report.sealed_at
    if entry.stage is not Stage.DELIVERED or receipt is None or at is None:
        raise Lost(f"{report.id} is {entry.stage}")
    sealed = Parcel.of(receipt.kind, report, report.revision, at).digest
    _same({sealed, receipt.digest, arrival.digest, shown}, {sealed}, f"contents of {report.id}")
    told = (receipt.number, receipt.position, receipt.hash)
    _same(told, (arrival.number, arrival.position, arrival.hash), f"receipt of {report.id}")


def _chained(rows: list[Any]) -> None:
    """The device's ledger has no gap and no second link at any place."""
    before = GENESIS
    for n, row in enumerate(sorted(rows, key=lambda row: int(row.position)), 1):
        due = (n, link_hash(before, n, row.digest, row.number))
        _same((row.position, row.hash), due, "ledger")
        before = row.hash


def _pictured(album: FolderAlbum, folder: PhotoFolder, entries: list[Entry]) -> None:
    names = [photo.sha256 for entry in entries for photo in entry.report.photos]
    for name in names:
        there = folder.read(name)
        _same(sha256(there).hexdigest(), name, "photo")
        _same(there == album.read(name), True, f"bytes of {name}")


def _whole(album: FolderAlbum, folder: Path) -> None:
    """What has a picture's name is that picture; a write that was cut short has none."""
    for path in folder.iterdir():
        if len(path.name) == DIGITS:
            _same(album.read(path.name) is None, False, f"picture {path.name} on the phone")


def _held(entry: Entry) -> bool:
    return bool(entry.receipt and entry.receipt.outcome is Outcome.HELD)


def _same(found: object, due: object, what: str) -> None:
    if found != due:
        raise Lost(f"{what}: {found}, not {due}")
