"""A case from its report to its end: who does what, what the worker hears of it, until when."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from contract.place import Fix
from contract.report import Report
from sync_server.casework.case_rules import (
    AT_ONCE,
    CaseSettings,
    note_answered_due,
    opened,
    recompute_due,
)
from sync_server.casework.review import decide
from sync_server.casework.undo import undo
from sync_server.domain.case_events import StepKind
from sync_server.domain.clocks import CaseClock, Levels
from sync_server.domain.decisions import Decision
from sync_server.domain.roles import Role, Staff
from sync_server.problems import BadDecision, NotAllowed, StateChanged, UndoTooLate
from sync_server.store import held_answers, lists
from sync_server.store import staff as people
from sync_server.store.schema import answers, audit, case_events, records
from tests.sync_server.bureau import NOW, SUPERVISOR, Bureau, Handset, a_report, sent

OFFICER = Staff("anjian1", Role.CASE_OFFICER)
COMMUNITY = Staff("shequ1", Role.COMMUNITY, community="999900100001")
HELD = CaseSettings(timedelta(minutes=2))
SEEN = Fix(lat=38.12351, lon=108.54322, accuracy_m=8, at=NOW)
CHECKED = (("PUPILS_THERE", "no"), ("LIVED_IN", "yes"))


class Case:
    """One report at the bureau, and what is decided about it, a minute after the other."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau, self.now = bureau, NOW
        with bureau.store.writing() as tx:
            if people.one(tx, OFFICER.staff) is None:
                people.add(tx, staff=OFFICER.staff, role=OFFICER.role.value)
        self.phone: Handset = bureau.enrol()
        self.report: Report = a_report(self.phone, fix=SEEN)
        self.id = str(self.report.id)
        bureau.receive(self.phone, sent(self.report))

    @property
    def row(self) -> Any:
        return self.bureau.row(records, id=self.id)

    @property
    def due_on(self) -> date | None:
        return self.row.due_on  # type: ignore[no-any-return]  # a row's column

    def latitude(self) -> float | None:
        return (self.row.body["fix"] or {}).get("lat")

    @property
    def told(self) -> list[tuple[str, str | None, str]]:
        rows = self.bureau.rows(answers, report=self.id)
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        return [(row.state, row.reason, row.comment) for row in rows]

    def step(self, staff: Staff, to: str, settings: CaseSettings = AT_ONCE, **said: Any) -> None:
        self.now += timedelta(minutes=1)
        kind = StepKind(said.pop("kind", "move"))
        decision = Decision(to, self.row.state, self.row.revision, kind=kind, **said)
        decide(self.bureau.store, staff, self.id, decision, self.now, settings)

    def through(self, *states: str) -> None:
        """By the shortest words, to where a test begins."""
        said: dict[str, tuple[Staff, dict[str, Any]]] = {
            "20": (SUPERVISOR, {}),
            "30": (SUPERVISOR, {"assignee": "anjian1"}),
            "40": (OFFICER, {}),
            "50": (OFFICER, {"comment": "正在上课", "checks": CHECKED}),
            "55": (OFFICER, {"comment": "请核查登记", "department": "MARKET"}),
            "60": (OFFICER, {"comment": "未见上课", "checks": CHECKED}),
        }
        for state in states:
            staff, words = said[state]
            self.step(staff, state, **words)

    def back(self, comment: str = "") -> None:
        self.step(OFFICER, "40", reason="NOT_OURS", comment=comment)


@pytest.fixture
def case(bureau: Bureau) -> Case:
    return Case(bureau)


def test_a_case_is_handed_over_comes_back_and_is_closed_and_the_worker_hears_it(
    case: Case,
) -> None:
    case.step(SUPERVISOR, "20", comment="已转社区核实")
    case.step(SUPERVISOR, "30", assignee="shequ1", comment="请今晚去看")
    case.step(COMMUNITY, "40")
    case.step(COMMUNITY, "50", comment="到场时正在上课", checks=CHECKED)
    case.step(OFFICER, "55", comment="请核查登记", department="MARKET")
    case.back(comment="不在本部门范围")
    case.step(OFFICER, "55", comment="请核查备案", department="CIVIL")
    with pytest.raises(BadDecision, match="receipt_needed"):
        case.step(OFFICER, "60", comment="已办结")
    case.step(OFFICER, "55", kind="receipt", receipt="收〔2026〕8号")
    case.step(OFFICER, "60", comment="民政部门已约谈")
    with pytest.raises(BadDecision, match="feedback_needed"):
        case.step(SUPERVISOR, "73", reason="SETTLED_THERE")
    case.step(SUPERVISOR, "73", reason="SETTLED_THERE", comment="民政部门已办结，感谢上报")
    case.step(SUPERVISOR, "80", reason="IN_ORDER")
    assert case.told == [
        ("20", None, "已转社区核实"),
        ("30", None, ""),
        ("40", None, ""),
        ("50", None, ""),
        ("55", None, ""),
        ("40", None, ""),
        ("55", None, ""),
        ("60", None, ""),
        ("73", "SETTLED_THERE", "民政部门已办结，感谢上报"),
    ]
    said = [row.said for row in case.bureau.rows(case_events, id=case.id) if row.said]
    assert {"department": "MARKET", "number": "2026-0001"} in said
    assert {"department": "CIVIL", "number": "2026-0002"} in said
    assert {"checks": "PUPILS_THERE=no,LIVED_IN=yes"} in said
    noted = [row.what for row in case.bureau.rows(audit) if row.subject == case.id]
    assert noted[-3:] == ["decide_60", "decide_73", "decide_80"] and "decide_receipt" in noted


def test_a_third_return_is_for_all_departments_together(case: Case) -> None:
    case.through("20", "30", "40")
    for _ in range(3):
        case.through("55")
        case.back()
    with case.bureau.store.reading() as tx:
        found = opened(tx, case.row, case.now, Levels())
    assert (found.standing.rounds, found.standing.returns) == (3, 3)
    assert found.deadline and found.deadline.clock is CaseClock.VERIFY


def test_only_whoever_was_sent_there_verifies_for_a_community(case: Case) -> None:
    case.through("20")
    for post, code in (("wg1", "assignee_unknown"), ("nobody", "assignee_unknown")):
        with pytest.raises(BadDecision, match=code):
            case.step(SUPERVISOR, "30", assignee=post)
    case.step(SUPERVISOR, "30", assignee="anjian1")
    with pytest.raises(BadDecision, match="not_assigned"):
        case.step(COMMUNITY, "40")
    case.step(OFFICER, "30", kind="assign", assignee="shequ1")
    case.step(COMMUNITY, "40")
    assert case.row.state == "40"


def test_a_post_of_another_community_is_not_sent(bureau: Bureau) -> None:
    case = Case(bureau)
    with bureau.store.writing() as tx:
        people.add(tx, staff="shequ2", role="COMMUNITY", community="999900100002")
    case.through("20")
    with pytest.raises(BadDecision, match="assignee_elsewhere"):
        case.step(SUPERVISOR, "30", assignee="shequ2")


def test_a_closed_record_no_longer_says_where_the_worker_stood(case: Case) -> None:
    """Rule L8: nor does what arrives later; the arrival itself stays sealed as it came."""
    case.through("20", "30", "40", "60")
    assert case.latitude() == SEEN.lat
    case.step(SUPERVISOR, "70", HELD, reason="NOTHING_SEEN", comment="到场未见上课")
    assert case.latitude() is None
    last = case.bureau.rows(case_events, id=case.id)[-1].n
    undo(case.bureau.store, SUPERVISOR, case.id, last, case.now, HELD)
    assert (case.row.state, case.latitude()) == ("60", SEEN.lat)
    case.step(SUPERVISOR, "70", reason="NOTHING_SEEN", comment="到场未见上课")
    case.bureau.receive(case.phone, sent(case.report.next_revision(NOW)))
    assert (case.row.revision, case.latitude()) == (2, None)


def test_a_position_that_one_closing_took_does_not_come_back_when_a_later_one_is_undone(
    case: Case,
) -> None:
    case.step(SUPERVISOR, "29", reason="NO_SIGN")
    case.step(SUPERVISOR, "90", reason="NEW_SIGN")
    case.step(SUPERVISOR, "29", HELD, reason="NO_SIGN", comment="没有新迹象")
    undo(case.bureau.store, SUPERVISOR, case.id, 3, case.now, HELD)
    assert (case.row.state, case.latitude()) == ("90", None)
    case.bureau.receive(case.phone, sent(case.report.next_revision(NOW)))
    assert (case.row.revision, case.latitude()) == (2, None)


def test_a_deadline_is_noted_with_each_step_and_anew_when_the_calendar_changes(case: Case) -> None:
    """NOW is a Friday: a report of then is to be accepted on Monday."""
    assert case.due_on is None  # told by first_at alone
    case.step(SUPERVISOR, "15", comment="是哪个单元?")
    assert case.due_on is None
    later = NOW + timedelta(days=4)
    case.bureau.receive(case.phone, sent(case.report.next_revision(later)), now=later)
    note_answered_due(case.bureau.store, Levels())
    assert case.row.state == "10"
    assert case.due_on == date(2026, 11, 25)
    case.step(SUPERVISOR, "20")
    assert case.due_on == date(2026, 11, 27)
    off = {"holiday": "2026-11-26", "works": False, "title": "示例节"}
    with case.bureau.store.writing() as tx:
        lists.replace(tx, "holidays", [off])
    recompute_due(case.bureau.store, Levels())
    assert case.due_on == date(2026, 11, 30)
    recompute_due(case.bureau.store, Levels(verify=6))
    assert case.due_on == date(2026, 12, 1)
    case.step(SUPERVISOR, "20", kind="suspend", reason="VACATION")
    assert case.due_on is None


def test_a_question_that_is_not_answered_in_time_keeps_nobody_from_accepting(case: Case) -> None:
    case.step(SUPERVISOR, "15", comment="是哪个单元?")
    with pytest.raises(BadDecision, match="too_early"):
        case.step(SUPERVISOR, "20")
    case.now = datetime(2026, 11, 26, 1, tzinfo=UTC)  # three working days after Friday are over
    case.step(SUPERVISOR, "20")
    assert case.row.state == "20"


def test_the_second_officer_does_not_undo_what_the_first_did_meanwhile(case: Case) -> None:
    case.through("20", "30", "40", "50")
    case.step(SUPERVISOR, "50", kind="extend", reason="COMPLEX", seen_step=4)
    with pytest.raises(StateChanged):
        case.step(OFFICER, "60", comment="已整改", seen_step=4)
    case.step(OFFICER, "60", comment="已整改", seen_step=5)
    assert case.row.state == "60"


def test_a_held_answer_is_undone_without_a_trace_for_the_worker(case: Case) -> None:
    case.step(SUPERVISOR, "29", HELD, reason="NO_SIGN")
    assert case.told == []
    undo(case.bureau.store, SUPERVISOR, case.id, 1, case.now, HELD)
    assert case.row.state == "10"
    late = case.now + timedelta(hours=1)
    case.step(SUPERVISOR, "20", HELD)
    with case.bureau.store.writing() as tx:
        assert held_answers.release(tx, ["wg1"], late) == {"wg1": 1}
    assert case.told == [("20", None, "")]
    steps = [(row.before, row.after, row.kind) for row in case.bureau.rows(case_events)]
    assert steps == [("10", "29", "move"), ("29", "10", "undo"), ("10", "20", "move")]


def test_what_may_have_been_heard_is_not_undone(case: Case) -> None:
    store = case.bureau.store
    case.step(SUPERVISOR, "20", HELD)
    over = case.now + HELD.hold
    with pytest.raises(UndoTooLate):
        undo(store, SUPERVISOR, case.id, 1, over, HELD)
    with pytest.raises(NotAllowed):
        undo(store, OFFICER, case.id, 1, case.now, HELD)
    with store.writing() as tx:  # a server whose clock is ahead has released it
        held_answers.release(tx, ["wg1"], over)
    with pytest.raises(UndoTooLate):
        undo(store, SUPERVISOR, case.id, 1, case.now, HELD)
    assert (case.row.state, len(case.bureau.rows(case_events))) == ("20", 1)
    case.bureau.receive(case.phone, sent(case.report.next_revision(NOW)))
    with pytest.raises(StateChanged):
        undo(store, SUPERVISOR, case.id, 1, case.now, HELD)


def test_an_answer_never_overtakes_an_earlier_one_that_waits(case: Case) -> None:
    case.step(SUPERVISOR, "20", HELD)
    case.step(SUPERVISOR, "30", assignee="anjian1")
    assert case.told == []
    with case.bureau.store.writing() as tx:
        held_answers.release(tx, ["wg1"], case.now + HELD.hold)
    assert [state for state, _, _ in case.told] == ["20", "30"]
