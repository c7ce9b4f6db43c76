"""Statements of the hot routes: written once by SQLAlchemy, then spoken to the driver itself.

To execute a statement takes SQLAlchemy three times as long as it takes SQLite to answer it
(docs/decisions/0020). Its types still turn values into the driver's and back, and its errors are
still what is raised.
"""

from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError

Statement = Select[Any] | Insert | Update | Delete
Values = Mapping[str, Any]


class Prepared:
    """A statement that is built once, and written once for each engine. In a select each list of an
    `in_` is written for one, two, four, eight … values: few texts for lists of any length. An
    insert has the columns of the first row that it is given."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._written: dict[tuple[object, ...], Written] = {}

    def run(self, connection: Connection, values: Sequence[Values]) -> list[Any]:
        """Once for each of the values. Of a select the rows, with the names of its columns. Raises
        what SQLAlchemy would."""
        first: Values = values[0]
        if isinstance(self.statement, Select):
            first = {name: _filled(value) for name, value in first.items()}
            values = [first]
        key = (connection.dialect.name, *_shape(self.statement, first))
        written = self._written.get(key)
        if written is None:
            written = self._written[key] = Written(self.statement, connection.dialect, first)
        return written.run(connection, values)


class Written:
    """One statement in one engine's words, for values like the `first`."""

    def __init__(self, statement: Statement, dialect: Dialect, first: Values) -> None:
        columns = list(first) if isinstance(statement, Insert) else None
        written: Any = statement.compile(dialect=dialect, column_keys=columns)
        text = written.construct_expanded_state(first)
        self.sql: str = text.statement
        self._lists: dict[str, list[str]] = text.parameter_expansion
        of = {name: whole for whole, names in self._lists.items() for name in names}
        self._is_by_place = bool(written.positional)
        names = text.positiontup if self._is_by_place else text.parameters
        kinds = [(name, written.binds[of.get(name, name)].type) for name in names]
        self._names = [name for name, _ in kinds]
        self._asked = [
            (name, kind.dialect_impl(dialect).bind_processor(dialect)) for name, kind in kinds
        ]
        own = text.parameters.keys() - first.keys() - of.keys()
        self._own = {name: text.parameters[name] for name in own}
        shown = statement.selected_columns if isinstance(statement, Select) else ()
        self._row = _named(column.name for column in shown)
        found = [one.type.dialect_impl(dialect).result_processor(dialect, None) for one in shown]
        self._found = [(n, turned) for n, turned in enumerate(found) if turned]

    def run(self, connection: Connection, values: Sequence[Values]) -> list[Any]:
        """See `Prepared.run`."""
        dialect = connection.dialect
        errors = dialect.loaded_dbapi.Error
        cursor = connection.connection.cursor()
        try:
            if len(values) > 1:
                cursor.executemany(self.sql, [self._said(one) for one in values])
            else:
                cursor.execute(self.sql, self._said(values[0]))
            return [self._read(row) for row in cursor.fetchall()] if self._row._fields else []
        except errors as error:
            more: Any = {"hide_parameters": True, "dialect": dialect}
            raise DBAPIError.instance(self.sql, None, error, errors, **more) from error
        finally:
            cursor.close()

    def _said(self, values: Values) -> Any:
        given = {**self._own, **values}
        for name, each in self._lists.items():
            given.update(zip(each, values[name], strict=True))
        said = [turned(given[name]) if turned else given[name] for name, turned in self._asked]
        return said if self._is_by_place else dict(zip(self._names, said, strict=True))

    def _read(self, row: Sequence[Any]) -> Any:
        if self._found:
            read = list(row)
            for n, turned in self._found:
                read[n] = turned(read[n])
            row = read
        return self._row._make(row)


def _filled(value: Any) -> Any:
    """A list with its last value repeated, to the next power of two; all else as it is."""
    if not isinstance(value, list):
        return value
    return value + value[-1:] * ((1 << (len(value) - 1).bit_length()) - len(value))


def _shape(statement: Statement, values: Values) -> list[object]:
    if isinstance(statement, Insert):
        return list(values)
    if isinstance(statement, Select):
        return [len(value) for value in values.values() if isinstance(value, list)]
    return []


def _named(columns: Iterable[str]) -> Any:
    return namedtuple("Row", columns)  # the columns are known only now
