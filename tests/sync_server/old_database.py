"""A database as an earlier version of the program left it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync_server.store.engine import Store
from sync_server.store.migrate import migrate
from sync_server.store.schema import metadata


@contextmanager
def old_database(request: pytest.FixtureRequest, folder: Path, revision: str) -> Iterator[Store]:
    """With the tables of this revision, and empty; on the engine that the parameter names."""
    address = f"sqlite:///{folder}/old.db"
    if request.param != "sqlite":
        address = str(request.getfixturevalue("postgres_database"))
    store = Store.open(address, "old")
    with store.engine.begin() as connection:
        if request.param == "sqlite":
            metadata.drop_all(connection)
            connection.exec_driver_sql("DROP TABLE alembic_version")
        else:  # with the functions behind its triggers
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    migrate(store.engine, revision)
    yield store
    store.close()
