"""The list as it was before the last import, so that the import can be taken back; and which rows
refer to which."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Table, delete, insert, select

from sync_server.store import lists
from sync_server.store.engine import Tx
from sync_server.store.schema import (
    compounds,
    grids,
    institutions,
    last_imports,
    metadata,
    notices,
    plans,
    staff,
    tasks,
)

_REFERRING: dict[str, tuple[str, tuple[Table, ...]]] = {  # kind → column, tables that have it
    "communities": ("community", (grids, compounds, staff, plans, tasks, notices)),
    "grids": ("grid", (compounds, staff, plans, tasks, notices)),
    "compounds": ("compound", (tasks, institutions)),
}


@dataclass(frozen=True, slots=True)
class LastImport:
    """A list as it was before a file was imported."""

    kind: str
    file: str
    rows: list[dict[str, Any]]


def keep(tx: Tx, kind: str, file: str, now: datetime) -> None:
    """Keeps the rows of a list before they change, in place of those kept before."""
    tx.claim("last_import")
    forget(tx)
    rows = list(lists.held(tx, kind).rows.values())
    kept = {"bureau": tx.bureau, "kind": kind, "file": file[:200], "at": now, "rows": rows}
    tx.run(insert(last_imports).values(kept))


def last(tx: Tx) -> LastImport | None:
    """The list before the last import; None if there was none, or it was taken back."""
    tx.claim("last_import")
    here = last_imports.c.bureau == tx.bureau
    found = tx.run(select(last_imports).where(here)).one_or_none()
    if found is None:
        return None
    columns = metadata.tables[found.kind].c
    days = {column.name for column in columns if isinstance(column.type, Date)}
    rows = [{name: _day(value) if name in days else value for name, value in one.items()}
            for one in found.rows]  # fmt: skip
    return LastImport(found.kind, found.file, rows)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def forget(tx: Tx) -> None:
    """There is no import to take back any more."""
    tx.run(delete(last_imports).where(last_imports.c.bureau == tx.bureau))


def references(tx: Tx, kind: str, ids: Collection[str]) -> Mapping[str, int]:
    """How many rows of which other tables refer to these rows of a list of places."""
    if kind not in _REFERRING or not ids:
        return {}
    column, tables = _REFERRING[kind]
    found: dict[str, int] = {}
    for table in tables:
        rows = tx.run(select(table.c[column]).where(table.c.bureau == tx.bureau))
        if n := sum(row[0] in ids for row in rows):
            found[table.name] = n
    if kind == "compounds":
        held = lists.held(tx, "plans").rows.values()
        if n := sum(bool({*row["compounds"]} & {*ids}) for row in held):
            found["plans"] = n
    return found
