"""Values to bytes and back: nothing changes on the way, and nothing ambiguous is read."""

import json
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contract import wire
from contract.protocol import LedgerHead, SyncRequest
from contract.report import Photo, Report
from contract.value import Value
from tests.builders import a_fix, a_photo, a_report
from tests.contract import strategies


@strategies.calm
@given(strategies.reports)
def test_a_report_is_the_same_after_encoding(report: Report) -> None:
    again = wire.decode(Report, wire.encode(report))
    assert again == report
    assert wire.encode(again) == wire.encode(report)


@strategies.calm
@given(strategies.json)
def test_any_json_is_the_same_after_encoding(thing: Any) -> None:
    assert wire.parse_json(wire.canonical(thing)) == thing


@strategies.calm
@given(strategies.json, some.randoms(use_true_random=False))
def test_a_digest_does_not_depend_on_the_order_of_keys(thing: Any, dice: Any) -> None:
    assert wire.digest(shuffled(thing, dice)) == wire.digest(thing)


@strategies.calm
@given(strategies.json, some.integers(0, 4))
def test_a_digest_does_not_depend_on_white_space(thing: Any, indent: int) -> None:
    spaced = json.dumps(thing, indent=indent, ensure_ascii=bool(indent % 2)).encode()
    assert wire.digest(wire.parse_json(spaced)) == wire.digest(thing)


@strategies.calm
@given(strategies.json)
def test_canonical_bytes_are_a_fixed_point(thing: Any) -> None:
    once = wire.canonical(thing)
    assert wire.canonical(wire.parse_json(once)) == once


def test_canonical_is_sorted_tight_and_utf8() -> None:
    assert (
        wire.canonical({"b": [1, 2.5, None], "a": "样"}) == '{"a":"样","b":[1,2.5,null]}'.encode()
    )


def test_a_digest_is_the_sha256_of_the_canonical_bytes() -> None:
    """Worked out with `printf '{}' | sha256sum`: another program must come to the same."""
    assert wire.digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_keys_of_a_newer_program_are_kept_at_every_depth() -> None:
    sent = wire.to_json(a_report()) | {"mood": "sunny"}
    sent["place"] = sent["place"] | {"floor_plan": {"rooms": [1, 2]}}
    kept = wire.validate(Report, sent)
    assert wire.to_json(kept) == sent
    assert wire.to_json(kept.changed(note="门口有招牌"))["mood"] == "sunny"


def test_times_keep_the_offset_they_were_written_with() -> None:
    assert wire.to_json(a_report())["seen_at"] == "2026-11-20T12:00:00+08:00"


UNREADABLE = {
    "not_json": [
        b"",
        b"{",
        b"{]",
        b"nul",
        b"[1,]",
        b"NaN",
        b"[Infinity]",
        b"[-Infinity]",
        b"{} {}",
        b"1e999",  # infinity to Python, which cannot be written again
        b"[-1e999]",
    ],
    "not_unicode": [b"\xff", b'"\xc3"', b'"\\ud800"', b'{"\\ud800": 1}', b"\xef\xbb\xbf"[:2]],
    "too_deep": [b"[" * 25 + b"]" * 25, b"[" * 100_000, b'{"a":' * 30 + b"1" + b"}" * 30],
    "repeated_key": [b'{"a": 1, "a": 2}', b'[{"b": {"c": 1, "c": 1}}]', b'{"a":1,"\\u0061":2}'],
    "nul_character": [b'"\\u0000"', b'{"a\\u0000": 1}'],  # PostgreSQL keeps none
}


def refusal_code(raw: bytes) -> str:
    """The code with which these bytes are refused; "" for bytes that are read."""
    try:
        wire.parse_json(raw)
    except wire.Unreadable as error:
        return error.code
    return ""


def test_what_two_readers_could_read_differently_is_not_read() -> None:
    for code, raws in UNREADABLE.items():
        assert [(raw[:40], refusal_code(raw)) for raw in raws if refusal_code(raw) != code] == [], (
            code
        )


@strategies.calm
@given(some.binary(max_size=200))
def test_any_bytes_are_read_or_unreadable(raw: bytes) -> None:
    known: Report | str
    try:
        known = wire.decode(Report, raw)
    except wire.Unreadable as error:
        known = error.code
    again = known if isinstance(known, str) else wire.decode(Report, wire.encode(known))
    assert known and again == known


def test_24_levels_are_read() -> None:
    assert wire.parse_json(b"[" * 24 + b"]" * 24)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("id", {"id": "1"}),
        ("kind", {"kind": "RUMOUR"}),
        ("seen_at", {"seen_at": "2026-11-20T12:00:00"}),  # without an offset
        ("revision", {"revision": -1}),
        ("device", {"device": "a device"}),
        ("note", {"note": "字" * 4_001}),
        ("fix.lat", {"fix": {"lat": 91, "lon": 0, "at": "2026-11-20T12:00:00Z"}}),
        ("photos.0.sha256", {"photos": [{}]}),
        ("signs", {"signs": "SIGNBOARD"}),
    ],
)
def test_a_wrong_field_is_named(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(wire.Unreadable) as error:
        wire.validate(Report, wire.to_json(a_report()) | changes)
    assert (error.value.code, error.value.field) == ("wrong_shape", field)


def test_an_error_does_not_repeat_what_was_typed() -> None:
    """Errors are logged, and what a worker typed must not be."""
    with pytest.raises(wire.Unreadable) as error:
        wire.validate(Report, wire.to_json(a_report()) | {"note": ["张老师"]})
    assert "张" not in str(error.value)


def test_what_json_cannot_express_is_not_encoded() -> None:
    with pytest.raises(ValueError, match="JSON"):
        wire.canonical(math.nan)
    with pytest.raises(wire.Unreadable, match="not_unicode"):
        wire.canonical("\ud800")


def test_a_value_is_not_changed_into_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="sha256"):
        Photo.model_validate(
            {"sha256": "A" * 64, "bytes": 1, "width": 1, "height": 1, "taken_at": "2026-11-20"}
        )
    with pytest.raises(ValueError, match="revision"):
        a_report().changed(revision=-1)


def shuffled(thing: Any, dice: Any) -> Any:
    if isinstance(thing, list):
        return [shuffled(inner, dice) for inner in thing]
    if isinstance(thing, dict):
        keys = list(thing)
        dice.shuffle(keys)
        return {key: shuffled(thing[key], dice) for key in keys}
    return thing


def leaves(thing: wire.Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path to each number, true and false in a JSON thing."""
    if isinstance(thing, dict | list):
        for key, inner in thing.items() if isinstance(thing, dict) else enumerate(thing):
            yield from leaves(inner, (*path, key))
    elif isinstance(thing, bool | int | float):
        yield path


def swapped(thing: wire.Json, path: Sequence[Any], to: Callable[[Any], Any]) -> wire.Json:
    """A copy of the thing with what stands there as another type."""
    copy = json.loads(json.dumps(thing))
    *above, last = path
    here = copy
    for key in above:
        here = here[key]
    here[last] = to(here[last])
    return copy


def other_types(was: Any) -> tuple[Any, Any]:
    return str(was), int(was) if isinstance(was, bool) else True


def test_a_number_is_a_number_and_a_flag_is_a_flag() -> None:
    head = LedgerHead(position=1, hash="a" * 64)
    at = datetime(2026, 11, 1, tzinfo=UTC)
    call = SyncRequest(protocol=1, sent_at=at, leaving=True, ledger=head)
    report = a_report(photos=(a_photo(),), fix=a_fix())
    things = {type(value): wire.to_json(value) for value in (call, report)}
    places = [(model, path) for model, thing in things.items() for path in leaves(thing)]
    assert len(places) > 12
    assert [(*one, n) for one in places for n in (0, 1) if is_taken(things[one[0]], *one, n)] == []


def is_taken(thing: wire.Json, model: type[Value], path: Sequence[Any], n: int) -> bool:
    """Whether the model reads the thing with the `n`th other type in this place."""
    try:
        wire.validate(model, swapped(thing, path, lambda was: other_types(was)[n]))
    except wire.Unreadable as error:
        return error.code != "wrong_shape"
    return True


def test_one_point_nought_is_one() -> None:
    thing = {"protocol": 1.0, "sent_at": "2026-11-01T00:00:00Z", "cursor": 3.0}
    call = wire.validate(SyncRequest, thing)
    assert (call.protocol, call.cursor, type(call.cursor)) == (1, 3, int)
    with pytest.raises(wire.Unreadable, match="wrong_shape cursor"):
        wire.validate(SyncRequest, thing | {"cursor": 3.5})
