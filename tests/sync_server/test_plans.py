"""No statement that a phone's call runs reads a whole table, however much is in it."""

import re
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite

from sync_server.settings import Settings
from sync_server.store import arrivals, devices, photos, places, records
from sync_server.store.prepared import PreparedStatement
from tests.sync_server.bureau import Bureau

ROOMS = (arrivals, devices, photos, places, records)
SWEEPING = {"_UPLOAD_IDS"}  # reads all open uploads, once an hour


def hot(room: ModuleType) -> list[tuple[str, Select[Any]]]:
    named = [
        (name, thing) for name, thing in vars(room).items() if isinstance(thing, PreparedStatement)
    ]
    asked = [(name, one.statement) for name, one in named if isinstance(one.statement, Select)]
    return [(name, statement) for name, statement in asked if name not in SWEEPING]


HOT = [
    pytest.param(thing, id=f"{room.__name__.split('.')[-1]}.{name}")
    for room in ROOMS
    for name, thing in hot(room)
]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path: Path = tmp_path_factory.mktemp("plans") / "bureau.db"
    Bureau.open(Settings(database=f"sqlite:///{path}", bureau="0001")).store.close()
    return sqlite3.connect(path)


@pytest.mark.parametrize("statement", HOT)
def test_a_hot_statement_goes_by_more_than_the_bureau(
    connection: sqlite3.Connection, statement: Select[Any]
) -> None:
    sql = re.sub(
        r"\(__\[POSTCOMPILE_\w+\]\)", "('a', 'b')", str(statement.compile(dialect=sqlite.dialect()))
    )
    plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", ["x"] * sql.count("?")).fetchall()
    steps = [row[3] for row in plan]
    assert steps
    for step in steps:
        keys = re.findall(r"(\w+)=\?", step)
        assert step.startswith("SEARCH") and set(keys) - {"bureau"}, step


def test_there_are_hot_statements_in_each_room() -> None:
    assert all(hot(room) for room in ROOMS)
