"""Decisions: about the revision that is shown, told to the author; nothing else moves a case."""

from typing import Any

import pytest

from sync_server.casework.review import decide, note_view
from sync_server.domain.decisions import Decision
from sync_server.domain.roles import Role, Staff
from sync_server.problems import BadDecision, NotAllowed, NotFound, RevisionChanged, StateChanged
from sync_server.store.schema import answers, audit, case_events, records
from tests.builders import a_name
from tests.sync_server.bureau import NOW, SUPERVISOR, Bureau, a_report, a_withdrawal, sent


@pytest.fixture
def record(bureau: Bureau) -> str:
    phone = bureau.enrol()
    report = a_report(phone)
    bureau.receive(phone, sent(report))
    return str(report.id)


def test_a_decision_moves_the_case_and_tells_the_author(bureau: Bureau, record: str) -> None:
    decide(bureau.store, SUPERVISOR, record, Decision("29", "10", 1, "NO_SIGN"), NOW)
    assert bureau.row(records).state == "29"
    event, answer = bureau.row(case_events), bureau.row(answers)
    assert (event.before, event.after, event.reason, event.staff) == (
        *("10", "29", "NO_SIGN"),
        "shenhe1",
    )
    assert (answer.seq, answer.report, answer.state, answer.by) == (1, record, "29", "SUPERVISOR")
    assert answer.number == bureau.row(records).number
    noted = bureau.rows(audit)[-1]
    assert (noted.what, noted.subject) == ("decide_29", record)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no way there": ({"to": "60"}, "move_not_possible"),
    "a state of nowhere": ({"to": "xx"}, "move_not_possible"),
    "no question asked": ({"to": "15", "comment": "  "}, "comment_needed"),
    "no reason": ({"to": "29"}, "reason_needed"),
    "a reason of nowhere": ({"to": "29", "reason": "MOOD"}, "reason_needed"),
    "too many words": ({"to": "15", "comment": "问" * 201}, "comment_too_long"),
    "a person named": ({"to": "15", "comment": "电话 13800138000"}, "personal_data"),
}


@pytest.mark.parametrize(("changes", "code"), BAD.values(), ids=BAD)
def test_a_decision_that_does_not_fit_changes_nothing(
    bureau: Bureau, record: str, changes: dict[str, Any], code: str
) -> None:
    decision = Decision(**{"seen_state": "10", "seen_revision": 1, **changes})
    noted = bureau.count(audit)
    with pytest.raises(BadDecision) as bad:
        decide(bureau.store, SUPERVISOR, record, decision, NOW)
    assert bad.value.code == code
    assert bureau.row(records).state == "10"
    assert (bureau.count(case_events), bureau.count(answers), bureau.count(audit)) == (0, 0, noted)


def test_a_decision_about_what_has_changed_is_refused(bureau: Bureau, record: str) -> None:
    with pytest.raises(StateChanged):
        decide(bureau.store, SUPERVISOR, record, Decision("29", "15", 1, "NO_SIGN"), NOW)
    with pytest.raises(RevisionChanged):
        decide(bureau.store, SUPERVISOR, record, Decision("20", "10", 2), NOW)


def test_a_withdrawn_record_is_not_decided(bureau: Bureau) -> None:
    phone = bureau.enrol()
    report = a_report(phone)
    bureau.receive(phone, sent(report), sent(a_withdrawal(report)))
    with pytest.raises(StateChanged):
        decide(bureau.store, SUPERVISOR, str(report.id), Decision("20", "10", 1), NOW)


def test_an_unknown_record_is_not_found(bureau: Bureau) -> None:
    with pytest.raises(NotFound):
        decide(bureau.store, SUPERVISOR, str(a_name()), Decision("20", "10", 1), NOW)


def test_only_the_supervisor_takes_a_report_up(bureau: Bureau, record: str) -> None:
    handles = {Role.CASE_OFFICER, Role.COMMUNITY}
    for role in set(Role) - {Role.SUPERVISOR}:
        refusal = BadDecision if role in handles else NotAllowed
        with pytest.raises(refusal):
            decide(bureau.store, Staff("x", role), record, Decision("20", "10", 1), NOW)
    assert bureau.row(records).state == "10"


def test_a_look_is_written_down(bureau: Bureau, record: str) -> None:
    note_view(bureau.store, SUPERVISOR, record, "view_photo", NOW)
    row = bureau.rows(audit)[-1]
    assert (row.staff, row.what, row.subject) == ("shenhe1", "view_photo", record)


def test_a_rival_under_the_same_revision_is_not_what_was_decided_about(
    bureau: Bureau, record: str
) -> None:
    seen = Decision("20", "10", 1, seen_digest="0" * 64)
    with pytest.raises(RevisionChanged):
        decide(bureau.store, SUPERVISOR, record, seen, NOW)


def test_a_withdrawal_after_acceptance_is_seen_and_leaves_the_case_alone(bureau: Bureau) -> None:
    phone = bureau.enrol()
    report = a_report(phone)
    bureau.receive(phone, sent(report))
    decide(bureau.store, SUPERVISOR, str(report.id), Decision("20", "10", 1), NOW)
    bureau.receive(phone, sent(a_withdrawal(report)))
    row = bureau.row(records)
    assert (row.state, row.withdrawn_at) == ("20", None)
    steps = bureau.rows(case_events)
    assert [(step.before, step.after, step.role) for step in steps][-1] == ("20", "20", "GRID")
