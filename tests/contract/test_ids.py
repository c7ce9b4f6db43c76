"""Ids made on the phone: UUIDv7 to the letter, ordered by time, never short of randomness."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import RFC_4122

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contract.ids import uuid7
from tests.contract import strategies

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST = 253_402_300_799_999  # the last millisecond of the year 9999, the last that Python can say
# Dates and their Unix milliseconds, worked out with `date -u -d "…" +%s%3N`.
VECTORS = {
    "1970-01-01T00:00:00.001+00:00": 1,
    "2001-09-09T01:46:40.000+00:00": 1_000_000_000_000,
    "2026-11-20T12:00:00.999+08:00": 1_795_147_200_999,
    "2243-01-19T02:55:24.168+00:00": 8_616_596_124_168,  # one less in floating point
    "2243-12-31T23:59:59.999+00:00": 8_646_566_399_999,
    "9999-12-31T23:59:59.999+00:00": LAST,
}
milliseconds = some.one_of(
    some.integers(0, LAST),
    some.integers(8_600_000_000_000, 8_700_000_000_000),  # 2242 to 2245: floats begin to fail
)
moments = milliseconds.map(lambda n: EPOCH + timedelta(milliseconds=n))
entropies = some.binary(min_size=10, max_size=16)


@strategies.calm
@given(at=moments, entropy=entropies)
def test_a_name_has_the_version_and_variant_of_uuid7(at: datetime, entropy: bytes) -> None:
    name = uuid7(at, entropy)
    assert (name.version, name.variant) == (7, RFC_4122)


@pytest.mark.parametrize(("at", "millisecond"), VECTORS.items())
def test_a_name_begins_with_its_millisecond(at: str, millisecond: int) -> None:
    assert uuid7(datetime.fromisoformat(at), bytes(10)).int >> 80 == millisecond


@strategies.calm
@given(millisecond=milliseconds, rest=some.integers(0, 999))
def test_every_moment_of_a_millisecond_begins_alike(millisecond: int, rest: int) -> None:
    at = EPOCH + timedelta(milliseconds=millisecond, microseconds=rest)
    assert uuid7(at, bytes(10)).int >> 80 == millisecond


@strategies.calm
@given(some.lists(milliseconds, min_size=2, max_size=2, unique=True), entropies, entropies)
def test_names_sort_by_time(pair: list[int], one: bytes, other: bytes) -> None:
    before, after = (EPOCH + timedelta(milliseconds=n) for n in sorted(pair))
    first, second = uuid7(before, one), uuid7(after, other)
    assert first < second and str(first) < str(second)


@strategies.calm
@given(milliseconds.filter(lambda n: n < LAST))
def test_names_of_two_milliseconds_in_a_row_sort_whatever_their_entropy(millisecond: int) -> None:
    before, after = (EPOCH + timedelta(milliseconds=n) for n in (millisecond, millisecond + 1))
    assert uuid7(before, b"\xff" * 10) < uuid7(after, bytes(10))


def test_all_74_random_bits_come_from_the_entropy() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    zero, ones = uuid7(at, bytes(10)).int, uuid7(at, b"\xff" * 10).int
    assert (zero ^ ones).bit_count() == 74


def test_the_example_of_the_standard_is_met() -> None:
    """RFC 9562, appendix A.6."""
    at = datetime(2022, 2, 22, 14, 22, 22, tzinfo=timezone(timedelta(hours=-5)))
    entropy = (0xCC3 << 64 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    assert str(uuid7(at, entropy)) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


def test_the_offset_does_not_matter_but_the_moment() -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=timezone(timedelta(hours=8)))
    assert uuid7(at, bytes(10)) == uuid7(at.astimezone(UTC), bytes(10))


def test_a_clock_before_1970_names_as_if_it_were_1970() -> None:
    assert uuid7(datetime(1969, 12, 31, tzinfo=UTC), bytes(10)) == uuid7(EPOCH, bytes(10))


def test_too_little_randomness_is_no_name() -> None:
    with pytest.raises(ValueError, match="10 random bytes"):
        uuid7(datetime(2026, 11, 20, tzinfo=UTC), bytes(9))


def test_a_time_without_an_offset_is_no_moment() -> None:
    with pytest.raises(TypeError, match="offset"):
        uuid7(datetime(2026, 11, 20), bytes(10))
