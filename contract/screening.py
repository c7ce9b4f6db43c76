"""Finds personal data in free text, and cuts it out.

Rule L2: a report is about a place and a time, so a note names no person (Personal Information
Protection Law, art. 6 and 28: no more than the purpose needs, minors' data above all).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from contract.folded_text import FoldedText, fold
from contract.late_patterns import compiled_later
from contract.personal_numbers import NumberKind, find_personal_numbers
from contract.persons import find_persons
from contract.plates_and_accounts import find_accounts, find_plates


class SpanCode(StrEnum):
    """A kind of personal data. Where two overlap, the one that comes first here counts."""

    ID_NUMBER = "ID_NUMBER"
    MOBILE = "MOBILE"
    LANDLINE = "LANDLINE"
    PLATE = "PLATE"
    ACCOUNT = "ACCOUNT"
    PERSON = "PERSON"


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` of the original text is personal data of the kind `code` (a SpanCode).
    Positions count characters (code points)."""

    start: int
    end: int
    code: str


_RANK = {code: rank for rank, code in enumerate(SpanCode)}
_LABEL = compiled_later(
    "(?:身份证件?|(?:联系|家庭)?(?:电话|方式)|手机|座机|固话|车牌|车号|牌照|加?(?:微信|QQ|V信?)群?"
    "|VX|WX|钉钉|护照|银行卡|卡号|账号|邮箱|姓名|名字|名?叫(?:做|作)?)(?:号码?|账号)?[是为:： ]*$",
    re.IGNORECASE,
)
_FINDERS: tuple[tuple[Callable[[str], Iterator[tuple[int, int]]], SpanCode], ...] = (
    (find_plates, SpanCode.PLATE),
    (find_accounts, SpanCode.ACCOUNT),
    (find_persons, SpanCode.PERSON),
)
_PAUSES = " ，,、；;：:·/\\-\n\t"
_LEAST_DIGITS = 3  # of a mobile number written with letters
_STOPS = "。！？.!?"


def personal_spans(text: str) -> tuple[Span, ...]:
    """All personal data in a text, in order and without overlap; () if there is none. Never raises.

    Finds id and telephone numbers in the digits of any script or Chinese figures, whatever signs
    part them, and with some of them hidden; mainland number plates (GA 36-2018); account names
    beside the name of their network; persons by title, label, mask (李某), pet name (老张,
    浩浩妈妈) or home (王家), and bare names of usual signs. A bare name of other signs is not
    found: the worker reads the note once more before sealing.
    """
    folded = fold(text)
    taken = bytearray(len(text))
    spans = []
    for start, end, code in sorted(_found(folded), key=_first_in_order):
        begin, stop = folded.original_span(start, end)
        if not any(taken[begin:stop]):
            taken[begin:stop] = bytes([1]) * (stop - begin)
            spans.append(Span(begin, stop, code))
    return tuple(sorted(spans, key=lambda span: span.start))


def may_be_place(text: str, span: Span) -> bool:
    """Whether the one who typed may say that `span` of `text` is the name of a place or a shop: it
    was taken for a person, and no digit of any script is in it."""
    is_person = span.code == SpanCode.PERSON
    return is_person and not any(c.isdecimal() for c in fold(text[span.start : span.end]).text)


def cut(text: str, span: Span) -> str:
    """The text without `span`, without the label before it ("电话："), and without punctuation that
    would then stand twice."""
    left, right = _LABEL.sub("", text[: span.start]), text[span.end :]
    if left.endswith(("(", "（")) and right.startswith((")", "）")):
        left, right = left[:-1], right[1:]
    before, after = left.rstrip(_PAUSES), right.lstrip(_PAUSES)
    if not before or not after or before[-1] in _STOPS or after[0] in _STOPS:
        doubled = bool(before and after) and before[-1] in _STOPS and after[0] in _STOPS
        return before + after[doubled:]
    pauses = left[len(before) :] + right[: len(right) - len(after)]
    return before + (pauses.strip() or pauses)[:1] + after


def _found(folded: FoldedText) -> Iterator[tuple[int, int, SpanCode]]:
    text, spoken, looks = folded.text, folded.with_digits, folded.with_lookalikes
    yield from _numbers(text)
    if spoken != text:
        yield from _numbers(spoken)
        yield from ((*span, SpanCode.PLATE) for span in find_plates(spoken))
    if looks != text:
        yield from _lookalike_numbers(text, looks)
        yield from ((*span, SpanCode.PLATE) for span in find_plates(looks))
    for find, code in _FINDERS:
        for start, end in find(text):
            yield start, end, code


def _numbers(text: str) -> Iterator[tuple[int, int, SpanCode]]:
    for start, end, kind in find_personal_numbers(text):
        yield start, end, SpanCode(kind)


def _lookalike_numbers(text: str, looks: str) -> Iterator[tuple[int, int, SpanCode]]:
    """Mobile and id numbers of which some digits are written as letters."""
    for start, end, kind in find_personal_numbers(looks):
        digits = sum(map(str.isdecimal, text[start:end]))
        if kind is not NumberKind.LANDLINE and digits >= _LEAST_DIGITS:
            yield start, end, SpanCode(kind)


def _first_in_order(found: tuple[int, int, SpanCode]) -> tuple[int, int, int]:
    start, end, code = found
    return _RANK[code], start, -end
