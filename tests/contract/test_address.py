"""The address grammar: what it reads, and that one place has one key however it is written."""

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from contract import address
from contract.address import Door, ParsedAddress
from contract.numerals import normalize, to_digits
from tests.contract.addresses import (
    ALONE,
    AT_DOOR,
    BESIDE,
    IN_WORDS,
    READINGS,
    SPELLINGS,
    WRITTEN,
)

NAMES = [["达布察克", "嘎鲁图"], ["巴彦", "巴音"], ["深水台", "神水台"]]
COMPOUNDS = st.sampled_from(["", "样例苑", "样例苑2期", "示范公寓东区", "样例2000", "示例路12号"])
NUMBERS = st.integers(1, 99).map(str)
ROOMS = st.integers(100, 3999).map(str)
BUILDINGS = NUMBERS | st.sampled_from(["A", "C", "甲", "A3", "B12", "5-12", "3排", "3排2"])
DOORS = st.builds(
    Door,
    st.none() | BUILDINGS,
    st.none() | NUMBERS | st.sampled_from(["A", "东", "底商1", "车库12"]),
    st.none() | st.integers(1, 33).map(str) | st.sampled_from(["-1", "-2"]),
    st.none() | ROOMS | st.sampled_from(["605-606", "207-1", "A1203"]),
)
FIGURES = {"1": "一", "2": "二", "3": "三", "11": "十一", "12": "十二", "21": "二十一"}
ANY_TEXT = st.text(st.characters(), max_size=60)
ADDRESS_LIKE = st.text("3 2-#AB１二十负东样例苑期区路号楼栋座排单元门层室户\u200b:/，", max_size=40)


def test_an_address_is_read_as_it_is_meant() -> None:
    read = {text: address.parse(text) for text in READINGS}
    assert [(text, read[text]) for text in READINGS if read[text] != READINGS[text]] == []


@given(COMPOUNDS, DOORS)
def test_a_shown_door_reads_back_as_itself(compound: str, door: Door) -> None:
    assume(door != Door())  # "样例2000" alone could be a room of 样例
    assume(door.building or door.room != "A1203")  # stall 1203 of hall A

    assert address.parse(address.display(compound, door)) == ParsedAddress(compound, door, "")


def test_a_door_is_shown_in_the_words_of_the_place() -> None:
    assert address.display("样例苑", Door("3", "2")) == "样例苑 3号楼2单元"
    assert address.display("示范公寓", Door("A", None, "-1")) == "示范公寓 A座负1层"
    assert address.display("样例村", Door("3排", room="5")) == "样例村 3排5室"
    assert address.display("样例苑", Door()) == "样例苑"
    assert address.display("", Door("综合楼", "2")) == "综合楼2单元"
    assert address.display("", Door("#3", "02")) == "3号楼2单元"
    assert address.display("", Door("3栋", "二")) == "3栋2单元"
    assert address.display("样例村", Door("3排2")) == "样例村 3排2号"
    assert address.display("样例苑", Door("3", "底商1")) == "样例苑 3号楼底商1号"
    assert address.display("样例商城", Door(None, "9街", "6", "88")) == "样例商城 6层9街88室"


def _key(text: str) -> str:
    read = address.parse(text)
    return address.key(read.area, read.door.building, read.door.unit)


def test_a_door_has_one_key_in_every_spelling_and_no_two_share_one() -> None:
    doors = [(b, u) for b in ("1", "2", "3", "11", "12", "21") for u in ("1", "2", "11", "12")]
    wanted = {
        f"样例苑{how.format(b=b, u=u)}": f"样例苑/{b}/{u}" for b, u in doors for how in AT_DOOR
    }
    wanted |= {
        f"样例村{text}": f"样例村/{door if '/' in door else door + '/'}"
        for door, texts in ALONE.items()
        for text in texts
    }
    wanted |= {
        f"样例苑{how.format(b=FIGURES[b], u=FIGURES[u])}": f"样例苑/{b}/{u}"
        for b, u in doors
        for how in IN_WORDS
    }
    read = {text: _key(text) for text in wanted}
    assert [(text, read[text]) for text in wanted if read[text] != wanted[text]] == []
    alone = sum(map(len, ALONE.values()))
    assert len(wanted) == len(doors) * (len(AT_DOOR) + len(IN_WORDS)) + alone
    assert len({*wanted.values()}) == len(doors) + len(ALONE)


def test_places_that_are_easily_taken_for_one_have_keys_of_their_own() -> None:
    for area in ("样例苑", "样例村", ""):
        for texts in BESIDE:
            places = {text: (_key(area + text), address.parse(area + text).rest) for text in texts}
            assert len({*places.values()}) == len(texts), places


def test_what_is_typed_into_the_field_of_a_building_has_the_key_of_the_whole_text() -> None:
    typed = [(text, door) for door, texts in ALONE.items() for text in texts]
    typed += [(how.format(b=3, u=2), "3/2") for how in AT_DOOR if how != "{b}-{u}"]  # 3-2 is a name
    read = {text: address.key("样例苑", text, None) for text, _ in typed}
    wanted = {text: f"样例苑/{door if '/' in door else door + '/'}" for text, door in typed}
    assert [(text, key) for text, key in read.items() if key != wanted[text]] == []


def test_what_is_shown_has_the_key_of_what_was_written() -> None:
    written = [*READINGS, *(f"样例苑{how.format(b=3, u=2)}" for how in AT_DOOR)]
    written += [f"样例村{text}" for texts in ALONE.values() for text in texts]
    read = {text: address.parse(text) for text in written}
    shown = {text: address.display(one.area, one.door) for text, one in read.items()}
    assert [(text, shown[text]) for text in written if _key(shown[text]) != _key(text)] == []


@given(st.tuples(*map(st.sampled_from, WRITTEN)).map("".join))
def test_what_is_shown_of_any_writing_has_its_key(text: str) -> None:
    read = address.parse(text)
    assert _key(address.display(read.area, read.door)) == _key(text), text


@settings(deadline=None)
@given(st.text("SOHOA12一号米个-3#楼期", max_size=30))
def test_every_text_comes_to_an_end(text: str) -> None:
    assert isinstance(address.parse(text), ParsedAddress)


def test_numbers_that_stand_apart_stay_apart_in_an_area() -> None:
    written = ("样例苑1.1.1101", "样例苑11.1.101", "样例苑1 1 1101", "样例苑111101")
    keys = [address.key(text, None, None) for text in written]
    assert len({*keys}) == 3
    assert keys[0] == keys[2]


def test_a_zone_is_told_from_its_compound() -> None:
    assert address.split_zone("样例苑2期") == ("样例苑", "2期")
    assert address.split_zone("样例苑2期东区") == ("样例苑", "2期东区")
    assert address.split_zone("样例苑G区") == ("样例苑", "G区")
    assert address.split_zone("样例小区") == ("样例小区", "")
    assert address.split_zone("") == ("", "")


def test_one_building_has_one_key() -> None:
    for row in SPELLINGS:
        read = {spelling: address.canonical_building(spelling) for spelling in row}
        assert read == dict.fromkeys(row, row[0])
        assert len({address.key("样例苑", spelling, "2") for spelling in row}) == 1, row


def test_units_floors_and_rooms_have_one_spelling_too() -> None:
    assert {address.canonical_unit(unit) for unit in ("2", "二单元", "2门", "02", "2 号")} == {"2"}
    entrances = ("2号门", "2号梯", "二门洞", "2楼道", "2号丹元")
    assert {address.canonical_unit(unit) for unit in entrances} == {"2"}
    assert {address.canonical_unit(unit) for unit in ("A", "A座", "a单元")} == {"A"}
    assert {address.canonical_unit(unit) for unit in ("9街", "九街")} == {"9街"}
    shops = ("底商1", "1号底商", "门市房01", "商铺-1号", "一号门面")
    assert {address.canonical_unit(unit) for unit in shops} == {"底商1"}
    assert {address.canonical_floor(floor) for floor in ("5", "五楼", "5F", "５层")} == {"5"}
    assert {address.canonical_floor(floor) for floor in ("-1", "B1", "负一层")} == {"-1"}
    assert {address.canonical_room(room) for room in ("501", "５０１室", "五〇一", "0501")} == {
        "501"
    }


def _wide(text: str) -> str:
    return text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


@given(COMPOUNDS, NUMBERS, NUMBERS)
def test_the_key_forgets_width_and_spaces(compound: str, building: str, unit: str) -> None:
    key = address.key(compound, building, unit)

    assert address.key(_wide(compound), f" {_wide(building)} 号楼", f"{unit}\u3000单元") == key


@given(st.integers(1, 99))
def test_the_key_forgets_chinese_figures(number: int) -> None:
    tens, ones = divmod(number, 10)
    written = ("" if tens < 2 else "〇一二三四五六七八九"[tens]) + ("十" if tens else "")
    written += "一二三四五六七八九"[ones - 1] if ones else ""

    assert address.key("样例苑", f"{written}号楼", written) == address.key(
        "样例苑", str(number), str(number)
    )


@given(COMPOUNDS, st.tuples(BUILDINGS, NUMBERS), st.tuples(BUILDINGS, NUMBERS))
def test_different_doors_have_different_keys(
    compound: str, one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert (address.key(compound, *one) == address.key(compound, *other)) == (one == other)


def test_a_missing_unit_is_no_unit() -> None:
    assert address.key("样例苑", "3", None) == address.key("样例苑", "3", "") == "样例苑/3/"
    assert address.key("样例苑", None, None) == "样例苑//"


def test_a_slash_in_a_name_cannot_forge_a_key() -> None:
    assert address.key("样例苑/3", "2", None) != address.key("样例苑", "3/2", None)


@given(DOORS)
def test_a_canonical_part_is_a_fixed_point(door: Door) -> None:
    assert door == Door(
        door.building and address.canonical_building(door.building),
        door.unit and address.canonical_unit(door.unit),
        door.floor and address.canonical_floor(door.floor),
        door.room and address.canonical_room(door.room),
    )


def test_an_alias_names_the_same_area() -> None:
    assert address.same_area("巴音样例苑二期", "巴彦样例苑 2期", NAMES)
    assert address.same_area("嘎鲁图镇样例苑", "达布察克镇样例苑", NAMES)
    assert not address.same_area("巴音样例苑二期", "巴彦样例苑一期", NAMES)
    assert not address.same_area("巴音样例苑", "巴彦样例苑")


def test_an_empty_name_in_the_alias_table_does_no_harm() -> None:
    assert address.canonical_area("样例苑", [["甲", ""], [], ["乙"]]) == "样例苑"


@example("0-:-A")
@example("第#-一期")
@example("0O\x1b¼")
@given(ANY_TEXT | ADDRESS_LIKE)
def test_any_text_is_read(text: str) -> None:
    area = address.parse(text).area

    assert address.canonical_area(area) == area


@given(ANY_TEXT | ADDRESS_LIKE)
def test_every_part_read_is_canonical(text: str) -> None:
    door = address.parse(text).door

    assert door.building is None or address.canonical_building(door.building) == door.building
    assert door.unit is None or address.canonical_unit(door.unit) == door.unit
    assert door.floor is None or address.canonical_floor(door.floor) == door.floor
    assert door.room is None or address.canonical_room(door.room) == door.room


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_any_text_has_a_key(compound: str, building: str, unit: str) -> None:
    assert address.key(compound, building, unit).count("/") == 2


def test_broken_and_very_long_texts_are_read() -> None:
    for text in ("\ud800", "3号楼\udfff2单元", "9" * 6000, "3-" * 3000, "十" * 6000):
        assert isinstance(address.parse(text), ParsedAddress)
        assert address.key(text, text, text)


def test_figures_are_written_one_way() -> None:
    numbers = {
        "十": "10",
        "十二": "12",
        "二十": "20",
        "二十一": "21",
        "廿一": "21",
        "一百零五": "105",
        "一百二十": "120",
        "一〇三": "103",
        "两": "2",
        "叁拾贰": "32",
        "A十": "A10",
        "007": "7",
        "0": "0",
    }
    assert {written: to_digits(written) for written in numbers} == numbers


@given(ANY_TEXT)
def test_plain_text_is_a_fixed_point(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)
