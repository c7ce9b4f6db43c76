"""Brings a database up to the tables of this program, whichever version it had before.

Tables only ever change by migrations: 0001_baseline.py made the first ones and is never edited; who
changes sync_server/store/schema adds a migration in migrations/versions that makes the same change
to a database in use. tests/sync_server/test_schema.py compares the two.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

LOCK = 7_200_001  # any number, the same for every process of this program


def migrate(engine: Engine, revision: str = "head") -> None:
    """Runs the migrations that are missing up to this revision, in one transaction. Processes that
    start at once wait for each other: on PostgreSQL by a lock, on SQLite by its one writer."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.execution_options(writing=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
