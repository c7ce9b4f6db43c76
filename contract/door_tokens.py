"""Splits "3号楼2-501" into tokens, each a number with the word that says what it numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contract.door_words import (
    BASEMENT,
    KNOWN_AREA,
    NEAR,
    PART_OF,
    SHOP_NUMBER,
    SUB_NUMBER,
    WORD,
    DoorPart,
    WordKind,
)
from contract.numerals import CHINESE_FIGURES, to_digits


@dataclass(frozen=True, slots=True)
class NumberToken:
    """One number in canonical digits with its word ("" for none) and what the word says.

    `dashed`: a dash joins it to the token before. `start` is where its number begins and `end`
    (exclusive) where its word ends, in characters of the text. `parted`: it is written in figures
    of which the first may be another number, or belong to a name (二三号楼, 样例二三号楼), in a
    letter that may be a figure (l楼), or may end a name (样例一座).
    """

    number: str
    kind: WordKind
    word: str
    dashed: bool
    start: int
    end: int
    parted: bool = False

    @property
    def part(self) -> DoorPart | None:
        """What the word names; None where that depends on the numbers around it."""
        return PART_OF[self.kind]

    @property
    def digits(self) -> int:
        """How many digits the number has; 0 for one with anything but digits in it."""
        return len(self.number) if self.number.isdecimal() else 0


_GAP = re.compile(r" ?[,/()\-]{0,2} ?[第#]?")
_GAP_AFTER_WORD = re.compile(
    rf" ?(?:(?:[里内中]面?的?|那个|的)(?=[0-9A-Z第{CHINESE_FIGURES}])|[,、:/()\-]{{0,2}}) ?[第#]?"
)
_GAP_AFTER_BARE = re.compile(r" ?[/()\-]{0,2} ?[第#]?")  # a comma parts numbers without words
_NUMBER = re.compile(
    r"[A-Z]{1,2}[ -][0-9]{1,2}(?=号楼|[栋幢#])"
    r"|[A-Z]{0,2}[0-9]{1,5}(?:[A-EG-Z](?![A-Z])[0-9]{0,4})?(?![0-9])|[A-Z](?![A-Z0-9])"
    rf"|[{CHINESE_FIGURES}]{{1,7}}|[甲乙丙丁戊](?=[号栋幢座楼单])|[东西南北中](?=单元)"
    "|(?<=[0-9A-Z楼栋幢座]-)(?<!-[0-9]-)(?<!-[0-9]{2}-)[东西南北中](?=-[0-9])"  # 3-东-501
)
_BEFORE_TOWER = re.compile("(?:^|[第 #栋幢楼号期)-])$")
_PARTED_FIGURES = re.compile("[一二三四五六七八九两]{2,}")
# 负一楼, 地下1层, and "-1层" where no number stands before the dash.
_BELOW = re.compile(rf"(?:负|地下|(?<![0-9A-Z ]-)(?<=-)(?=1))([0-9]|[{CHINESE_FIGURES}]) ?[层楼]")
_MAYBE_BELOW = re.compile("(?<![0-9A-Z ]-)(?<=-)[23] ?[层楼]")  # -2层 is below, or the second
# A number that counts something, or is one of a list, is not a door: 3个, 18:30, 20米, 2期, 3、4号.
_COUNTS = re.compile(
    "[A-Z甲乙丙丁戊]|[.:][0-9]"
    "| ?[%点时年月日人名个米岁元块次辆多余级班分秒期区组弄路街巷梯度套家位把张户号]"
    "| ?[、和及与] ?[0-9]| ?/ ?[0-9]{1,3}(?:号楼|[栋幢])"
)


def tokenize(text: str, at: int) -> Iterator[NumberToken]:
    """The tokens from position `at` on, until something that is none; nothing if none is there.
    Expects `text` as `numerals.normalize` gives it."""
    gap = _GAP
    while (token := _token_at(text, at, gap)) is not None:
        yield token
        at = token.end
        gap = _GAP_AFTER_WORD if token.word else _GAP_AFTER_BARE


def _token_at(text: str, at: int, gap: re.Pattern[str]) -> NumberToken | None:
    between = gap.match(text, at)
    start = between.end() if between else at
    dashed, marked = "-" in text[at:start], "#" in text[at:start]
    if below := _BELOW.match(text, start):
        number = "-" + to_digits(below[1])
        return NumberToken(number, WordKind.FLOOR, "层", dashed, start, below.end())
    if _MAYBE_BELOW.match(text, start):
        return None
    if (shop := SHOP_NUMBER.match(text, start)) and (
        shop[0].endswith("号") or not _COUNTS.match(text, shop.end())
    ):
        return NumberToken(to_digits(shop[2]), WordKind.SHOP, shop[1], dashed, start, shop.end())
    found = _NUMBER.match(text, start)
    return _with_word(text, found, dashed, marked) if found else None


def _with_word(text: str, found: re.Match[str], dashed: bool, marked: bool) -> NumberToken | None:
    number = to_digits(found[0].replace(" ", "").replace("-", ""))
    start, end = found.span()
    if sub := SUB_NUMBER.match(text, end):
        whole = f"{number}-{to_digits(sub[1])}"
        return NumberToken(whole, WordKind.HOUSE, "号", dashed, start, sub.end())
    if word := WORD.match(text, end):
        kind = _kind(WordKind(word.lastgroup or ""), number, word[0])
        if kind is WordKind.HOUSE and found[0] == "壹":
            return None  # 样例壹号: the name of a compound
        if word[0].strip() == "#" and number.isdecimal() and len(number) > 2:  # 501#
            return NumberToken(number, WordKind.BARE, "", dashed, start, word.end())
        spoken = word[0].strip() or kind
        is_unclear = _is_typed(number, spoken) or _ends_a_name(text, start, spoken)
        parted = is_unclear or bool(_PARTED_FIGURES.fullmatch(found[0]))
        return NumberToken(number, kind, spoken, dashed, start, word.end(), parted)
    if not marked and not _may_stand_without_word(text, found, dashed):
        return None
    kind = WordKind.BUILDING if marked and len(number) < 3 else WordKind.BARE
    return NumberToken(number, kind, "", dashed, start, end)


def _is_typed(number: str, word: str) -> bool:
    """L楼 may be a tower, or floor 1 with a letter in place of the figure."""
    return number in ("L", "I", "O") and word == "楼"


def _ends_a_name(text: str, start: int, word: str) -> bool:
    """样例一座 may be the name of a compound; 一座 of 样例苑 is a building."""
    if word != "座" or text[start] not in CHINESE_FIGURES:
        return False
    before = text[max(0, start - NEAR) : start]
    return not (_BEFORE_TOWER.search(before) or KNOWN_AREA.search(before))


def _kind(kind: WordKind, number: str, word: str) -> WordKind:
    """A楼 is a tower, B1楼 and 5楼 are floors."""
    is_tower = kind is WordKind.FLOOR and "楼" in word and not number[0].isdecimal()
    return WordKind.BUILDING if is_tower and not BASEMENT.match(number) else kind


def _may_stand_without_word(text: str, number: re.Match[str], dashed: bool) -> bool:
    if _COUNTS.match(text, number.end()):
        return False
    if dashed or text[number.end() : number.end() + 1] == "-":
        return True
    return any(c.isdecimal() for c in number[0])
