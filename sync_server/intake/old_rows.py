"""`python -m sync_server protect`: brings what an earlier version kept up to rule L2: what phones
sent is sealed, and records and patrols have the bureau's own names."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from contract import wire
from contract.patrol import Patrol
from contract.report import Report
from sync_server.domain.sent_names import Names, compound_codes, with_known_name, with_known_names
from sync_server.intake.recording import named_columns
from sync_server.settings import Settings
from sync_server.store import places, records
from sync_server.store.engine import DatabaseRow, Store, Tx
from sync_server.store.readable import ReadRow, UnreadableRow
from sync_server.store.sealing import seal_old, with_key

PAGE = 200
V = TypeVar("V", Report, Patrol)
ReadPage = Callable[[Tx, str, int], Sequence[ReadRow]]
NameRow = Callable[[Tx, DatabaseRow], bool]


def command(settings: Settings, _: str) -> int:
    """May be run again, and beside the server."""
    with with_key(Store.open(settings.database, settings.bureau), settings.key_file) as store:
        named, sealed = name_old(store), seal_old(store)
    words = f"已加密 {sealed} 件，改用本局名称 {named} 件"
    print(f"{words} / sealed: {sealed}, given the bureau's names: {named}")
    return 0


def name_old(store: Store) -> int:
    """Gives records and patrols the names with which they would be recorded today; how many had
    others. What cannot be read stays as it is."""
    reports = _each(store, records.records_after, _name_record)
    return reports + _each(store, records.patrols_after, _name_patrol)


def _each(store: Store, read: ReadPage, name: NameRow) -> int:
    count, after = 0, ""
    while True:
        with store.writing() as tx:
            rows = read(tx, after, PAGE)
            count += sum(name(tx, row) for row in rows if not isinstance(row, UnreadableRow))
        if len(rows) < PAGE:
            return count
        last = rows[-1]
        after = (last.key if isinstance(last, UnreadableRow) else last).id


def _name_record(tx: Tx, row: DatabaseRow) -> bool:
    named = _renamed(tx, row, Report, with_known_name)
    if named:
        records.alter(tx, row.id, named_columns(named))
    return named is not None


def _name_patrol(tx: Tx, row: DatabaseRow) -> bool:
    named = _renamed(tx, row, Patrol, with_known_names)
    if named:
        records.name_patrol(tx, row.id, wire.to_json(named))
    return named is not None


def _renamed(tx: Tx, row: DatabaseRow, kind: type[V], known: Callable[[V, Names], V]) -> V | None:
    """What the row holds, with the bureau's names; None if it has them, or cannot be read."""
    try:
        was = wire.validate(kind, row.body)
    except wire.Unreadable:
        return None
    named = known(was, places.compound_names(tx, compound_codes(was)))
    return None if named == was else named
