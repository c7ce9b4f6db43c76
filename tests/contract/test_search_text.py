"""What is searched and what is asked are folded alike."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.search_text import found_in, search_text, search_words

# Written as a phone sent it, and as somebody else types it.
SAME = (
    ("样例Ａ座", "样例A座"),
    ("样例A座", "样例a座"),
    ("１２号院", "12号院"),
    ("Cafe\u0301苑", "Café苑"),
    ("Cafe\u0301苑", "CAFE苑"),
    ("零\u200b宽苑", "零宽苑"),
    ("ﬁ连字苑", "fi连字苑"),
    ("样例—南街", "样例-南街"),
    ("样例－南街", "样例–南街"),
    ("样例〜南街", "样例~南街"),
    ("样例−南街", "样例_南街"),
    ("阿拉·样例", "阿拉・样例"),
    ("阿拉•样例", "阿拉･样例"),
    ("𠮷祥里", "𠮷祥里"),
    ("普通苑", "普通苑"),
    ("样例苑 3 号楼", "样例苑3号楼"),
    ("样例\u3000苑", "样例苑"),
    ("㍿样例", "株式会社样例"),
    ("ｶﾞ样例", "ガ样例"),
    ("Straße", "STRASSE"),
    ("İ样例", "i样例"),
    ("٣号楼", "3号楼"),
    ("᠓号楼", "3号楼"),
    ("样\u3164例", "样例"),
    ("（样例）", "(样例)"),
    ("③号", "3号"),
)


@pytest.mark.parametrize(("written", "asked"), SAME)
def test_two_spellings_of_one_name_find_each_other(written: str, asked: str) -> None:
    assert found_in(asked, written) and found_in(written, asked)


@pytest.mark.parametrize("other", ["样例B座", "13号院", "示例苑", "样例·南街"])
def test_another_name_is_not_found(other: str) -> None:
    assert not found_in(other, *(written for written, _ in SAME))


@given(st.text())
def test_every_text_finds_itself_in_every_form(text: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert found_in(unicodedata.normalize(form, text), text)
    assert found_in(text, f"前{text}后")


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = search_text(text)
    assert search_text(once) == once
    assert search_words(once) == ((once,) if once else ())


def test_each_word_is_looked_for_and_none_across_two_texts() -> None:
    assert found_in("3号 样例", "样例苑", "3号楼")
    assert not found_in("苑3", "样例苑", "3号楼")
    assert found_in(" \u3164\u200b", "样例苑")  # asks nothing
