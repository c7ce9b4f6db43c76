"""Slips in a text, and habits: pure steps of the logging flow."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.codelists import built_in
from contract.report import Kind
from contract.screening import personal_spans
from fieldapp.report.entry import Stage
from fieldapp.report.personal_data import (
    PersonalDataFind,
    find_personal_data,
    without_personal_data,
)
from fieldapp.report.recent_answers import recent_codes, recent_first
from fieldapp.state.patrol_route import last_place
from fieldapp.widgets.pictograms import PICTOGRAMS, PLAIN, pictogram
from tests.builders import a_place, a_report, an_entry

PHONE, PLATE = "13912345678", "蒙K12345"
PIECES = st.lists(
    st.sampled_from([PHONE, PLATE, "李老师", "18:30有学生进出", "电话", ",", "。", "3号楼", " "]),
    max_size=6,
).map("".join)


def test_a_slip_is_shown_with_what_stands_before_it() -> None:
    assert find_personal_data(f"18:30有学生进出 电话{PHONE}") == (
        PersonalDataFind("生进出 电话", PHONE),
    )


def test_finds_that_overlap_are_shown_as_one() -> None:
    """An account and a room of a home in one stretch of characters: one quote, and one cut."""
    text = "微信abc123-1单元3-2，有灯"
    found = find_personal_data(text, is_home=True)
    assert [(one.before, one.piece, one.is_room) for one in found] == [
        ("微信", "abc123-1单元3-2", False)
    ]


@pytest.mark.parametrize("before", ["", "电话", "请打这个电话", "了请打这个电话"])
def test_no_more_than_six_characters_are_shown_before_a_slip(before: str) -> None:
    assert find_personal_data(before + PHONE) == (PersonalDataFind(before[-6:], PHONE),)


def test_typing_on_behind_a_slip_changes_nothing_that_is_shown() -> None:
    typed = [f"电话{PHONE}。门口有海报"[:end] for end in range(13, 20)]
    assert all(
        find_personal_data(one) == find_personal_data(other) for one, other in pairwise(typed)
    )


@given(PIECES)
def test_what_is_left_after_the_cut_is_free_of_personal_data(text: str) -> None:
    left = without_personal_data(text)
    assert not personal_spans(left)
    assert left == text or len(left) < len(text)


def test_the_cut_leaves_the_rest_as_it_was_typed() -> None:
    assert without_personal_data(f"18:30有学生进出 电话{PHONE}") == "18:30有学生进出"
    assert without_personal_data("3号楼2单元18:30有学生进出") == "3号楼2单元18:30有学生进出"


def test_what_was_used_last_stands_first_and_nothing_is_lost() -> None:
    lately = [a_report(signs=("POSTER",)), a_report(signs=("FEE_INFO", "POSTER"))]
    used = recent_codes(lately)["sign"]
    assert used == ("POSTER", "FEE_INFO")
    offered = built_in().offered("sign")
    order = recent_first(offered, used)
    assert order[:3] == ("POSTER", "FEE_INFO", "SIGNBOARD") and set(order) == set(offered)


def test_a_code_that_is_no_longer_offered_is_not_offered_for_its_use() -> None:
    assert recent_first(("A", "B"), ("GONE", "B")) == ("B", "A")


def test_every_answer_with_tiles_has_its_picture_and_a_newer_one_the_plain_one() -> None:
    for name, pictures in PICTOGRAMS.items():
        assert set(pictures) == set(built_in().offered(name)), name
    assert pictogram("sign", "NEWER") is PLAIN


def test_an_ad_offers_only_what_can_hang_somewhere_unless_the_list_is_older() -> None:
    lists = built_in()
    assert lists.grouped("sign", "shown") == ("SIGNBOARD", "POSTER", "SCHEDULE", "FEE_INFO")
    assert lists.grouped("disguise", "shown") == lists.offered("disguise")
    assert lists.grouped("sign", "") == lists.offered("sign")


def test_the_last_place_is_that_of_a_report_that_still_stands() -> None:
    draft = an_entry(place=a_place(building="9号楼"))
    taken_back = an_entry(place=a_place(building="8号楼")).changed(stage=Stage.WITHDRAWN)
    clear = an_entry(kind=Kind.CLEAR, place=a_place(building=None)).changed(stage=Stage.SEALED)
    site = an_entry().changed(stage=Stage.DELIVERED)
    assert last_place([draft, taken_back, clear, site]) == site.report.place
    assert last_place([draft, clear]) is None
