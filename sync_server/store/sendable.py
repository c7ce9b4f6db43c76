"""Reads rows that phones are sent as values of the contract, and leaves out a row that is none.

A row that a phone could not read must not keep it from the others, nor from being received: it may
have been written by an older program or by hand. What is left out is logged with its key.
"""

import logging
from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import JSON, Table, type_coerce
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
    key = _own_key(table)
    columns = {c.name: c.name for c in table.columns if c.name in model.model_fields}
    columns |= {"id": key} if "id" in model.model_fields else {}
    parsed = [field for field, name in columns.items() if isinstance(table.c[name].type, JSON)]
    found: list[V] = []
    for row in rows:
        stored = row._mapping
        try:
            fields = {field: stored[name] for field, name in columns.items()}
            fields |= {field: _parsed(fields[field]) for field in parsed}
            found.append(wire.validate(model, fields))
        except (wire.Unreadable, ValueError):
            _leave_out(table, stored[key])
    return tuple(found)


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


def _parsed(stored: Any) -> Any:
    """What a JSON column holds, parsed as strictly as a phone will parse it."""
    return wire.parse_json(stored.encode() if isinstance(stored, str) else wire.canonical(stored))


def _leave_out(table: Table, key: object) -> None:
    log.error("a row of %s cannot be sent to phones and is left out: %r", table.name, key)
