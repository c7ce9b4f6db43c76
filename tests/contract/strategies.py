"""Reports of every shape for property tests: whatever a phone, old or new, could write."""

from datetime import UTC, datetime, timedelta, timezone
from string import ascii_letters, digits
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as some

from contract.place import Fix, Place
from contract.report import Kind, Photo, Report
from contract.value import Value

# A machine that is busy with something else is no reason for a red test.
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

_zones = some.integers(-12 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
moments = some.datetimes(
    min_value=datetime(2000, 1, 1),
    max_value=datetime(2100, 1, 1),
    timezones=some.one_of(some.just(UTC), _zones),
)
texts = some.text(
    some.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60
)
codes = some.text(ascii_letters + digits + "_-", min_size=1, max_size=40)
shas = some.binary(min_size=32, max_size=32).map(bytes.hex)
_numbers = some.one_of(
    some.integers(-(2**53), 2**53), some.floats(allow_nan=False, allow_infinity=False)
)
json = some.recursive(
    some.none() | some.booleans() | _numbers | texts,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
strange = some.dictionaries(codes.map("x_".__add__), json, max_size=2)


def _values(model: type[Value], always: dict[str, Any], **maybe: Any) -> some.SearchStrategy[Any]:
    """Values of a model, with keys in them that only a newer program knows."""
    known = some.fixed_dictionaries(always, optional=maybe)
    return some.tuples(known, strange).map(lambda both: model.model_validate(both[0] | both[1]))


fixes = _values(
    Fix,
    {"lat": some.floats(-90, 90), "lon": some.floats(-180, 180), "at": moments},
    accuracy_m=some.none() | some.floats(0, 1_000_000),
    provider=codes,
    mock=some.booleans(),
)
places = _values(
    Place,
    {},
    compound=some.none() | codes,
    compound_name=texts,
    building=some.none() | texts,
    unit=some.none() | texts,
    landmark=texts,
    venue=some.none() | codes,
)
photos = _values(
    Photo,
    {
        "sha256": shas,
        "bytes": some.integers(1, 10**7),
        "width": some.integers(1, 30_000),
        "height": some.integers(1, 30_000),
        "taken_at": moments,
    },
    redaction_reviewed=some.booleans(),
)
reports: some.SearchStrategy[Report] = _values(
    Report,
    {"id": some.uuids(), "device": codes, "author": codes, "seen_at": moments},
    revision=some.integers(0, 100_000),
    kind=some.sampled_from(Kind),
    sealed_at=some.none() | moments,
    fix=some.none() | fixes,
    place=places,
    signs=some.lists(codes, max_size=3).map(tuple),
    note=texts,
    photos=some.lists(photos, max_size=2).map(tuple),
)
