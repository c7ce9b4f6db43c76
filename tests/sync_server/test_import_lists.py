"""What an import does to a list: seen before, taken back after, and nothing lost by mistake."""

import sqlite3
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from contract import wire
from sync_server.importing.command import command
from sync_server.importing.import_file import undo_import
from sync_server.importing.preview import Change
from sync_server.importing.seed import seed
from sync_server.intake import quarantine
from sync_server.store import lists, places
from sync_server.store.engine import Store
from sync_server.store.schema import communities, compounds, grids, tasks
from tests.sync_server.bureau import NOW, THERE, Bureau
from tests.sync_server.test_importing import reasons, taken

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

COUNTY = Path(__file__).parents[2] / "demo/county.json"


def written(folder: Path, text: str) -> Path:
    file = folder / "list.csv"
    file.write_text(text)
    return file


CODES = [
    ("compounds", "编号,名称,社区,网格\n样例1号,测六,示例社区,g1\n", "not_a_code"),
    ("compounds", "编号,名称,社区,网格\n" + "z" * 60 + ",长码,示例社区,g1\n", "not_a_code"),
    ("compounds", "编号,名称,社区,网格\nc 001,空格,示例社区,g1\n", "not_a_code"),
    ("compounds", "编号,名称,社区,网格\nc/1,斜杠,示例社区,g1\n", "not_a_code"),
    ("communities", "编号,名称\n9.999E+11,科学社区\n", "not_exact"),
    ("communities", "编号,名称\n99990010000,短\n", "not_a_community_code"),
    ("communities", "编号,名称\n99990010000A,字母\n", "not_a_community_code"),
    ("grids", "编号,名称,社区\n三网格,三网格,示例社区\n", "not_a_code"),
    ("tasks", "编号,标题,网格\n任务1,看,g1\n", "not_a_code"),
    ("notices", "编号,标题,发布日期,网格\n通知 1,看,2026-11-20,g1\n", "not_a_code"),
    ("plans", "编号,标题,开始,结束,网格\n计划,看,2026-11-20,2026-11-20,g1\n", "not_a_code"),
    ("institutions", "编号,名称,来源,公示日期,许可证号\n机构,甲,局,2026-11-20,L1\n", "not_a_code"),
]


@pytest.mark.parametrize(("kind", "text", "code"), CODES)
def test_a_code_that_no_phone_could_read_is_refused(
    bureau: Bureau, tmp_path: Path, kind: str, text: str, code: str
) -> None:
    before = lists_of(bureau, kind)
    came = taken(bureau, kind, written(tmp_path, text))
    assert reasons(came) == [(2, code)]
    assert (came.bad[0].column, came.bad[0].address) == ("编号", "A2")
    assert lists_of(bureau, kind) == before


def lists_of(bureau: Bureau, kind: str) -> dict[str, dict[str, Any]]:
    with bureau.store.reading() as tx:
        return lists.held(tx, kind).rows


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("compounds", {"compound": "样例1号"}),
        ("compounds", {"community": "9.999E+11"}),
        ("compounds", {"buildings": ["1号楼"]}),
        ("grids", {"grid": "三网格"}),
        ("communities", {"community": "社区"}),
    ],
)
def test_a_county_that_phones_could_not_read_is_not_seeded(
    bureau: Bureau, tmp_path: Path, kind: str, changes: dict[str, Any]
) -> None:
    county = wire.parse_json(COUNTY.read_bytes())
    county[kind][0] |= changes
    file = tmp_path / "county.json"
    file.write_bytes(wire.canonical(county))
    store = Store(bureau.store.engine, f"s{uuid4().hex[:10]}")
    with pytest.raises(wire.Unreadable, match=f"{kind}.0"):
        seed(store, file, {})
    with store.reading() as tx:
        assert lists.held(tx, "communities").rows == {}


def test_a_whole_list_without_rows_deletes_nothing_unasked(bureau: Bureau, tmp_path: Path) -> None:
    file = written(tmp_path, "编号,名称,社区\n")
    came = taken(bureau, "compounds", file, whole=True)
    assert [(bad.code, bad.found) for bad in came.bad] == [("would_empty", "2")]
    assert bureau.count(compounds) == 2
    assert taken(bureau, "compounds", file, whole=True, sure=True).removed == 2


def test_rows_that_others_refer_to_are_not_deleted_unasked(bureau: Bureau, tmp_path: Path) -> None:
    file = written(tmp_path, "编号,名称\n999900100001,示例社区\n")
    came = taken(bureau, "communities", file, whole=True)
    assert [bad.code for bad in came.bad] == ["referred_to"]
    assert came.bad[0].found == "1: compounds 1、grids 1、staff 1"
    assert {row.community for row in bureau.rows(communities)} >= {THERE}
    assert taken(bureau, "communities", file, whole=True, sure=True).removed == 1


@pytest.mark.parametrize("name", ["样例苑", "样例苑\u200b", "样 例 苑", "\ufeff样例苑"])
def test_a_compound_under_another_spelling_is_the_same(
    bureau: Bureau, tmp_path: Path, name: str
) -> None:
    taken(bureau, "compounds", written(tmp_path, f"名称,社区,别名\n{name},示例社区,老村\n"))
    assert {row.compound for row in bureau.rows(compounds)} == {"c1", "c2"}
    assert bureau.row(compounds, compound="c1").aliases == ["老村"]


@pytest.mark.parametrize("pair", [("测五Ａ座", "测五A座"), ("Cafe\u0301苑", "Caf\u00e9苑")])
def test_two_spellings_make_one_compound(
    bureau: Bureau, tmp_path: Path, pair: tuple[str, str]
) -> None:
    for name in pair:
        assert (
            taken(bureau, "compounds", written(tmp_path, f"名称,社区\n{name},示例社区\n")).bad == ()
        )
    assert bureau.count(compounds) == 3
    both = "".join(f"{name},示例社区\n" for name in pair)
    assert reasons(taken(bureau, "compounds", written(tmp_path, f"名称,社区\n{both}"))) == [
        (3, "twice")
    ]


def test_a_second_compound_of_the_same_name_is_refused(bureau: Bureau, tmp_path: Path) -> None:
    came = taken(
        bureau, "compounds", written(tmp_path, "编号,名称,社区\nc9,样例苑\u200b,示例社区\n")
    )
    assert [(bad.code, bad.found) for bad in came.bad] == [("same_as", "c1")]


def test_what_the_file_has_no_column_for_stays(bureau: Bureau, tmp_path: Path) -> None:
    taken(bureau, "compounds", written(tmp_path, "编号,名称,社区,楼栋\nc1,样例苑,示例社区,1号楼\n"))
    taken(bureau, "compounds", written(tmp_path, "编号,名称,社区,别名\nc1,样例苑,示例社区,老村\n"))
    row = bureau.row(compounds, compound="c1")
    assert (row.grid, row.aliases, [one["name"] for one in row.buildings]) == (
        "g1",
        ["老村"],
        ["1号楼"],
    )
    taken(bureau, "compounds", written(tmp_path, "编号,名称,社区,楼栋\nc1,样例苑,示例社区,\n"))
    assert bureau.row(compounds, compound="c1").buildings == []


def test_a_preview_tells_each_row(bureau: Bureau, tmp_path: Path) -> None:
    file = written(
        tmp_path, "编号,名称,社区,网格\ng1,第1网格,示例社区,\ng2,新名,模拟社区,\ng3,三,示例社区,\n"
    )
    came = taken(bureau, "grids", file, dry=True)
    told = [(row.line, row.id, row.change, row.fields) for row in came.rows]
    assert told == [
        (2, "g1", Change.SAME, ()),
        (3, "g2", Change.CHANGED, (("name", "第2网格", "新名"),)),
        (4, "g3", Change.NEW, ()),
    ]
    assert bureau.count(grids) == 2


def test_a_preview_is_printed_row_by_row(
    bureau: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, "编号,名称,社区\ng1,甲,示例社区\ng2,乙,没有\n")
    assert command(bureau.settings, ["grids", str(file), "--dry-run"]) == 1
    out, err = capsys.readouterr()
    assert "第 2 行 更新 / changed：g1 甲（名称：第1网格 → 甲）" in out
    assert "list.csv 第 3 行 C3 社区：不在本单位的名单里；写的是“没有”" in err


def test_an_import_is_taken_back_until_the_next(bureau: Bureau, tmp_path: Path) -> None:
    before = lists_of(bureau, "compounds")
    file = written(tmp_path, "编号,名称,社区,楼栋\nc1,样例苑,示例社区,1-3号楼\nc9,新,示例社区,\n")
    assert taken(bureau, "compounds", file).bad == ()
    assert undo_import(bureau.store, NOW) == ("compounds", "list.csv")
    assert lists_of(bureau, "compounds") == before
    assert undo_import(bureau.store, NOW) is None


def test_an_import_of_days_is_taken_back(bureau: Bureau, tmp_path: Path) -> None:
    taken(bureau, "tasks", written(tmp_path, "标题,网格,截止日期\n看,g1,2026-11-20\n"))
    before = lists_of(bureau, "tasks")
    taken(bureau, "tasks", written(tmp_path, "标题,网格,截止日期\n看,g1,2026-12-20\n查,g1,\n"))
    assert undo_import(bureau.store, NOW)
    assert lists_of(bureau, "tasks") == before


def test_the_command_takes_an_import_back(
    bureau: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken(bureau, "tasks", written(tmp_path, "标题,网格\n看,g1\n"))
    assert command(bureau.settings, ["--undo"]) == 0
    assert bureau.count(tasks) == 0
    assert command(bureau.settings, ["--undo"]) == 1
    assert "没有可以撤销的导入" in capsys.readouterr().err


@on_sqlite  # PostgreSQL has no lock of the whole database
def test_an_import_beside_a_locked_database_says_so(
    bureau: Bureau,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sync_server.store.engine.BUSY_MS", 50)
    file = written(tmp_path, "标题,网格\n看,g1\n")
    lock = sqlite3.connect(str(bureau.store.engine.url.database), isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    assert command(bureau.settings, ["tasks", str(file)]) == 1
    assert "数据库正被别的程序占用" in capsys.readouterr().err
    lock.execute("ROLLBACK")
    lock.close()


@on_sqlite  # only SQLite can be told that it is full
def test_an_import_on_a_full_disk_says_so(
    bureau: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    from sync_server.store import engine

    set_up = engine._set_up_connection

    def full(connection: Any, record: object) -> None:
        set_up(connection, record)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    monkeypatch.setattr(engine, "_set_up_connection", full)
    rows = "".join(f"任务{n},g1,{'字' * 400}\n" for n in range(2_000))
    assert (
        command(bureau.settings, ["tasks", str(written(tmp_path, f"标题,网格,说明\n{rows}"))]) == 1
    )
    assert "磁盘已满" in capsys.readouterr().err


def test_a_database_that_cannot_be_opened_is_told_in_words(
    bureau: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, "标题,网格\n看,g1\n")
    settings = bureau.settings.__class__(database=f"sqlite:///{file}/b.db", bureau="9999")
    assert command(settings, ["tasks", str(file)]) == 1
    assert "数据库" in capsys.readouterr().err


def test_quarantine_writes_no_control_characters_to_a_terminal(
    bureau: Bureau, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sync_server.store import arrivals

    handset = bureau.enrol()
    raw = b'{"kind":"\x1b]0;x\x07"} \xff\xc2\x9b31m ok \xe6\xa0\xb7\xe2\x80\xae'
    row = {"digest": "d" * 64, "device": handset.phone.device, "code": "not_json", "field": ""}
    with bureau.store.writing() as tx:
        arrivals.add_to_quarantine(tx, [{**row, "raw": raw}], NOW)
    assert quarantine.command(bureau.settings, "d" * 64) == 0
    shown = capsysbinary.readouterr().out
    assert all(c.isprintable() for c in shown.decode().rstrip("\n"))
    assert "样" in shown.decode() and "\\x1b" in shown.decode()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("compounds", "编号,名称,社区,网格\nc9,新,示例社区,g2\nc8,好,示例社区,g1\n"),
        ("tasks", "标题,社区,网格\n看,示例社区,第2网格\n看,示例社区,g1\n"),
        ("notices", "标题,发布日期,社区,网格\n看,2026-11-20,示例社区,g2\n"),
        ("plans", "标题,开始,结束,社区,网格\n看,2026-11-20,2026-11-20,示例社区,g2\n"),
    ],
)
def test_a_grid_outside_of_the_community_beside_it_is_told(
    bureau: Bureau, tmp_path: Path, kind: str, text: str
) -> None:
    came = taken(bureau, kind, written(tmp_path, text))
    assert [(bad.line, bad.field, bad.code, bad.found) for bad in came.bad] == [
        (2, "grid", "grid_elsewhere", f"g2 → {THERE}")
    ]
    assert "第 2 行" in str(came.bad[0]) and "网格：这个网格不在这个社区" in str(came.bad[0])


@pytest.mark.parametrize(
    ("column", "value"), [("aliases", "老村"), ("buildings", ["1号楼"]), ("buildings", [{"x": 1}])]
)
def test_a_row_that_is_wrong_already_is_mended_by_an_import(
    bureau: Bureau, tmp_path: Path, column: str, value: Any
) -> None:
    with bureau.store.writing() as tx:
        tx.run(update(compounds).where(compounds.c.compound == "c1").values({column: value}))
        assert places.buildings(tx)
    file = written(tmp_path, "编号,名称,社区,别名,楼栋\nc1,样例苑,示例社区,老村,1号楼\n")
    assert taken(bureau, "compounds", file).bad == ()
    assert bureau.row(compounds, compound="c1").buildings == [{"name": "1号楼", "units": []}]
