"""What would spoil a patrol later and can be mended now: room, clock, battery."""

ROOM = 200_000_000  # bytes: some 600 photos, and what SQLite needs to go on
CHARGE = 15  # percent
SKEW_S = 300  # a report's time is evidence; the bureau sorts by its own clock all the same


def find_warnings(room: int | None, charge: int | None, skew_s: float | None) -> tuple[str, ...]:
    """Codes, the most pressing first; what is not known is no worry."""
    found = {
        "room_low": room is not None and room < ROOM,
        "clock_wrong": skew_s is not None and abs(skew_s) > SKEW_S,
        "battery_low": charge is not None and charge < CHARGE,
    }
    return tuple(code for code, holds in found.items() if holds)
