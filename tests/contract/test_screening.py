"""Rule L2: no person in a note. Which notes are refused, for which characters, and which pass."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import person_labels, person_names, person_titles, surnames
from contract.anchored_pattern import AnchoredPattern
from contract.folded_text import fold
from contract.personal_numbers import has_id_check
from contract.screening import Span, SpanCode, cut, personal_spans
from tests.contract.names_and_places import NAMES, PLACES
from tests.contract.numbers import LISTS, SCRIPTS, SEPARATORS, SPACED, SPACED_LISTS, WRITTEN
from tests.contract.sentences import CUTS, PASSING, REFUSED, SEVERAL

ANY_TEXT = st.text(st.characters(), max_size=80)
PIECES = st.sampled_from(
    (
        "王 老师 家 某 姓名 : 叫 家长 高中 138 0000 00000 13800000000 990000199912310010 蒙K 12345 "
        "电话 微信 abc12345 ， 。 ( ) - . \u200b ３ 一三八 庄 3号楼 18:30 \ud800 欧阳 其其格 @ X * "
        "身份证"
    ).split(" ")
)
NOTE_LIKE = st.lists(PIECES | st.just(" "), max_size=25).map("".join)


def shown(text: str) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.code) for span in personal_spans(text)]


def cleaned(text: str) -> str:
    while spans := personal_spans(text):
        text = cut(text, spans[0])
    return text


def test_a_note_about_a_person_is_refused_with_the_characters_shown() -> None:
    read = {note: shown(note) for note, *_ in REFUSED}
    want = {note: [(offending, code)] for note, offending, code in REFUSED}
    assert [(note, read[note]) for note in want if read[note] != want[note]] == []


def test_each_of_several_findings_is_shown() -> None:
    read = {note: shown(note) for note, _ in SEVERAL}
    assert [(note, read[note]) for note, found in SEVERAL if read[note] != list(found)] == []


def test_a_note_about_a_place_passes() -> None:
    assert [(note, spans) for note in PASSING if (spans := shown(note))] == []


def test_what_is_left_after_a_cut_reads_well() -> None:
    assert [(note, left) for note, rest in CUTS if (left := cleaned(note)) != rest] == []


def test_every_way_to_name_somebody_is_found() -> None:
    assert [piece for piece in NAMES if not personal_spans(piece)] == []


def test_hamlets_shops_and_compounds_are_no_persons() -> None:
    assert [(piece, spans) for piece in PLACES if (spans := shown(piece))] == []


def test_full_width_and_invisible_signs_hide_nobody() -> None:
    """In full width, and with a zero-width space between all signs, the same stretch is found."""
    wide = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})
    missed = [
        piece
        for piece in NAMES
        if len(personal_spans(piece.translate(wide))) != len(personal_spans(piece))
        or len(personal_spans("\u200b".join(piece))) != len(personal_spans(piece))
    ]
    assert missed == []


@given(st.sampled_from(NAMES), st.sampled_from(("", "。", "，", "\n", "3号楼 ")))
def test_what_stands_before_in_another_clause_hides_nobody(piece: str, before: str) -> None:
    assert personal_spans(before + piece)


def test_no_note_is_listed_twice() -> None:
    notes = [*(row[0] for row in (*REFUSED, *SEVERAL)), *PASSING]
    assert [note for note in set(notes) if notes.count(note) > 1] == []


def test_every_code_has_a_refused_note() -> None:
    assert {code for _, _, code in REFUSED} == set(SpanCode)


def test_there_are_notes_enough_of_both_kinds() -> None:
    assert len(REFUSED) >= 60
    assert len(PASSING) >= 60


def test_notes_are_as_long_as_a_worker_types() -> None:
    assert all(len(note) <= 200 for note in (*PASSING, *(row[0] for row in REFUSED)))


def test_offsets_count_characters_of_the_original() -> None:
    assert personal_spans("\u200b🏠门上１３８００００００００") == (Span(4, 15, "MOBILE"),)


def test_the_check_character_of_an_id_number_counts() -> None:
    assert has_id_check("990000199912310010")
    assert has_id_check("99000019000107006X")
    assert not has_id_check("990000199912310011")


def test_a_separator_does_not_hide_a_mobile() -> None:
    separators = (" ", ".", "-", "·", "—", "\u3000", "\u200b", " - ")
    grouped = [separator.join(("138", "0000", "0000")) for separator in separators]
    assert [one for one in grouped if shown(f"找{one}问") != [(one, "MOBILE")]] == []


@given(st.from_regex("1[3-9][0-9]{9}", fullmatch=True))
def test_every_mobile_number_is_found(number: str) -> None:
    assert shown(f"电话{number}。") == [(number, "MOBILE")]


@given(st.from_regex("[1-7][0-9]{11,13}|[1-7][0-9]{15,16}|[1-7][0-9]{18,29}", fullmatch=True))
def test_a_number_of_another_length_passes(number: str) -> None:
    assert shown(f"工单{number}。") == []


@given(ANY_TEXT | NOTE_LIKE)
def test_spans_lie_in_order_inside_the_text(text: str) -> None:
    edges = [edge for span in personal_spans(text) for edge in (span.start, span.end)]

    assert edges == sorted(edges)
    assert all(span.start < span.end for span in personal_spans(text))
    assert not edges or (edges[0] >= 0 and edges[-1] <= len(text))


@given(ANY_TEXT | NOTE_LIKE)
def test_a_cut_shortens_the_text_by_its_span_at_least(text: str) -> None:
    for span in personal_spans(text):
        assert len(cut(text, span)) <= len(text) - (span.end - span.start)


@given(ANY_TEXT | NOTE_LIKE)
def test_cutting_ends_in_a_text_that_passes(text: str) -> None:
    assert personal_spans(cleaned(text)) == ()


@given(ANY_TEXT | NOTE_LIKE)
def test_a_cut_only_takes_away(text: str) -> None:
    for span in personal_spans(text):
        left = iter(text)
        assert all(c in left for c in cut(text, span))  # a subsequence


def test_text_that_no_encoding_takes_does_not_raise() -> None:
    for text in ("\ud800\udfff", "王\ud800老师", "\x00" * 9, "﷽" * 300, "á" * 9):
        assert isinstance(personal_spans(text), tuple)


def test_every_ordinary_word_listed_holds_a_surname() -> None:
    for place, words in ((1, surnames.ENDS_IN_SURNAME), (0, surnames.BEGINS_LIKE_NAME)):
        assert [word for word in words if len(word) != 2] == []
        known = surnames.SURNAMES + surnames.RARE_SURNAMES
        assert [word for word in words if word[place] not in known] == []


def test_no_surname_is_listed_twice() -> None:
    every = surnames.SURNAMES + surnames.RARE_SURNAMES
    assert [one for one in set(every) if every.count(one) > 1] == []


@pytest.mark.parametrize("number", WRITTEN, ids=ascii)
def test_a_mobile_is_found_in_every_script_and_behind_every_separator(number: str) -> None:
    assert [code for _, code in shown(f"打 {number} 报名")] == ["MOBILE"]
    assert shown(f"打 {number} 报名")[0][0].startswith(number[:1])


def test_a_mobile_parted_anywhere_is_found_without_a_word_for_it() -> None:
    for note in ("墙上写着{}，", "{}", "3号楼 {} 5号楼也有"):
        found = {number: shown(note.format(number)) for number in SPACED}
        missed = [number for number in SPACED if found[number] != [(number, "MOBILE")]]
        assert missed == [], note


def test_a_list_of_rooms_prices_days_or_hours_passes() -> None:
    assert [(note, spans) for note in LISTS if (spans := shown(note))] == []
    lists = [note.format(one) for one in SPACED_LISTS for note in ("{}", "贴着{}，没有问")]
    assert [(note, spans) for note in lists if (spans := shown(note))] == []


@given(
    st.lists(st.sampled_from(SCRIPTS), min_size=11, max_size=11),
    st.lists(st.sampled_from(SEPARATORS), min_size=2, max_size=2),
)
def test_mixed_scripts_and_separators_hide_nothing(scripts: list[str], gaps: list[str]) -> None:
    mixed = [digits[int(c)] for digits, c in zip(scripts, "13812345678", strict=True)]
    number = "".join(mixed[:3]) + gaps[0] + "".join(mixed[3:7]) + gaps[1] + "".join(mixed[7:])
    found = {code for _, code in shown(f"打 {number} 报名")}
    assert found & {"MOBILE", "ID_NUMBER"}, number  # 1381234*****5678 looks like the latter


def test_an_id_number_is_found_in_other_digits_and_behind_slashes() -> None:
    for number in ("990000/19991231/0010", "༩༩༠༠༠༠༡༩༩༩༡༢༣༡༠༠༡༠", "990000，19991231，0010"):
        assert shown(f"证件{number}。") == [(number, "ID_NUMBER")]
    assert shown("座机0477/8000000") == [("0477/8000000", "LANDLINE")]


def test_every_decimal_digit_of_unicode_is_read_by_its_value() -> None:
    every = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) == "Nd"]
    assert [c for c in every if fold(c).text != str(unicodedata.decimal(c))] == []


def test_a_pattern_asked_at_few_places_finds_what_it_finds_everywhere() -> None:
    modules = (person_labels, person_names, person_titles)
    patterns = [
        (f"{module.__name__}.{name}", one)
        for module in modules
        for name, one in vars(module).items()
        if isinstance(one, AnchoredPattern)
    ]
    assert len(patterns) >= 6
    texts = [fold(text).text for text in (*NAMES, *PLACES, *PASSING, "，".join(NAMES))]
    wrong = [
        (name, text)
        for name, one in patterns
        for text in texts
        if [found.span() for found in one.finditer(text)]
        != [found.span() for found in one.pattern.finditer(text)]
    ]
    assert wrong == []
