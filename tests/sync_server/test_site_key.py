"""Which reports have one key: all spellings of a door, and never two doors."""

from itertools import permutations, product

from contract.place import Place
from contract.reference import Building, Compound
from sync_server.domain.gazetteer import Gazetteer
from sync_server.domain.located import locate
from sync_server.domain.site_key import SiteKey, firm_core, forks, site_id, site_key
from sync_server.sites.gazetteer import gazetteer_of
from tests.builders import a_fix, a_report

HERE = "999900100001"
UNITS = tuple(Building(name=f"{n}号楼", units=("1单元", "2单元", "3单元")) for n in (1, 2, 3, 11))
KNOWN = gazetteer_of(
    (
        Compound(
            id="c1", name="样例苑小区", aliases=("样例新村",), community=HERE, buildings=UNITS
        ),
        Compound(id="c2", name="示范公寓", community=HERE, buildings=(Building(name="8号楼"),)),
        Compound(
            id="c3",
            name="模拟花园",
            community=HERE,
            buildings=(Building(name="1号楼", units=("1单元",)),),
        ),
        Compound(id="c4", name="示例村", community=HERE),
        Compound(id="c5", name="范例苑", community=HERE),
        Compound(id="c6", name="范例苑", community="999900100002"),
        Compound(id="C1", name="大写苑", community=HERE),
    )
)


def a_key(venue: str | None = "RESIDENTIAL", institution: str = "", **place: str) -> SiteKey:
    where = Place.model_validate({"community": HERE, "venue": venue, **place})
    report = a_report(place=where, institution=institution, fix=None)
    return site_key(report, locate(where, KNOWN), KNOWN)


DOORS = [(b, u) for b in ("1", "2", "3", "11") for u in ("1", "2", "3")]
PICKED = (
    lambda b, u: {"compound": "c1", "building": f"{b}号楼", "unit": f"{u}单元"},
    lambda b, u: {"compound": "c1", "building": f"#{b}", "unit": f"0{u}"},
    lambda b, u: {"compound": "c1", "building": f"{b}栋{u}门"},
    lambda b, u: {"compound": "c1", "building": f"{b}号楼的{u}单元"},
    lambda b, u: {"compound": "c1", "building": f"{b}幢", "landmark": f"{u}单元"},
    lambda b, u: {"compound": "c1", "landmark": f"样例苑{b}号楼{u}单元"},
    lambda b, u: {"compound_name": "样例苑", "building": f"{b}号楼", "unit": f"{u}单元"},
    lambda b, u: {"compound_name": "样例新村", "building": f"{b}", "unit": f"{u}"},
    lambda b, u: {"landmark": f"样例苑小区{b}号楼{u}单元"},
    lambda b, u: {"landmark": f"样立苑{b}-{u}-501"},
    lambda b, u: {"landmark": f"示例镇样例苑{b}栋{u}单元"},
)


def test_a_door_has_one_key_in_every_spelling_and_no_two_doors_have_one() -> None:
    keys = {
        (door, n): a_key(**spelled(*door))
        for door, (n, spelled) in product(DOORS, enumerate(PICKED))
    }
    wrong = {one: key.door for one, key in keys.items() if key != SiteKey("c1", "/".join(one[0]))}
    assert wrong == {}
    assert len({site_id(key.area, key.door) for key in keys.values()}) == len(DOORS)


def test_what_does_not_say_enough_has_no_key() -> None:
    too_little = {
        "no building": a_key(compound="c1", unit="2单元"),
        "no unit of several": a_key(compound="c1", building="3号楼"),
        "no unit, units not known": a_key(compound="c9", building="3号楼"),
        "opposite": a_key(compound="c1", building="3号楼对面", unit="2单元"),
        "a landmark with another door": a_key(
            compound="c1", building="3号楼", unit="2单元", landmark="5号楼1单元"
        ),
        "digits left over": a_key(compound="c1", building="3号楼", unit="2单元", landmark="402窗"),
        "nothing": a_key(),
        "a care centre without number or name": a_key("CARE_CENTRE", compound="c1", building="3"),
        "an office's floor": a_key("OFFICE", compound="c2", building="8号楼", floor="5"),
        "a floor that its room is not on": a_key(
            "OFFICE", compound="c2", building="8号楼", floor="6", room="501"
        ),
        "a room that each unit has": a_key("STUDY_ROOM", compound="c1", building="3", room="501"),
    }
    assert {name: key.door for name, key in too_little.items() if key.door} == {}


def test_a_word_without_number_beside_the_door_describes_it() -> None:
    for landmark in ("超市旁", "18：30 亮灯"):
        assert a_key(compound="c1", building="3", unit="2", landmark=landmark).door == "3/2"


def test_a_building_with_one_entrance_needs_no_unit() -> None:
    keys = [a_key(compound="c3", building="1号楼", **more) for more in ({}, {"unit": "1单元"})]
    assert keys == [SiteKey("c3", "1/")] * 2
    assert a_key(compound="c3", building="1号楼", unit="2单元").door == "1/2"


def test_yards_are_told_apart_by_row_and_sub_number() -> None:
    numbers = ("57号", "57-1号", "57号之2", "3排2号", "3排5号", "2排3号", "32号")
    keys = {number: a_key("YARD", landmark=f"示例村{number}").door for number in numbers}
    assert len(set(keys.values())) == len(numbers) and all(keys.values()), keys
    assert a_key(landmark="示例村57号之1") == a_key("YARD", landmark="示例村57-1号")


def test_shops_and_offices_are_told_apart_by_floor_and_number() -> None:
    shop = ({"unit": "底商1"}, {"unit": "底商2"}, {"room": "501"}, {"room": "502"}, {"room": "601"})
    places: tuple[dict[str, str], ...] = (*shop, {"floor": "-1", "room": "5"}, {"room": "5"})
    keys = [a_key("SHOPFRONT", compound="c2", building="8", **each) for each in places]
    assert all(key.door and key.compares_firms for key in keys)
    assert len({key.door for key in keys}) == len(places)
    spelled = [
        a_key("OFFICE", compound="c2", building="8", floor="5层", room="501室"),
        a_key("OFFICE", compound_name="示范公寓", building="8栋", room="0501"),
        a_key("OFFICE", landmark="示范公寓8号楼501"),
    ]
    assert set(spelled) == {SiteKey("c2", "8//5/501")}
    street = [a_key("SHOPFRONT", landmark=f"示例街{n}号") for n in (56, 58)]
    assert len({(key.area, key.door) for key in street}) == 2 and all(key.door for key in street)


def test_one_name_without_a_number_is_one_place_if_it_is_of_one_kind() -> None:
    here = {"compound": "c2", "building": "8号楼", "institution": "晨光托管中心"}
    keys = [a_key(kind, **here) for kind in ("CARE_CENTRE", "CARE_CENTRE", "OFFICE", None)]
    assert keys[0] == keys[1] and keys[0].door and len(set(keys)) == 3
    numbered = [a_key(kind, **here, room="501") for kind in ("CARE_CENTRE", "OFFICE")]
    assert numbered[0] == numbered[1]


def test_a_fix_in_another_compound_leaves_the_door_without_key() -> None:
    """Of neighbours 300 m apart; one that is off as GCJ-02 is, or too coarse, says nothing."""
    north = 300 / 111_195
    near = [
        Compound(id=code, name=code, community=HERE, lat=38.6 + n * north, lon=108.8)
        for n, code in enumerate(("c1", "c2"))
    ]
    known = gazetteer_of(near)
    seen = {
        "here": a_fix(lat=38.6 + 0.3 * north, lon=108.8, accuracy_m=8),
        "at the neighbour's": a_fix(lat=38.6 + 0.9 * north, lon=108.8, accuracy_m=8),
        "coarse": a_fix(lat=38.6 + 0.9 * north, lon=108.8, accuracy_m=220),
        "far": a_fix(lat=38.7, lon=108.8, accuracy_m=8),
        "shifted": a_fix(lat=38.6004, lon=108.805, accuracy_m=8),
        "of another datum": a_fix(lat=38.7, lon=108.8, datum="GCJ02"),
        "faked": a_fix(lat=38.7, lon=108.8, mock=True),
    }
    elsewhere = {name for name, fix in seen.items() if known.is_elsewhere("c1", fix)}
    assert elsewhere == {"at the neighbour's", "far"}
    there = Place(compound="c1", building="3", unit="2", venue="RESIDENTIAL")
    report = a_report(place=there, fix=seen["far"])
    assert site_key(report, locate(there, known), known) == SiteKey("c1", "")


def test_a_fix_that_is_off_as_gcj_02_is_may_be_that_of_a_neighbour() -> None:
    """What lies 435 m to the east says nothing of the compound, unless another one is there."""
    east = 330 / 86_900
    lone, neighbour = (
        Compound(id=code, name=code, community=HERE, lat=38.6, lon=108.8 + n * east)
        for n, code in enumerate(("c1", "c2"))
    )
    shifted = a_fix(lat=38.6004, lon=108.805, accuracy_m=8)
    assert not gazetteer_of([lone]).is_elsewhere("c1", shifted)
    assert gazetteer_of([lone, neighbour]).is_elsewhere("c1", shifted)


def test_a_house_of_a_village_is_one_door_whatever_it_is_called() -> None:
    for venue in ("RESIDENTIAL", "YARD", "STUDY_ROOM", None):
        assert a_key(venue, landmark="示例村57号") == SiteKey("c4", "57/"), venue
    assert a_key("STUDY_ROOM", landmark="示例村57号2层").door == ""
    assert a_key("STUDY_ROOM", compound="c3", building="1号楼").door == ""


def test_codes_that_differ_in_case_are_two_compounds() -> None:
    assert a_key(compound="C1", building="3", unit="2").area != a_key(compound="c1").area


def test_a_name_of_two_compounds_or_beside_a_known_one_resolves_to_none() -> None:
    assert a_key(landmark="范例苑3号楼2单元").area == "~范例苑"
    assert a_key(landmark="新样例苑3号楼2单元").area == "~新样例苑"
    assert a_key(landmark="样立苑3号楼2单元", community="999900100002").area == "~样立苑"
    assert a_key(landmark="样例苑二期3号楼2单元") == SiteKey("c1", "2期3/2")


def test_a_word_of_a_search_means_the_compounds_that_it_names_best() -> None:
    assert KNOWN.named("yly", 9) == ["c1"]
    assert KNOWN.named("样例苑", 9) == ["c1"]
    assert KNOWN.named("范例", 9) == ["c5", "c6"] and KNOWN.named("范例", 1) == ["c5"]
    assert KNOWN.named("例苑", 9) == ["c1", "c5", "c6"]
    assert KNOWN.named("无此处", 9) == KNOWN.named("", 9) == Gazetteer().named("", 9) == []


def test_a_name_stands_after_that_of_its_town_with_its_stage() -> None:
    own = gazetteer_of([Compound(id="c7", name="样例苑一期", community=HERE)])
    assert own.resolved("示例镇样例苑1期", None) == ("c7", "")
    assert KNOWN.resolved("示例镇样例苑1期", None) == ("c1", "1期")


def test_institutions_at_one_door_are_parted_by_the_set_of_their_names() -> None:
    firms = [
        firm_core(name) for name in ("晨光托管中心", "晨光教育", "", "博雅自习室", "晨光阳光班")
    ]
    assert firms[:4] == ["晨光", "晨光", "", "博雅"]
    assert set(forks(firms[:3]).values()) == {""}
    for order in permutations(firms):
        assert forks(order) == {"晨光": "晨光", "晨光阳光": "晨光", "博雅": "博雅", "": ""}
