"""What a field that was left out means: a default that shipped never changes, as phones leave out
what is at its default, and what they sealed is read years later."""

from typing import Any

import pytest
from hypothesis import given
from pydantic_core import PydanticUndefined

from contract import wire
from contract.anchor import Anchor, ChainHead, Witness
from contract.patrol import Alarm, Patrol, Visit
from contract.place import Fix, Place
from contract.protocol import (
    Answer,
    Enrolment,
    EnrolmentRequest,
    HeldVersions,
    LedgerHead,
    Receipt,
    Refusal,
    SyncReply,
    SyncRequest,
    WantedPhoto,
)
from contract.reference import (
    Building,
    BuildingRecordCount,
    Compound,
    Institution,
    LeadCounts,
    Notice,
    Places,
    Plan,
    Reference,
    Task,
)
from contract.report import FORM_VERSION, Kind, Objection, Photo, Report, Suggestion, Withdrawal
from contract.rules import Flaw
from contract.unsent_file import UnsentParcels
from contract.value import Value
from tests.builders import a_report
from tests.contract import strategies

# A new field gets a new line here. An old line is never edited: see the sentence above.
SHIPPED: dict[type[Value], dict[str, Any]] = {
    Report: {
        "revision": 0,
        "kind": Kind.SITE,
        "patrol": None,
        "patrol_form": "ROUTINE",
        "shift": "DAY",
        "key_period": None,
        "sealed_at": None,
        "fix": None,
        "place": Place(),
        "disguises": (),
        "subjects": (),
        "stage": None,
        "signs": (),
        "count_band": None,
        "time_slots": (),
        "institution": "",
        "note": "",
        "place_names": (),
        "photos": (),
        "conflict_of_interest": False,
        "task": None,
        "form": 1,
    },
    Photo: {"what": None, "redaction_reviewed": False},
    Withdrawal: {},
    Objection: {},
    Suggestion: {"revision": 1, "task": None, "reason": None},
    Patrol: {
        "revision": 1,
        "grid": None,
        "form": "ROUTINE",
        "shift": "DAY",
        "key_period": None,
        "ended_at": None,
        "visits": (),
        "alarms": (),
    },
    Alarm: {"fix": None, "compound": None},
    Visit: {"name": ""},
    Place: {
        "community": None,
        "grid": None,
        "compound": None,
        "compound_name": "",
        "building": None,
        "unit": None,
        "floor": None,
        "room": None,
        "landmark": "",
        "venue": None,
    },
    Fix: {"accuracy_m": None, "provider": "gps", "datum": "WGS84", "mock": False},
    SyncRequest: {
        "app": "",
        "cursor": 0,
        "heard": "",
        "ledger": None,
        "held": HeldVersions(),
        "arrivals": (),
        "photos": (),
        "leaving": False,
    },
    HeldVersions: {"codelists": "", "places": "", "counts": None},
    LedgerHead: {},
    SyncReply: {
        "receipts": (),
        "refusals": (),
        "stored": (),
        "wanted": (),
        "answers": (),
        "cursor": 0,
        "heard": "",
        "more": False,
        "forgot": False,
        "retold": False,
        "codelists": None,
        "places": None,
        "reference": None,
        "counts": None,
        "anchor": None,
        "bureau_key": "",
        "retry_at": None,
    },
    Anchor: {"audit": None, "cases": None},
    ChainHead: {},
    Witness: {},
    Building: {"units": ()},
    Compound: {
        "initials": "",
        "aliases": (),
        "grid": None,
        "lat": None,
        "lon": None,
        "venue": None,
        "buildings": (),
    },
    Places: {"edition": "", "community_names": {}, "compounds": ()},
    Plan: {"form": "ROUTINE", "shift": None, "key_period": None, "compounds": (), "note": ""},
    Task: {"note": "", "compound": None, "building": None, "due": None},
    Notice: {"text": "", "until": None, "office": "", "urgent": False},
    Institution: {
        "initials": "",
        "code": None,
        "licence": "",
        "kind": "",
        "address": "",
        "compound": None,
        "building": None,
    },
    BuildingRecordCount: {"building": None, "closed": 0},
    LeadCounts: {"version": "", "is_whole": False, "buildings": ()},
    Reference: {
        "plans": None,
        "tasks": None,
        "notices": None,
        "institutions": None,
        "leads": None,
        "utc_offset_min": None,
    },
    Receipt: {},
    Refusal: {"kind": None, "id": None, "revision": None, "field": "", "flaws": ()},
    Answer: {
        "reason": None,
        "comment": "",
        "place": "",
        "number": None,
        "about": "report",
        "same_as": None,
        "object_until": None,
    },
    WantedPhoto: {"offset": 0, "upload": None},
    EnrolmentRequest: {"model": "", "author": None},
    Enrolment: {"grid": None, "grid_name": "", "bureau_key": ""},
    UnsentParcels: {"app": "", "arrivals": ()},
    Flaw: {"start": None, "end": None},
}


@pytest.mark.parametrize("model", SHIPPED)
def test_a_default_that_shipped_never_changes(model: type[Value]) -> None:
    fields = model.model_fields.items()
    found = {
        name: field.get_default(call_default_factory=True)
        for name, field in fields
        if field.get_default(call_default_factory=True) is not PydanticUndefined
    }
    assert found == SHIPPED[model]


@strategies.calm
@given(strategies.reports)
def test_a_field_left_out_is_read_as_its_default(report: Report) -> None:
    again = wire.validate(Report, wire.parse_json(wire.canonical(wire.to_terse_json(report))))
    assert again == report
    assert wire.encode(again) == wire.encode(report)


def test_a_terse_report_leaves_out_its_defaults() -> None:
    said = wire.to_terse_json(a_report())
    assert not said.keys() & {"kind", "form", "shift", "photos", "institution", "count_band"}
    assert "provider" not in said["fix"]


def test_a_later_form_is_written_out() -> None:
    """The default stays the first form; a higher `FORM_VERSION` is therefore always written."""
    assert wire.to_terse_json(a_report(form=2))["form"] == 2
    assert FORM_VERSION >= 1
