"""Splits "3号楼2-501" into tokens, each a number with the word that says what it numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from contract.numerals import CHINESE_FIGURES, to_digits


class DoorPart(IntEnum):
    """The four parts of a door, from the largest to the smallest."""

    BUILDING = 0
    UNIT = 1
    FLOOR = 2
    ROOM = 3


@dataclass(frozen=True, slots=True)
class NumberToken:
    """One number in canonical digits with its word ("" for none).

    `part` is what the word names; None where that depends on the numbers around it. `dashed`: a
    dash joins it to the token before. `start` is where its number begins and `end` (exclusive)
    where its word ends, in characters of the text.
    """

    number: str
    word: str
    part: DoorPart | None
    dashed: bool
    start: int
    end: int

    @property
    def digits(self) -> int:
        """How many digits the number has; 0 for one with anything but digits in it."""
        return len(self.number) if self.number.isdecimal() else 0


# Tried in this order. The lookaheads keep out longer words that begin alike (3号线, 5层次, 2楼盘)
# and days of the month (3号晚上).
PART_WORDS: tuple[tuple[re.Pattern[str], DoorPart | None], ...] = tuple(
    (re.compile(f" ?(?:{word})"), part)
    for word, part in (
        ("[号#][楼栋幢座撞]|[栋幢]楼|[栋幢撞#]", DoorPart.BUILDING),
        ("座(?![谈位标机落])|排(?![除练查队档水])", DoorPart.BUILDING),
        ("单元|单(?=[0-9])|梯(?=[0-9])|门(?=[0-9]|[东西中]户|$)", DoorPart.UNIT),
        ("室(?![0-9一二两三]厅)|(?<=[0-9])房(?![屋子东产源型])间?|窒|档", DoorPart.ROOM),
        ("号(?=店|商铺|铺|门市|底商|车库|档|办公)", DoorPart.ROOM),
        ("楼层?(?![盘市])|层(?!次)|F(?![A-Z])", DoorPart.FLOOR),
        ("号(?![线门院路街地公桥馆库厅井巷店电大柜仓晚早上下中夜凌周])", None),
    )
)
_GAP = re.compile(r" ?[,/()\-]{0,2} ?[第#]?")
_NUMBER = re.compile(
    r"[A-Z]{0,2}[0-9]{1,5}(?:[A-EG-Z](?![A-Z])[0-9]{0,4})?(?![0-9])|[A-Z](?![A-Z0-9])"
    rf"|[{CHINESE_FIGURES}]{{1,7}}|[甲乙丙丁戊](?=[号栋幢座单])|[东西南北中](?=单元)"
)
# 负一楼, 地下1层, and "-1层" where no number stands before the dash.
_BELOW = re.compile(
    rf"(?:负|地下|(?<![0-9A-Z ]-)(?<=-)(?=[1-3]))([0-9]|[{CHINESE_FIGURES}]) ?[层楼]"
)
# A number that counts something is not a door: 3个, 18:30, 20米, 2期.
_COUNTS = re.compile(
    "[A-Z]|[.:][0-9]| ?[%点时年月日人名个米岁元块次辆多余级班分秒期区组弄路街巷度套家位把张户]"
)


def tokenize(text: str, at: int) -> Iterator[NumberToken]:
    """The tokens from position `at` on, until something that is none; nothing if none is there.
    Expects `text` as `numerals.normalize` gives it."""
    while (token := _token_at(text, at)) is not None:
        yield token
        at = token.end


def _token_at(text: str, at: int) -> NumberToken | None:
    gap = _GAP.match(text, at)
    start = gap.end() if gap else at
    dashed, marked = "-" in text[at:start], "#" in text[at:start]
    if below := _BELOW.match(text, start):
        return NumberToken(
            "-" + to_digits(below[1]), "层", DoorPart.FLOOR, dashed, start, below.end()
        )
    number = _NUMBER.match(text, start)
    if number is None:
        return None
    for pattern, part in PART_WORDS:
        if word := pattern.match(text, number.end()):
            return NumberToken(
                to_digits(number[0]), word[0].strip(), part, dashed, start, word.end()
            )
    if marked or _may_stand_without_word(text, number, dashed):
        part = DoorPart.BUILDING if marked else None
        return NumberToken(to_digits(number[0]), "", part, dashed, start, number.end())
    return None


def _may_stand_without_word(text: str, number: re.Match[str], dashed: bool) -> bool:
    if _COUNTS.match(text, number.end()):
        return False
    if dashed or text[number.end() : number.end() + 1] == "-":
        return True
    return any(c.isdecimal() for c in number[0])
