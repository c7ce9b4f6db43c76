"""What shows of a text, and that no text turns another around."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.place import Place
from contract.report import Suggestion
from contract.rules import flaws, suggestion_flaws
from contract.visible_text import BLANKS, has_visible, undirected
from tests.builders import NOON, a_name, a_place, a_report
from tests.contract.test_rules import LISTS

# As found in the field: each was taken for a text that says something.
NOTHING = {
    "nothing": "",
    "space": " ",
    "zero width space": "\u200b",
    "word joiner": "\u2060",
    "hangul filler": "\u3164",
    "half width hangul filler": "\uffa0",
    "hangul choseong filler": "\u115f",
    "braille blank": "\u2800",
    "combining mark alone": "\u0301",
    "right-to-left override": "\u202e",
    "soft hyphen": "\u00ad",
    "ideographic space": "\u3000",
    "byte order mark": "\ufeff",
    "variation selector": "\ufe0f",
    "mongolian vowel separator": "\u180e",
    "mongolian variation selector": "\u180b",
    "combining grapheme joiner": "\u034f",
    "khmer inherent vowel": "\u17b4",
    "tag": "\U000e0041",
    "object replacement": "\ufffc",
    "private use": "\ue000",
    "unassigned": "\U0003fffd",
    "line separator": "\u2028",
    "several": " \u3000\u200b\u3164\n\u0301\t",
}
SOMETHING = ("门", "a", "3", "。", "①", "🏠", "ᠮ", "\u200b门", "e\u0301", "\u202e门", "〇", "〡")
DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
BLANK = st.sampled_from(
    [
        c
        for c in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(c)[0] not in "LNPS" or c in BLANKS
    ]
)


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_what_shows_nothing_fills_in_nothing(text: str) -> None:
    words = a_place(compound=None, compound_name="", landmark=text)
    codes = [flaw.code for flaw in flaws(a_report(place=words), LISTS)]
    said = Suggestion(id=a_name(), device="d1", author="wg0301", at=NOON, text=text)

    assert not has_visible(text)
    assert "no_place" in codes
    assert [flaw.code for flaw in suggestion_flaws(said)] == ["empty"]


@pytest.mark.parametrize("text", SOMETHING)
def test_one_sign_that_shows_is_enough(text: str) -> None:
    assert has_visible(text)


@given(st.text(BLANK))
def test_no_number_of_blanks_shows_anything(text: str) -> None:
    assert not has_visible(text)


@given(st.text(BLANK), st.sampled_from(SOMETHING), st.text(BLANK))
def test_blanks_hide_nothing(before: str, shown: str, after: str) -> None:
    assert has_visible(before + shown + after)


def test_numbers_of_a_place_are_told_apart_in_words() -> None:
    place = Place(compound_name="样例苑", building="#3", unit="02", floor="5", room="501")
    assert place.in_words == "样例苑 3号楼2单元5层501室"
    named = Place(compound_name="样例苑", building="3栋", unit="东单元")
    assert named.in_words == "样例苑 3栋东单元"


def test_a_place_in_words_leaves_out_what_does_not_show() -> None:
    place = Place(compound_name="\u3164", building="\u200b", unit="2单元", landmark="学校对面")
    assert place.in_words == "学校对面 2单元"
    assert Place(compound_name="\u2800", landmark=" ").in_words == ""


@given(st.text(st.characters() | st.sampled_from(DIRECTIONS)))
def test_a_drawn_text_has_no_sign_of_direction_and_all_others(text: str) -> None:
    drawn = undirected(text)

    assert not set(drawn) & set(DIRECTIONS)
    assert [c for c in text if c not in set(DIRECTIONS) and not "\u206a" <= c <= "\u206f"] == [
        *drawn
    ]
