"""Imports one file into one of the bureau's lists: all of it in one transaction, or nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sync_server.importing.database_rows import to_database_rows
from sync_server.importing.headings import KINDS
from sync_server.importing.known_places import PLACES, KnownPlaces
from sync_server.importing.row_error import RowError
from sync_server.importing.sheets import read_rows
from sync_server.store import audit_log, lists
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import Store


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """`kind` is one of headings.KINDS. `whole`: rows that the file lacks are removed. `dry`: say
    what would change, write nothing."""

    kind: str
    file: Path
    whole: bool = False
    dry: bool = False


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many rows are new, changed, removed. `ignored` are the headings of columns that were not
    read. With any `bad` row nothing was written, and the numbers are 0."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    ignored: tuple[str, ...] = ()
    bad: tuple[RowError, ...] = field(default=())


def import_file(store: Store, request: ImportRequest, now: datetime) -> ImportResult:
    """Reads and checks every row of the file, and writes all of them if all are good."""
    kind, columns = request.kind, KINDS[request.kind]
    try:
        sheet = read_rows(request.file, lambda name: columns.field(name) is not None)
    except RowError as error:
        return ImportResult(bad=(error,))
    headings = dict.fromkeys(name for row in sheet for name in row.cells)
    ignored = tuple(name for name in headings if columns.field(name) is None)
    with store.writing() as tx:
        known = KnownPlaces.of({places: lists.rows(tx, places) for places in PLACES})
        rows, bad = to_database_rows(kind, sheet, known)
        if bad:
            return ImportResult(ignored=ignored, bad=tuple(bad))
        held = lists.rows(tx, kind)
        new = rows if request.whole else held | rows
        if not request.dry and new != held:
            lists.replace(tx, kind, [row for _, row in sorted(new.items())])
            audit_log.note(tx, AuditEntry(now, "technician", "import", kind, request.file.name))
    changed = sum(held[id] != rows[id] for id in held.keys() & rows.keys())
    removed = len(held.keys() - new.keys())
    return ImportResult(len(rows.keys() - held.keys()), changed, removed, ignored)
