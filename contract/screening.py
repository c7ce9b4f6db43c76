"""Finds personal data in free text, and cuts it out.

Rule L2: a report is about a place and a time, so a note names no person (Personal Information
Protection Law, art. 6 and 28: no more than the purpose needs, minors' data above all).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from contract.folded_text import FoldedText, fold
from contract.personal_numbers import NumberKind, find_personal_numbers
from contract.persons import find_persons


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


_PLATE = re.compile(
    "([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][ .·-]?[A-HJ-NP-Z][ .·-]{0,3}"
    "(?:(?=(?:[A-Z]*[0-9]){3})[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳领使]"
    "|[A-HJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJK]|[A-Z0-9](?:[ .·-][A-Z0-9]){4,5}))(?![A-Z0-9])"
    "|(?:车牌|牌号|牌照|车号)[号码是为: ]{0,4}([A-HJ-NP-Z][A-HJ-NP-Z0-9]{5,6})(?![A-Z0-9])"
)
_NETWORKS = "微信|威信|薇信|微X|V信|加V|QQ|扣扣|抖音|快手|小红书|(?<![A-Z])(?:WX(?!ID)|VX|WECHAT)"
_ACCOUNT = re.compile(
    f"(?:{_NETWORKS})群?(?:号码?|账号|ID)?[是为: ]{{0,3}}"
    "([A-Z][A-Z0-9-]{5,19}|[0-9]{5,12}(?![0-9]| ?[元块人个]))"
    "|(WXID-[A-Z0-9]{6,20})"
    "|((?<![A-Z0-9.+-])[A-Z0-9.+-]{1,64}@[A-Z0-9-]{1,63}(?:\\.[A-Z0-9-]{2,63}){1,3})"
)
_LABEL = re.compile(
    "(?:身份证件?|(?:联系|家庭)?(?:电话|方式)|手机|座机|固话|车牌|车号|牌照|加?(?:微信|QQ|V信?)群?"
    "|VX|WX|邮箱|姓名|名字|名?叫(?:做|作)?)(?:号码?|账号)?[是为:： ]*$",
    re.IGNORECASE,
)
_PAUSES = " ，,、；;：:·/\\-\n\t"
_MOST_OF_A_MOBILE = 6  # digits
_STOPS = "。！？.!?"


def personal_spans(text: str) -> tuple[Span, ...]:
    """All personal data in a text, in order and without overlap; () if there is none. Never raises.

    Finds id and telephone numbers in the digits of any script or Chinese figures, whatever signs
    part them; mainland number plates (GA 36-2018); account names beside the name of their network;
    persons by title, label, mask (李某) or home (王家). It does not find a bare name in running
    text: the worker reads the note once more before sealing.
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
    for start, end, kind in find_personal_numbers(folded.text):
        yield start, end, SpanCode(kind)
    if folded.with_digits != folded.text:
        for start, end, kind in find_personal_numbers(folded.with_digits):
            yield start, end, SpanCode(kind)
    if folded.with_lookalikes != folded.text:
        yield from _lookalike_mobiles(folded)
    for pattern, code in ((_PLATE, SpanCode.PLATE), (_ACCOUNT, SpanCode.ACCOUNT)):
        for found in pattern.finditer(folded.text):
            yield *found.span(found.lastindex or 0), code
    for start, end in find_persons(folded.text):
        yield start, end, SpanCode.PERSON


def _lookalike_mobiles(folded: FoldedText) -> Iterator[tuple[int, int, SpanCode]]:
    """Mobile numbers of which some digits are written as letters: most must be digits."""
    for start, end, kind in find_personal_numbers(folded.with_lookalikes):
        digits = sum(map(str.isdecimal, folded.text[start:end]))
        if kind is NumberKind.MOBILE and digits >= _MOST_OF_A_MOBILE:
            yield start, end, SpanCode.MOBILE


def _first_in_order(found: tuple[int, int, SpanCode]) -> tuple[int, int, int]:
    start, end, code = found
    return list(SpanCode).index(code), start, -end
