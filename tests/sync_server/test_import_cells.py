"""What a cell of a spreadsheet says is taken exactly or refused with its address."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_server.importing import cells
from sync_server.importing.database_rows import READERS, to_database_rows
from sync_server.importing.headed_rows import Column, HeadedRow, HeadedRows
from sync_server.importing.headings import KINDS, heading
from sync_server.importing.house_lists import buildings
from sync_server.importing.import_file import ImportResult
from sync_server.importing.known_places import KnownPlaces
from sync_server.importing.reading.table import Cell, CellType, cell_of
from sync_server.importing.row_error import RowError
from sync_server.store.schema import compounds, institutions, tasks
from tests.sync_server.bureau import PLACES, Bureau
from tests.sync_server.raw_sheet import (
    RawCell,
    book,
    boolean,
    day,
    error,
    formula,
    number,
    six_digits,
    time,
)
from tests.sync_server.test_importing import reasons, taken

FIRM: list[RawCell] = ["名称", "来源", "公示日期", "许可证号"]
TASK: list[RawCell] = ["标题", "网格", "截止日期"]


def firm(bureau: Bureau, folder: Path, licence: RawCell) -> ImportResult:
    return sheet(bureau, folder, "institutions", FIRM, ["甲", "局", "2026-11-20", licence])


def sheet(
    bureau: Bureau, folder: Path, kind: str, *rows: list[RawCell], **how: Any
) -> ImportResult:
    file = folder / "list.xlsx"
    file.write_bytes(book(*rows, **how))
    return taken(bureau, kind, file)


@pytest.mark.parametrize(
    ("cell", "licence"),
    [
        ("'150105700000190", "150105700000190"),
        ('="150105700000191"', "150105700000191"),
        ("１５０１０５７０００００１９２", "150105700000192"),
        ("150105700000193\u00a0", "150105700000193"),
        ("\u200b教民150105\ufeff", "教民150105"),
        (number("150104700000190"), "150104700000190"),
        (number("1.50104700000190E14"), "150104700000190"),
        (number("3"), "3"),
        (six_digits("123"), "000123"),
        (formula("A1", "教民1"), "教民1"),
        ("ᠠ\u180eᠠ", "ᠠ\u180eᠠ"),
    ],
)
def test_a_number_of_a_licence_is_restored_where_it_is_exact(
    bureau: Bureau, tmp_path: Path, cell: RawCell, licence: str
) -> None:
    assert firm(bureau, tmp_path, cell).bad == ()
    assert bureau.row(institutions).licence == licence


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (number("1.1501047000019013E16"), "not_exact"),
        (number("150104700000190123"), "not_exact"),
        (number("1E+15"), "not_exact"),
        (number("0.30000000000000004"), "not_exact"),
        ("1.50105E+14", "not_exact"),
        ("1.15010470000190E+16", "not_exact"),
        ("１.５Ｅ+１４", "not_exact"),
        (boolean(1), "not_text"),
        (boolean(0), "not_text"),
        (day(46024), "not_text"),
        (time(0.75), "not_text"),
        (error("#N/A"), "not_read"),
        (error("#DIV/0!"), "not_read"),
        ("#REF!", "not_read"),
        ("######", "not_read"),
        ("=A1", "not_read"),
        (formula("B9"), "not_read"),
        (formula("B9", "", ""), "not_read"),
        (formula("X", "#N/A", "e"), "not_read"),
        ("a\ue000b", "control"),
    ],
)
def test_a_value_that_a_spreadsheet_changed_is_refused_with_its_address(
    bureau: Bureau, tmp_path: Path, cell: RawCell, code: str
) -> None:
    came = firm(bureau, tmp_path, cell)
    assert reasons(came) == [(2, code)]
    [bad] = came.bad
    assert (bad.file, bad.sheet, bad.address, bad.column) == ("list.xlsx", "1", "D2", "许可证号")
    assert bad.found
    assert bureau.count(institutions) == 0


@pytest.mark.parametrize(
    "grid", [error("#N/A"), error("#REF!"), formula("B9"), formula("B9", "", ""), None, "", " "]
)
def test_a_grid_that_cannot_be_read_is_not_everybody(
    bureau: Bureau, tmp_path: Path, grid: RawCell
) -> None:
    came = sheet(bureau, tmp_path, "tasks", TASK, ["看", grid, "2026-12-01"])
    assert reasons(came)[0][1] in ("not_read", "no_reach")
    assert came.bad[0].address == "B2"
    assert bureau.count(tasks) == 0


def test_everybody_is_said_in_words(bureau: Bureau, tmp_path: Path) -> None:
    assert sheet(bureau, tmp_path, "tasks", TASK, ["看", "全部", None]).bad == ()
    assert bureau.row(tasks).grid is None


def test_the_community_may_stay_empty_for_one_grid_and_not_the_grid(
    bureau: Bureau, tmp_path: Path
) -> None:
    head: list[RawCell] = ["标题", "网格", "社区"]
    assert sheet(bureau, tmp_path, "tasks", head, ["看", "g1", None]).bad == ()
    came = sheet(bureau, tmp_path, "tasks", head, ["查", None, "示例社区"])
    assert reasons(came) == [(2, "no_reach")]


def test_a_merged_column_says_the_same_in_each_row(bureau: Bureau, tmp_path: Path) -> None:
    rows: list[list[RawCell]] = [TASK, ["一", "g1", None], ["二", None, None], ["三", "g2", None]]
    assert sheet(bureau, tmp_path, "tasks", *rows, merged=["B2:B3"]).bad == ()
    assert {row.title: row.grid for row in bureau.rows(tasks)} == {
        "一": "g1",
        "二": "g1",
        "三": "g2",
    }


def test_cells_merged_across_columns_are_refused(bureau: Bureau, tmp_path: Path) -> None:
    came = sheet(bureau, tmp_path, "tasks", TASK, ["一", "g1", None], merged=["B2:C2"])
    assert [(bad.code, bad.address) for bad in came.bad] == [("merged", "C2")]


@pytest.mark.parametrize(
    "grid", ["网 格", "网\n格", "网格（编号）", "网格\u200b", "网格*", "所属网格"]
)
def test_a_heading_with_spaces_breaks_and_remarks_is_known(
    bureau: Bureau, tmp_path: Path, grid: str
) -> None:
    came = sheet(bureau, tmp_path, "tasks", ["标题", grid, "截止日期"], ["看", "g1", None])
    assert came.bad == ()
    assert bureau.row(tasks).grid == "g1"


@pytest.mark.parametrize("grid", ["负责网格", "网格（旧）", "网格长", "grid no", "【网格】"])
def test_a_doubtful_heading_of_a_reach_is_asked_about(
    bureau: Bureau, tmp_path: Path, grid: str
) -> None:
    came = sheet(bureau, tmp_path, "tasks", ["标题", "社区", grid], ["看", "全部", "g1"])
    assert [(bad.code, bad.address) for bad in came.bad] == [("unclear_heading", "C")]
    file = tmp_path / "list.xlsx"
    assert taken(bureau, "tasks", file, ignore=(grid,)).bad == ()


def test_coordinates_of_another_datum_are_asked_about(bureau: Bureau, tmp_path: Path) -> None:
    head: list[RawCell] = ["名称", "社区", "纬度（GCJ-02）", "经度(WGS84)"]
    came = sheet(bureau, tmp_path, "compounds", head, ["测", "示例社区", "38.1", "108.5"])
    assert [bad.code for bad in came.bad] == ["unclear_heading"]


def test_a_heading_of_two_rows_is_read(bureau: Bureau, tmp_path: Path) -> None:
    rows: list[list[RawCell]] = [
        ["名称", "社区", "网格", "位置", None],
        [None, None, None, "纬 度", "经 度"],
        ["测双头", "示例社区", "g1", number("38.1"), number("108.5")],
    ]
    assert sheet(bureau, tmp_path, "compounds", *rows, merged=["D1:E1"]).bad == ()
    row = bureau.row(compounds, name="测双头")
    assert (row.lat, row.lon) == (38.1, 108.5)


def test_a_merged_title_that_is_a_heading_elsewhere_is_no_heading(
    bureau: Bureau, tmp_path: Path
) -> None:
    rows: list[list[RawCell]] = [["任务", None, None], TASK, ["看", "g1", None]]
    assert sheet(bureau, tmp_path, "tasks", *rows, merged=["A1:C1"]).bad == ()
    assert bureau.row(tasks).title == "看"


@pytest.mark.parametrize("second", ["住所", "办学地址", "地 址"])
def test_two_columns_for_one_field_are_refused(bureau: Bureau, tmp_path: Path, second: str) -> None:
    row: list[RawCell] = ["甲", "局", "2026-11-20", "L1", "样例苑3号楼", None]
    came = sheet(bureau, tmp_path, "institutions", [*FIRM, "办学地址", second], row)
    assert [(bad.code, bad.address) for bad in came.bad] == [("two_columns", "F")]


def test_a_hidden_sheet_is_left_out_with_a_word(bureau: Bureau, tmp_path: Path) -> None:
    old = ("旧", "hidden", [["标题", "网格"], ["去年的", "g1"]])
    rows: list[list[RawCell]] = [["标题", "网格"], ["今年的", "g1"]]
    came = sheet(bureau, tmp_path, "tasks", *rows, others=[old])
    assert ("hidden_sheet", "旧") in came.notes
    assert bureau.row(tasks).title == "今年的"


def test_a_row_of_sums_is_told_and_left_out(bureau: Bureau, tmp_path: Path) -> None:
    rows: list[list[RawCell]] = [
        ["标题", "网格"],
        ["甲", "g1"],
        ["合 计：1 条", None],
        ["合计表", "g1"],
    ]
    came = sheet(bureau, tmp_path, "tasks", *rows)
    assert came.notes == (("sums", "3"),)
    assert {row.title for row in bureau.rows(tasks)} == {"甲", "合计表"}


FAR = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t> </t></is></c></row>'


def test_a_cell_far_away_is_told_before_anything_makes_room(bureau: Bureau, tmp_path: Path) -> None:
    came = sheet(bureau, tmp_path, "tasks", ["标题", "网格"], ["甲", "g1"], more=FAR)
    assert [(bad.code, bad.found) for bad in came.bad] == [("too_many_cells", "XFD1048576")]


DAYS = [
    ("2026-11-20", True), ("2026/11/20", True), ("2026.11.20", True), ("2026年11月20日", True),
    ("２０２６年１１月２０日", True), ("2026-11-20 00:00:00", True), ("2028-02-29", True),
    ("2026-11-200", False), ("2026-11-20至2029-11-19", False), ("2026-11-20截止", False),
    ("2026-11-2O", False), ("2026/11/20 25:99", False), ("2026-11-20 18:30", False),
    ("0226-11-20", False), ("2206-11-20", False), ("20261120", False), ("26-11-20", False),
    ("11/20/2026", False), ("2026-02-30", False), ("2026-11/20", False), ("٢٠٢٦-11-20", False),
    ("二〇二六年十一月二十日", False), ("2026-11", False), ("1999-12-31", False),
]  # fmt: skip


@pytest.mark.parametrize(("written", "good"), DAYS)
def test_a_day_is_whole_and_in_sane_years(written: str, good: bool) -> None:
    cell = Cell(CellType.TEXT, written)
    if good:
        found = cells.day("due", cell)
        assert found and found.year in (2026, 2028)
        return
    with pytest.raises(RowError, match="due"):
        cells.day("due", cell)


def names_of(written: str) -> list[str]:
    return [one["name"] for one in buildings("buildings", Cell(CellType.TEXT, written))]


HOUSES = [
    ("1号楼【1-3单元】", ["1号楼(1单元2单元3单元)"]),
    ("３号楼(１－３单元)", ["3号楼(1单元2单元3单元)"]),
    ("1号楼：1-3单元", ["1号楼(1单元2单元3单元)"]),
    ("1号楼(1、2单元)", ["1号楼(1单元2单元)"]),
    ("1号楼(1-3)", ["1号楼(1单元2单元3单元)"]),
    ("1、2、3号楼", ["1号楼", "2号楼", "3号楼"]),
    ("1-5号楼", ["1号楼", "2号楼", "3号楼", "4号楼", "5号楼"]),
    ("1号楼-3号楼", ["1号楼", "2号楼", "3号楼"]),
    ("1~3栋", ["1栋", "2栋", "3栋"]),
    ("1至3幢", ["1幢", "2幢", "3幢"]),
    ("A-C座", ["A座", "B座", "C座"]),
    ("A、B座", ["A座", "B座"]),
    ("1-2号楼(1-2单元);商铺", ["1号楼(1单元2单元)", "2号楼(1单元2单元)", "商铺"]),
    ("1号楼;1号楼;１号楼", ["1号楼"]),
    ("1号楼 2号楼 3号楼", ["1号楼", "2号楼", "3号楼"]),
    ("1号楼/2号楼", ["1号楼", "2号楼"]),
    ("1#(1-3单元)，2#", ["1#(1单元2单元3单元)", "2#"]),
    ("综合楼;B座(1-2单元)", ["综合楼", "B座(1单元2单元)"]),
    ("1、2、3", ["1", "2", "3"]),
]


@pytest.mark.parametrize(("written", "houses"), HOUSES)
def test_short_ways_to_write_buildings_are_expanded(written: str, houses: list[str]) -> None:
    found = buildings("buildings", Cell(CellType.TEXT, written))
    shown = [one["name"] + (f"({''.join(one['units'])})" if one["units"] else "") for one in found]
    assert shown == houses


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("5-1号楼", "unclear_range"),
        ("1-500号楼", "unclear_range"),
        ("1-3", "unclear_range"),
        ("1号楼-3栋", "unclear_range"),
        ("1号楼(1单元);１号楼(2单元)", "building_twice"),
        ("1号楼(1-3单元", "wrong_shape"),
    ],
)
def test_an_unclear_list_of_buildings_is_refused(written: str, code: str) -> None:
    with pytest.raises(RowError) as refused:
        buildings("buildings", Cell(CellType.TEXT, written))
    assert refused.value.code == code


VALUES = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.sampled_from(["#N/A", "全部", "1-5号楼", "=1", "2026-11-20", "是", "示例社区", "g1", "c1"]),
    st.integers(),
    st.floats(allow_nan=True),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.lists(st.one_of(st.text(max_size=5), st.none(), st.integers())),
    st.dictionaries(st.sampled_from(["name", "units", "x"]), st.text(max_size=5)),
    st.lists(st.fixed_dictionaries({"name": st.text(max_size=5), "units": st.none()})),
    st.binary(max_size=5),
)
KNOWN = KnownPlaces.of(
    {
        kind: {str(row[kind_id]): row for row in PLACES[kind]}
        for kind, kind_id in (
            ("communities", "community"),
            ("grids", "grid"),
            ("compounds", "compound"),
        )
    }
)


def a_cell(value: Any) -> Cell | None:
    try:
        return cell_of(value)
    except ValueError:  # NaN inside a list of a map: such a file cannot be read at all
        return None


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(sorted(KINDS)), data=st.data())
def test_any_type_of_cell_in_any_column_is_taken_or_refused_in_words(
    kind: str, data: st.DataObject
) -> None:
    fields = KINDS[kind].fields
    cells_by_field = {name: a_cell(data.draw(VALUES, name)) for name in fields}
    columns = {name: Column(n, heading(name)) for n, name in enumerate(fields)}
    table = HeadedRows((HeadedRow(2, cells_by_field),), columns)
    made = to_database_rows(kind, table, KNOWN, {})
    assert len(made.rows) + len(made.bad) == 1
    assert all(str(bad) and bad.line == 2 for bad in made.bad)


@settings(max_examples=300, deadline=None)
@given(value=VALUES, field=st.sampled_from(sorted(set(READERS) | {"name", "address", "note"})))
def test_no_value_changes_silently(value: Any, field: str) -> None:
    cell = a_cell(value)
    if cell is None or field in ("aliases", "buildings", "compounds"):
        return
    read = READERS.get(field) or cells.text
    try:
        found = read(field, cell)
    except RowError:
        return
    assert _says(found, cell), (found, cell)


def _says(found: Any, cell: Cell) -> bool:
    """Whether what was read is what stands there: in another width, without what cannot be seen."""
    if isinstance(found, float) or cell.type is CellType.NUMBER:
        return float(found) == float(cell.text)
    if cell.type in (CellType.DAY, CellType.MOMENT):
        return cell.text in (found.isoformat(), f"{found.isoformat()}T00:00:00")
    if cell.type is CellType.BOOLEAN:
        return str(found) == cell.text
    if cell.type is not CellType.TEXT:
        return False
    if not isinstance(found, str):  # a day, a code of a list, a word for yes or no
        return True
    bare = cells.folded(found).split()
    shown = "".join(c for c in cell.text if c.isprintable() or c.isspace())
    shown = shown.strip().removeprefix('="').removesuffix('"') if '="' in shown else shown
    return "".join(bare).lower() in cells.folded("".join(shown.split())).lower().replace(" ", "")
