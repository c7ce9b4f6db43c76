"""Rule L2 for every text that a phone can send: it is screened for personal data, or it must be a
code of a list, or the reason why neither is needed stands here."""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from contract.codelists import built_in
from contract.patrol import Patrol
from contract.protocol import EnrolmentRequest, SyncRequest
from contract.report import Report, Suggestion, Withdrawal
from contract.rules import FlawCode, flaws, suggestion_flaws
from contract.value import Value
from tests.builders import NOON, a_fix, a_name, a_photo, a_place, a_report

SENT: tuple[type[Value], ...] = (
    Report,
    Withdrawal,
    Patrol,
    Suggestion,
    SyncRequest,
    EnrolmentRequest,
)
PHONE = "联系13912345678"

# The longest text of each that is fit, in characters.
SCREENED = {
    "Report.note": 200,
    "Report.institution": 50,
    "Report.place.landmark": 50,
    "Report.place.building": 50,
    "Report.place.unit": 50,
    "Report.place.floor": 50,
    "Report.place.room": 50,
    "Suggestion.text": 500,
}
# Fields that take only a code of a list that the bureau sends.
LISTED = {
    "Report.place.venue",
    "Report.signs",
    "Report.disguises",
    "Report.subjects",
    "Report.stage",
    "Report.count_band",
    "Report.time_slots",
    "Report.patrol_form",
    "Report.shift",
    "Report.key_period",
    "Report.photos.what",
    "Report.fix.provider",
    "Report.fix.datum",
}
DEVICE = "the bureau's own name for a phone, given at enrolment"
AUTHOR = "the bureau's own name for a duty post; another post's is refused as not_yours"
PICKED = "the app copies it from the bureau's list when a compound is picked; no rule looks at it"
UNLISTED = "40 letters and digits at most; no rule compares a patrol with the lists"
DIGEST = "64 hexadecimal digits"
BUREAU = "a name that the bureau gave, sent back as it came"
NEITHER = {
    "Report.device": DEVICE,
    "Report.author": AUTHOR,
    "Report.place.community": PICKED,
    "Report.place.grid": PICKED,
    "Report.place.compound": PICKED,
    "Report.place.compound_name": PICKED,
    "Report.photos.sha256": DIGEST,
    "Withdrawal.device": DEVICE,
    "Withdrawal.author": AUTHOR,
    "Patrol.device": DEVICE,
    "Patrol.author": AUTHOR,
    "Patrol.grid": BUREAU,
    "Patrol.form": UNLISTED,
    "Patrol.shift": UNLISTED,
    "Patrol.key_period": UNLISTED,
    "Patrol.visits.compound": PICKED,
    "Patrol.visits.name": PICKED,
    "Patrol.visits.result": UNLISTED,
    "Patrol.alarms.compound": PICKED,
    "Patrol.alarms.fix.provider": UNLISTED,
    "Patrol.alarms.fix.datum": UNLISTED,
    "Suggestion.device": DEVICE,
    "Suggestion.author": AUTHOR,
    "SyncRequest.app": "the app's own version",
    "SyncRequest.heard": BUREAU,
    "SyncRequest.ledger.hash": DIGEST,
    "SyncRequest.held.codelists": BUREAU,
    "SyncRequest.held.places": BUREAU,
    "SyncRequest.photos": DIGEST,
    "EnrolmentRequest.code": "a one-time code of the bureau; only its hash is compared",
    "EnrolmentRequest.model": "the phone's model, as its system says it",
}
# Not walked: `arrivals` holds the bodies of Report, Withdrawal, Patrol and Suggestion.
BODIES = "SyncRequest.arrivals"


def texts(annotation: Any, path: str) -> Iterator[str]:
    """The dotted paths of all texts in a field, in the models, lists and choices it is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield from texts(field.annotation, f"{path}.{name}")
    elif annotation is Any and path != BODIES:
        yield path  # anything may stand in it, a text too
    elif isinstance(annotation, type) and issubclass(annotation, str):
        yield from () if issubclass(annotation, Enum) else (path,)
    for part in get_args(annotation):
        yield from texts(part, path)


def a_full_report() -> Report:
    """Fit, and with a photo and a fix; no home, where a floor would be a flaw of its own."""
    return a_report(place=a_place(venue="OFFICE"), photos=(a_photo(),), fix=a_fix())


def replaced(thing: Any, path: list[str], text: str) -> Any:
    """The value with `text` in the field that `path` leads to, once where the field is a list."""
    here = getattr(thing, path[0])
    if path[1:]:
        many = isinstance(here, tuple)
        inner = replaced(here[0] if many else here, path[1:], text)
        return thing.changed(**{path[0]: (inner,) if many else inner})
    return thing.changed(**{path[0]: (text,) if isinstance(here, tuple) else text})


def found(path: str, text: str) -> list[tuple[str, str]]:
    """Code and field of each flaw of a fit value with this text in this field."""
    model, *names = path.split(".")
    if model == "Suggestion":
        fit = Suggestion(id=a_name(), device="d1", author="wg0301", at=NOON, text="字再大一点")
        here = suggestion_flaws(replaced(fit, names, text))
    else:
        here = flaws(replaced(a_full_report(), names, text), built_in())
    return [(flaw.code, flaw.field) for flaw in here]


def flawed(path: str) -> str:
    """How a flaw names the field: without the model, and with the photo's place in the list."""
    return path.partition(".")[2].replace("photos.", "photos.0.")


def test_every_text_that_a_phone_can_send_is_screened_listed_or_explained() -> None:
    walked = {path for model in SENT for path in texts(model, model.__name__)}
    assert walked == SCREENED.keys() | LISTED | NEITHER.keys()
    assert not SCREENED.keys() & NEITHER.keys() and not LISTED & NEITHER.keys()


@pytest.mark.parametrize("path", SCREENED)
def test_personal_data_in_a_screened_text_is_a_flaw_of_that_field(path: str) -> None:
    assert found(path, PHONE) == [(FlawCode.PERSONAL_DATA, flawed(path))]
    assert found(path, "东3") == []


@pytest.mark.parametrize(("path", "most"), SCREENED.items())
def test_a_screened_text_may_be_so_long_and_no_longer(path: str, most: int) -> None:
    assert found(path, "字" * most) == []
    assert found(path, "字" * (most + 1)) == [(FlawCode.TOO_LONG, flawed(path))]


def test_what_stands_in_no_list_is_a_flaw_of_that_field() -> None:
    told = {path: found(path, "IN_NO_LIST") for path in LISTED}
    assert told == {path: [(FlawCode.UNKNOWN_CODE, flawed(path))] for path in LISTED}


def test_a_new_text_of_any_shape_would_be_seen() -> None:
    """The walk looks into choices, lists, mappings and models, or the test above proves nothing."""

    class Inner(Value):
        plain: str
        maybe: str | None = None

    class Outer(Value):
        many: tuple[str, ...] = ()
        named: Mapping[str, str] | None = None
        inner: Inner | None = None
        listed: tuple[Inner, ...] = ()
        anything: Any = None
        number: int = 0

    want = "many named inner.plain inner.maybe listed.plain listed.maybe anything".split()
    assert {*texts(Outer, "Outer")} == {f"Outer.{path}" for path in want}
