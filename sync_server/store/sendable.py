"""Reads rows that phones are sent as values of the contract, and leaves out a row that is none.

A row that a phone could not read must not keep it from the others, nor from being received: it may
have been written by an older program or by hand. What is left out is logged with its key.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import JSON, Column, Table, type_coerce
from sqlalchemy.types import NullType

from contract import wire
from contract.value import Value, strip_unencodable
from sync_server.store.engine import DatabaseRow

log = logging.getLogger("xuncha")
V = TypeVar("V", bound=Value)


def as_stored(table: Table) -> list[Any]:
    """The table's columns as the database holds them: SQLAlchemy would raise at the first date or
    JSON text that is none, and so for all rows of a statement."""
    return [type_coerce(column, NullType()).label(column.name) for column in table.columns]


def values(model: type[V], table: Table, rows: Iterable[DatabaseRow]) -> tuple[V, ...]:
    """The rows (selected by `as_stored`) as values of `model`, whose `id` is the table's own
    key."""
    found = (_value(model, table, dict(row._mapping)) for row in rows)
    return tuple(value for value in found if value is not None)


def names(table: Table, rows: Iterable[DatabaseRow]) -> dict[str, str]:
    """Names by code, of a table of places."""
    named: dict[str, str] = {}
    for row in rows:
        code, name = row._mapping[_own_key(table)], row._mapping["name"]
        if isinstance(code, str) and isinstance(name, str):
            named[str(strip_unencodable(code))] = str(strip_unencodable(name))
        else:
            _leave_out(table, code)
    return named


def _own_key(table: Table) -> str:
    return [column.name for column in table.primary_key][1]


def _value(model: type[V], table: Table, row: Mapping[str, Any]) -> V | None:
    key = row[_own_key(table)]
    try:
        fields = {name: _plain(table.c[name], row[name]) for name in row if name in table.c}
        own = {name: fields[name] for name in fields if name in model.model_fields}
        identity = {"id": key} if "id" in model.model_fields else {}
        return wire.validate(model, own | identity)
    except (wire.Unreadable, ValueError):
        _leave_out(table, key)
        return None


def _plain(column: Column[Any], stored: Any) -> Any:
    """What JSON columns hold is parsed as strictly as a phone will parse it."""
    if not isinstance(column.type, JSON):
        return stored
    text = stored.encode() if isinstance(stored, str) else wire.canonical(stored)
    return wire.parse_json(text)


def _leave_out(table: Table, key: object) -> None:
    log.error("a row of %s cannot be sent to phones and is left out: %r", table.name, key)
