"""Names minted on the phone: UUIDv7 to the letter, ordered by time, never short of randomness."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import RFC_4122

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contract.ids import uuid7
from tests.contract import strategies

moments = some.datetimes(
    min_value=datetime(1970, 1, 1), max_value=datetime(2500, 1, 1), timezones=some.just(UTC)
)
entropies = some.binary(min_size=10, max_size=16)


@strategies.calm
@given(at=moments, entropy=entropies)
def test_a_name_has_the_version_and_variant_of_uuid7(at: datetime, entropy: bytes) -> None:
    name = uuid7(at, entropy)
    assert (name.version, name.variant) == (7, RFC_4122)


@strategies.calm
@given(at=moments, entropy=entropies)
def test_a_name_begins_with_its_millisecond(at: datetime, entropy: bytes) -> None:
    assert uuid7(at, entropy).int >> 80 == int(at.timestamp() * 1000)


@strategies.calm
@given(at=moments, later=some.integers(1, 10**12), entropies=some.tuples(entropies, entropies))
def test_names_sort_by_time(at: datetime, later: int, entropies: tuple[bytes, bytes]) -> None:
    after = at + timedelta(milliseconds=later)
    first, second = uuid7(at, entropies[0]), uuid7(after, entropies[1])
    assert first < second and str(first) < str(second)


def test_all_74_random_bits_come_from_the_entropy() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    zero, ones = uuid7(at, bytes(10)).int, uuid7(at, b"\xff" * 10).int
    assert (zero ^ ones).bit_count() == 74


def test_the_example_of_the_standard_is_met() -> None:
    """RFC 9562, appendix A.6."""
    at = datetime.fromtimestamp(0x017F22E279B0 / 1000, UTC)
    entropy = (0xCC3 << 64 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    assert str(uuid7(at, entropy)) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


def test_the_offset_does_not_matter_but_the_moment() -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=timezone(timedelta(hours=8)))
    assert uuid7(at, bytes(10)) == uuid7(at.astimezone(UTC), bytes(10))


def test_a_clock_before_1970_still_names() -> None:
    assert uuid7(datetime(1960, 1, 1, tzinfo=UTC), bytes(10)).version == 7


def test_too_little_randomness_is_no_name() -> None:
    with pytest.raises(ValueError, match="10 random bytes"):
        uuid7(datetime(2026, 11, 20, tzinfo=UTC), bytes(9))
