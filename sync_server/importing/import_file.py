"""Imports one file into one of the bureau's lists: all of it in one transaction, or nothing."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sync_server.importing.database_rows import NewRows, located, to_database_rows
from sync_server.importing.headed_rows import HeadedRows, headed_rows
from sync_server.importing.identity import same_names
from sync_server.importing.known_places import KnownPlaces
from sync_server.importing.list_rows import PLACES
from sync_server.importing.personal_texts import personal_names
from sync_server.importing.preview import Change, RowChange, Rows, changes
from sync_server.importing.reading.apart import read_apart
from sync_server.importing.reading.table import Table
from sync_server.importing.row_error import RowError, printable
from sync_server.store import audit_log, imports, lists
from sync_server.store.audit_log import TECHNICIAN, AuditEntry
from sync_server.store.engine import Store, Tx
from sync_server.store.lists import HeldList

ReadFile = Callable[[str, Path], Table]
MOST_FILE_NAME = 100  # characters


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """`kind` is one of headings.KINDS. `whole`: rows that the file lacks are removed. `dry`: say
    what would change, write nothing. `everybody`: a file without a grid and community column is
    for all. `sure`: remove also what others refer to. `ignore`: headings not to be asked about.
    `named`: names that read like persons were looked at and are those of places or organisations.
    """

    kind: str
    file: Path
    whole: bool = False
    dry: bool = False
    everybody: bool = False
    sure: bool = False
    ignore: tuple[str, ...] = ()
    named: bool = False

    @property
    def file_name(self) -> str:
        """As it is shown and kept: a file that came by mail or in an archive may be named by
        control characters, or by bytes that are no text here."""
        return printable(self.file.name, MOST_FILE_NAME)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of each row. `notes` say what was not read. With any `bad` row nothing was
    written."""

    rows: tuple[RowChange, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    bad: tuple[RowError, ...] = field(default=())

    def count(self, change: Change) -> int:
        """How many rows changed in this way; 0 if nothing was written because of bad ones."""
        return 0 if self.bad else Counter(row.change for row in self.rows)[change]

    @property
    def added(self) -> int:
        """How many rows are new."""
        return self.count(Change.NEW)

    @property
    def changed(self) -> int:
        """How many rows say something else than before."""
        return self.count(Change.CHANGED)

    @property
    def removed(self) -> int:
        """How many rows the file lacks and the list no longer has."""
        return self.count(Change.REMOVED)

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headings of columns that were not read."""
        return tuple(
            one for code, found in self.notes if code == "ignored" for one in found.split("、")
        )


def import_file(
    store: Store, request: ImportRequest, now: datetime, read: ReadFile = read_apart
) -> ImportResult:
    """Reads and checks every row of the file, and writes all of them if all are good."""
    try:
        table = read(request.kind, request.file)
        headed = headed_rows(request.kind, table, request.ignore, everybody=request.everybody)
    except RowError as error:
        return ImportResult(bad=(_in_file(error, request, ""),))
    unread = [RowError(code, name, found, line) for line, code, name, found in table.bad]
    bad = [located(error, headed) for error in (*unread, *headed.bad)]
    result = _import_rows(store, request, now, replace(headed, bad=tuple(bad)))
    shown = sorted(result.bad, key=lambda error: error.line)
    return replace(result, bad=tuple(_in_file(one, request, table.sheet) for one in shown))


def _in_file(error: RowError, request: ImportRequest, sheet: str) -> RowError:
    error.file, error.sheet = request.file_name, sheet
    return error


def _import_rows(
    store: Store, request: ImportRequest, now: datetime, headed: HeadedRows
) -> ImportResult:
    kind = request.kind
    opened = store.reading if request.dry else store.writing
    with opened() as tx:
        read = {one: lists.held(tx, one) for one in {*PLACES, kind}}
        known = KnownPlaces.of({places: read[places].rows for places in PLACES})
        held, unread = read[kind].rows, {*read[kind].unread}
        made = to_database_rows(kind, headed, known, held)
        new = made.rows if request.whole else held | made.rows
        doubts, noted = _doubts(request, held, made, headed)
        bad = [*headed.bad, *made.bad, *doubts, *_namesakes(kind, held, new, made, headed)]
        if request.whole and not request.sure and not bad:
            bad += _lost(tx, kind, held.keys() | unread, new)
        rows = changes(held, new, made.lines)
        goes = unread if request.whole else unread & made.rows.keys()
        if not bad and not request.dry and (new != held or goes):
            imports.keep(tx, kind, request.file_name, now)
            lists.replace(tx, kind, [row for _, row in sorted(new.items())], unread - goes)
            audit_log.note(tx, AuditEntry(now, TECHNICIAN, "import", kind, request.file_name))
    return ImportResult(rows, (*headed.notes, *noted, *_unread(read, kind, goes)), tuple(bad))


def _doubts(
    request: ImportRequest, held: Rows, made: NewRows, headed: HeadedRows
) -> tuple[list[RowError], list[tuple[str, str]]]:
    """Errors for names that read like personal data (rule L2); for persons, a note if the request
    says that they were looked at."""
    found = [located(error, headed) for error in personal_names(held, made)]
    doubts = [error for error in found if error.code == "reads_personal"]
    if not request.named or not doubts:
        return found, []
    told = "、".join(dict.fromkeys(error.found for error in doubts))
    return [error for error in found if error not in doubts], [("named", told)]


def _unread(read: Mapping[str, HeldList], kind: str, goes: set[str]) -> Iterator[tuple[str, str]]:
    """Notes of rows of the bureau's lists that cannot be read; those of `kind` in `goes` are
    replaced."""
    for name in sorted(read):
        gone = goes if name == kind else set()
        for code, ids in (
            ("unread_rows", {*read[name].unread} - gone),
            ("unread_gone", gone),
        ):
            if ids:
                yield code, f"{name} {'、'.join(sorted(ids))}"


def _namesakes(
    kind: str, held: Rows, new: Rows, made: NewRows, headed: HeadedRows
) -> list[RowError]:
    """Rows that would be a second one of the same name."""
    changed = [id for id in made.rows if held.get(id) != made.rows[id]]
    found = same_names(kind, new, changed)
    errors = [RowError("same_as", "name", found[id], made.lines[id]) for id in found]
    return [located(error, headed) for error in errors]


def _lost(tx: Tx, kind: str, held: AbstractSet[str], new: Rows) -> list[RowError]:
    """What a whole list would take away that is hardly meant; `held` are ids."""
    gone = held - new.keys()
    if held and not new:
        return [RowError("would_empty", found=str(len(held)))]
    used = imports.references(tx, kind, gone)
    if not used:
        return []
    counts = "、".join(f"{name} {n}" for name, n in sorted(used.items()))
    return [RowError("referred_to", found=f"{len(gone)}: {counts}")]


def undo_import(store: Store, now: datetime) -> tuple[str, str] | None:
    """Takes the last import back: the list is what it was before. Returns the list's kind and the
    file's name; None if there is no import to take back."""
    with store.writing() as tx:
        last = imports.last(tx)
        if last is None:
            return None
        back = {row[lists.id_column(last.kind)] for row in last.rows}
        unread = {*lists.held(tx, last.kind).unread} - back
        lists.replace(tx, last.kind, last.rows, unread)
        imports.forget(tx)
        audit_log.note(tx, AuditEntry(now, TECHNICIAN, "undo_import", last.kind, last.file))
    return last.kind, last.file
