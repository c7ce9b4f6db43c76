"""The address grammar of phone and server: which building, unit, floor and room a text names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from contract.door_parts import assign_parts, without_area_numbers
from contract.door_tokens import DoorPart, tokenize
from contract.numerals import CHINESE_FIGURES, normalize, to_digits

Aliases = Sequence[Sequence[str]]
"""Groups of names of one place, e.g. [["巴彦", "巴音"]]; the first of a group is the one kept."""


@dataclass(frozen=True, slots=True)
class Door:
    """The parts of an address inside its compound, in canonical text: figures without leading
    zeros, half width, upper case.

    building "3", "A", "A3", "5-12", "甲", "3排" · unit "2", "A", "东" · floor "5", "-1" (below
    ground) · room "501", "605-606". None where the text does not name the part.
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
_BUILDING = re.compile(
    rf"[第#]?({_NUMBER}(?:-{_NUMBER})?|[甲乙丙丁戊])[号#]?[楼栋幢座撞]{{0,2}}(排?)"
)
_UNIT = re.compile(rf"第?({_NUMBER}|[东西南北中])号?(?:[门梯]|单元?)?")
_FLOOR = re.compile(rf"(-|负|地下|B)?({_NUMBER}?)(?:楼层?|层|F)?")
_ROOM = re.compile(rf"({_NUMBER}(?:-{_NUMBER})*)(?:室|号|房间?)?")
_ORDINAL = re.compile(rf"(?<![{CHINESE_FIGURES}])第?([{CHINESE_FIGURES}]+)(?=期|区|组团)")
_START = re.compile(
    rf"(?<![0-9A-Z.:{CHINESE_FIGURES}])[0-9A-Z{CHINESE_FIGURES}#甲乙丙丁戊负地东西南北中]"
)
_TYPED_DASH = re.compile("(?<=[0-9])一(?=[0-9])")  # a pinyin keyboard gives 一 for "-"
_LETTERS = re.compile("[A-Z甲乙丙丁戊]+")
_IS_NUMBER = re.compile("[0-9A-Z-]+|[甲乙丙丁戊东西南北中]")
_EDGES = " ,、;:-/()#第"
_NEAR = 16  # how many characters before a number can say what it numbers


def parse(text: str) -> ParsedAddress:
    """Reads an address, or a note that begins with one.

    Grammar: area (compound with 期/区) › building (号楼 # 栋 幢 座 排 号) › unit (单元 门) › floor
    (层 楼 F) › room (室 房 号), each optional, "3-2-501" and "3-501" included. N号 after a street
    word stays in the area, and so does a number that counts (18:30, 3个). A number alone is a door
    only at the end: up to two digits a building, more a room. The first door with several
    numbers, or whose word names a part, is taken. Without any door, `area` is the whole text.
    Never raises; takes time linear in the text.

    Measured on a public corpus (neural-chinese-address-parsing): see `bench/address_grammar.py`.
    """
    line = _TYPED_DASH.sub("-", normalize(text))
    start, end, door = len(line), len(line), Door()
    for begin, stop, found, is_sure in _candidates(line):
        if is_sure or door == Door():
            start, end, door = begin, stop, found
        if is_sure:
            break
    return ParsedAddress(canonical_area(line[:start]), door, line[end:].strip(_EDGES))


@lru_cache(4096)  # many reports speak of one door
def key(compound: str, building: str | None, unit: str | None) -> str:
    """The key "compound/building/unit", equal for all spellings of one place: "样例苑/3/2".

    Width, case, Chinese numerals and spaces make no difference; an unknown part is empty.
    `compound` is its official name or its code: aliases are not resolved (`canonical_area` does).
    """
    door = (canonical_building(building or ""), canonical_unit(unit or ""))
    return "/".join((canonical_area(compound), *door))


def display(compound: str, door: Door) -> str:
    """The door in words for people: "样例苑 3号楼2单元5层501室". `parse` gives a canonical door
    back unchanged."""
    building = door.building or ""
    words = (
        _with_word(building, "座" if _LETTERS.fullmatch(building) else "号楼"),
        _with_word(door.unit or "", "单元"),
        _with_word((door.floor or "").replace("-", "负"), "层"),
        _with_word(door.room or "", "室"),
    )
    return " ".join(part for part in (compound, "".join(words)) if part)


def same_area(one: str, other: str, aliases: Aliases = ()) -> bool:
    """Whether two area texts name one area under the given aliases: 巴彦新村二期, 巴音新村 2 期."""
    return canonical_area(one, aliases) == canonical_area(other, aliases)


def canonical_area(text: str, aliases: Aliases = ()) -> str:
    """The area without spaces and punctuation, with the numbers of 期/区/组团 in digits, and each
    alias replaced by the first name of its group. Never raises."""
    bare = _compact(normalize(text).replace("#", "")).strip("-第")
    numbered = _ORDINAL.sub(lambda found: to_digits(found[1]), bare)
    kept = {name: group[0] for group in aliases for name in group[1:] if name}
    if not kept:
        return numbered
    longest_first = sorted(kept, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), lambda name: kept[name[0]], numbered)


def canonical_building(text: str) -> str:
    """３号楼, #3, 三栋 and 3 give "3"; a座 gives "A"; a name such as 综合楼 stays; "" stays ""."""
    name = _compact(text)
    found = _BUILDING.fullmatch(name)
    if found is None:
        return name
    return re.sub("(?<=[A-Z])-(?=[0-9])", "", to_digits(found[1])) + found[2]


def canonical_unit(text: str) -> str:
    """二单元, 2门 and 02 give "2"; 东单元 gives "东"."""
    found = _UNIT.fullmatch(_compact(text))
    return to_digits(found[1]) if found else _compact(text)


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


def _compact(text: str) -> str:
    return re.sub("-+", "-", re.sub(r"[^\w#-]", "", normalize(text))).strip("-")


def _with_word(number: str, word: str) -> str:
    return number + word if number and _IS_NUMBER.fullmatch(number.replace("负", "-")) else number


def _candidates(line: str) -> Iterator[tuple[int, int, Door, bool]]:
    """What may be a door: start and end in `line`, the door, and whether it surely is one."""
    at = 0
    while begin := _START.search(line, at):
        row = tuple(tokenize(line, begin.start()))
        at = row[-1].end if row else begin.end()
        row = tuple(without_area_numbers(line[max(0, begin.start() - _NEAR) : begin.start()], row))
        if not row:
            continue
        start = row[0].start
        parts, end = assign_parts(line[max(0, start - _NEAR) : start], row)
        is_lone = len(row) == 1 and row[0].part is None
        if parts and (not is_lone or row[0].word or end == len(line)):
            yield start, end, _canonical_door(parts), not is_lone


def _canonical_door(parts: dict[DoorPart, str]) -> Door:
    canonical = (canonical_building, canonical_unit, canonical_floor, canonical_room)
    return Door(
        *(
            read(parts[part]) if part in parts else None
            for part, read in zip(DoorPart, canonical, strict=True)
        )
    )
