"""The shapes that cross the wire: frozen, named in codes, without a person in them."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from contract import wire
from contract.place import Fix, Place
from contract.report import Photo, Report, Suggestion, Withdrawal
from contract.value import Value
from tests.builders import NOON, a_fix, a_name, a_photo, a_place, a_report
from tests.contract import strategies


def test_a_value_is_never_changed_in_place() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        a_report().note = "门口有招牌"


def test_a_changed_value_is_validated_again() -> None:
    with pytest.raises(ValidationError, match="revision"):
        a_report().changed(revision=100_001)
    assert a_report().changed(revision=100_000).revision == 100_000


@strategies.calm
@given(strategies.reports)
def test_a_changed_value_is_otherwise_the_same(report: Report) -> None:
    assert report.changed() == report
    changed = report.changed(note="门口有招牌")
    assert wire.to_json(changed) == wire.to_json(report) | {"note": "门口有招牌"}


@strategies.calm
@given(strategies.reports)
def test_each_seal_takes_the_next_revision(report: Report) -> None:
    if report.revision < 100_000:
        sealed = report.next_revision(NOON)
        assert (sealed.revision, sealed.sealed_at) == (report.revision + 1, NOON)
        assert sealed.changed(revision=report.revision, sealed_at=report.sealed_at) == report


def test_a_draft_keeps_texts_longer_than_may_be_sealed() -> None:
    """Nothing typed is lost; `rules.flaws` then says what is too long."""
    assert len(a_report(note="字" * 4_000).note) == 4_000
    with pytest.raises(ValidationError):
        a_report(note="字" * 4_001)


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (Fix, {"lat": 90.1}),
        (Fix, {"lon": -180.1}),
        (Fix, {"accuracy_m": -1}),
        (Fix, {"lat": float("nan")}),
        (Fix, {"lon": float("inf")}),
        (Fix, {"at": NOON.replace(tzinfo=None)}),
        (Photo, {"bytes": 0}),
        (Photo, {"width": 0}),
        (Photo, {"sha256": "F" * 64}),
        (Photo, {"what": "a sign"}),
        (Place, {"venue": "样例"}),
        (Place, {"compound_name": "字" * 101}),
        (Report, {"device": ""}),
        (Report, {"author": "wg 0301"}),
        (Report, {"id": "not-a-name"}),
        (Report, {"form": 0}),
    ],
)
def test_a_wrong_field_makes_no_value(model: type[Value], changes: dict[str, Any]) -> None:
    fit = {Fix: a_fix, Photo: a_photo, Place: a_place, Report: a_report}[model]()  # type: ignore[operator]  # each takes changes
    with pytest.raises(ValidationError):
        fit.changed(**changes)


def test_an_old_report_without_the_newer_fields_is_read() -> None:
    least = {
        "id": str(a_name()),
        "device": "d1",
        "author": "wg0301",
        "seen_at": "2026-11-20T04:00Z",
    }
    report = wire.validate(Report, least)
    assert (report.revision, report.kind, report.photos, report.form) == (0, "SITE", (), 1)


def test_moments_with_different_offsets_are_one_moment() -> None:
    report = a_report()
    assert report.seen_at.utcoffset() == timedelta(hours=8)
    assert wire.decode(Report, wire.encode(report)).seen_at == report.seen_at


def test_a_withdrawal_is_of_a_revision_that_was_sealed() -> None:
    with pytest.raises(ValidationError, match="revision"):
        Withdrawal(id=a_name(), revision=0, device="d1", author="wg0301", at=NOON)


def test_no_shape_has_a_field_for_a_person() -> None:
    """Rule L1. `author` and `device` are the bureau's names for a duty post and a phone."""
    known = set(Report.model_fields) | set(Place.model_fields) | set(Photo.model_fields)
    known |= set(Suggestion.model_fields) | set(Withdrawal.model_fields) | set(Fix.model_fields)
    assert not {name for name in known if any(word in name for word in PERSONAL)}


PERSONAL = ("person", "teacher", "pupil", "child", "owner", "phone", "mobile", "id_card", "plate")


def test_characters_that_cannot_be_decoded_are_left_out_of_a_text() -> None:
    report = a_report(note="门口\0有课表\ud83d")
    assert report.note == "门口有课表"
    assert wire.decode(Report, wire.encode(report)) == report
