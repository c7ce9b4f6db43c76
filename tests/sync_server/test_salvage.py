"""The body of a sync call is split by its brackets alone, in one pass."""

import pytest

from contract.wire import Unreadable
from sync_server.intake.salvage import split_body


def test_each_arrival_keeps_its_own_bytes() -> None:
    envelope, arrivals = split_body(
        b'{"protocol":1,"arrivals":[{"a":[1,2]}, {"b":NaN} ],"cursor":3}'
    )
    assert arrivals == [b'{"a":[1,2]}', b'{"b":NaN}']
    assert envelope == b'{"protocol":1,"arrivals":[],"cursor":3}'


def test_only_the_key_of_the_outermost_object_counts() -> None:
    raw = b'{"note":"\\"arrivals\\":[","in":{"arrivals":[9]},"arrivals":[1]}'
    assert split_body(raw)[1] == [b"1"]


def test_a_body_full_of_the_word_is_read_once() -> None:
    """200,000 of them: if each made it start again, this test would take hours."""
    raw = b'{"a":[' + b'{"arrivals":[]},' * 200_000 + b"{}]}"
    with pytest.raises(Unreadable):
        split_body(raw)
