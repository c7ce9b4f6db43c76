"""The app lock's PIN: what fits, how long the next try waits, how slow a try is."""

import pytest

from fieldapp.device import pin
from fieldapp.device.pin import Pin

SALT = b"salt of sixteen."


def test_only_the_right_digits_fit() -> None:
    kept = Pin.of("2468", SALT)
    assert kept.fits("2468")
    assert not kept.fits("2469") and not kept.fits("246") and not kept.fits("24680")


@pytest.mark.parametrize(
    ("wrong", "seconds"),
    [(0, 0), (2, 0), (3, 30), (4, 60), (5, 300), (6, 900), (7, 3600), (8, 3600), (10_000, 3600)],
)
def test_from_the_third_wrong_one_on_the_next_try_waits(wrong: int, seconds: int) -> None:
    assert Pin(salt="00", hash="00", wrong=wrong).pause(0) == seconds


def test_a_try_costs_sixteen_megabytes() -> None:
    """scrypt takes 128 bytes for each block and unit of cost (RFC 7914)."""
    assert 128 * pin.COST * pin.BLOCK_SIZE * pin.PARALLEL == 16 * 1024 * 1024


def test_a_pin_has_four_digits() -> None:
    """Who holds the phone for an hour of waits tries a dozen of ten thousand."""
    assert pin.DIGITS == 4
