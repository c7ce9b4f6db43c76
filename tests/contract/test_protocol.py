"""Requests and replies: receipts in a chain, and replies that an old phone can read."""

from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contract import wire
from contract.protocol import (
    GENESIS,
    Answer,
    ArrivalKind,
    Outcome,
    Receipt,
    SyncReply,
    SyncRequest,
    link_hash,
)
from contract.reference import Places, Plan, Reference
from contract.value import Value, When
from tests.builders import NOON, a_name, a_parcel, a_receipt, an_answer
from tests.contract import strategies

LINKS = some.lists(some.tuples(some.binary(), some.text(max_size=9)), min_size=2, max_size=6)


def chained(things: list[tuple[bytes, str]]) -> list[str]:
    hashes = [GENESIS]
    for n, (content, number) in enumerate(things, start=1):
        hashes.append(link_hash(hashes[-1], n, sha256(content).hexdigest(), number))
    return hashes[1:]


def test_a_link_is_what_another_program_would_compute() -> None:
    said = f"{GENESIS}\n1\n{'d' * 64}\n9999-000001"
    assert link_hash(GENESIS, 1, "d" * 64, "9999-000001") == sha256(said.encode()).hexdigest()


@strategies.calm
@given(LINKS, some.data())
def test_whoever_rewrites_one_link_changes_all_that_follow(
    things: list[tuple[bytes, str]], data: Any
) -> None:
    n = data.draw(some.integers(0, len(things) - 1))
    rewritten = [*things[:n], (things[n][0] + b"!", things[n][1]), *things[n + 1 :]]
    before, after = chained(things), chained(rewritten)
    assert before[:n] == after[:n]
    assert all(one != other for one, other in zip(before[n:], after[n:], strict=True))


@pytest.mark.parametrize("n", range(4))
def test_every_part_of_a_link_counts(n: int) -> None:
    parts: list[Any] = [GENESIS, 1, "d" * 64, "R-1"]
    other: list[Any] = ["e" * 64, 2, "e" * 64, "R-2"]
    changed = [*parts[:n], other[n], *parts[n + 1 :]]
    assert link_hash(*parts) != link_hash(*changed)


def test_a_reply_of_a_newer_bureau_is_read_and_its_new_keys_are_kept() -> None:
    reply = {"server_time": "2026-11-20T04:00:00Z", "weather": "wind", "cursor": 3}
    read = wire.validate(SyncReply, reply)
    assert (read.cursor, read.receipts, read.more) == (3, (), False)
    assert wire.to_json(read)["weather"] == "wind"


def test_an_answer_of_a_newer_bureau_may_be_in_a_state_nobody_knows_yet() -> None:
    answer = wire.to_json(an_answer(a_name())) | {"state": "99", "reason": "NEW_REASON"}
    assert wire.validate(Answer, answer).state == "99"


def test_every_outcome_and_every_kind_is_the_same_after_encoding() -> None:
    for outcome in Outcome:
        for kind in ArrivalKind:
            receipt = a_receipt(a_parcel(), outcome=outcome, kind=kind)
            assert wire.decode(Receipt, wire.encode(receipt)) == receipt


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("position", {"position": 0}),
        ("digest", {"digest": "d"}),
        ("hash", {"hash": "E" * 64}),
        ("outcome", {"outcome": "LOST"}),
        ("number", {"number": "1 2"}),
        ("at", {"at": "2026-11-20T12:00:00"}),
    ],
)
def test_a_receipt_with_a_wrong_field_is_not_read(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(wire.Unreadable) as error:
        wire.validate(Receipt, wire.to_json(a_receipt(a_parcel())) | changes)
    assert error.value.field == field


def test_a_request_does_not_validate_its_arrivals() -> None:
    """One that is no report at all must not hold up the others: they are validated one by one."""
    asked = SyncRequest(protocol=1, sent_at=NOON, arrivals=({"kind": "?"}, 7, None, "text"))
    assert wire.decode(SyncRequest, wire.encode(asked)).arrivals == asked.arrivals


@pytest.mark.parametrize("changes", [{"cursor": -1}, {"photos": ["x"]}, {"protocol": "new"}])
def test_a_request_out_of_bounds_is_not_read(changes: dict[str, Any]) -> None:
    plain = wire.to_json(SyncRequest(protocol=1, sent_at=NOON))
    with pytest.raises(wire.Unreadable):
        wire.validate(SyncRequest, plain | changes)


def test_a_list_left_out_is_none_and_an_empty_one_is_sent() -> None:
    said = wire.to_terse_json(Reference(version="e2", tasks=()))
    assert said == {"version": "e2", "tasks": []}
    read = wire.validate(Reference, said)
    assert (read.tasks, read.plans) == ((), None)


def test_days_travel_as_days() -> None:
    plan = Plan(id="p1", title="周末夜查", first=date(2026, 11, 20), last=date(2026, 11, 22))
    assert wire.to_json(plan)["first"] == "2026-11-20"
    assert wire.decode(Plan, wire.encode(plan)) == plan


def test_an_older_app_reads_a_reply_with_lists_it_does_not_know() -> None:
    class Before(Value):
        """SyncReply as it was without `reference`."""

        places: Places | None = None
        server_time: When

    news = Reference(version="e1", tasks=())
    places = Places(version="v1", edition="e1")
    reply = SyncReply(places=places, reference=news, server_time=NOON)
    assert wire.decode(Before, wire.encode_terse(reply)).places == places
