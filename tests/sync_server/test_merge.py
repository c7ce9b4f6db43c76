"""The record is the same for every order, repetition and delay of the arrivals under one id."""

from datetime import UTC, datetime, timedelta
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.protocol import Outcome
from sync_server.domain.merge import Content, Merged, merge, withdraw

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
A, B, C = "a" * 64, "b" * 64, "c" * 64
Came = Content | datetime
CASES: tuple[tuple[Came, ...], ...] = (
    (Content(1, A), Content(2, B), Content(3, C)),
    (Content(1, A), Content(1, B), Content(1, C)),
    (Content(1, A), Content(1, B), Content(2, C), NOON),
    (Content(2, A), Content(1, B), Content(2, B), LATER, NOON),
    (NOON, LATER, Content(1, A)),
    (Content(1, C), Content(1, A), Content(1, B), Content(1, C), NOON),
)
ARRIVED = st.one_of(
    st.builds(Content, st.integers(1, 3), st.sampled_from((A, B, C))),
    st.datetimes(timezones=st.just(UTC)),
)


def joined(known: Merged, came: Came) -> tuple[Outcome, Merged]:
    return merge(known, came) if isinstance(came, Content) else withdraw(known, came)


def all_of(arrivals: tuple[Came, ...] | list[Came]) -> Merged:
    known = Merged()
    for came in arrivals:
        known = joined(known, came)[1]
    return known


@pytest.mark.parametrize("arrivals", CASES)
def test_every_order_makes_the_same_record(arrivals: tuple[Came, ...]) -> None:
    assert len({all_of(order) for order in permutations(arrivals)}) == 1


@pytest.mark.parametrize("arrivals", CASES)
def test_a_repetition_changes_nothing(arrivals: tuple[Came, ...]) -> None:
    for order, again in product(permutations(arrivals), arrivals):
        whole = all_of(order)
        assert joined(whole, again)[1] == whole


@given(st.lists(ARRIVED, max_size=8), st.randoms(use_true_random=False))
def test_no_delay_or_repetition_changes_the_record(arrivals: list[Came], dice: object) -> None:
    shuffled = arrivals + arrivals[: len(arrivals) // 2]
    getattr(dice, "shuffle")(shuffled)  # noqa: B009 - Hypothesis types its dice loosely
    assert all_of(shuffled) == all_of(arrivals)


def test_the_first_content_is_recorded() -> None:
    assert merge(Merged(), Content(1, A)) == (Outcome.RECORDED, Merged(Content(1, A)))


def test_a_newer_revision_is_shown() -> None:
    outcome, merged = merge(Merged(Content(1, A)), Content(2, B))
    assert (outcome, merged.shown) == (Outcome.RECORDED, Content(2, B))


def test_the_same_content_is_held() -> None:
    assert merge(Merged(Content(1, A)), Content(1, A))[0] is Outcome.HELD


def test_an_older_revision_is_stale() -> None:
    known = Merged(Content(2, A))
    assert merge(known, Content(1, B)) == (Outcome.STALE, known)


@pytest.mark.parametrize("order", list(permutations((A, B, C))))
def test_of_a_dispute_the_greatest_digest_is_shown_and_all_are_kept(order: tuple[str, ...]) -> None:
    merged = all_of([Content(1, digest) for digest in order])
    assert (merged.shown, merged.rivals) == (Content(1, C), frozenset({A, B}))
    assert merged.disputed


def test_the_second_content_under_one_revision_is_disputed() -> None:
    assert merge(Merged(Content(1, B)), Content(1, A))[0] is Outcome.DISPUTED


def test_a_newer_revision_ends_a_dispute() -> None:
    assert not all_of([Content(1, A), Content(1, B), Content(2, A)]).disputed


def test_a_withdrawal_stays_whatever_comes_after() -> None:
    merged = all_of([Content(1, A), NOON, Content(2, B), LATER])
    assert merged.withdrawn_at == NOON


def test_a_report_that_its_withdrawal_overtook_is_withdrawn() -> None:
    outcome, merged = merge(withdraw(Merged(), NOON)[1], Content(1, A))
    assert (outcome, merged.withdrawn_at) == (Outcome.WITHDRAWN, NOON)
