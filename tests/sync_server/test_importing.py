"""Lists from files: all of a file or nothing, and every bad row told by its line and reason."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contract import wire
from sync_server.importing.command import command
from sync_server.importing.headings import KINDS, heading
from sync_server.importing.import_file import ImportRequest, ImportResult, import_file
from sync_server.importing.initials import initials
from sync_server.importing.reading.read_file import read_file
from sync_server.importing.words import ERRORS, NOTES
from sync_server.store import lists, places
from sync_server.store.schema import audit, compounds, institutions, notices, plans, tasks
from tests.sync_server.bureau import NOW, Bureau
from tests.sync_server.spreadsheet import xlsx

ROOT = Path(__file__).parents[2]
# A right check digit, of a region that does not exist.
CODE = "91159999000000003K"
HEAD = ["机构名称", "统一社会信用代码", "许可证号", "办学地址", "来源", "公示日期", "法定代表人"]
GOOD = ["彩虹艺术学校", CODE, "", "样例苑3号楼一层", "示例旗公示", "2026年10月30日", "某人"]


@pytest.fixture
def folder(bureau: Bureau, tmp_path: Path) -> Path:
    house = [{"name": "3号楼", "units": ["1单元"]}]
    with bureau.store.writing() as tx:
        rows = [row | {"buildings": house} for row in lists.held(tx, "compounds").rows.values()]
        lists.replace(tx, "compounds", rows)
    return tmp_path


def csv(folder: Path, *lines: list[str], name: str = "list.csv", coding: str = "utf-8-sig") -> Path:
    file = folder / name
    file.write_bytes("\r\n".join(",".join(line) for line in lines).encode(coding))
    return file


def taken(bureau: Bureau, kind: str, file: Path, **how: Any) -> ImportResult:
    """In this process, which is quicker; test_import_apart.py reads in one of its own."""
    return import_file(bureau.store, ImportRequest(kind, file, **how), NOW, read_file)


def reasons(came: ImportResult) -> list[tuple[int, str]]:
    return [(bad.line, bad.code) for bad in came.bad]


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_published_list_comes_in_with_its_initials_and_its_place(
    bureau: Bureau, folder: Path, coding: str
) -> None:
    came = taken(bureau, "institutions", csv(folder, HEAD, GOOD, coding=coding))
    assert (came.added, came.bad) == (1, ())
    row = bureau.row(institutions)
    assert (row.name, row.initials, row.code) == ("彩虹艺术学校", "chysxx", CODE)
    assert (row.compound, row.building) == ("c1", "3号楼")
    assert (row.source, row.published) == ("示例旗公示", date(2026, 10, 30))


def test_a_column_about_a_person_is_neither_read_nor_kept(bureau: Bureau, folder: Path) -> None:
    came = taken(bureau, "institutions", csv(folder, HEAD, GOOD))
    assert came.ignored == ("法定代表人",)
    assert "某人" not in str(bureau.row(institutions)._mapping)


def test_a_spreadsheet_says_the_same_as_a_csv_file(bureau: Bureau, folder: Path) -> None:
    title: list[Any] = ["示例旗2026年公示名单"]
    file = folder / "list.xlsx"
    file.write_bytes(xlsx([title, list(HEAD), [*GOOD[:5], date(2026, 10, 30), "某人"]]))
    assert taken(bureau, "institutions", file).added == 1
    assert bureau.row(institutions).published == date(2026, 10, 30)


def test_bad_rows_are_listed_by_line_and_reason_and_nothing_is_taken(
    bureau: Bureau, folder: Path
) -> None:
    lines = [
        HEAD,
        GOOD,
        ["", *GOOD[1:]],
        [GOOD[0], "91159999000000003L", *GOOD[2:]],
        [GOOD[0], "", "", *GOOD[3:]],
        [*GOOD[:5], "去年", ""],
        GOOD,
    ]
    came = taken(bureau, "institutions", csv(folder, *lines))
    assert reasons(came) == [
        (3, "empty"),
        (4, "wrong_code"),
        (5, "not_registered"),
        (6, "not_a_day"),
        (7, "twice"),
    ]
    assert str(came.bad[0]) == (
        "list.csv 第 3 行 A3 机构名称：没有填；要求：必填"
        " / list.csv, row 3, A3, name: empty; wanted: something; it is required"
    )
    assert bureau.count(institutions) == 0


def test_a_dry_run_judges_and_writes_nothing(bureau: Bureau, folder: Path) -> None:
    file = csv(folder, HEAD, GOOD)
    assert taken(bureau, "institutions", file, dry=True).added == 1
    assert bureau.count(institutions) == 0 == bureau.count(audit)


def test_the_same_file_again_changes_nothing(bureau: Bureau, folder: Path) -> None:
    file = csv(folder, HEAD, GOOD)
    taken(bureau, "institutions", file)
    again = taken(bureau, "institutions", file)
    assert (again.added, again.changed, again.removed) == (0, 0, 0)
    assert [row.what for row in bureau.rows(audit)] == ["import"]


def test_what_the_file_lacks_stays_unless_the_file_is_the_whole_list(
    bureau: Bureau, folder: Path
) -> None:
    other = ["跃动体育", "", "示教0007", "", "示例旗公示", "2026/10/30", ""]
    taken(bureau, "institutions", csv(folder, HEAD, GOOD))
    assert taken(bureau, "institutions", csv(folder, HEAD, other)).removed == 0
    assert bureau.count(institutions) == 2
    assert taken(bureau, "institutions", csv(folder, HEAD, other), whole=True).removed == 1
    assert bureau.row(institutions).name == "跃动体育"


def test_phones_hear_of_an_import(bureau: Bureau, folder: Path) -> None:
    def stamp() -> int:
        with bureau.store.reading() as tx:
            return places.stamp(tx)

    before = stamp()
    taken(bureau, "institutions", csv(folder, HEAD, GOOD))
    assert stamp() > before


def test_a_compound_names_its_community_and_tells_its_buildings(
    bureau: Bureau, folder: Path
) -> None:
    head = ["小区名称", "社区", "网格", "纬度", "经度", "类型", "楼栋", "别名"]
    houses = "1号楼(1-3单元);2号楼(东单元、西单元);商铺"
    line = ["模拟新村", "示例社区", "第1网格", "38.1", "108.5", "居民楼", houses, "老村"]
    assert taken(bureau, "compounds", csv(folder, head, line)).bad == ()
    row = bureau.row(compounds, name="模拟新村")
    assert (row.initials, row.community, row.grid) == ("mnxc", "999900100001", "g1")
    assert (row.venue, row.aliases, row.lat) == ("RESIDENTIAL", ["老村"], 38.1)
    assert row.buildings == [
        {"name": "1号楼", "units": ["1单元", "2单元", "3单元"]},
        {"name": "2号楼", "units": ["东单元", "西单元"]},
        {"name": "商铺", "units": []},
    ]
    assert bureau.count(compounds) == 3  # those of before stay


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"社区": "没有的社区"}, "unknown_place"),
        ({"纬度": "108.5", "经度": "38.1"}, "not_here"),
        ({"经度": ""}, "half_a_position"),
        ({"类型": "城堡"}, "unknown_word"),
        ({"小区名称": "长" * 101}, "too_long"),
    ],
)
def test_a_compound_that_does_not_fit_says_why(
    bureau: Bureau, folder: Path, changes: dict[str, str], code: str
) -> None:
    row = {"小区名称": "模拟新村", "社区": "示例社区", "纬度": "38.1", "经度": "108.5", "类型": ""}
    row |= changes
    came = taken(bureau, "compounds", csv(folder, list(row), list(row.values())))
    assert reasons(came) == [(2, code)]


def test_a_map_gives_the_middle_of_an_area(bureau: Bureau, folder: Path) -> None:
    ring = [[108.5, 38.1], [108.504, 38.1], [108.504, 38.102], [108.5, 38.102], [108.5, 38.1]]
    area = {"type": "Polygon", "coordinates": [ring]}
    said = {"name": "模拟新村", "community": "999900100001", "grid": "g1"}
    feature = {"type": "Feature", "geometry": area, "properties": said}
    file = folder / "map.geojson"
    file.write_bytes(wire.canonical({"type": "FeatureCollection", "features": [feature]}))
    assert taken(bureau, "compounds", file).bad == ()
    row = bureau.row(compounds, name="模拟新村")
    assert (row.lat, row.lon) == (pytest.approx(38.101), pytest.approx(108.502))


def test_plans_tasks_and_notices_come_in(bureau: Bureau, folder: Path) -> None:
    plan = ["周末夜查", "专项", "夜查", "2026-11-20", "2026-11-22", "第1网格", "样例苑"]
    head = ["标题", "形式", "班次", "开始日期", "结束日期", "网格", "小区名单"]
    assert taken(bureau, "plans", csv(folder, head, plan)).bad == ()
    row = bureau.row(plans)
    assert (row.form, row.shift, row.grid, row.compounds) == ("SPECIAL", "NIGHT", "g1", ["c1"])
    task = ["复看3号楼", "样例苑", "3号楼", "2026.11.30", "全部"]
    assert (
        taken(bureau, "tasks", csv(folder, ["标题", "小区", "楼号", "截止日期", "网格"], task)).bad
        == ()
    )
    assert bureau.row(tasks).due == date(2026, 11, 30)
    notice = ["寒假前提示", "留意托管", "2026-11-20", "是"]
    head = ["标题", "内容", "发布日期", "紧急"]
    assert taken(bureau, "notices", csv(folder, head, notice), everybody=True).bad == ()
    assert bureau.row(notices).urgent is True


def test_a_notice_without_a_text_has_none(bureau: Bureau, folder: Path) -> None:
    line = ["寒假前提示", "2026-11-20"]
    file = csv(folder, ["标题", "发布日期"], line)
    assert taken(bureau, "notices", file, everybody=True).bad == ()
    assert bureau.row(notices).text == ""


def test_a_note_with_a_person_in_it_is_refused(bureau: Bureau, folder: Path) -> None:
    line = ["复看", "联系 13912345678"]
    came = taken(bureau, "tasks", csv(folder, ["标题", "说明"], line), everybody=True)
    assert reasons(came) == [(2, "personal")]


def test_a_plan_that_ends_before_it_begins_is_refused(bureau: Bureau, folder: Path) -> None:
    line = ["夜查", "2026-11-22", "2026-11-20"]
    came = taken(bureau, "plans", csv(folder, ["标题", "开始", "结束"], line), everybody=True)
    assert reasons(came) == [(2, "ends_before")]


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("list.pdf", b"%PDF", "unknown_format"),
        ("list.xlsx", b"no workbook", "unreadable"),
        ("list.geojson", b"{", "unreadable"),
        ("list.csv", b"a,b\n1,2\n", "no_heading"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_words(
    bureau: Bureau, folder: Path, name: str, raw: bytes, code: str
) -> None:
    (folder / name).write_bytes(raw)
    assert reasons(taken(bureau, "institutions", folder / name)) == [(0, code)]
    assert all(ERRORS[code])


def test_initials_are_letters_and_figures() -> None:
    assert initials("样例苑·A座(2期)") == "ylyaz2q"


def test_the_command_tells_a_technician_what_came_of_it(
    bureau: Bureau, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = csv(folder, HEAD, GOOD)
    assert command(bureau.settings, ["institutions", str(file), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "法定代表人" in said and "检查通过，没有写入" in said
    assert bureau.count(institutions) == 0
    assert command(bureau.settings, ["institutions", str(file)]) == 0
    assert "已写入 / done：新增 1" in capsys.readouterr().out
    bad = csv(folder, HEAD, [*GOOD[:4], "", *GOOD[5:]])
    assert command(bureau.settings, ["institutions", str(bad)]) == 1
    assert "第 2 行 E2 来源：没有填" in capsys.readouterr().err


def test_the_manual_names_every_kind_and_its_columns() -> None:
    manual = (Path(__file__).parents[2] / "docs/import.zh-CN.md").read_text()
    for kind, columns in KINDS.items():
        line = next(line for line in manual.splitlines() if line.startswith(f"| `{kind}`"))
        assert all(heading(name) in line for name in columns.fields), kind


def test_every_error_and_note_is_worded_in_both_languages() -> None:
    assert all(all(words) for words in ERRORS.values())
    assert all("{found}" in one for words in NOTES.values() for one in words)


def test_every_error_is_raised_somewhere() -> None:
    files = (ROOT / "sync_server/importing").rglob("*.py")
    source = "".join(file.read_text() for file in files if file.name != "words.py")
    assert [code for code in ERRORS if f'"{code}"' not in source] == []
