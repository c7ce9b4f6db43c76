"""Lists that a bureau keeps in files: read whole, replaced whole, each named by its kind."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, insert, select

from sync_server.store import places
from sync_server.store.engine import Tx
from sync_server.store.schema import (
    communities,
    compounds,
    grids,
    institutions,
    notices,
    plans,
    tasks,
)

_TABLES = {
    table.name: table
    for table in (communities, grids, compounds, plans, tasks, notices, institutions)
}
KINDS = frozenset(_TABLES)


def id_column(kind: str) -> str:
    """The column that holds the id of a row of this list: "compound" for "compounds"."""
    _, column = _TABLES[kind].primary_key
    return column.name


def rows(tx: Tx, kind: str) -> dict[str, dict[str, Any]]:
    """All rows of a list by id, without the bureau's code."""
    table = _TABLES[kind]
    found = tx.run(select(table).where(table.c.bureau == tx.bureau)).mappings()
    return {
        row[id_column(kind)]: {name: row[name] for name in row if name != "bureau"} for row in found
    }


def replace(tx: Tx, kind: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Replaces all rows of a list; phones are sent it anew with their next call."""
    table = _TABLES[kind]
    tx.run(delete(table).where(table.c.bureau == tx.bureau))
    if complete := [{"bureau": tx.bureau, **row} for row in rows]:
        tx.run(insert(table), complete)
    places.count_change(tx)
