"""No statement that a phone's call runs reads a whole table, however much is in it."""

import re
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Select, event
from sqlalchemy.dialects import sqlite

from sync_server.settings import Settings
from sync_server.store import (
    arrivals,
    devices,
    held_answers,
    photos,
    places,
    records,
    site_records,
    sites,
)
from sync_server.store.prepared import PreparedStatement
from tests.sync_server.bureau import Bureau

ROOMS = (arrivals, devices, held_answers, photos, places, records, sites)
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


@pytest.mark.parametrize(
    ("areas", "doors"), [(None, ("3/2",)), (["c1", "c2"], ("3/2", "3/*")), (["c1", "c2"], ())]
)
def test_a_search_reads_an_index_of_links_and_no_more(
    tmp_path: Path, areas: list[str] | None, doors: tuple[str, ...]
) -> None:
    bureau = Bureau.open(Settings(database=f"sqlite:///{tmp_path}/bureau.db", bureau="0001"))
    asked: list[tuple[str, Any]] = []
    with bureau.store.reading() as tx:
        event.listen(
            bureau.store.engine,
            "before_cursor_execute",
            lambda _, __, sql, values, *___: asked.append((sql, values)),
        )
        site_records.ids_at(tx, areas, doors)
    bureau.store.close()
    [(sql, values)] = asked
    with sqlite3.connect(tmp_path / "bureau.db") as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
    assert "COVERING INDEX site_links_by_" in plan[0][3]
