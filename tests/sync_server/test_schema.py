"""The tables hold no person (L1), are keyed by bureau, and are what the migrations make."""

import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect
from sqlalchemy.exc import DBAPIError

from sync_server.settings import Settings
from sync_server.store import audit_log
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import Store
from sync_server.store.schema import metadata
from tests.sync_server.bureau import NOW, Bureau

PERSON = re.compile(
    r"name|phone|mobile|tel(?!l)|id_?(card|number|no)\b|face|plate|sex|gender|\bage\b|birth|school"
    r"|teacher|student|pupil|parent|owner|resident|score|points|rank|track"
)
# Names of places and offices, and the one table of duty posts.
PLACES = {"bureaus.name", "communities.name", "grids.name", "compounds.name", "counters.name"}
PLACES |= {"institutions.name"}  # licensed organisations, as published


def test_no_table_outside_staff_holds_a_person() -> None:
    columns = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        if table.name != "staff"
        for column in table.columns
    }
    assert {column for column in columns if PERSON.search(column.split(".")[1])} == PLACES


def test_every_key_begins_with_the_bureau() -> None:
    for table in metadata.tables.values():
        assert next(iter(table.primary_key)).name == "bureau", table.name


def test_every_index_but_that_of_tokens_begins_with_the_bureau() -> None:
    for table in metadata.tables.values():
        for index in table.indexes:
            if index.name != "devices_by_token":  # a token says itself which bureau it is for
                assert next(iter(index.columns)).name == "bureau", index.name


def test_migrations_make_the_tables_of_this_program(bureau: Bureau) -> None:
    with bureau.store.engine.connect() as connection:
        here = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(here, metadata) == []


def test_migrations_make_the_checks_of_this_program(bureau: Bureau) -> None:
    """`compare_metadata` looks at no CHECK constraint."""
    made = inspect(bureau.store.engine)
    for table in metadata.tables.values():
        wanted = {one.name for one in table.constraints if isinstance(one, CheckConstraint)}
        assert {one["name"] for one in made.get_check_constraints(table.name)} == wanted


def test_migrations_make_the_defaults_of_this_program(bureau: Bureau) -> None:
    """Nor at what a column is given that a statement leaves out."""
    made = inspect(bureau.store.engine)
    for table in metadata.tables.values():
        wanted = {one.name for one in table.columns if one.server_default is not None}
        found = made.get_columns(table.name)
        assert {one["name"] for one in found if one["default"] is not None} == wanted, table.name


def test_opening_twice_changes_nothing(settings: Settings) -> None:
    for _ in range(2):
        store = Store.open(settings.database, settings.bureau)
        assert set(inspect(store.engine).get_table_names()) > set(metadata.tables)
        store.close()


def test_the_database_file_is_its_owners_alone(bureau: Bureau) -> None:
    if bureau.store.engine.url.database and bureau.settings.database.startswith("sqlite"):
        for path in bureau.settings.photos.parent.glob("bureau.db*"):
            assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("write", ["UPDATE audit SET staff = 'x'", "DELETE FROM audit"])
def test_the_database_lets_nobody_change_the_audit_log(bureau: Bureau, write: str) -> None:
    with bureau.store.writing() as tx:
        audit_log.note(tx, AuditEntry(NOW, "shenhe1", "view_photo"))
    with pytest.raises(DBAPIError, match="audit"), bureau.store.engine.begin() as connection:
        connection.exec_driver_sql(write)
