"""Lists that a bureau keeps in files: read whole, replaced whole, each named by its kind."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import JSON, Column, delete, insert, select

from contract import wire
from contract.reference import Building
from sync_server.store import places
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import UnreadableRow, readable_rows
from sync_server.store.schema import (
    communities,
    compounds,
    grids,
    holidays,
    institutions,
    notices,
    plans,
    tasks,
)

_TABLES = {
    table.name: table
    for table in (communities, grids, compounds, plans, tasks, notices, institutions, holidays)
}
KINDS = frozenset(_TABLES)
_NAMES = TypeAdapter(list[str])
_IN_JSON: Mapping[str, TypeAdapter[Any]] = {  # by column: what its JSON holds
    "aliases": _NAMES,
    "compounds": _NAMES,
    "buildings": TypeAdapter(list[Building]),
}
log = logging.getLogger("xuncha")


@dataclass(frozen=True, slots=True)
class HeldList:
    """The rows of a list by id, without the bureau's code; `unread` are the ids of rows that are
    there and cannot be read: written by hand, by an older program, or damaged."""

    rows: dict[str, dict[str, Any]]
    unread: tuple[str, ...]


def id_column(kind: str) -> str:
    """The column that holds the id of a row of this list: "compound" for "compounds"."""
    _, column = _TABLES[kind].primary_key
    return column.name


def held(tx: Tx, kind: str) -> HeldList:
    """What the bureau has of a list; a row that cannot be read is logged."""
    table = _TABLES[kind]
    key = table.c[id_column(kind)]
    good: dict[str, dict[str, Any]] = {}
    unread: list[str] = []
    for row in readable_rows(tx, select(table).where(table.c.bureau == tx.bureau), (key,)):
        found = row.key if isinstance(row, UnreadableRow) else row
        id = str(found._mapping[key.name])
        if isinstance(row, UnreadableRow) or not _is_sound(kind, row):
            log.error("a row of %s cannot be read and stays as it is: %r", kind, id)
            unread.append(id)
        else:
            good[id] = {name: one for name, one in row._mapping.items() if name != "bureau"}
    return HeldList(good, tuple(unread))


def _is_sound(kind: str, row: DatabaseRow) -> bool:
    """Whether each value is of its column's type: SQLite takes any."""
    return all(_fits(column, row._mapping[column.name]) for column in _TABLES[kind].c)


def _fits(column: Column[Any], value: Any) -> bool:
    if not isinstance(column.type, JSON):
        return (value is None and bool(column.nullable)) or isinstance(
            value, column.type.python_type
        )
    try:
        _IN_JSON[column.name].validate_python(value)
        wire.canonical(value)
    except (ValidationError, wire.Unreadable):
        return False
    return True


def replace(
    tx: Tx, kind: str, rows: Iterable[Mapping[str, Any]], keep: Collection[str] = ()
) -> None:
    """Replaces all rows of a list but those with the ids `keep`; phones are sent it anew with their
    next call."""
    table = _TABLES[kind]
    gone = delete(table).where(table.c.bureau == tx.bureau)
    tx.run(gone.where(table.c[id_column(kind)].not_in(keep)) if keep else gone)
    if complete := [{"bureau": tx.bureau, **row} for row in rows]:
        tx.run(insert(table), complete)
    places.count_change(tx)
