"""Every time of the wire has fixed outer bounds; acceptance depends on no clock."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contract import wire
from contract.protocol import SyncRequest
from contract.report import Report, Withdrawal
from contract.value import EARLIEST, LATEST, Value
from tests.contract.test_bounds import LEAST, models

INSIDE = (
    "1970-01-01T00:00:00Z",
    "1970-01-01T00:00:00+08:00",
    "1970-01-01T00:00:00+14:00",
    "2199-12-31T23:59:59.999999Z",
    "2200-01-01T07:59:59+08:00",
    "2026-11-20T12:00:00+08:00",
)
OUTSIDE = (
    "1969-12-31T23:59:59.999999+14:00",
    "1969-12-31T09:59:59Z",
    "2200-01-01T00:00:00Z",
    "9999-12-31T15:59:59Z",
    "9999-12-31T16:00:00Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-12:00",
    "9999-12-31T23:59:59-14:00",
    "9999-12-31T23:59:59.999999-23:59",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00+23:59",
)


def withdrawn(at: Any) -> Withdrawal:
    return wire.validate(Withdrawal, LEAST[Withdrawal] | {"at": at})


@pytest.mark.parametrize("at", INSIDE)
def test_a_time_inside_is_read(at: str) -> None:
    assert withdrawn(at).at == datetime.fromisoformat(at)


@pytest.mark.parametrize("at", OUTSIDE)
def test_a_time_outside_is_refused_with_its_own_code_and_field(at: str) -> None:
    with pytest.raises(wire.Unreadable) as error:
        withdrawn(at)
    assert (error.value.code, error.value.field) == ("time_out_of_bounds", "at")


@pytest.mark.parametrize("field", ["seen_at", "sealed_at", "fix.at", "photos.0.taken_at"])
def test_the_field_is_named_wherever_it_stands(field: str) -> None:
    at, sha = "2026-11-20T12:00:00+08:00", "d" * 64
    body: dict[str, Any] = LEAST[Report] | {"sealed_at": at}
    body["fix"] = {"lat": 0, "lon": 0, "at": at}
    body["photos"] = [{"sha256": sha, "bytes": 1, "width": 1, "height": 1, "taken_at": at}]
    inside: Any = body
    *way, last = field.split(".")
    for step in way:
        inside = inside[int(step) if step.isdecimal() else step]
    inside[last] = OUTSIDE[-1]
    with pytest.raises(wire.Unreadable) as error:
        wire.validate(Report, body)
    assert (error.value.code, error.value.field) == ("time_out_of_bounds", field)


def errors(model: type[Value], field: str, at: str) -> set[str]:
    """What is wrong with this field alone; others may be missing."""
    try:
        model.model_validate({field: at})
    except ValidationError as error:
        return {one["type"] for one in error.errors() if one["loc"] == (field,)}
    return set()


def test_no_time_of_the_contract_is_without_bounds() -> None:
    """But what two clocks say to each other: they are compared, and not kept."""
    times = [
        (model, field)
        for model in models()
        for field, kind in model.model_json_schema().get("properties", {}).items()
        if any(one.get("format") == "date-time" for one in kind.get("anyOf", [kind]))
    ]
    open_ended = [
        f"{model.__name__}.{field}"
        for model, field in times
        if errors(model, field, OUTSIDE[3]) != {"time_out_of_bounds"}
    ]
    assert len(times) > 12
    told = ["SyncReply.retry_at", "SyncReply.server_time", "SyncRequest.sent_at"]
    assert sorted(open_ended) == told


@pytest.mark.parametrize("at", [*INSIDE, *OUTSIDE])
def test_a_call_gets_through_whatever_the_phone_s_clock_says(at: str) -> None:
    assert wire.validate(SyncRequest, {"protocol": 1, "sent_at": at}).protocol == 1


@given(
    st.datetimes(timezones=st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m))))
)
def test_any_time_is_read_or_refused_and_what_is_read_can_be_moved_to_any_zone(
    at: datetime,
) -> None:
    body = LEAST[Withdrawal] | {"at": at}
    if not EARLIEST <= at < LATEST:
        with pytest.raises(ValidationError, match="time_out_of_bounds"):
            Withdrawal.model_validate(body)
        return
    read = Withdrawal.model_validate(body).at
    for hours in (-14, 0, 14):
        assert read.astimezone(timezone(timedelta(hours=hours))) == at
    assert read.astimezone(UTC).isoformat(" ", "microseconds")
