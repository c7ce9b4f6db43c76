"""The address grammar of phone and server: which building, unit, floor and room a text names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from contract.door_candidates import candidates, only_candidate, typed_line
from contract.door_parts import Parts
from contract.door_words import (
    BUILDING_WORD,
    GARAGE,
    LETTERS,
    SHOP_WORDS,
    TYPED_UNIT,
    DoorPart,
    shop_name,
)
from contract.numerals import CHINESE_FIGURES, normalize, to_digits

Aliases = Sequence[Sequence[str]]
"""Groups of names of one place, e.g. [["巴彦", "巴音"]]; the first of a group is the one kept."""


@dataclass(frozen=True, slots=True)
class Door:
    """The parts of an address inside its compound, in canonical text: figures without leading
    zeros, half width, upper case.

    building "3", "A", "A3", "5-12", "甲", "3排", "3排2" (a house of a row), "57-1" (57号之1) · unit
    "2", "A", "东", "底商1" (a shop entered from the street), "9街" (a lane of stalls) · floor "5",
    "-1" (below ground) · room "501", "605-606". None where the text does not name the part, or
    could mean several.
    """

    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """A text split in three: `area`, all before the door in canonical form (compound, stage,
    street); `door`; and `rest`, the text after it without punctuation at its ends."""

    area: str
    door: Door
    rest: str


_NUMBER = f"[0-9A-Z{CHINESE_FIGURES}]+"
_ZONE = (
    f"第?(?:[0-9]+|[{CHINESE_FIGURES}]+)期"
    f"|(?:[0-9A-Z]+|[{CHINESE_FIGURES}]+|[东西南北中])(?:区|组团)"
)
_LAST_ZONES = re.compile(f"(?:{_ZONE}|第?(?:[0-9]+|[{CHINESE_FIGURES}]+)排)+$")
_BUILDING = re.compile(
    rf"((?:{_ZONE})*)(?:第?({_NUMBER})排-?)?"
    rf"[第#]?({_NUMBER}(?:(?:-|号?[之附]){_NUMBER})?|[甲乙丙丁戊])?(?:{BUILDING_WORD}|楼)?号?"
)
_WHOLE_DOOR = re.compile("[A-Z][0-9]{3,4}|[0-9]{6,}")  # B347; 3一2一501 without its dashes
_UNIT = re.compile(
    rf"第?({_NUMBER}|[东西南北中])号?(?:门[洞栋]?|楼[门洞道]|[梯座]|{TYPED_UNIT}|单)?"
)
_LANE = re.compile(rf"({_NUMBER})街")
_SHOP = re.compile(
    rf"(?P<word>{SHOP_WORDS}|{GARAGE})-?第?(?P<number>{_NUMBER})号?"
    rf"|(?P<first>{_NUMBER})号?(?P<last>{SHOP_WORDS}|{GARAGE})"
)
_FLOOR = re.compile(rf"(-|负|地下|B)?({_NUMBER}?)(?:楼层?|层|F)?")
_ROOM = re.compile(rf"({_NUMBER}(?:-{_NUMBER})*)(?:[室窒号档]|房间?|办公室|商铺)?")
_ORDINAL = re.compile(rf"(?<![{CHINESE_FIGURES}])第?([{CHINESE_FIGURES}]+)(?=期|区|组团)")
_HOUSE = re.compile(f"(?:[0-9]+排|底商|{GARAGE})[0-9]+")
_IS_NUMBER = re.compile(f"[0-9A-Z{CHINESE_FIGURES}-]+|[甲乙丙丁戊东西南北中]")
_PARTED = re.compile(r"(?<=[0-9])[^\w#-]+(?=[0-9])")
_PUNCTUATION = re.compile(r"(?<![0-9])[^\w#-]+|[^\w#-]+(?![0-9])")
_DASHES = re.compile("-+")
_EDGES = " ,、;:-/()#第"


def parse(text: str) -> ParsedAddress:
    """Reads an address, or a note that begins with one.

    Grammar: area (compound with 期/区) › building (号楼 # 栋 幢 座 排 号) › unit (单元 门) › floor
    (层 楼 F) › room (室 房 号), each optional, "3-2-501" and "3-501" included. N号 after a street
    word stays in the area, and so does a number that counts (18:30, 3个). A number alone is a door
    only at the end: up to two digits a building, more a room. The first door with several
    numbers, or whose word names a part, is taken, else the only one that may be a door. What can be
    read in two ways names nothing (decision 0044). Without any door, `area` is the whole text.
    Never raises; takes time linear in the text.

    Measured on a public corpus (neural-chinese-address-parsing): see `bench/address_grammar.py`.
    """
    line = typed_line(text)
    found = only_candidate(line)
    if found is None:
        return ParsedAddress(_area(line), Door(), "")
    rest = line[found.end :].strip(_EDGES)
    return ParsedAddress(_area(line[: found.start]), _door(found.parts), rest)


def any_door(text: str) -> Door:
    """A door that a text names or may name: for finding the floors and rooms that no text may name
    (rule L4), never for telling where something is. Never raises."""
    unsure: Door | None = None
    for one in candidates(typed_line(text), loose=True):
        if one.is_sure:
            return _door(one.parts)
        unsure = unsure or _door(one.parts)
    return unsure or Door()


def any_leading_door(text: str) -> Door:
    """The same of a text that begins with a door, Door() where anything stands before. Reads no
    further, so that asking at each number of a text stays linear."""
    line = typed_line(text)
    for one in candidates(line, 2, loose=True):
        return _door(one.parts) if not _area(line[: one.start]) else Door()
    return Door()


@lru_cache(4096)  # many reports speak of one door
def key(compound: str, building: str | None, unit: str | None) -> str:
    """The key "compound/building/unit", equal for all spellings of one place: "样例苑/3/2".

    Width, case, Chinese numerals and spaces make no difference; an unknown part is empty. The unit
    may stand in `building` (5号楼的3单元). `compound` is its official name or its code: aliases are
    not resolved (`canonical_area` does).
    """
    door = (canonical_building(building or ""), canonical_unit(unit or ""))
    is_name = _BUILDING.fullmatch(door[0]) and not _WHOLE_DOOR.fullmatch(door[0])
    if building and not unit and not is_name:
        read = parse(building)
        if read.door.building and not read.area + read.rest:
            door = (read.door.building, read.door.unit or "")
    return "/".join((canonical_area(compound), *door))


def display(compound: str, door: Door) -> str:
    """The door in words for people: "样例苑 3号楼2单元5层501室". A part that is a number gets its
    word, one that has a word keeps it. `parse` gives a canonical door back unchanged."""
    return " ".join(part for part in (compound, _door_in_words(door)) if part)


@lru_cache(4096)  # many reports speak of one door
def _door_in_words(door: Door) -> str:
    building, unit = door.building or "", door.unit or ""
    floor = _with_word((door.floor or "").replace("-", "负"), "层")
    words = [
        _with_word(building, "座" if LETTERS.match(building) else "号楼"),
        *([floor, unit] if unit.endswith("街") else [_with_word(unit, "单元"), floor]),
        _with_word(door.room or "", "室"),
    ]
    return "".join(words)


def split_zone(area: str) -> tuple[str, str]:
    """A canonical area in two, so that both together are the area: the compound, and the stage,
    zone or row at its end: 样例苑2期 is 样例苑 and 2期; "" for none."""
    found = _LAST_ZONES.search(area)
    at = found.start() if found else len(area)
    return area[:at], area[at:]


def same_area(one: str, other: str, aliases: Aliases = ()) -> bool:
    """Whether two area texts name one area under the given aliases: 巴彦新村二期, 巴音新村 2 期."""
    return canonical_area(one, aliases) == canonical_area(other, aliases)


def canonical_area(text: str, aliases: Aliases = ()) -> str:
    """The area without spaces and punctuation (a dot stays between two numbers), the numbers of
    期/区/组团 in digits, each alias replaced by the first name of its group. Never raises."""
    area = _canonical_area(text)
    kept = {name: group[0] for group in aliases for name in group[1:] if name}
    if not kept:
        return area
    longest_first = sorted(kept, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), lambda name: kept[name[0]], area)


@lru_cache(4096)  # the same few compounds
def _canonical_area(text: str) -> str:
    return _area(normalize(text))


def canonical_building(text: str) -> str:
    """３号楼, #3, 三栋 and 3 give "3"; a座 gives "A"; 第3排2号 "3排2"; 57号之1 "57-1"; 二期3号楼
    "2期3"; a name such as 综合楼 stays; "" stays ""."""
    name = _compact(text)
    found = _BUILDING.fullmatch(name)
    if found is None or not (found[2] or found[3]):
        return name
    zones = to_digits(found[1].replace("第", ""))
    row = to_digits(found[2]) + "排" if found[2] else ""
    number = re.sub("号?[之附]", "-", found[3] or "")
    return zones + row + re.sub("(?<=[A-Z])-(?=[0-9])", "", to_digits(number))


def canonical_unit(text: str) -> str:
    """二单元, 2门 and 02 give "2"; 东单元 gives "东"; 门市1 and 1号底商 "底商1"; 九街 "9街"."""
    name = _compact(text)
    if found := _UNIT.fullmatch(name):
        return to_digits(found[1])
    if lane := _LANE.fullmatch(name):
        return to_digits(lane[1]) + "街"
    if shop := _SHOP.fullmatch(name):
        word, number = shop["word"] or shop["last"], shop["number"] or shop["first"]
        return shop_name(word, to_digits(number))
    return name


def canonical_floor(text: str) -> str:
    """五楼, 5F and 5层 give "5"; B1, 负一层 and 地下一层 give "-1"."""
    found = _FLOOR.fullmatch(re.sub(r"[^\w-]", "", normalize(text)))
    if found is None:
        return _compact(text)
    return ("-" if found[1] else "") + to_digits(found[2])


def canonical_room(text: str) -> str:
    """501室, ５０１ and 0501 give "501"."""
    found = _ROOM.fullmatch(_compact(text))
    return to_digits(found[1]) if found else _compact(text)


def _area(line: str) -> str:
    bare = _bare(line.replace("#", " ")).strip("-第")  # 3#501 is not 3501
    return _ORDINAL.sub(lambda found: to_digits(found[1]), bare)


def _compact(text: str) -> str:
    return _bare(normalize(text))


def _bare(line: str) -> str:
    """Without spaces and punctuation, but 1.1.1101 and 11.1.101 stay two."""
    if line.isalnum():
        return line
    return _DASHES.sub("-", _PUNCTUATION.sub("", _PARTED.sub(".", line))).strip("-")


def _with_word(number: str, word: str) -> str:
    """#3 is the number 3; 3排2 and 底商1 have their word and lack a 号."""
    bare = normalize(number).strip("#第 ")
    if _HOUSE.fullmatch(bare):
        return bare + "号"
    return to_digits(bare) + word if _IS_NUMBER.fullmatch(bare.replace("负", "-")) else number


def _door(parts: Parts) -> Door:
    building, unit, floor, room = (parts.get(part) for part in DoorPart)
    return Door(building, unit, floor and canonical_floor(floor), room)
