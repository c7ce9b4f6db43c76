"""Rows of the database that cannot be read end no import: they are told, kept, and mended by id."""

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from sync_server.importing.command import command
from sync_server.importing.import_file import undo_import
from sync_server.store import lists
from sync_server.store.schema import compounds, metadata, plans, tasks
from tests.sync_server.bureau import NOW, Bureau
from tests.sync_server.test_import_lists import on_sqlite, written
from tests.sync_server.test_importing import taken
from tests.sync_server.test_poisoned_lists import KEYS
from tests.sync_server.test_reference import LISTS, fill

# What JSON columns hold on both engines and no list means.
ODD = ["7", "null", '"x"', '{"a": 1}', "[7]", "[null]", "[[]]", '[{"x": 1}]']
# What only SQLite takes.
BROKEN = ["'{'", "''", "'[1e999]'", "'[NaN]'", "x'ff00'", "'[\"\\ud800\"]'"]
LOOSE = [
    ("compounds", "lat", "'北纬'"),
    ("compounds", "name", "x'ff'"),
    ("compounds", "name", "CAST(x'ff' AS TEXT)"),
    ("communities", "name", "x'ff'"),
    ("grids", "name", "CAST(x'ff' AS TEXT)"),
    ("grids", "community", "x'ff'"),
    ("plans", "first", "'2026-11-1O'"),
    ("tasks", "due", "'soon'"),
    ("notices", "issued", "'2026-02-30'"),
    ("institutions", "published", "'yesterday'"),
]
IN_JSON = [("compounds", "aliases"), ("compounds", "buildings"), ("plans", "compounds")]
ROWS = {**KEYS, "communities": "999900100002", "grids": "g2"}
FILES = {  # a row that needs no place which might be damaged
    "communities": "编号,名称\n999900100009,新社区\n",
    "grids": "编号,名称,社区\ng9,新,示例社区\n",
    "compounds": "名称,社区\n新苑,示例社区\n",
    "plans": "标题,开始,结束,网格\n夜查,2026-11-20,2026-11-20,全部\n",
    "tasks": "标题,网格\n看,全部\n",
    "notices": "标题,发布日期,网格\n提示,2026-11-20,全部\n",
    "institutions": "名称,来源,公示日期,许可证号\n甲,局,2026-11-20,L1\n",
}


def poison(bureau: Bureau, kind: str, column: str, value: str) -> None:
    """Straight into the database; `value` is SQL."""
    own = lists.id_column(kind)
    sql = f"UPDATE {kind} SET {column} = {value} WHERE bureau = :bureau AND {own} = :id"  # noqa: S608
    with bureau.store.writing() as tx:
        assert tx.run(text(sql), {"bureau": tx.bureau, "id": ROWS[kind]}).rowcount == 1


def stored(bureau: Bureau, kind: str, column: str) -> Any:
    """As it lies in the database."""
    own, as_bytes = lists.id_column(kind), f"CAST({column} AS BLOB)"
    sql = f"SELECT {as_bytes} FROM {kind} WHERE bureau = :bureau AND {own} = :id"  # noqa: S608
    with bureau.store.reading() as tx:
        return tx.run(text(sql), {"bureau": tx.bureau, "id": ROWS[kind]}).scalar_one()


def goes_on(bureau: Bureau, folder: Path, kind: str, others: Iterable[str]) -> list[str]:
    """What is wrong with imports into `others` while the row of `kind` is damaged."""
    faults = []
    for one in others:
        came = taken(bureau, one, written(folder, FILES[one]))
        told = [found for code, found in came.notes if code == "unread_rows"]
        if came.bad or not came.added or told != [f"{kind} {ROWS[kind]}"]:
            faults.append(f"{one}: {came.bad} {came.notes}")
        undo_import(bureau.store, NOW)
    return faults


@pytest.fixture
def filled(bureau: Bureau) -> Bureau:
    fill(bureau, LISTS)
    return bureau


def test_a_json_text_that_is_no_list_ends_no_import(filled: Bureau, tmp_path: Path) -> None:
    faults = []
    for kind, column in IN_JSON:
        for value in ODD:
            poison(filled, kind, column, f"'{value}'")
            faults += goes_on(filled, tmp_path, kind, [kind])
        poison(filled, kind, column, "'[]'")
    assert faults == []


@on_sqlite  # PostgreSQL takes none of these
def test_no_list_that_an_import_reads_back_ends_it(filled: Bureau, tmp_path: Path) -> None:
    faults = []
    for kind, column in IN_JSON:
        for value in BROKEN:
            poison(filled, kind, column, value)
            before = stored(filled, kind, column)
            others = FILES if (column, value) == ("buildings", BROKEN[0]) else [kind]
            faults += goes_on(filled, tmp_path, kind, others)
            assert stored(filled, kind, column) == before
        poison(filled, kind, column, "'[]'")
    assert faults == []


@on_sqlite  # PostgreSQL takes none of these
@pytest.mark.parametrize("where", LOOSE)
def test_a_value_of_another_type_ends_no_import(
    filled: Bureau, tmp_path: Path, caplog: pytest.LogCaptureFixture, where: tuple[str, str, str]
) -> None:
    poison(filled, *where)
    with caplog.at_level(logging.ERROR, "xuncha"):
        assert goes_on(filled, tmp_path, where[0], [where[0]]) == []
    assert ROWS[where[0]] in caplog.text


@on_sqlite  # PostgreSQL takes no such text
def test_the_command_tells_a_damaged_row_in_words_and_mends_it_by_its_id(
    filled: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    poison(filled, "compounds", "buildings", "'{'")
    assert command(filled.settings, ["tasks", str(written(tmp_path, FILES["tasks"]))]) == 0
    out = capsys.readouterr().out
    assert "读不出来的行，原样留着" in out and "compounds c1" in out and "cannot be read" in out
    file = written(tmp_path, "编号,名称,社区,楼栋\nc1,样例苑,示例社区,1号楼\n")
    assert command(filled.settings, ["compounds", str(file)]) == 0
    assert "由这个文件换掉" in capsys.readouterr().out
    assert [row.buildings for row in filled.rows(compounds, compound="c1")] == [
        [{"name": "1号楼", "units": []}]
    ]


@on_sqlite  # PostgreSQL takes no such text
def test_a_whole_list_takes_a_damaged_row_only_if_that_is_meant(
    filled: Bureau, tmp_path: Path
) -> None:
    poison(filled, "plans", "compounds", "'{'")
    poison(filled, "compounds", "buildings", "'{'")
    file = written(tmp_path, "编号,名称,社区\nc2,示范公寓,模拟社区\n")
    came = taken(filled, "compounds", file, whole=True)
    assert [(bad.code, bad.found) for bad in came.bad] == [("referred_to", "1: plans 3、tasks 1")]
    assert taken(filled, "compounds", file, whole=True, sure=True).bad == ()
    assert [row.compound for row in filled.rows(compounds)] == ["c2"]
    assert filled.count(plans) == 4 and filled.count(tasks) == 1
    assert metadata.tables.keys() >= FILES.keys()
