"""The phone's own copy of its chain at the bureau: what breaks it, and what does not."""

from itertools import permutations

import pytest

from contract.protocol import GENESIS, LedgerHead, Outcome, Receipt
from fieldapp.courier.ledger import Ledger
from fieldapp.memory.memory import Memory
from tests.builders import a_parcel, a_receipt, an_identity
from tests.fieldapp.fakes import FakeNotebook

ORDERS = [*permutations(range(3))]


def chain(length: int) -> list[Receipt]:
    before, receipts = GENESIS, []
    for position in range(1, length + 1):
        receipts.append(a_receipt(a_parcel(), position, before))
        before = receipts[-1].hash
    return receipts


@pytest.fixture
def memory() -> Memory:
    memory = Memory(FakeNotebook())
    memory.keep_identity(an_identity())
    return memory


def entered(memory: Memory, *receipts: Receipt) -> Memory:
    for receipt in receipts:
        Ledger(memory).add(receipt)
    return memory


@pytest.mark.parametrize("order", ORDERS)
def test_a_true_chain_holds_in_every_order(memory: Memory, order: tuple[int, ...]) -> None:
    links = chain(3)
    entered(memory, *(links[n] for n in order))
    assert memory.ledger() == (3, links[-1].hash)
    assert not memory.ledger_broken()


def test_a_receipt_again_is_no_second_story(memory: Memory) -> None:
    links = chain(2)
    entered(memory, *links, links[0].changed(outcome=Outcome.HELD))
    assert memory.ledger() == (2, links[1].hash)
    assert not memory.ledger_broken()


def test_a_gap_is_no_lie_and_holds_the_head(memory: Memory) -> None:
    links = chain(4)
    entered(memory, links[0], links[2], links[3])
    assert memory.ledger() == (1, links[0].hash)
    assert not memory.ledger_broken()


@pytest.mark.parametrize("order", ORDERS)
def test_the_top_is_the_highest_link_whatever_came_first(
    memory: Memory, order: tuple[int, ...]
) -> None:
    links = chain(4)[1:]  # over a gap, too
    entered(memory, *(links[n] for n in order))
    assert memory.highest_link() == LedgerHead(position=4, hash=links[-1].hash)


@pytest.mark.parametrize("changes", [{"digest": "d" * 64}, {"number": "X-1"}, {"hash": "e" * 64}])
def test_a_second_story_about_one_position_breaks_it(
    memory: Memory, changes: dict[str, str]
) -> None:
    (first,) = chain(1)
    assert entered(memory, first, first.changed(**changes)).ledger_broken()


def test_the_first_story_is_the_one_that_is_kept(memory: Memory) -> None:
    (first,) = chain(1)
    entered(memory, first, first.changed(number="X-1"))
    kept = memory.link(1)
    assert kept and kept.number == first.number


def test_a_chain_that_does_not_begin_at_the_beginning_is_broken(memory: Memory) -> None:
    assert entered(memory, a_receipt(a_parcel(), 1, "f" * 64)).ledger_broken()


@pytest.mark.parametrize("n", range(3))
def test_a_hash_that_does_not_follow_breaks_it(memory: Memory, n: int) -> None:
    links = chain(3)
    links[n] = links[n].changed(hash="e" * 64)
    assert entered(memory, *links).ledger_broken()


@pytest.mark.parametrize("order", ORDERS)
def test_a_lie_is_found_in_every_order(memory: Memory, order: tuple[int, ...]) -> None:
    links = chain(3)
    links[1] = a_receipt(a_parcel(), 2, "f" * 64)  # a past that is not ours
    assert entered(memory, *(links[n] for n in order)).ledger_broken()


def test_a_broken_ledger_stays_broken_and_its_head_stays(memory: Memory) -> None:
    links = chain(3)
    entered(memory, links[0], links[0].changed(number="X-1"), links[1], links[2])
    assert memory.ledger_broken()
    assert memory.ledger() == (1, links[0].hash)


def test_another_link_at_the_highest_position_does_not_replace_it(memory: Memory) -> None:
    links = chain(2)
    entered(memory, *links, links[1].changed(hash="e" * 64))
    assert memory.ledger_broken()
    assert memory.highest_link() == LedgerHead(position=2, hash=links[1].hash)
