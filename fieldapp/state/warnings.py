"""What would spoil a patrol later and can be mended now: storage, clock, battery."""

from fieldapp.state.clock_check import MOST_SKEW_S

__all__ = ["LEAST_CHARGE", "LEAST_FREE", "MOST_SKEW_S", "MUCH_UNSENT", "find_warnings"]
LEAST_FREE = 200_000_000  # bytes: some 600 photos, and what SQLite needs to go on
LEAST_CHARGE = 15  # percent
MUCH_UNSENT = 10  # parcels and photos: an afternoon's work


def find_warnings(
    free: int | None, charge: int | None, skew_s: float | None, unsent: int | None = None
) -> tuple[str, ...]:
    """Codes, the most pressing first, from free bytes, battery per cent, seconds, and how much is
    unsent on a phone that may delete it; what is None is not known and warns of nothing."""
    found = {
        "send_first": unsent is not None and unsent >= MUCH_UNSENT,
        "room_low": free is not None and free < LEAST_FREE,
        "clock_wrong": skew_s is not None and abs(skew_s) > MOST_SKEW_S,
        "battery_low": charge is not None and charge < LEAST_CHARGE,
    }
    return tuple(code for code, holds in found.items() if holds)
