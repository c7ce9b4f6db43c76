"""Transactions of one bureau, on SQLite or PostgreSQL, with claims that work alike on both."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, Self, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import (
    BindParameter,
    Connection,
    CursorResult,
    Engine,
    Executable,
    Row,
    bindparam,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, TimeoutError

from sync_server.problems import Busy, StorageFull
from sync_server.store.arrival_key import ArrivalKey, UnfitKey
from sync_server.store.migrate import migrate
from sync_server.store.prepared import PreparedStatement

log = logging.getLogger("xuncha")
BUSY_MS = 10_000
ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


def _json(thing: Any) -> str:
    """Encodes JSON columns, values of the contract included. Fast, not canonical: what is hashed is
    encoded by contract/wire.py."""
    return ANYTHING.dump_json(thing).decode()


# Parameters are hidden because what was typed on a phone has no place in a log.
POOL: dict[str, Any] = {
    "pool_size": 16,
    "max_overflow": 32,
    "hide_parameters": True,
    "json_serializer": _json,
}


# The names are locked as they are read: in the order of the array.
_CLAIM = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(CAST(:names AS text[]))"
    " WITH ORDINALITY AS names (name, n) ORDER BY n"
)


# Parameters of prepared statements: this bureau's code, and the list of ids that is asked about.
THIS_BUREAU: BindParameter[Any] = bindparam("this_bureau")
THESE: BindParameter[Any] = bindparam("these", expanding=True)


class RejectedByDatabase(Exception):
    """The database would not take these rows (a constraint, a value it cannot hold)."""


DatabaseRow = Row[Any]  # its columns by name


class WrittenLast(Protocol):
    """What is collected in a transaction and written at its end."""

    def write(self, tx: "Tx") -> None:
        """Writes what was collected since the last call."""
        ...


L = TypeVar("L", bound=WrittenLast)


class Tx:
    """One transaction of one bureau."""

    def __init__(self, connection: Connection, bureau: str, key: ArrivalKey | None = None) -> None:
        self._connection = connection
        self.bureau = bureau
        self._key = key
        self._last: dict[type[WrittenLast], WrittenLast] = {}

    def last(self, kind: type[L]) -> L:
        """The one of this kind in this transaction, written just before the commit. For rows that
        many transactions change: whoever holds them waits for no other lock, so that none waits
        for the other for ever."""
        found = self._last.get(kind)
        if not isinstance(found, kind):
            found = self._last[kind] = kind()
        return found

    def write_last(self) -> None:
        """Writes what waits for the end of the transaction."""
        for one in self._last.values():
            one.write(self)

    @property
    def arrival_key(self) -> ArrivalKey:
        """For what phones sent. Raises UnfitKey in a store that was opened without (see
        store/sealing.py)."""
        if self._key is None:
            raise UnfitKey
        return self._key

    @property
    def database(self) -> object:
        """The same thing for all transactions of one database in this process: caches of what it
        holds are kept by it."""
        return self._connection.dialect

    def run(
        self,
        statement: Executable,
        values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[Any]:
        """Executes a Core statement; `values` bind its parameters, a sequence many times."""
        return self._connection.execute(statement, values)

    def rows(self, statement: PreparedStatement, **values: Any) -> list[Any]:
        """Runs a prepared statement for this bureau; `values` are its parameters but THIS_BUREAU.
        Returns its rows, [] for a statement that is no select."""
        return statement.run(self._connection, [{"this_bureau": self.bureau, **values}])

    def rows_of(self, statement: PreparedStatement, names: Iterable[str]) -> list[Any]:
        """The rows of a prepared statement whose parameter THESE is `names`; [] if there are
        none."""
        these = list(names)
        return self.rows(statement, these=these) if these else []

    def run_each(self, statement: PreparedStatement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Runs a prepared insert or update once for each row, which holds all its parameters."""
        if rows:
            statement.run(self._connection, rows)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """If the block raises, what it did is undone and the transaction goes on: on PostgreSQL a
        statement that failed would end it."""
        with self._connection.begin_nested():
            yield

    def claim(self, *names: str) -> None:
        """Holds names until the transaction ends, so that two cannot make a first row at once: in
        one order everywhere, so that no two transactions wait for each other for ever.

        On SQLite the write transaction holds everything already.
        """
        if names and self._connection.dialect.name == "postgresql":
            full = [f"{self.bureau}/{name}" for name in sorted(set(names))]
            self._connection.execute(_CLAIM, {"names": full})


class Store:
    """The bureau's database; safe to share between threads."""

    def __init__(self, engine: Engine, bureau: str, key: ArrivalKey | None = None) -> None:
        self.engine = engine
        self.bureau = bureau
        self._key = key
        self._writer = engine.execution_options(writing=True)
        # SQLite takes one writer at a time and lets the others poll, which costs up to 0.1 s each:
        # threads of this process wait here instead.
        self._write_lock = Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @classmethod
    def open(cls, url: str, bureau: str) -> Self:
        """Connects to the database at `url`, creates it if it is a missing SQLite file, and brings
        its tables up to date. Raises problems.StorageFull or problems.Busy."""
        engine = _engine(make_url(url))
        try:
            migrate(engine)
        except DBAPIError as error:
            engine.dispose()
            raise _translated(error) from error
        return cls(engine, bureau)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Tx]:
        """One transaction that may write; committed when the block ends without an error.

        Raises problems.StorageFull, problems.Busy or RejectedByDatabase; then nothing was written.
        """
        try:
            with self._write_lock, self._writer.begin() as connection:
                tx = Tx(connection, self.bureau, self._key)
                yield tx
                tx.write_last()
        except (DBAPIError, TimeoutError) as error:
            raise _translated(error) from error

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """A transaction that only reads; raises problems.Busy."""
        try:
            with self.engine.begin() as connection:
                yield Tx(connection, self.bureau, self._key)
        except (DBAPIError, TimeoutError) as error:
            raise _translated(error) from error


def _translated(error: DBAPIError | TimeoutError) -> Exception:
    """Maps a database error to an error of ours, without its message, which may hold what was typed
    on a phone."""
    message = str(error.orig).lower() if isinstance(error, DBAPIError) else ""
    if any(words in message for words in ("is full", "disk full", "no space left")):
        return StorageFull()
    if isinstance(error, IntegrityError | DataError):
        return RejectedByDatabase(type(error).__name__)
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    log.warning("the database does not answer: %s", type(cause).__name__)
    return Busy(retry_after=5)


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        url = url.set(drivername="postgresql+psycopg")
        return create_engine(url, pool_pre_ping=True, **POOL)
    if url.database:
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
    engine = create_engine(url, **POOL)
    event.listen(engine, "connect", _set_up_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up_connection(connection: Any, _: object) -> None:
    # The driver would begin transactions by itself, and late: `_begin` does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
