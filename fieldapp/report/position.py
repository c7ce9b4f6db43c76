"""Makes a fix of what a positioning plugin delivered, which may be anything at all."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import isfinite

from contract.place import DECIMALS, Fix

# A device that knows no position reports the origin: a circle of about 1 km in the open Atlantic.
NO_POSITION_DEGREES = 0.01
COARSEST_M = 1_000_000.0  # Fix allows no more; what is larger is a filler such as 2^31-1
# How far a fix may be from the clock and still be of now: clocks err, and a walk of five minutes
# leads to the next compound.
STALE_AFTER = timedelta(minutes=5)


def read_fix(delivered: Mapping[str, object]) -> Fix | None:
    """The fix in what was delivered under the names of Fix's fields; None if it is no position.

    An accuracy of 0, NaN or more than COARSEST_M means unknown (Android gives 0 where it has none).
    A negative one means that the position itself is not valid (CLLocation.horizontalAccuracy). A
    position without a time, or with one that names no zone, cannot be told from an old one: it is
    none.
    """
    lat, lon, accuracy = (_number(delivered.get(name)) for name in ("lat", "lon", "accuracy_m"))
    if lat is None or lon is None or (accuracy is not None and accuracy < 0):
        return None
    if max(abs(lat), abs(lon)) < NO_POSITION_DEGREES:
        return None
    try:
        return Fix(
            lat=round(lat, DECIMALS),
            lon=round(lon, DECIMALS),
            accuracy_m=accuracy if accuracy and accuracy <= COARSEST_M else None,
            provider="fused",
            datum="WGS84",
            mock=delivered.get("mock") not in (None, False),
            at=delivered.get("at"),  # type: ignore[arg-type]  # checked here, by pydantic
        )
    except ValueError:  # pydantic's own, among others
        return None


def is_current(fix: Fix, now: datetime) -> bool:
    """Whether the fix was taken at about this moment; one of yesterday, or of 1970, was not."""
    return abs(fix.at - now) <= STALE_AFTER


def _number(value: object) -> float | None:
    """A finite number as it was delivered; None for anything else, NaN and texts included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None
