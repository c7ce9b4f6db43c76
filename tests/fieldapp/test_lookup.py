"""What lists and letters say: pure, by the thousand, without a network."""

from datetime import date, timedelta
from typing import Any

import pytest

from contract.place import Place
from contract.reference import (
    Building,
    BuildingRecordCount,
    Compound,
    Institution,
    LeadCounts,
    Notice,
    Places,
    Reference,
    Task,
)
from fieldapp.state.lookup import (
    leads_at,
    licensed_at,
    notices_in_force,
    search_institutions,
    tasks_by_day,
)
from fieldapp.state.nearby import (
    by_initials,
    compounds_of,
    find_compounds,
    next_letters,
    within_reach,
)
from fieldapp.state.typed_place import read_place
from tests.builders import a_fix

DAY = date(2026, 11, 20)
HERE: dict[str, Any] = {"community": "999900100001", "lat": 38.60123}
PLACES = Places(
    version="1",
    compounds=(
        Compound(
            id="c1",
            name="样例苑小区",
            initials="ylyxq",
            aliases=("老样例院",),
            lon=108.84567,
            venue="RESIDENTIAL",
            buildings=(Building(name="3号楼", units=("1单元", "2单元")),),
            **HERE,
        ),
        Compound(
            id="c2",
            name="样例南街",
            initials="ylnj",
            lon=108.84667,  # 87 m east
            venue="SHOPFRONT",
            buildings=(Building(name="6号"),),
            **HERE,
        ),
        Compound(
            id="c3",
            name="示例广场",
            initials="slgc",
            lon=108.85567,
            venue="OFFICE",
            buildings=(Building(name="B座"),),
            **HERE,
        ),
    ),
)


def firm(id: str, **changes: object) -> Institution:
    said = {"id": id, "source": "公示", "published": DAY} | changes
    return Institution.model_validate(said)


FIRMS = Reference(
    version="1",
    institutions=(
        firm(
            "rainbow",
            name="示例旗彩虹艺术学校",
            initials="slqchysxx",
            code="91150000MA0EXAMP1X",
            compound="c3",
        ),
        firm(
            "leap",
            name="跃动体育",
            initials="ydty",
            licence="示教0007",
            compound="c2",
            building="6号",
        ),
    ),
)
COUNTS = LeadCounts(
    buildings=(
        BuildingRecordCount(compound="c1", building="3号楼", count=2, closed=1),
        BuildingRecordCount(compound="c1", count=3, closed=1),
    ),
)


def ids(things: list[Compound] | list[Institution]) -> list[str]:
    return [one.id for one in things]


@pytest.mark.parametrize(
    ("asked", "hits"),
    [("南", ["c2"]), ("yl", ["c1", "c2"]), ("老样例", ["c1"]), ("XQ", ["c1"]), ("ql", [])],
)
def test_a_compound_is_found_by_name_other_name_and_initials(asked: str, hits: list[str]) -> None:
    assert ids(find_compounds(PLACES, a_fix(), asked)) == hits


def test_what_begins_so_comes_before_what_is_nearer() -> None:
    assert ids(find_compounds(PLACES, a_fix(), "例")) == ["c1", "c2", "c3"]
    assert ids(find_compounds(PLACES, a_fix(), "s")) == ["c3"]
    assert ids(find_compounds(PLACES, a_fix(), "l")) == ["c1", "c2", "c3"]


def test_only_letters_that_lead_somewhere_are_keys() -> None:
    assert next_letters(PLACES.compounds, "") == ["s", "y"]
    assert next_letters(by_initials(PLACES, None, "yl"), "yl") == ["n", "y"]
    assert ids(by_initials(PLACES, None, "yln")) == ["c2"]
    assert next_letters(by_initials(PLACES, None, "ylnj"), "ylnj") == []


@pytest.mark.parametrize(
    ("metres", "hits"), [(5, ["c1", "c2"]), (400, ["c1", "c2", "c3"]), (None, [])]
)
def test_those_around_are_within_the_accuracy_of_the_fix(
    metres: float | None, hits: list[str]
) -> None:
    fix = a_fix(lat=38.60123, lon=108.84567, accuracy_m=metres)
    assert ids(within_reach(PLACES, fix)) == hits
    assert within_reach(PLACES, fix.changed(mock=True)) == []


def test_those_of_lately_are_the_ones_that_are_still_there() -> None:
    assert ids(compounds_of(PLACES, ["c2", "gone", "c1", "c2"])) == ["c2", "c1"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("样例苑小区3号楼2单元501", ("c1", "3号楼", "2单元", None, None, "")),
        ("老样例院三栋", ("c1", "3号楼", None, None, None, "")),
        ("样例苑二期3号楼2单元", ("c1", "2期3号楼", "2单元", None, None, "")),
        ("样例苑二排3号楼", ("c1", "二排3号楼", None, None, None, "")),
        ("样例苑G区3号楼", ("c1", "G区3号楼", None, None, None, "")),
        ("样例苑3号楼底商1", ("c1", "3号楼", "底商1号", None, None, "")),
        ("样例苑12号楼", ("c1", "12号楼", None, None, None, "")),
        ("示例广场B座1203", ("c3", "B座", None, None, "1203", "")),
        ("样例南街6号", ("c2", "6号", None, None, None, "")),
        ("河边小屋 二楼", (None, None, None, "2", None, "河边小屋")),
        ("样例", (None, None, None, None, None, "样例")),  # two compounds begin so
        ("3-2", (None, None, None, None, None, "3-2")),
    ],
)
def test_words_become_what_can_be_tapped(text: str, said: tuple[str | None, ...]) -> None:
    place = read_place(Place(), text, PLACES)
    assert said == (
        *(place.compound, place.building, place.unit, place.floor, place.room, place.landmark),
    )


def test_of_a_home_no_words_leave_a_floor_or_a_room() -> None:
    place = read_place(Place(venue="RESIDENTIAL"), "河边平房2栋1单元302室", PLACES)
    assert (place.building, place.unit, place.floor, place.room) == ("2号楼", "1单元", None, None)
    assert "302" not in place.in_words


def test_leads_are_those_of_the_building_however_it_is_written() -> None:
    held = leads_at(COUNTS, "c1", "３栋")
    assert held and (held.count, held.closed) == (2, 1)
    whole = leads_at(COUNTS, "c1", None)
    assert whole and whole.count == 3
    assert leads_at(COUNTS, "c1", "5号楼") is None
    assert leads_at(LeadCounts(), "c1", None) is None


@pytest.mark.parametrize(
    ("asked", "hits"),
    [
        ("艺术", ["rainbow"]),
        ("slqch", ["rainbow"]),
        ("91150000ma0examp", ["rainbow"]),
        ("０００７", ["leap"]),
        ("学校 彩虹", ["rainbow"]),
        ("没有", []),
    ],
)
def test_an_institution_is_found_by_name_initials_and_code(asked: str, hits: list[str]) -> None:
    assert ids(search_institutions(FIRMS, asked)) == hits


def test_institutions_stand_in_the_building_that_the_list_names() -> None:
    assert ids(licensed_at(FIRMS, "c2", "6号")) == ["leap"]
    assert licensed_at(FIRMS, "c2", "8号") == []
    assert ids(licensed_at(FIRMS, "c3", None)) == ["rainbow"]


def test_urgent_notices_come_first_and_those_of_yesterday_not_at_all() -> None:
    day = timedelta(days=1)
    kinds: dict[str, dict[str, Any]] = {
        "old": {"issued": DAY - 9 * day, "until": DAY - day},
        "calm": {"issued": DAY},
        "urgent": {"issued": DAY - 5 * day, "until": DAY, "urgent": True},
    }
    notices = tuple(Notice.model_validate({"id": k, "title": k, **v}) for k, v in kinds.items())
    assert [n.id for n in notices_in_force(Reference(version="", notices=notices), DAY)] == [
        "urgent",
        "calm",
    ]


def test_the_most_pressing_task_comes_first() -> None:
    days = {"whenever": None, "later": date(2026, 12, 1), "soon": DAY}
    tasks = tuple(Task(id=name, title=name, due=due) for name, due in days.items())
    held = Reference(version="", tasks=tasks)
    assert [task.id for task in tasks_by_day(held)] == ["soon", "later", "whenever"]
