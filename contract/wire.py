"""Values to bytes and back: canonical JSON, its digest, and a strict parser.

The only module that knows JSON. Canonical form: UTF-8, keys sorted by code point, no white space,
numbers in Python's shortest round-trip form, no NaN or infinity. Digests are taken of this form.
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from math import isfinite
from typing import Any, Never, TypeVar

from pydantic import ValidationError

from contract.value import OUT_OF_BOUNDS, Value

Json = Any  # what JSON can say: dict, list, str, int, float, bool or None
V = TypeVar("V", bound=Value)
MAX_NESTING = 24  # levels of lists and objects; a report has five
_CANONICAL = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)
_ANY_NUMBERS = json.JSONEncoder(ensure_ascii=False)


class Unreadable(Exception):
    """These bytes are not the value that was expected. `code` is stable; `field` says where, as a
    dotted path, "" for the whole."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(f"{code} {field}".strip())
        self.code = code
        self.field = field


def to_json(value: Value) -> dict[str, Json]:
    """The value as JSON objects, with all defaults and unknown keys."""
    return value.model_dump(mode="json")


def to_terse_json(value: Value) -> dict[str, Json]:
    """The same without fields that are at their default, to send fewer bytes. The reader fills in
    its own default, so a default that has shipped never changes (a test pins them)."""
    return value.model_dump(mode="json", exclude_defaults=True)


def encode_terse(value: Value) -> bytes:
    """The terse value as UTF-8 JSON for sending. Not canonical, so not for hashing, but fast."""
    return value.model_dump_json(exclude_defaults=True).encode()


def canonical(thing: Json) -> bytes:
    """Canonical bytes of a JSON thing. Raises Unreadable("not_unicode") if it contains half a
    surrogate pair, ValueError for NaN and infinity."""
    try:
        return _CANONICAL.encode(thing).encode()
    except UnicodeEncodeError as error:
        raise Unreadable("not_unicode") from error


def digest(thing: Json) -> str:
    """Lower-case hexadecimal SHA-256 of the canonical bytes."""
    return sha256(canonical(thing)).hexdigest()


def encode(value: Value) -> bytes:
    """The value's canonical bytes."""
    return canonical(to_json(value))


def parse_json(raw: bytes, *, finite: bool = True) -> Json:
    """Any JSON thing from UTF-8 bytes. Raises Unreadable: not_json, not_unicode, too_deep (beyond
    MAX_NESTING), repeated_key, nul_character.

    Stricter than the standard library: bytes that two parsers might read differently are rejected.
    `finite=False` gives NaN and the infinities as floats, to a reader that tells where they stand.
    """
    try:
        thing = json.loads(
            raw.decode(),
            parse_constant=_reject_constant if finite else float,
            parse_float=_parse_float if finite else float,
            object_pairs_hook=_unique_keys,
        )
    except UnicodeDecodeError as error:
        raise Unreadable("not_unicode") from error
    except RecursionError as error:
        raise Unreadable("too_deep") from error
    except ValueError as error:
        raise Unreadable("not_json") from error
    _check_depth(thing)
    if b"\\u" in raw:  # else neither a NUL nor half a surrogate pair can stand in it
        _check_no_nul(thing)
        _check_unicode(thing)
    return thing


def validate(model: type[V], thing: Json) -> V:
    """A JSON thing as a value. Raises Unreadable for the first field that does not fit:
    "time_out_of_bounds" for a time that is one, else "wrong_shape". The message does not repeat the
    field's content, which may be personal."""
    try:
        return model.model_validate(thing)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        code = OUT_OF_BOUNDS if first["type"] == OUT_OF_BOUNDS else "wrong_shape"
        raise Unreadable(code, ".".join(str(part) for part in first["loc"])) from error


def decode(model: type[V], raw: bytes) -> V:
    """A value from its JSON bytes, canonical or not; the inverse of `encode`. Raises Unreadable as
    `parse_json` and `validate` do."""
    return validate(model, parse_json(raw))


def _reject_constant(constant: str) -> Never:
    raise ValueError(f"{constant} is not a finite number")


def _parse_float(digits: str) -> float:
    """Rejects 1e999, which is valid JSON but infinity to Python, and cannot be encoded again."""
    number = float(digits)
    return number if isfinite(number) else _reject_constant(digits)


def _unique_keys(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("repeated_key")
    return found


def _check_depth(thing: Json) -> None:
    here = [thing]
    for _ in range(MAX_NESTING - 1):
        below = [one for parent in here for one in _children(parent)]
        here = [one for one in below if type(one) in (dict, list)]
        if not here:
            return
    if any(here):
        raise Unreadable("too_deep")


def _check_unicode(thing: Json) -> None:
    try:
        _ANY_NUMBERS.encode(thing).encode()
    except UnicodeEncodeError as error:
        raise Unreadable("not_unicode") from error


def _check_no_nul(thing: Json) -> None:
    """Raises Unreadable for a NUL character, which PostgreSQL's text cannot hold."""
    waiting = [thing]
    while waiting:
        here = waiting.pop()
        if isinstance(here, str) and "\0" in here:
            raise Unreadable("nul_character")
        waiting.extend(here if isinstance(here, dict) else ())
        waiting.extend(_children(here))


def _children(thing: Json) -> Iterable[Json]:
    if isinstance(thing, dict):
        return thing.values()
    return thing if isinstance(thing, list) else ()
