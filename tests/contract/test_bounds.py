"""Each bound of a number or a text of the wire: the last value inside is read, the first value
outside is not. The numbers are written out here once more, so that no bound moves unnoticed."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from pydantic import TypeAdapter, ValidationError

import contract
from contract.anchor import ChainHead
from contract.patrol import Patrol
from contract.place import Fix
from contract.protocol import Answer, LedgerHead, Receipt, SyncRequest, WantedPhoto
from contract.reference import Reference
from contract.report import Objection, Photo, Report, Suggestion, Withdrawal
from contract.value import Code, FreeText, Name, Sha256, Value

AT = "2026-11-20T12:00:00+08:00"
ID = "019aa000-0000-7000-8000-000000000001"
SHA = "d" * 64
SENT = {"id": ID, "device": "d1", "author": "wg0301"}

# The least that each model is read from, before one of its numbers is replaced.
LEAST: dict[type[Value], dict[str, Any]] = {
    Fix: {"lat": 0, "lon": 0, "at": AT},
    Photo: {"sha256": SHA, "bytes": 1, "width": 1, "height": 1, "taken_at": AT},
    Report: SENT | {"seen_at": AT},
    Withdrawal: SENT | {"revision": 1, "at": AT},
    Objection: SENT | {"revision": 1, "at": AT, "text": "现在还有学生进出"},
    Suggestion: SENT | {"at": AT, "text": "字再大一点"},
    Patrol: SENT | {"started_at": AT},
    Receipt: {"kind": "report", "id": ID, "revision": 1, "outcome": "RECORDED", "digest": SHA}
    | {"number": "R-1", "position": 1, "hash": SHA, "at": AT},
    Answer: {"seq": 1, "report": ID, "at": AT, "state": "20", "by": "SUPERVISOR"},
    WantedPhoto: {"sha256": SHA},
    ChainHead: {"hash": "0" * 64},
    Reference: {"version": "1"},
    LedgerHead: {"position": 1, "hash": SHA},
    SyncRequest: {"protocol": 1, "sent_at": AT},
}
# Per field: the values at its bounds, and those one step beyond.
NUMBERS: dict[tuple[type[Value], str], tuple[tuple[float, ...], tuple[float, ...]]] = {
    (Fix, "lat"): ((-90, 90), (-90.00001, 90.00001)),
    (Fix, "lon"): ((-180, 180), (-180.00001, 180.00001)),
    (Fix, "accuracy_m"): ((0, 1_000_000), (-0.001, 1_000_000.001)),
    (Photo, "bytes"): ((1,), (0,)),
    (Photo, "width"): ((1,), (0,)),
    (Photo, "height"): ((1,), (0,)),
    (Report, "revision"): ((0, 100_000), (-1, 100_001)),
    (Report, "form"): ((1,), (0,)),
    (Withdrawal, "revision"): ((1, 100_000), (0, 100_001)),
    (Objection, "revision"): ((1, 100_000), (0, 100_001)),
    (Suggestion, "revision"): ((1, 100_000), (0, 100_001)),
    (Patrol, "revision"): ((1, 100_000), (0, 100_001)),
    (Receipt, "position"): ((1,), (0,)),
    (Answer, "seq"): ((1,), (0,)),
    (WantedPhoto, "offset"): ((0,), (-1,)),
    (LedgerHead, "position"): ((1, 2_147_483_647), (0, 2_147_483_648)),
    (SyncRequest, "cursor"): ((0,), (-1,)),
    (Reference, "utc_offset_min"): ((-1_439, 1_439), (-1_440, 1_440)),
    (ChainHead, "position"): ((1, 2**53 - 1), (0, 2**53)),
}
# Per kind of text: what it takes, and what it does not.
TEXTS: dict[str, tuple[Any, tuple[str, ...], tuple[str, ...]]] = {
    "Code": (Code, ("a", "Z" * 40, "09_-"), ("", "Z" * 41, "样", "a b", "a\n", "a.b")),
    "Name": (Name, ("", "字" * 100), ("字" * 101,)),
    "FreeText": (FreeText, ("", "字" * 4_000), ("字" * 4_001,)),
    "Sha256": (Sha256, ("0" * 64, "f" * 64), ("f" * 63, "f" * 65, "F" * 64, "g" * 64)),
}


def is_read(kind: Any, thing: Any) -> bool:
    try:
        TypeAdapter(kind).validate_python(thing)
    except ValidationError:
        return False
    return True


def models() -> set[type[Value]]:
    """All values of the contract."""
    modules = [import_module(f"contract.{one.name}") for one in iter_modules(contract.__path__)]
    found = [one for module in modules for one in vars(module).values() if isinstance(one, type)]
    return {one for one in found if issubclass(one, Value) and one is not Value}


def has_bound(schema: dict[str, Any]) -> bool:
    """Whether a field's JSON schema, or one of the kinds it may be, bounds a number."""
    kinds = schema.get("anyOf", [schema])
    return any({"minimum", "maximum"} & kind.keys() for kind in kinds)


def test_a_number_is_read_up_to_its_bounds_and_not_beyond() -> None:
    for (model, field), (inside, outside) in NUMBERS.items():
        read = {n: is_read(model, LEAST[model] | {field: n}) for n in (*inside, *outside)}
        assert read == dict.fromkeys(inside, True) | dict.fromkeys(outside, False), field


def test_every_number_with_a_bound_stands_in_the_table() -> None:
    bounded = {
        (model, name)
        for model in models()
        for name, schema in model.model_json_schema()["properties"].items()
        if has_bound(schema)
    }
    assert bounded == NUMBERS.keys()


def test_a_text_is_read_up_to_its_length_and_not_beyond() -> None:
    for name, (kind, inside, outside) in TEXTS.items():
        assert [text for text in inside if not is_read(kind, text)] == [], name
        assert [text for text in outside if is_read(kind, text)] == [], name
