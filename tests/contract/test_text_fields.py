"""Rule L2 for every text that a phone can send: it is screened for personal data, or it is a code,
or the bureau puts its own name in its place. A reason why none of it is needed is good only for a
text whose shape leaves no room for a name, and for five that are compared and never shown."""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Annotated, Any, get_args, get_origin

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from contract.codelists import built_in
from contract.patrol import Patrol
from contract.protocol import EnrolmentRequest, SyncRequest
from contract.report import Objection, Report, Suggestion, Withdrawal
from contract.rules import FlawCode, flaws, objection_flaws, suggestion_flaws
from contract.value import Code, Many, Sha256, Value
from tests.builders import NOON, a_fix, a_name, a_photo, a_place, a_report

SENT: tuple[type[Value], ...] = (
    Report,
    Withdrawal,
    Patrol,
    Suggestion,
    Objection,
    SyncRequest,
    EnrolmentRequest,
)
PHONE = "联系13912345678"

# The longest text of each that is fit, in characters.
SCREENED = {
    "Report.note": 200,
    "Report.institution": 50,
    "Report.place.landmark": 50,
    "Report.place.compound_name": 50,  # without a code; else it is as Patrol.visits.name
    "Report.place.building": 50,
    "Report.place.unit": 50,
    "Report.place.floor": 50,
    "Report.place.room": 50,
    "Suggestion.text": 500,
    "Objection.text": 200,
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
PICKED = "the app copies it from the bureau's list when a compound is picked; never shown"
TASK = "the app copies it from the bureau's list of tasks; one that is not there is not kept"
REASON = "40 letters and digits at most; shown is the word that the bureau's list has for it"
UNLISTED = "40 letters and digits at most; no rule compares a patrol with the lists"
DIGEST = "64 hexadecimal digits"
BUREAU = "a name that the bureau gave, sent back as it came"
# The bureau's own name stands in its place, or nothing where it reads like personal data:
# tests/sync_server/test_sent_names.py.
RESOLVED = {"Patrol.visits.name", "SyncRequest.app", "EnrolmentRequest.model"}
# Texts of any shape that are looked up and are neither stored nor shown.
COMPARED = {
    "Report.place_names": "must repeat a stretch of a screened text, or is mark_without_text",
    "SyncRequest.heard": BUREAU,
    "SyncRequest.held.codelists": BUREAU,
    "SyncRequest.held.counts": BUREAU,
    "SyncRequest.held.places": BUREAU,
    "EnrolmentRequest.code": "a one-time code of the bureau; only its hash is compared",
}
# Texts whose shape leaves no room for a name.
SHAPED = {
    "Report.device": DEVICE,
    "Report.author": AUTHOR,
    "Report.place.community": PICKED,
    "Report.place.grid": PICKED,
    "Report.place.compound": PICKED,
    "Report.photos.sha256": DIGEST,
    "Report.task": TASK,
    "Withdrawal.device": DEVICE,
    "Withdrawal.author": AUTHOR,
    "Patrol.device": DEVICE,
    "Patrol.author": AUTHOR,
    "Patrol.grid": PICKED,
    "Patrol.form": UNLISTED,
    "Patrol.shift": UNLISTED,
    "Patrol.key_period": UNLISTED,
    "Patrol.visits.compound": PICKED,
    "Patrol.visits.result": UNLISTED,
    "Patrol.alarms.compound": PICKED,
    "Patrol.alarms.fix.provider": UNLISTED,
    "Patrol.alarms.fix.datum": UNLISTED,
    "EnrolmentRequest.author": AUTHOR,
    "Objection.device": DEVICE,
    "Objection.author": AUTHOR,
    "Suggestion.device": DEVICE,
    "Suggestion.author": AUTHOR,
    "Suggestion.task": TASK,
    "Suggestion.reason": REASON,
    "SyncRequest.ledger.hash": DIGEST,
    "SyncRequest.photos": DIGEST,
}
# Not walked: `arrivals` holds the bodies of Report, Withdrawal, Patrol, Suggestion and Objection.
BODIES = "SyncRequest.arrivals"


def texts(annotation: Any, path: str, limits: Sequence[Any] = ()) -> Iterator[tuple[str, bool]]:
    """The dotted paths of all texts in a field, in the models, lists and choices it is made of; and
    whether its type gives the text a shape."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield from texts(field.annotation, f"{path}.{name}", field.metadata)
    elif annotation is Any and path != BODIES:
        yield path, False  # anything may stand in it, a text too
    elif isinstance(annotation, type) and issubclass(annotation, str):
        shaped = any(getattr(limit, "pattern", None) for limit in limits)
        yield from () if issubclass(annotation, Enum) else ((path, shaped),)
    if get_origin(annotation) is Annotated:
        yield from texts(get_args(annotation)[0], path, annotation.__metadata__)
    else:
        for part in get_args(annotation):
            yield from texts(part, path)


def a_full_report() -> Report:
    """Fit, and with a photo and a fix; no home, where a floor would be a flaw of its own, and no
    compound's code, with which its name is not screened."""
    place = a_place(venue="OFFICE", compound=None, landmark="学校对面")
    return a_report(place=place, photos=(a_photo(),), fix=a_fix())


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
    elif model == "Objection":
        known: dict[str, Any] = {"device": "d1", "author": "wg0301", "at": NOON}
        doubt = Objection(id=a_name(), revision=1, text="还有学生进出", **known)
        here = objection_flaws(replaced(doubt, names, text))
    else:
        here = flaws(replaced(a_full_report(), names, text), built_in())
    return [(flaw.code, flaw.field) for flaw in here]


def flawed(path: str) -> str:
    """How a flaw names the field: without the model, and with the photo's place in the list."""
    return path.partition(".")[2].replace("photos.", "photos.0.")


def test_every_text_that_a_phone_can_send_is_screened_or_resolved_or_has_a_shape() -> None:
    """A text of any shape has no reason to be let through: it is screened, resolved or among the
    few that are only compared."""
    walked = dict(found for model in SENT for found in texts(model, model.__name__))
    free = {path for path, is_shaped in walked.items() if not is_shaped}
    assert free == SCREENED.keys() | RESOLVED | COMPARED.keys()
    assert walked.keys() - free == LISTED | SHAPED.keys()
    assert not LISTED & SHAPED.keys() and len(COMPARED) == 6


def test_a_shaped_text_is_a_code_or_a_digest() -> None:
    for text in (PHONE, "王老师", "Wang Laoshi"):
        for shape in (Code, Sha256):
            with pytest.raises(ValidationError):
                TypeAdapter(shape).validate_python(text)


def test_a_name_sent_with_a_code_holds_no_report_up() -> None:
    """It is not shown: the bureau has its own, or leaves it out. Without the code it is a text like
    any other, and of a home it tells no room (rule L4)."""
    told = {}
    for code in ("yly", None):
        place = a_place(compound=code, landmark="学校对面", compound_name="样例苑3号楼501室王老师")
        here = flaws(a_report(place=place), built_in())
        told[code] = sorted((flaw.code, flaw.field) for flaw in here)
    name = "place.compound_name"
    assert told["yly"] == []
    assert told[None] == [(FlawCode.PERSONAL_DATA, name), (FlawCode.ROOM_IN_HOME, name)]


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
        code: Code | None = None
        codes: Many[Code] = ()
        number: int = 0

    want = "many named inner.plain inner.maybe listed.plain listed.maybe anything".split()
    free = {(f"Outer.{path}", False) for path in want}
    shaped = {("Outer.code", True), ("Outer.codes", True)}
    assert {*texts(Outer, "Outer")} == free | shaped
