"""The rules of a report: each flaw is found in a report that has it, and not in the fit one
beside it."""

from typing import Any

import pytest

from contract.codelists import CodeLists, built_in
from contract.report import Kind, Report, Suggestion
from contract.rules import (
    MOST_NOTE,
    Flaw,
    FlawCode,
    flaws,
    seal_flaws,
    suggestion_flaws,
)
from tests.builders import NOON, a_fix, a_name, a_photo, a_place, a_report

LISTS = built_in()
ELEVEN = tuple(f"{surname}老师" for surname in "王李张刘陈杨黄赵吴周徐")
OFFICE = a_place(venue="OFFICE")
PHONE = "联系13912345678"
Case = tuple[FlawCode, str, dict[str, Any], dict[str, Any]]

# The flaw, its field, changes to a fit report that cause it, and similar ones that do not.
CASES: list[Case] = [
    (
        FlawCode.NO_PLACE,
        "place.compound",
        {"place": a_place(compound=None, landmark="  ")},
        {"place": a_place(compound=None, landmark="示例小学对面")},
    ),
    (
        FlawCode.NO_VENUE,
        "place.venue",
        {"place": a_place(venue=None)},
        {"place": a_place(venue=None), "kind": Kind.CLEAR},
    ),
    (FlawCode.NO_SIGN, "signs", {"signs": ()}, {"signs": (), "kind": Kind.OUTREACH}),
    (
        FlawCode.ROOM_IN_HOME,
        "place.floor",
        {"place": a_place(floor="5")},
        {"place": a_place(floor="5", venue="OFFICE")},
    ),
    (
        FlawCode.ROOM_IN_HOME,
        "place.room",
        {"place": a_place(room="501")},
        {"place": a_place(room="501", venue="OFFICE")},
    ),
    *(
        (FlawCode.ROOM_IN_HOME, f"place.{field}", {"place": a_place(**here)}, {"place": there})
        for field, here in (
            ("building", {"building": "5号楼1单元501室"}),
            ("building", {"building": "3-2-501"}),
            ("unit", {"unit": "1单元501"}),
            ("unit", {"unit": "501"}),
            ("landmark", {"landmark": "示例小学对面三楼"}),
        )
        for there in (a_place(**here, venue="OFFICE"), a_place(building="12号楼", unit="3单元"))
    ),
    *(
        (FlawCode.ROOM_IN_HOME, "note", {"note": note}, {"note": note, "place": OFFICE})
        for note in ("2单元501，未敲门", "二楼西户有人", "1801室外有鞋柜", "502那户", "顶楼有灯")
    ),
    (FlawCode.ROOM_IN_HOME, "note", {"note": "3楼有灯"}, {"note": "11-23 18:30共6层5人1380元"}),
    (FlawCode.PERSONAL_DATA, "note", {"note": "李家"}, {"note": "李家", "place_names": ("李家",)}),
    *(
        (
            FlawCode.MARK_WITHOUT_TEXT,
            "place_names",
            {"note": note, "place_names": marks},
            {"note": "李家", "place_names": ("李家",)},
        )
        for note, marks in (
            ("", ("李家",)),
            ("李家", ("李家", "王老师")),
            ("电梯", ("电梯",)),
        )
    ),
    (
        FlawCode.TOO_MANY,
        "place_names",
        {"note": "、".join(ELEVEN), "place_names": ELEVEN},
        {"note": "、".join(ELEVEN[:10]), "place_names": ELEVEN[:10]},
    ),
    (FlawCode.PERSONAL_DATA, "note", {"note": PHONE}, {"note": "联系"}),
    (
        FlawCode.PERSONAL_DATA,
        "place.landmark",
        {"place": a_place(landmark=PHONE)},
        {"place": a_place(landmark="示例小学对面")},
    ),
    (FlawCode.PERSONAL_DATA, "institution", {"institution": PHONE}, {"institution": "示例书屋"}),
    (
        FlawCode.PERSONAL_DATA,
        "place.building",
        {"place": a_place(building=PHONE)},
        {"place": a_place(building="13号楼")},
    ),
    (FlawCode.TOO_LONG, "note", {"note": "字" * 201}, {"note": "字" * 200}),
    (
        FlawCode.TOO_LONG,
        "place.landmark",
        {"place": a_place(landmark="字" * 51)},
        {"place": a_place(landmark="字" * 50)},
    ),
    (FlawCode.TOO_LONG, "institution", {"institution": "字" * 51}, {"institution": "字" * 50}),
    (
        FlawCode.TOO_MANY,
        "disguises",
        {"disguises": ("HOMEWORK", "ONE_ON_ONE", "SMALL_GROUP", "CONSULTING")},
        {"disguises": ("HOMEWORK", "ONE_ON_ONE", "SMALL_GROUP")},
    ),
    (
        FlawCode.TOO_MANY,
        "photos",
        {"photos": tuple(a_photo(n) for n in range(10))},
        {"photos": tuple(a_photo(n) for n in range(9))},
    ),
    (FlawCode.REPEATED, "signs", {"signs": ("POSTER",) * 2}, {"signs": ("POSTER", "SIGNBOARD")}),
    (FlawCode.REPEATED, "subjects", {"subjects": ("MA",) * 2}, {"subjects": ("MA", "CN")}),
    (
        FlawCode.REPEATED,
        "disguises",
        {"disguises": ("HOMEWORK",) * 2},
        {"disguises": ("HOMEWORK", "ONE_ON_ONE")},
    ),
    (
        FlawCode.REPEATED,
        "time_slots",
        {"time_slots": ("WEEKDAY_NOON",) * 2},
        {"time_slots": ("WEEKDAY_NOON", "WEEKDAY_EVENING")},
    ),
    (
        FlawCode.REPEATED,
        "photos",
        {"photos": (a_photo(1), a_photo(1, what="POSTER"))},
        {"photos": (a_photo(1), a_photo(2))},
    ),
    (
        FlawCode.PHOTO_UNREVIEWED,
        "photos.1",
        {"photos": (a_photo(1), a_photo(2, redaction_reviewed=False))},
        {"photos": (a_photo(1), a_photo(2))},
    ),
    (
        FlawCode.PHOTO_TOO_BIG,
        "photos.0",
        {"photos": (a_photo(bytes=307_201),)},
        {"photos": (a_photo(bytes=307_200),)},
    ),
    (FlawCode.FIX_TOO_PRECISE, "fix", {"fix": a_fix(lat=38.601234)}, {"fix": a_fix(lat=38.60123)}),
    (FlawCode.FIX_TOO_PRECISE, "fix", {"fix": a_fix(lon=108.000001)}, {"fix": None}),
    *(
        (FlawCode.UNKNOWN_CODE, field, {field: wrong}, {field: right})
        for field, wrong, right in (
            ("signs", ("HEARSAY",), ("POSTER",)),
            ("disguises", ("MAGIC",), ()),
            ("subjects", ("XX",), ("CN",)),
            ("stage", "NURSERY", None),
            ("count_band", "B9", "B0"),
            ("time_slots", ("MIDNIGHT",), ("WEEKDAY_NOON",)),
            ("patrol_form", "STROLL", "SPOT"),
            ("shift", "DUSK", "NIGHT"),
            ("key_period", "NEVER", "WEEKEND"),
        )
    ),
    (
        FlawCode.UNKNOWN_CODE,
        "place.venue",
        {"place": a_place(venue="CASTLE")},
        {"place": a_place(venue="CAFE")},
    ),
    (
        FlawCode.UNKNOWN_CODE,
        "fix.provider",
        {"fix": a_fix(provider="guess")},
        {"fix": a_fix(provider="fused")},
    ),
    (
        FlawCode.UNKNOWN_CODE,
        "fix.datum",
        {"fix": a_fix(datum="MARS")},
        {"fix": a_fix(datum="GCJ02")},
    ),
]


def found(report: Report, lists: CodeLists = LISTS) -> list[tuple[str, str]]:
    return [(flaw.code, flaw.field) for flaw in flaws(report, lists)]


@pytest.mark.parametrize(("code", "field", "wrong", "right"), CASES)
def test_a_report_with_the_flaw_has_it_and_one_without_has_none(
    code: FlawCode, field: str, wrong: dict[str, Any], right: dict[str, Any]
) -> None:
    assert found(a_report(**wrong)) == [(code, field)]
    assert found(a_report(**right)) == []


def test_every_flaw_has_its_case() -> None:
    elsewhere = {FlawCode.NOT_SEALED, FlawCode.EMPTY}  # below
    assert {code for code, *_ in CASES} | elsewhere == set(FlawCode)


@pytest.mark.parametrize("kind", Kind)
def test_a_fit_report_of_each_kind_has_no_flaw(kind: Kind) -> None:
    assert found(a_report(kind=kind, photos=(a_photo(),))) == []


def test_all_flaws_are_told_at_once_in_the_order_of_the_form() -> None:
    report = a_report(signs=(), note=PHONE, fix=a_fix(lat=38.601234), place=a_place(room="501"))
    assert [code for code, _ in found(report)] == [
        FlawCode.ROOM_IN_HOME,
        FlawCode.NO_SIGN,
        FlawCode.PERSONAL_DATA,
        FlawCode.FIX_TOO_PRECISE,
    ]


def test_a_flaw_in_a_text_says_where() -> None:
    [flaw] = flaws(a_report(note=PHONE), LISTS)
    assert PHONE[flaw.start : flaw.end] == "13912345678"
    [flaw] = flaws(a_report(note="字" * 205), LISTS)
    assert (flaw.start, flaw.end) == (MOST_NOTE, 205)


def test_a_retired_code_still_stands_in_a_report() -> None:
    signs = LISTS.lists["sign"]
    retired = {**signs, "POSTER": signs["POSTER"].changed(retired=True)}
    lists = LISTS.changed(lists={**LISTS.lists, "sign": retired})
    assert found(a_report(signs=("POSTER",)), lists) == []


def test_a_place_south_and_west_of_zero_is_as_precise_as_any() -> None:
    assert found(a_report(fix=a_fix(lat=-38.60123, lon=-108.84567))) == []


def test_a_report_with_keys_of_a_newer_phone_is_fit() -> None:
    assert found(a_report(mood="sunny", place=a_place(gate="east"))) == []


@pytest.mark.parametrize("changes", [{}, {"revision": 1}, {"sealed_at": NOON}])
def test_a_draft_must_not_be_sent(changes: dict[str, Any]) -> None:
    assert seal_flaws(a_report(**changes)) == (Flaw(code=FlawCode.NOT_SEALED, field="sealed_at"),)
    assert seal_flaws(a_report().next_revision(NOON)) == ()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("字再大一点", []),
        ("", [FlawCode.EMPTY]),
        (" \n", [FlawCode.EMPTY]),
        ("字" * 500, []),
        ("字" * 501, [FlawCode.TOO_LONG]),
        (PHONE, [FlawCode.PERSONAL_DATA]),
    ],
)
def test_a_suggestion_says_something_and_names_no_person(text: str, codes: list[str]) -> None:
    suggestion = Suggestion(id=a_name(), device="d1", author="wg0301", at=NOON, text=text)
    assert [flaw.code for flaw in suggestion_flaws(suggestion)] == codes


def test_a_number_is_never_marked_as_a_place() -> None:
    """Neither alone nor with the person beside it; the mark itself is a flaw then."""
    for note, mark in ((PHONE, "13912345678"), ("蒙K12345的车", "蒙K12345")):
        found = flaws(a_report(note=note, place_names=(mark,)), LISTS)
        assert {flaw.code for flaw in found} == {
            FlawCode.PERSONAL_DATA,
            FlawCode.MARK_WITHOUT_TEXT,
        }


def test_a_flaw_about_a_room_marks_the_room_alone() -> None:
    report = a_report(note="昨晚3号楼2单元501室有灯", place=a_place(building="3-2-501"))
    marked = {flaw.field: (flaw.start, flaw.end) for flaw in flaws(report, LISTS)}
    assert marked == {"note": (8, 12), "place.building": (4, 7)}


def test_a_room_that_names_no_clear_door_is_found_in_a_note() -> None:
    notes = (
        *("501室、502室有灯", "501室-502室", "3号楼501/502", "8A1071室", "11C339", "514-626号"),
        *("13楼5楼", "样例二三楼501室", "二三楼有人", "3号楼6楼22-67号", "新3号楼501室"),
    )
    assert [note for note in notes if not flaws(a_report(note=note), LISTS)] == []


def test_a_number_alone_in_a_note_counts_anything_and_is_no_room() -> None:
    notes = ("改317", "每节课150", "每月1500", "门牌317", "看到317路公交")
    assert [note for note in notes if flaws(a_report(note=note), LISTS)] == []
    assert [flaw.field for flaw in flaws(a_report(note="3-2-501"), LISTS)] == ["note"]
