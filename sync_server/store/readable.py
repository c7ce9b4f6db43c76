"""Reads rows of which one may hold what the driver cannot read; the others come as they are."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import OperationalError as NoAnswer

from sync_server.store.engine import DatabaseRow, Tx

__all__ = ["NoAnswer", "ReadRow", "UnreadableRow", "readable_rows"]
log = logging.getLogger("xuncha")
# A time or a JSON text that is none; on PostgreSQL a time beyond the year 9999.
CANNOT_READ = (ValueError, TypeError, ArithmeticError, DBAPIError)


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row that is there and cannot be read; `key` are the columns that were asked for as its
    key."""

    key: DatabaseRow


ReadRow = DatabaseRow | UnreadableRow


def readable_rows(
    tx: Tx, wanted: Select[Any], key: Sequence[ColumnElement[Any]]
) -> Sequence[ReadRow]:
    """The rows of a select in their order. If they cannot be read together, each is read by itself,
    found by the columns of `key`, which tell the rows apart."""
    try:
        return tx.run(wanted).all()
    except CANNOT_READ as error:
        log.error("rows are read one by one: %s", type(error).__name__)
    keys = tx.run(wanted.with_only_columns(*key)).all()
    return [_read_alone(tx, wanted, key, found) for found in keys]


def _read_alone(
    tx: Tx, wanted: Select[Any], key: Sequence[ColumnElement[Any]], found: DatabaseRow
) -> ReadRow:
    alone = wanted.where(*(column == value for column, value in zip(key, found, strict=True)))
    try:
        return tx.run(alone).one()
    except CANNOT_READ as error:
        log.error("a row cannot be read: %r: %s", tuple(found), type(error).__name__)
        return UnreadableRow(found)
