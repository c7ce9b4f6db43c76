"""Statements of the hot routes: compiled once by SQLAlchemy, then given to the driver directly.

Executing a statement takes SQLAlchemy three times as long as it takes SQLite to answer it
(docs/decisions/0020). SQLAlchemy's types still convert values for the driver and back, and its
exceptions are still what is raised.
"""

from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError

Statement = Select[Any] | Insert | Update | Delete
Values = Mapping[str, Any]


class PreparedStatement:
    """A statement that is compiled once for each engine. In a select each list of an `in_` is
    filled up to one, two, four, eight … values, so that few texts serve lists of any length. An
    insert has the columns of the first row that it is given."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._compiled: dict[tuple[object, ...], CompiledStatement] = {}

    def run(self, connection: Connection, values: Sequence[Values]) -> list[Any]:
        """Executes a select with the first of the values, any other statement once with each of
        them. Returns the rows of a select as named tuples, [] otherwise. Raises what SQLAlchemy
        would."""
        first: Values = values[0]
        if isinstance(self.statement, Select):
            first = {name: _filled_up(value) for name, value in first.items()}
            values = [first]
        key = (connection.dialect.name, *_shape(self.statement, first))
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = CompiledStatement(self.statement, connection.dialect, first)
            self._compiled[key] = compiled
        return compiled.run(connection, values)


class CompiledStatement:
    """The SQL text of a statement for one engine, for values with the names and list lengths of
    `first`; and how its parameters and columns are converted."""

    def __init__(self, statement: Statement, dialect: Dialect, first: Values) -> None:
        columns = list(first) if isinstance(statement, Insert) else None
        compiled: Any = statement.compile(dialect=dialect, column_keys=columns)
        text = compiled.construct_expanded_state(first)
        self.sql: str = text.statement
        self._lists: dict[str, list[str]] = text.parameter_expansion
        list_of = {name: whole for whole, names in self._lists.items() for name in names}
        self._is_positional = bool(compiled.positional)
        names = text.positiontup if self._is_positional else text.parameters
        kinds = [(name, compiled.binds[list_of.get(name, name)].type) for name in names]
        self._names = [name for name, _ in kinds]
        to_driver = [kind.dialect_impl(dialect).bind_processor(dialect) for _, kind in kinds]
        self._to_driver = [(n, convert) for n, convert in enumerate(to_driver) if convert]
        own = text.parameters.keys() - first.keys() - list_of.keys()
        self._own = {name: text.parameters[name] for name in own}  # literals of the statement
        selected = statement.selected_columns if isinstance(statement, Select) else ()
        self._row = _row_class(column.name for column in selected)
        read = [one.type.dialect_impl(dialect).result_processor(dialect, None) for one in selected]
        self._from_driver = [(n, convert) for n, convert in enumerate(read) if convert]

    def run(self, connection: Connection, values: Sequence[Values]) -> list[Any]:
        """See `PreparedStatement.run`."""
        dialect = connection.dialect
        errors = dialect.loaded_dbapi.Error
        cursor = connection.connection.cursor()
        try:
            if len(values) > 1:
                cursor.executemany(self.sql, [self._parameters(one) for one in values])
            else:
                cursor.execute(self.sql, self._parameters(values[0]))
            return [self._read(row) for row in cursor.fetchall()] if self._row._fields else []
        except errors as error:
            more: Any = {"hide_parameters": True, "dialect": dialect}
            raise DBAPIError.instance(self.sql, None, error, errors, **more) from error
        finally:
            cursor.close()

    def _parameters(self, values: Values) -> Any:
        """What the driver is given: a list, or a dict for a driver that takes names."""
        given = values
        if self._own or self._lists:
            given = {**self._own, **values}
            for name, each in self._lists.items():
                given.update(zip(each, values[name], strict=True))
        bound = [given[name] for name in self._names]
        for n, convert in self._to_driver:
            bound[n] = convert(bound[n])
        return bound if self._is_positional else dict(zip(self._names, bound, strict=True))

    def _read(self, row: Sequence[Any]) -> Any:
        if self._from_driver:
            read = list(row)
            for n, convert in self._from_driver:
                read[n] = convert(read[n])
            row = read
        return self._row._make(row)


def _filled_up(value: Any) -> Any:
    """A list with its last value repeated, to the next power of two; anything else as it is."""
    if not isinstance(value, list):
        return value
    return value + value[-1:] * ((1 << (len(value) - 1).bit_length()) - len(value))


def _shape(statement: Statement, values: Values) -> list[object]:
    """What of the values changes the SQL text: columns of an insert, list lengths of a select."""
    if isinstance(statement, Insert):
        return list(values)
    if isinstance(statement, Select):
        return [len(value) for value in values.values() if isinstance(value, list)]
    return []


def _row_class(columns: Iterable[str]) -> Any:
    return namedtuple("Row", columns)  # the columns are known only now
