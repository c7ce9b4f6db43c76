"""One file into the bureau's lists: all of it in one transaction, or nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sync_server.importing.database_rows import to_database_rows
from sync_server.importing.headings import KINDS
from sync_server.importing.known_places import KnownPlaces
from sync_server.importing.row_error import RowError
from sync_server.importing.sheets import read_rows
from sync_server.store import case_events, places
from sync_server.store.case_events import AuditEntry
from sync_server.store.engine import Store, Tx
from sync_server.store.schema import metadata

KEYS = {"communities": "community", "grids": "grid", "compounds": "compound"}
KEYS |= {"plans": "plan", "tasks": "task", "notices": "notice", "institutions": "institution"}


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of it: how many rows are new, changed, gone; `bad` ones mean that nothing was."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    ignored: tuple[str, ...] = ()
    bad: tuple[RowError, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """`whole`: what the file does not have goes. `dry`: say what would come, write nothing."""

    kind: str
    file: Path
    whole: bool = False
    dry: bool = False


def import_file(store: Store, wish: ImportRequest, now: datetime) -> ImportResult:
    """Reads the file, judges every row, and writes all of them if all are good."""
    columns, table = KINDS[wish.kind], metadata.tables[wish.kind]
    try:
        found = read_rows(wish.file, lambda name: columns.field(name) is not None)
    except RowError as error:
        return ImportResult(bad=(error,))
    heads = dict.fromkeys(name for row in found for name in row.cells)
    ignored = tuple(name for name in heads if columns.field(name) is None)
    with store.writing() as tx:
        said, bad = to_database_rows(wish.kind, found, _known(tx))
        if bad:
            return ImportResult(ignored=ignored, bad=tuple(bad))
        held = {row[KEYS[wish.kind]]: row for row in places.rows(tx, table)}
        kept = {} if wish.whole else held
        new = kept | said
        if not wish.dry and new != held:
            places.fill(tx, table, [{**row} for _, row in sorted(new.items())])
            case_events.note(tx, AuditEntry(now, "technician", "import", wish.kind, wish.file.name))
    same = held.keys() & said.keys()
    changed = sum(held[name] != said[name] for name in same)
    gone = len(held.keys() - new.keys())
    return ImportResult(len(said.keys() - held.keys()), changed, gone, ignored)


def _known(tx: Tx) -> KnownPlaces:
    tables = {KEYS[name]: metadata.tables[name] for name in ("communities", "grids", "compounds")}
    found: dict[str, list[dict[str, Any]]] = {
        key: places.rows(tx, table) for key, table in tables.items()
    }
    return KnownPlaces.of(found)
