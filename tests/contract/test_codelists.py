"""The code lists: every code has words in both languages, and old lists do not hide new codes."""

from collections.abc import Iterator
from enum import StrEnum

import pytest
from pydantic import TypeAdapter

from contract import wire
from contract.cases import CaseState
from contract.codelists import Choice, CodeLists, built_in
from contract.report import Kind
from contract.value import Code

LISTS = built_in()
# Lists whose codes the program knows as an enum: both must have the same codes.
ENUMS: dict[str, type[StrEnum]] = {"obs_type": Kind, "case_state": CaseState}


def choices() -> Iterator[tuple[str, str, Choice]]:
    for name, listed in LISTS.lists.items():
        for code, choice in listed.items():
            yield name, code, choice


def some_lists(**listed: dict[str, Choice]) -> CodeLists:
    return CodeLists(version="t", lists=listed)


def test_every_code_may_travel_and_has_words_in_both_languages() -> None:
    fits = TypeAdapter(Code)
    for name, code, choice in choices():
        fits.validate_python(code)
        assert choice.zh.strip() and choice.en.strip(), (name, code)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_codes_of_a_list_read_the_same(language: str) -> None:
    for name, listed in LISTS.lists.items():
        words = [LISTS.word(name, code, language) for code in listed]
        assert len(set(words)) == len(words), name


@pytest.mark.parametrize("name", ENUMS)
def test_a_list_and_its_enum_say_the_same(name: str) -> None:
    assert set(LISTS.lists[name]) == {member.value for member in ENUMS[name]}


def test_the_order_of_a_list_survives_encoding() -> None:
    again = wire.decode(CodeLists, wire.encode(LISTS))
    assert again == LISTS
    for name in LISTS.lists:
        assert again.offered(name) == LISTS.offered(name)


def test_a_list_is_offered_in_its_own_order() -> None:
    lists = some_lists(
        sign={
            "B": Choice(zh="乙", en="b", order=2),
            "C": Choice(zh="丙", en="c", order=3),
            "A": Choice(zh="甲", en="a", order=4),
        }
    )
    assert lists.offered("sign") == ("B", "C", "A")


def test_no_two_codes_of_a_list_have_the_same_order() -> None:
    for name, listed in LISTS.lists.items():
        orders = [choice.order for choice in listed.values()]
        assert len(set(orders)) == len(orders), name


def test_a_retired_code_is_read_but_not_offered() -> None:
    lists = some_lists(sign={"OLD": Choice(zh="旧", en="old", retired=True)})
    assert lists.offered("sign") == ()
    assert lists.knows("sign", "OLD")
    assert lists.word("sign", "OLD") == "旧"


def test_a_code_newer_than_the_list_is_told_as_such_and_never_shown() -> None:
    assert LISTS.word("case_state", "00") == "未收录"
    assert LISTS.word("no_such_list", "X", "en") == "not listed here"
    assert not LISTS.knows("no_such_list", "X")
    assert LISTS.offered("no_such_list") == ()


def test_a_word_comes_in_the_language_that_was_asked_for() -> None:
    choice = LISTS.lists["shift"]["NIGHT"]
    assert (LISTS.word("shift", "NIGHT"), LISTS.word("shift", "NIGHT", "en")) == (
        choice.zh,
        choice.en,
    )


def test_no_word_accuses_before_the_finding() -> None:
    """Only the state RECTIFIED may say that something was found; all before is a lead."""
    for name, code, choice in choices():
        if (name, code) != ("case_state", CaseState.RECTIFIED):
            assert "违规" not in choice.zh, (name, code)
