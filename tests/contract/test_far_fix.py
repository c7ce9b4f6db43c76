"""A fix far from the chosen compound is noticed, and told apart from another datum's shift."""

from contract.far_fix import FarFix, far_fix
from contract.place import Fix
from tests.builders import NOON

LAT, LON = 38.1, 108.5
# The left ones in GCJ-02, by its published algorithm (the transform of the "eviltransform" kind, in
# which all public implementations agree to a millimetre).
SHIFTED = {
    (37.66, 108.62): (37.660420191, 108.624745191),
    (38.3, 108.98): (38.300446089, 108.985152959),
    (38.6, 108.84): (38.600417899, 108.845015311),
    (38.94, 109.66): (38.940594014, 109.665500584),
    (39.39, 109.0): (39.390947732, 109.005353341),
    (39.817, 110.0): (39.818068918, 110.005760903),
    (38.1, 108.5): (38.10052, 108.50498),
    (38.6, 108.9): (38.60035, 108.90497),
    (39.6, 109.8): (39.60099, 109.80568),
}


def at(lat: float, lon: float, accuracy_m: float | None = 8, datum: str = "WGS84") -> Fix:
    return Fix(lat=lat, lon=lon, accuracy_m=accuracy_m, datum=datum, at=NOON)


def test_a_fix_is_far_beyond_fence_and_accuracy() -> None:
    found = far_fix(at(LAT + 414 / 111_195, LON), LAT, LON)
    assert found == FarFix(414, is_shifted=False) and found.km is None
    for near in (at(LAT + 0.002, LON), at(LAT + 0.0037, LON, 90), at(LAT + 0.003, LON, None)):
        assert far_fix(near, LAT, LON) is None, near


def test_seven_hundred_kilometres_are_said_in_kilometres() -> None:
    found = far_fix(at(41.0, 115.8), LAT, LON)
    assert found and found.km is not None and 690 <= found.km <= 710


def test_what_is_not_known_or_of_another_datum_is_not_doubted() -> None:
    for fix, lat in ((None, LAT), (at(10, 10), None), (at(10, 10, datum="GCJ02"), LAT)):
        assert far_fix(fix, lat, LON) is None, fix


def test_the_shift_of_gcj_02_is_named_whichever_of_both_is_shifted() -> None:
    for true, shifted in SHIFTED.items():
        for fix, compound in ((shifted, true), (true, shifted)):
            found = far_fix(at(*fix), *compound)
            assert found and found.is_shifted and 400 <= found.metres <= 520, (fix, found)
    for north in (-430, 430, 700):
        found = far_fix(at(LAT + north / 111_195, LON), LAT, LON)
        assert found and not found.is_shifted, north


def test_the_shift_is_named_when_fix_and_compound_err_as_well() -> None:
    """By 100 m to any side, as long as the distance is one that the shift can have."""
    unnamed = []
    for (lat, lon), (shifted_lat, shifted_lon) in SHIFTED.items():
        for north, east in ((100, 0), (-100, 0), (70, 70), (70, -70), (-70, 70), (-70, -70)):
            fix = at(shifted_lat + north / 111_195, shifted_lon + east / 87_000)
            found = far_fix(fix, lat, lon)
            if not (found and found.is_shifted) and 410 <= (found.metres if found else 0) <= 510:
                unnamed.append((lat, lon, north, east))
    assert unnamed == []


def test_as_far_to_another_side_is_no_shift() -> None:
    for north, east in ((400, 200), (-400, 200), (-400, -200), (300, -340), (-250, 380)):
        found = far_fix(at(LAT + north / 111_195, LON + east / 87_500), LAT, LON)
        assert found and not found.is_shifted and 400 <= found.metres <= 520, (north, east)
