"""Rule L13: a third report of a place found unfounded within 90 days waits for a supervisor."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from contract.codelists import built_in
from contract.report import Report
from sync_server.casework.case_rules import AT_ONCE, opened
from sync_server.casework.review import decide
from sync_server.domain.case_events import CaseEvent, Standing, StepKind
from sync_server.domain.decisions import Decision, flaw, possible
from sync_server.domain.roles import Role, Staff
from sync_server.domain.unfounded_places import UnfoundedReport, is_for_supervisor, unfounded_on
from sync_server.problems import BadDecision
from sync_server.store.schema import records
from tests.sync_server.bureau import NOW, SUPERVISOR, Bureau, Handset, a_report, sent
from tests.sync_server.test_record_counts import STEPS

OFFICER, COMMUNITY = Staff("anjian1", Role.CASE_OFFICER), Staff("shequ1", Role.COMMUNITY)
DAY = date(2026, 11, 20)
POSTER = frozenset({"POSTER"})


def unfounded(days_ago: int, *signs: str) -> UnfoundedReport:
    return UnfoundedReport(DAY - timedelta(days=days_ago), frozenset(signs or POSTER))


@pytest.mark.parametrize(
    ("signs", "before", "waits"),
    [
        (["POSTER"], [unfounded(90), unfounded(0)], True),
        (["POSTER"], [unfounded(91), unfounded(0)], False),
        (["POSTER"], [unfounded(1)], False),
        (["POSTER"], [unfounded(1), unfounded(1), unfounded(1)], True),
        (["POSTER", "SCHEDULE"], [unfounded(1), unfounded(1)], False),
        (["POSTER", "SCHEDULE"], [unfounded(1), unfounded(1, "SCHEDULE")], True),
        (["SCHEDULE"], [unfounded(1), unfounded(1), unfounded(91, "SCHEDULE")], False),
        ([], [unfounded(1), unfounded(1)], True),
        (["POSTER"], [unfounded(-3), unfounded(1)], True),  # found so while this one waited
    ],
)
def test_the_third_within_ninety_days_without_a_new_sign_waits(
    signs: list[str], before: list[UnfoundedReport], waits: bool
) -> None:
    assert is_for_supervisor(DAY, signs, before) is waits


def moved(before: str, after: str, kind: str = StepKind.MOVE) -> CaseEvent:
    return CaseEvent(NOW, before, after, kind)


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([moved("60", "70")], True),
        ([moved("60", "70"), moved("70", "80")], True),
        ([moved("60", "70"), moved("70", "90")], False),
        ([moved("60", "70"), moved("70", "90"), moved("90", "70")], True),
        ([moved("60", "70"), moved("70", "60", StepKind.UNDO)], False),
        ([moved("60", "71")], False),
        ([moved("60", "72"), moved("72", "80")], False),
        ([], False),
    ],
)
def test_only_a_result_that_stands_is_unfounded(steps: list[CaseEvent], found: bool) -> None:
    assert unfounded_on(steps) == (DAY if found else None)


def test_only_a_supervisor_accepts_it_and_says_why() -> None:
    lists, case = built_in(), Standing(state="10", supervisor_first=True)
    accepted = Decision("20", "10", 1)
    for staff in (OFFICER, COMMUNITY):
        found = flaw(staff, case, accepted, lists)
        assert found and found.code == "supervisor_first" and not possible(staff, case)
    found = flaw(SUPERVISOR, case, accepted, lists)
    assert found and found.code == "why_again_needed"
    assert flaw(SUPERVISOR, case, Decision("20", "10", 1, comment="居民再次反映"), lists) is None
    assert flaw(SUPERVISOR, case, Decision("29", "10", 1, "NO_SIGN"), lists) is None
    assert {one.to for one in possible(SUPERVISOR, case)} == {"15", "20", "25", "29"}
    assert flaw(SUPERVISOR, Standing(state="10"), accepted, lists) is None


def closed(bureau: Bureau, phone: Handset, times: int = 1, **changes: Any) -> None:
    """So many reports of the place, each found unfounded."""
    for _ in range(times):
        report = a_report(phone, **changes)
        bureau.receive(phone, sent(report))
        for to, said in STEPS:
            bureau.decide(report, to, **said)


def waits(bureau: Bureau, phone: Handset, now: datetime = NOW, **changes: Any) -> bool:
    """Whether a report that comes now has to wait for a supervisor."""
    report = a_report(phone, **changes)
    bureau.receive(phone, sent(report), now=now)
    return is_kept(bureau, report)


def is_kept(bureau: Bureau, report: Report) -> bool:
    row = bureau.row(records, id=str(report.id))
    with bureau.store.reading() as tx:
        return opened(tx, row, NOW, AT_ONCE.levels).standing.supervisor_first


def test_the_third_report_of_a_place_waits_and_the_second_does_not(bureau: Bureau) -> None:
    phone = bureau.enrol()
    closed(bureau, phone)
    assert not waits(bureau, phone)
    closed(bureau, phone)
    assert waits(bureau, phone)


def test_it_waits_on_the_ninetieth_day_and_not_on_the_next(bureau: Bureau) -> None:
    phone = bureau.enrol()
    closed(bureau, phone, 2)
    assert waits(bureau, phone, NOW + timedelta(days=90))
    assert not waits(bureau, phone, NOW + timedelta(days=91))


def test_a_new_sign_or_another_place_does_not_wait(bureau: Bureau) -> None:
    phone = bureau.enrol()
    closed(bureau, phone, 2)
    place = a_report(phone).place
    assert not waits(bureau, phone, signs=("PUPILS_ENTERING", "SCHEDULE"))
    assert not waits(bureau, phone, place=place.changed(unit="1单元"))
    assert waits(bureau, phone, place=place.changed(building="３栋", unit="二单元"))


def test_a_revision_that_names_a_new_sign_waits_no_longer(bureau: Bureau) -> None:
    phone = bureau.enrol()
    closed(bureau, phone, 2)
    report = a_report(phone)
    bureau.receive(phone, sent(report))
    assert is_kept(bureau, report)
    bureau.receive(phone, sent(report.changed(revision=2, signs=("SCHEDULE",))))
    assert not is_kept(bureau, report)


def test_what_was_accepted_waits_for_nobody_any_more(bureau: Bureau) -> None:
    phone = bureau.enrol()
    closed(bureau, phone, 2)
    report = a_report(phone)
    bureau.receive(phone, sent(report))
    assert is_kept(bureau, report)
    bureau.decide(report, "20", comment="这次有居民当面反映，再看一次")
    assert not is_kept(bureau, report)


def test_reports_that_were_handled_as_one_case_count_each(bureau: Bureau) -> None:
    phone = bureau.enrol()
    one, other = a_report(phone), a_report(phone)
    bureau.receive(phone, sent(one), sent(other))
    for to, said in STEPS:
        bureau.decide(one, to, **said)
    assert bureau.row(records, id=str(other.id)).state == "70"
    assert waits(bureau, phone)


def test_what_waits_for_a_supervisor_is_taken_along_by_no_other(bureau: Bureau) -> None:
    phone = bureau.enrol()
    leader = a_report(phone)
    bureau.receive(phone, sent(leader))
    for to, said in STEPS[:2]:
        bureau.decide(leader, to, **said)
    closed(bureau, phone, 2)
    kept = a_report(phone)
    bureau.receive(phone, sent(kept))
    assert is_kept(bureau, kept)
    row = bureau.row(records, id=str(leader.id))
    begin = Decision("40", row.state, row.revision)
    decide(bureau.store, OFFICER, str(leader.id), begin, NOW)
    assert bureau.row(records, id=str(kept.id)).state == "10"


def test_a_decision_about_it_is_refused_without_a_reason(bureau: Bureau) -> None:
    phone = bureau.enrol()
    closed(bureau, phone, 2)
    report = a_report(phone)
    bureau.receive(phone, sent(report))
    with pytest.raises(BadDecision) as refused:
        bureau.decide(report, "20")
    assert refused.value.code == "why_again_needed"
    with pytest.raises(BadDecision) as kept:
        decide(bureau.store, OFFICER, str(report.id), Decision("20", "10", 1), NOW)
    assert kept.value.code == "supervisor_first"
    bureau.decide(report, "20", comment="这次有居民当面反映，再看一次")
    assert bureau.row(records, id=str(report.id)).state == "20"
