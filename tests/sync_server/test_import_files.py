"""Files of each format: what cannot be read for certain is refused with its place."""

import io
import os
import resource
import sqlite3
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import wire
from sync_server.importing.import_file import ImportRequest, import_file
from sync_server.importing.reading import apart, wkb
from sync_server.importing.reading.csv_text import read_csv
from sync_server.importing.reading.features import read_geojson
from sync_server.importing.reading.geometry import position
from sync_server.importing.reading.read_file import read_file
from sync_server.importing.row_error import RowError
from sync_server.store.schema import audit, compounds, tasks
from tests.sync_server.bureau import NOW, Bureau
from tests.sync_server.old_sheet import ErrorCell, xls
from tests.sync_server.open_sheet import ods, row, text
from tests.sync_server.raw_sheet import book
from tests.sync_server.test_import_cells import FAR
from tests.sync_server.test_importing import reasons, taken

HEAD = "标题,网格,说明\n"
BAD_CSV = [
    ("title,grid,note\n看一号楼,g1,门口".encode() + b"\xff\n", "encoding"),
    ("title,grid,note\n看一号楼,g1,门口的灯".encode()[:-1] + b"\n", "encoding"),
    ("title,grid\n檢查樓門,g1\n".encode("big5"), "encoding"),
    (b"title,grid\n\xc4\xda\xff\xff\xb2\xbf,g1\n", "encoding"),
    ("标题,网格\n看,g1\n".encode("utf-16")[:-1], "encoding"),
    ('标题,网格,经办\n任务一,g1,"甲\n任务二,g1,乙\n'.encode(), "broken_quotes"),
    ('标题,网格,经办\n一,g1,"甲\n二,g1,乙"\n三,g1,丙\n'.encode(), "swallowed"),
    (f'{HEAD}一,g1,"甲"乙\n'.encode(), "broken_quotes"),
    (('标题,网格,经办\n一,g1,"甲\n' + "二,g1,乙乙乙\n" * 15_000).encode(), "broken_quotes"),
    (f"{HEAD}看,g1,先到三单元, 再到五单元\n".encode(), "long_row"),
    (f"{HEAD}看\n".encode(), "short_row"),
    (f"{HEAD}看,g1\n".encode(), "short_row"),
    (f"{HEAD}看八\0号楼,g1,\n".encode(), "control"),
]


@pytest.mark.parametrize(("raw", "code"), BAD_CSV)
def test_a_csv_file_that_is_not_certain_is_refused(
    bureau: Bureau, tmp_path: Path, raw: bytes, code: str
) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(raw)
    came = taken(bureau, "tasks", file)
    assert code in {bad.code for bad in came.bad}
    assert bureau.count(tasks) == 0


GOOD_CSV = [
    "标题\t网格\n看楼,g1\t全部\n".encode("utf-16"),
    "标题;网格\n看楼,g1;全部\n".encode(),
    '标题,网格\n"看楼,g1",全部\n'.encode("gbk"),
    '标题,网格\n"看楼,g1",全部,,\n\n'.encode("utf-8-sig"),
    '标题,网格\r"看楼,g1",全部\r'.encode(),
]


@pytest.mark.parametrize("raw", GOOD_CSV)
def test_a_csv_file_of_any_program_is_read(bureau: Bureau, tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(raw)
    assert taken(bureau, "tasks", file).bad == ()
    assert bureau.row(tasks).title == "看楼,g1"


def test_a_rare_character_of_gb_18030_is_kept(bureau: Bureau, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes("标题,网格\n看𠮷楼,g1\n".encode("gb18030"))
    assert taken(bureau, "tasks", file).bad == ()
    assert bureau.row(tasks).title == "看𠮷楼"


POINT = {"type": "Point", "coordinates": [108.54, 38.12]}
RING = [[108.5, 38.1], [108.6, 38.1], [108.6, 38.2], [108.5, 38.2], [108.5, 38.1]]


def feature(shape: Any, **said: Any) -> dict[str, Any]:
    properties = {"名称": "图", "社区": "示例社区", **said}
    return {"type": "Feature", "geometry": shape, "properties": properties}


def mapped(bureau: Bureau, folder: Path, *features: Any, **more: Any) -> list[tuple[int, str]]:
    file = folder / "map.geojson"
    found = {"type": "FeatureCollection", "features": list(features), **more}
    file.write_bytes(wire.canonical(found))
    return reasons(taken(bureau, "compounds", file))


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "LineString", "coordinates": [[108.5, 38.1], [108.6, 38.2]]},
        {"type": "MultiPoint", "coordinates": [[108.5, 38.1], [108.6, 38.2]]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "GeometryCollection", "geometries": [None]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [[[1]]]},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": None},
        {"type": "Point", "coordinates": ["108", "38"]},
        {"type": "Point", "coordinates": {"x": 1}},
        {"type": "MultiPolygon", "coordinates": [[]]},
        {"type": ["Point"], "coordinates": [108.5, 38.1]},
        {"coordinates": [108.5, 38.1]},
        "POINT(108 38)",
        [108.5, 38.1],
    ],
)
def test_a_shape_that_is_no_place_is_told_by_its_index(
    bureau: Bureau, tmp_path: Path, shape: Any
) -> None:
    found = mapped(bureau, tmp_path, feature(POINT), feature(shape, 名称="线"))
    assert found == [(2, "not_a_place")]


@pytest.mark.parametrize("one", [None, "x", 1, [], {"type": "Point"}, {"properties": [1]}])
def test_what_is_no_feature_is_told_by_its_index(bureau: Bureau, tmp_path: Path, one: Any) -> None:
    assert mapped(bureau, tmp_path, feature(POINT), one) == [(2, "not_a_feature")]


@pytest.mark.parametrize(
    "shape",
    [
        POINT,
        {"type": "Point", "coordinates": [108.54, 38.12, 1200.5]},
        {"type": "MultiPoint", "coordinates": [[108.54, 38.12]]},
        {"type": "GeometryCollection", "geometries": [POINT]},
        {"type": "Polygon", "coordinates": [[[108.54, 38.12], [108.54, 38.12]]]},
    ],
)
def test_a_shape_that_is_one_place_gives_its_position(
    bureau: Bureau, tmp_path: Path, shape: Any
) -> None:
    assert mapped(bureau, tmp_path, feature(shape, 纬度="")) == []
    row = bureau.row(compounds, name="图")
    assert (row.lat, row.lon) == (38.12, 108.54)


def test_a_feature_without_a_geometry_has_no_position(bureau: Bureau, tmp_path: Path) -> None:
    assert mapped(bureau, tmp_path, feature(None)) == []
    assert bureau.row(compounds, name="图").lat is None


@pytest.mark.parametrize(
    "houses", [["1号楼"], [{"name": "1号楼"}], [{"name": "1号楼", "units": None}]]
)
def test_buildings_of_a_map_may_be_a_list(bureau: Bureau, tmp_path: Path, houses: Any) -> None:
    assert mapped(bureau, tmp_path, feature(POINT, 楼栋=houses)) == []
    assert bureau.row(compounds, name="图").buildings == [{"name": "1号楼", "units": []}]


@pytest.mark.parametrize("houses", [[{"楼名": "1号楼"}], [None], [1], {"name": "1号楼"}, [[]]])
def test_buildings_of_another_shape_are_refused(
    bureau: Bureau, tmp_path: Path, houses: Any
) -> None:
    assert mapped(bureau, tmp_path, feature(POINT, 楼栋=houses)) == [(1, "wrong_shape")]


def test_a_number_that_is_none_is_told_by_its_feature_beside_all_other_errors(
    bureau: Bureau, tmp_path: Path
) -> None:
    def written(*features: str) -> Path:
        file = tmp_path / "map.geojson"
        file.write_text(f'{{"type": "FeatureCollection", "features": [{",".join(features)}]}}')
        return file

    def one(name: str, point: str, more: str = "", community: str = "示例社区") -> str:
        said = f'"名称": "{name}", "社区": "{community}"{more}'
        shape = f'{{"type": "Point", "coordinates": {point}}}'
        return f'{{"type": "Feature", "geometry": {shape}, "properties": {{{said}}}}}'

    good, where = one("好", "[108.5, 38.1]", ', "面积": NaN'), "[108.5, 38.1]"
    assert taken(bureau, "compounds", written(good)).added == 1, "a column that is not read"
    came = taken(
        bureau,
        "compounds",
        written(
            good,
            one("一", "[NaN, 38.1]"),
            one("二", "[108.5, 1e999]"),
            one("三", where, ', "楼栋": [{"name": "1号楼", "units": [-Infinity]}]'),
            one("四", where, ', "别名": NaN'),
            one("五", where, ', "lat": Infinity'),
            one("六", where, community="没有的社区"),
        ),
    )
    assert [(bad.line, bad.code, bad.found) for bad in came.bad] == [
        (2, "not_finite", "NaN"),
        (3, "not_finite", "Infinity"),
        (4, "not_finite", "-Infinity"),
        (5, "not_finite", "NaN"),
        (6, "not_finite", "Infinity"),
        (7, "unknown_place", "没有的社区"),
    ]
    assert str(came.bad[0]) == (
        "map.geojson 第 2 个要素：不是一个确定的数；写的是“NaN”，"
        "要求：写得出来的数；没有值就写 null，或删掉这一项"
        ' / map.geojson, feature 2: no finite number; found "NaN";'
        " wanted: a number; null where there is none"
    )
    assert "第 5 个要素 别名：不是一个确定的数" in str(came.bad[3])


def test_another_coordinate_system_is_refused(bureau: Bureau, tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4525"}}
    assert mapped(bureau, tmp_path, feature(POINT), crs=crs) == [(0, "wrong_crs")]


def test_a_lone_feature_with_a_byte_order_mark_is_read(bureau: Bureau, tmp_path: Path) -> None:
    file = tmp_path / "map.json"
    file.write_bytes(b"\xef\xbb\xbf" + wire.canonical(feature(POINT)))
    assert taken(bureau, "compounds", file).bad == ()


def is_read_or_refused_in_words(read: Callable[[], Any]) -> bool:
    """Any other exception is the test's failure."""
    try:
        return read() is not None
    except RowError as error:
        chinese, _, english = str(error).partition(" / ")
        return "要求：" in chinese and "wanted: " in english


@settings(max_examples=200, deadline=None)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["Feature", "Point", "Polygon", "名称", "coordinates"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["type", "features", "geometry", "properties", "coordinates", "crs"]), inner
    ),
))  # fmt: skip
def test_any_json_is_a_map_or_refused_in_words(thing: Any) -> None:
    assert is_read_or_refused_in_words(lambda: read_geojson(wire.canonical(thing), bool))


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_bytes_are_a_csv_file_or_refused_in_words(raw: bytes) -> None:
    assert is_read_or_refused_in_words(lambda: read_csv(raw, lambda text: text == "a"))


def blob(shape: bytes, flags: int = 1) -> bytes:
    return struct.pack("<2sBBi", b"GP", 0, flags, 4326) + shape


A_POINT = struct.pack("<BI2d", 1, 1, 108.54, 38.12)
NOWHERE = blob(struct.pack("<BI2d", 1, 1, float("nan"), 38.0))
AN_AREA = struct.pack("<BIII", 1, 3, 1, len(RING)) + b"".join(struct.pack("<2d", *p) for p in RING)


def geopackage(file: Path, shape: bytes | None, crs: int = 4326) -> Path:
    with sqlite3.connect(file) as made:
        made.executescript(
            "CREATE TABLE gpkg_contents (table_name, data_type);"
            "CREATE TABLE gpkg_geometry_columns (table_name, column_name, srs_id);"
            "CREATE TABLE gpkg_spatial_ref_sys (srs_id, organization_coordsys_id);"
            "INSERT INTO gpkg_contents VALUES ('小区', 'features');"
            "INSERT INTO gpkg_geometry_columns VALUES ('小区', 'geom', 1);"
            'CREATE TABLE "小区" (fid INTEGER PRIMARY KEY, geom BLOB, 名称 TEXT, 社区 TEXT);'
        )
        made.execute("INSERT INTO gpkg_spatial_ref_sys VALUES (1, ?)", (crs,))
        made.execute('INSERT INTO "小区" VALUES (1, ?, ?, ?)', (shape, "图", "示例社区"))
    made.close()
    return file


@pytest.mark.parametrize(
    ("shape", "lat"), [(blob(A_POINT), 38.12), (blob(AN_AREA), 38.15), (None, None)]
)
def test_a_geopackage_is_read(
    bureau: Bureau, tmp_path: Path, shape: bytes | None, lat: float | None
) -> None:
    assert taken(bureau, "compounds", geopackage(tmp_path / "map.gpkg", shape)).bad == ()
    assert bureau.row(compounds, name="图").lat == (lat and pytest.approx(lat))


@pytest.mark.parametrize(
    "shape",
    [
        b"", b"GP", b"no", blob(b""), blob(A_POINT[:-1]), blob(b"\x01\xff\xff\xff\xff"),
        blob(struct.pack("<BIII", 1, 3, 1, 2**32 - 1)), blob(struct.pack("<BII", 1, 7, 2**31)),
        blob(struct.pack("<BII", 1, 7, 1) * 50), blob(A_POINT, 0x0F),
        NOWHERE,
    ],
)  # fmt: skip
def test_a_shape_cut_off_or_bent_is_told_by_its_index(
    bureau: Bureau, tmp_path: Path, shape: bytes
) -> None:
    came = taken(bureau, "compounds", geopackage(tmp_path / "map.gpkg", shape))
    [(line, code)] = reasons(came)
    assert line == 1 and code == ("not_finite" if shape == NOWHERE else "not_a_place")


def test_a_geopackage_in_metres_is_refused(bureau: Bureau, tmp_path: Path) -> None:
    came = taken(bureau, "compounds", geopackage(tmp_path / "map.gpkg", blob(A_POINT), 4525))
    assert reasons(came) == [(0, "wrong_crs")]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_a_shape_or_none(raw: bytes) -> None:
    try:
        shape = wkb.geometry(blob(raw))
    except ValueError:
        return
    place = position(shape)
    assert shape is None or "type" in shape
    assert place is None or (abs(place[0]) <= 180 and abs(place[1]) <= 90)


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.ods", "a.gpkg", "a.csv", "a.json"])
@settings(max_examples=30, deadline=None)
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_a_file_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, name: str, raw: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / name
    file.write_bytes(raw)
    assert is_read_or_refused_in_words(lambda: read_file("tasks", file))


def test_a_file_is_read_in_a_process_of_its_own(bureau: Bureau, tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    file.write_bytes(book(["标题", "网格"], ["看", "g1"]))
    assert import_file(bureau.store, ImportRequest("tasks", file), NOW).added == 1
    file.write_bytes(book(["标题", "网格"], ["看", "g1"], more=FAR))
    came = import_file(bureau.store, ImportRequest("tasks", file), NOW)
    assert [(bad.code, bad.found) for bad in came.bad] == [("too_many_cells", "XFD1048576")]


def test_a_file_that_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "MOST_SECONDS", 0.01)
    with pytest.raises(RowError) as refused:
        apart.read_apart("tasks", tmp_path / "list.csv")
    assert refused.value.code == "too_slow"


def test_the_process_that_reads_has_a_limit_of_memory(tmp_path: Path) -> None:
    """A million shared formulas and texts would take a gigabyte: the process ends, ours goes on."""
    limited = (
        "import resource, sys; from sync_server.importing.reading import apart, read_file;"
        "apart.read_file = lambda kind, file: bytearray(2 << 30);"
        "sys.exit(apart.main('tasks', sys.argv[1]))"
    )
    command = [sys.executable, "-c", limited, str(tmp_path / "x.csv")]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode and b"MemoryError" in done.stderr
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != apart.MOST_MEMORY


@pytest.mark.parametrize(
    "bent",
    [
        "UPDATE gpkg_contents SET table_name = NULL",
        "UPDATE gpkg_contents SET table_name = x'ff'",
        "UPDATE gpkg_geometry_columns SET column_name = '没有'",
    ],
)
def test_what_a_reader_stumbles_over_is_unreadable_and_not_too_slow(
    tmp_path: Path, bent: str
) -> None:
    file = geopackage(tmp_path / "map.gpkg", blob(A_POINT))
    with sqlite3.connect(file) as made:
        made.execute(bent)
    made.close()
    with pytest.raises(RowError) as refused:
        apart.read_apart("compounds", file)
    assert refused.value.code == "unreadable"


ODD_NAMES = [
    os.fsdecode("小区.csv".encode("gbk")),  # of an archive that was packed on Windows
    "a\x1b[31m\u202e.csv",
    os.fsdecode(b"a.\xff"),
    "a" * 240 + ".csv",
]


def test_a_file_may_have_any_name_and_it_is_shown_and_kept_in_plain_characters(
    bureau: Bureau, tmp_path: Path
) -> None:
    for number, name in enumerate(ODD_NAMES):
        file = tmp_path / name
        file.write_text(f"标题,网格\n任务{number},g1\n")
        came = taken(bureau, "tasks", file)
        assert [bad.code for bad in came.bad] == ["unknown_format"] * (not name.endswith("csv"))
        file.write_text("标题\n")
        [bad] = import_file(bureau.store, ImportRequest("tasks", file), NOW).bad
        assert str(bad).isprintable()
    assert bureau.count(tasks) == 3
    noted = [row.reason for row in bureau.rows(audit) if row.what == "import"]
    assert [reason[-4:] for reason in noted] == [".csv", ".csv", "aaa…"]
    assert all(reason.isprintable() for reason in noted)


def test_a_document_type_in_a_sheet_is_refused(bureau: Bureau, tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    file = tmp_path / "list.xlsx"
    file.write_bytes(_with_prolog(book(["标题", "网格"], ["看", "g1"]), bomb))
    assert reasons(taken(bureau, "tasks", file)) == [(0, "unreadable")]


def _with_prolog(raw: bytes, prolog: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, prolog.encode() + part if "sheets/" in name else part)
    return out.getvalue()


@pytest.mark.parametrize("grid", [ErrorCell(), ErrorCell(0x17), ErrorCell(0x2A, formula=True)])
def test_an_error_in_an_old_spreadsheet_is_not_empty(
    bureau: Bureau, tmp_path: Path, grid: ErrorCell
) -> None:
    file = tmp_path / "list.xls"
    file.write_bytes(xls([["标题", "网格"], ["看", "g1"], ["查", grid]]))
    assert [(bad.code, bad.address) for bad in taken(bureau, "tasks", file).bad] == [
        ("not_read", "B3")
    ]
    file.write_bytes(xls([["标题", "网格"], ["看", "g1"]]))
    assert taken(bureau, "tasks", file).bad == ()


NA = (
    '<table:table-cell table:formula="of:=NA()" office:value-type="string"'
    ' office:string-value="" calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
)
UNCALCULATED = '<table:table-cell table:formula="of:=B9"/>'


@pytest.mark.parametrize("grid", [NA, UNCALCULATED])
def test_an_error_in_an_open_document_is_not_empty(
    bureau: Bureau, tmp_path: Path, grid: str
) -> None:
    file = tmp_path / "list.ods"
    file.write_bytes(ods(row(text("标题"), text("网格")), row(text("看"), grid)))
    assert [(bad.code, bad.address) for bad in taken(bureau, "tasks", file).bad] == [
        ("not_read", "B2")
    ]


def test_a_merged_column_of_an_open_document_says_the_same_in_each_row(
    bureau: Bureau, tmp_path: Path
) -> None:
    high = '<table:table-cell table:number-rows-spanned="2" office:value-type="string">'
    first = f"{high}<text:p>g1</text:p></table:table-cell>"
    below = '<table:covered-table-cell table:number-columns-repeated="1"/>'
    file = tmp_path / "list.ods"
    rows = [row(text("标题"), text("网格")), row(text("看"), first), row(text("查"), below)]
    file.write_bytes(ods(*rows))
    assert taken(bureau, "tasks", file).bad == ()
    assert {one.grid for one in bureau.rows(tasks)} == {"g1"}


@pytest.mark.parametrize("inside", ["", ' office:value-type="string"'])
def test_an_open_document_whose_cells_are_repeated_without_end_is_bounded(
    tmp_path: Path, inside: str
) -> None:
    cell = f'<table:table-cell table:number-columns-repeated="16384"{inside}/>'
    far = f'<table:table-row table:number-rows-repeated="1048573">{cell}</table:table-row>'
    file = tmp_path / "list.ods"
    file.write_bytes(ods(row(text("标题"), text("网格")), row(text("看"), text("g1")), far))
    if inside:
        with pytest.raises(RowError):
            apart.read_apart("tasks", file)
    else:
        assert len(read_file("tasks", file).lines) == 2
