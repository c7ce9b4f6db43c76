"""One case for one place: who reported it hears what comes of it, each about their own report."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from contract.report import Report
from sync_server.casework.case_rules import AT_ONCE, CaseSettings
from sync_server.casework.following import part_strays
from sync_server.casework.review import decide
from sync_server.casework.undo import undo, undoable
from sync_server.domain.case_events import StepKind
from sync_server.domain.decisions import Decision
from sync_server.domain.roles import Role, Staff
from sync_server.problems import BadDecision, StateChanged
from sync_server.sites.rulings import say_same, take_back, take_out
from sync_server.store import case_events, held_answers, site_records
from sync_server.store import staff as people
from sync_server.store.engine import Tx
from sync_server.store.schema import answers, audit, records
from sync_server.store.schema import case_events as steps
from sync_server.store.schema import held_answers as waiting
from tests.builders import a_fix
from tests.sync_server.bureau import NOW, SUPERVISOR, Bureau, Handset, a_report, a_withdrawal, sent

OFFICER = Staff("anjian1", Role.CASE_OFFICER)
COMMUNITY = Staff("shequ1", Role.COMMUNITY, community="999900100001")
HELD = CaseSettings(timedelta(minutes=2))
CHECKED = (("PUPILS_THERE", "no"),)
WHY = "两次去看都是这一处"


@dataclass
class Town:
    """Two duty posts, and what the bureau decides about their reports, a minute after the other."""

    bureau: Bureau
    now: datetime = NOW
    phones: dict[str, Handset] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.bureau.store.writing() as tx:
            people.add(tx, staff=OFFICER.staff, role=OFFICER.role.value)
        self.phones = {post: self.bureau.enrol(post) for post in ("wg1", "wg2")}

    def report(self, post: str = "wg1", **place: Any) -> Report:
        """A new lead of the same door, unless `place` says another."""
        plain = a_report(self.phones[post], fix=a_fix())
        found = plain.changed(place=plain.place.changed(**place))
        self.bureau.receive(self.phones[post], sent(found), now=self.now)
        return found

    def again(self, report: Report, **changes: Any) -> None:
        """The worker sends a new revision."""
        post = report.author
        revised = report.changed(revision=report.revision + 1, **changes)
        self.bureau.receive(self.phones[post], sent(revised), now=self.now)

    def row(self, report: Report) -> Any:
        return self.bureau.row(records, id=str(report.id))

    def number(self, report: Report) -> str:
        return str(self.row(report).number)

    def states(self, *reports: Report) -> list[str]:
        return [self.row(each).state for each in reports]

    def told(self, report: Report) -> list[tuple[str, str | None]]:
        """The states that its worker was told of it, and which other record each names."""
        rows = self.bureau.rows(answers, author=report.author)
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        return [(row.state, row.same_as) for row in rows if row.report == str(report.id)]

    def step(self, report: Report, to: str, settings: CaseSettings = AT_ONCE, **said: Any) -> None:
        self.now += timedelta(minutes=1)
        row, staff = self.row(report), said.pop("by", SUPERVISOR)
        kind = StepKind(said.pop("kind", "move"))
        decision = Decision(to, row.state, row.revision, kind=kind, **said)
        decide(self.bureau.store, staff, str(report.id), decision, self.now, settings)

    def close(self, report: Report, settings: CaseSettings = AT_ONCE) -> None:
        self.step(report, "70", settings, reason="NOTHING_SEEN", comment="到场未见上课")

    def through(self, report: Report, *states: str) -> None:
        said: dict[str, dict[str, Any]] = {
            "30": {"assignee": OFFICER.staff},
            "60": {"comment": "未见上课", "checks": CHECKED},
        }
        for state in states:
            self.step(report, state, **said.get(state, {}))

    def undo(self, report: Report, settings: CaseSettings = HELD) -> None:
        with self.bureau.store.reading() as tx:
            last = case_events.last_number(tx, str(report.id)) or 0
        undo(self.bureau.store, SUPERVISOR, str(report.id), last, self.now, settings)

    def settle(self, tx: Tx, ids: Any) -> None:
        part_strays(tx, ids, (SUPERVISOR.staff, SUPERVISOR.role.value), self.now, AT_ONCE)


@pytest.fixture
def town(bureau: Bureau) -> Town:
    return Town(bureau)


def test_who_reported_a_place_hears_what_comes_of_it_about_their_own_report(town: Town) -> None:
    one, other, elsewhere = town.report(), town.report("wg2"), town.report("wg2", unit="1单元")
    number = town.number(one)
    town.through(one, "20", "30", "40", "60")
    assert town.states(one, other, elsewhere) == ["60", "25", "10"]
    town.close(one)
    heard = ["20", "30", "40", "60", "70"]
    assert town.told(one) == [(state, None) for state in heard]
    assert town.told(other) == [(state, number) for state in heard]
    assert town.states(one, other, elsewhere) == ["70", "70", "10"]
    assert town.row(other).body["fix"] is None  # rule L8
    said = [row.comment for row in town.bureau.rows(answers, author="wg2")]
    assert said == ["", "", "", "", "到场未见上课"]
    noted = [row for row in town.bureau.rows(audit) if row.subject == str(other.id)]
    assert [row.reason for row in noted] == [f"{state}: {number}" for state in heard]
    assert {row.what for row in noted} == {"follow"}


def test_what_is_between_officers_stays_there_for_followers_too(town: Town) -> None:
    one, other = town.report(), town.report("wg2")
    town.step(one, "20", comment="已转社区核实")
    town.step(one, "30", assignee=OFFICER.staff, comment="请今晚去看")
    said = [row.comment for row in town.bureau.rows(answers, author="wg2")]
    assert said == ["已转社区核实", ""]
    assert [row.comment for row in town.bureau.rows(steps, id=str(other.id))] == said


def test_a_question_and_a_rejection_are_about_one_report_alone(town: Town) -> None:
    one, other = town.report(), town.report("wg2")
    town.step(one, "15", comment="是哪个单元?")
    assert town.states(one, other) == ["15", "10"]
    town.step(one, "29", reason="NO_SIGN")
    assert town.states(one, other) == ["29", "10"] and town.told(other) == []


def test_a_lead_in_each_early_state_is_taken_along_and_a_case_of_its_own_is_not(
    town: Town,
) -> None:
    asked, accepted, sent_there = town.report(), town.report(), town.report()
    gone = town.report("wg2")
    town.bureau.receive(town.phones["wg2"], sent(a_withdrawal(gone)))
    town.step(asked, "15", comment="是哪个单元?")
    with_case = town.report("wg2")
    assert town.states(asked) == ["15"]
    town.step(sent_there, "20")
    assert town.states(asked, accepted, with_case, gone) == ["25", "25", "25", "10"]
    late = town.report("wg2")
    town.through(sent_there, "30", "40")
    assert town.states(late) == ["25"]
    new_sign = town.report("wg2")
    town.through(sent_there, "60")
    town.close(sent_there)
    assert town.states(new_sign, late) == ["10", "70"] and town.told(new_sign) == []


def test_a_case_that_is_under_way_stays_its_own(town: Town) -> None:
    one = town.report()
    town.through(one, "20", "30")
    other = town.report("wg2")
    town.step(other, "20")
    assert town.states(one, other) == ["30", "20"]
    town.step(one, "40")
    assert town.states(one, other) == ["40", "25"]


def test_a_community_takes_nobody_along_and_its_steps_reach_followers(town: Town) -> None:
    one, other = town.report(), town.report("wg2")
    town.step(one, "20")
    town.step(one, "30", assignee=COMMUNITY.staff)
    late = town.report("wg2")
    town.step(one, "40", by=COMMUNITY)
    assert town.states(one, other, late) == ["40", "25", "10"]
    assert town.told(other)[-1] == ("40", town.number(one))


def test_undoing_a_step_undoes_it_for_all_and_no_phone_hears_it(town: Town) -> None:
    one, other = town.report(), town.report("wg2")
    town.step(one, "20", HELD)
    assert (town.states(one, other), town.bureau.count(waiting)) == (["20", "25"], 2)
    town.undo(one)
    assert (town.states(one, other), town.bureau.count(waiting)) == (["10", "10"], 0)
    assert town.row(other).follows is None
    town.through(one, "20", "30", "40", "60")
    before = town.told(other)
    town.close(one, HELD)
    town.undo(one)
    assert town.states(one, other) == ["60", "25"] and town.told(other) == before
    assert town.row(other).body["fix"] is not None
    assert town.row(other).follows == town.number(one)


def test_a_followers_own_page_undoes_nothing(town: Town) -> None:
    one, other = town.report(), town.report("wg2")
    town.step(one, "20", HELD)
    with town.bureau.store.reading() as tx:
        assert undoable(tx, SUPERVISOR, str(other.id), town.now, HELD) is None
        assert undoable(tx, SUPERVISOR, str(one.id), town.now, HELD)
    with pytest.raises(StateChanged):
        town.undo(other)


def test_nothing_is_undone_where_something_came_after_it(town: Town) -> None:
    one, other = town.report(), town.report("wg2")
    town.step(one, "20", HELD)
    number = case_of(town, one)
    town.again(other, note="又看了一次")
    with pytest.raises(StateChanged):
        undo(town.bureau.store, SUPERVISOR, str(one.id), number, town.now, HELD)
    assert (town.states(one, other), town.bureau.count(waiting)) == (["20", "25"], 2)


def case_of(town: Town, report: Report) -> int:
    with town.bureau.store.reading() as tx:
        return case_events.last_number(tx, str(report.id)) or 0


def test_joining_by_hand_needs_an_open_case_of_the_same_place(town: Town) -> None:
    one = town.report()
    town.through(one, "20", "30", "40", "60")
    late, elsewhere = town.report("wg2"), town.report("wg2", unit="1单元")
    number = town.number(one)
    wrong = {
        "same_as_needed": (late, None),
        "duplicate_unknown": (late, "9999-777777"),
        "same_as_elsewhere": (elsewhere, number),
        "same_as_not_open": (late, town.number(town.report())),
    }
    for code, (report, said) in wrong.items():
        with pytest.raises(BadDecision, match=code):
            town.step(report, "25", by=OFFICER, same_as=said)
    with pytest.raises(BadDecision, match="duplicate_unknown"):
        town.step(late, "25", same_as=town.number(late))
    town.step(late, "25", by=OFFICER, same_as=number, comment="与前一条一并办理")
    assert town.told(late) == [("25", number)]
    town.close(one)
    assert town.told(late) == [("25", number), ("70", number)]


def test_taking_it_back_gives_a_lead_its_own_case_where_it_was(town: Town) -> None:
    one, other = town.report(), town.report("wg2")
    town.step(other, "15", comment="是哪个单元?")
    town.through(one, "20", "30")
    with pytest.raises(BadDecision, match="move_not_possible"):
        town.step(other, "20")
    town.step(other, "15", by=OFFICER, comment="这条另行处理")
    assert (town.states(one, other), town.row(other).follows) == (["30", "15"], None)
    assert town.bureau.rows(answers, author="wg2")[-1].comment == "这条另行处理"
    heard = town.told(other)
    assert [state for state, _ in heard] == ["15", "20", "30", "15"]
    town.again(other)
    assert town.states(other) == ["10"]
    town.step(one, "40")
    assert town.states(other) == ["10"] and town.told(other) == heard  # not taken along again
    town.step(other, "20")
    assert town.states(one) == ["40"]
    town.step(other, "25", same_as=town.number(one))
    assert town.told(other)[-2:] == [("20", None), ("25", town.number(one))]


def test_a_case_that_is_taken_back_does_not_take_the_other_one_along(town: Town) -> None:
    one, other = town.report(), town.report("wg2")
    town.step(other, "20")
    town.step(one, "10")
    town.through(one, "20")
    assert town.states(one, other) == ["20", "20"]  # as far as the other: not taken along
    town.through(one, "30")
    late = town.report()
    assert town.states(one, other) == ["30", "25"]
    town.step(other, "20")
    assert town.states(one, other, late) == ["30", "20", "10"]


def test_a_case_that_joins_another_one_brings_its_followers(town: Town) -> None:
    leader, middle, last = town.report(), town.report("wg2"), town.report("wg2")
    town.through(leader, "20", "30")
    assert town.states(middle, last) == ["25", "25"]
    town.step(middle, "10")
    town.step(middle, "20")
    assert town.row(last).follows == town.number(leader)  # it has a leader
    newest = town.report("wg1")
    town.step(middle, "30", assignee=OFFICER.staff)
    assert town.row(newest).follows == town.number(middle)
    town.step(middle, "20", reason="WRONG_POST")
    town.step(middle, "25", same_as=town.number(leader))
    town.step(leader, "40")
    number = town.number(leader)
    assert [town.told(each)[-1] for each in (middle, last, newest)] == [("40", number)] * 3
    assert {town.row(each).follows for each in (middle, last, newest)} == {number}


def test_a_lead_that_is_ruled_out_of_the_place_has_its_own_case_again(town: Town) -> None:
    one, other = town.report(), town.report("wg2")
    town.step(one, "20")
    take_out(town.bureau.store, SUPERVISOR, str(other.id), WHY, NOW, town.settle)
    assert (town.states(one, other), town.row(other).follows) == (["20", "10"], None)
    assert [state for state, _ in town.told(other)] == ["20", "10"]
    town.through(one, "30")
    assert [state for state, _ in town.told(other)] == ["20", "10"]
    take_back(town.bureau.store, SUPERVISOR, 1, NOW, town.settle)
    town.step(one, "40")
    assert town.states(other) == ["25"]


def test_a_leader_that_is_ruled_out_of_the_place_leaves_its_followers_where_they_were(
    town: Town,
) -> None:
    one, other = town.report(), town.report("wg2")
    town.step(one, "20")
    take_out(town.bureau.store, SUPERVISOR, str(one.id), WHY, NOW, town.settle)
    assert town.states(one, other) == ["20", "10"]


def test_two_sites_that_are_parted_again_have_a_case_each(town: Town) -> None:
    one, other = town.report(), town.report("wg2", unit=None)
    with town.bureau.store.reading() as tx:
        pair = (site_records.root_of(tx, str(other.id)), site_records.root_of(tx, str(one.id)))
    assert pair[0] and pair[1]
    say_same(town.bureau.store, SUPERVISOR, (pair[0], pair[1]), WHY, NOW)
    town.step(one, "20")
    assert town.states(other) == ["25"]
    take_back(town.bureau.store, SUPERVISOR, 1, NOW, town.settle)
    assert town.states(one, other) == ["20", "10"]


def test_what_was_concluded_together_stays_so_when_the_place_is_parted(town: Town) -> None:
    one, other = town.report(), town.report("wg2")
    town.through(one, "20", "30", "40", "60")
    town.close(one)
    heard = town.told(other)
    take_out(town.bureau.store, SUPERVISOR, str(other.id), WHY, NOW, town.settle)
    assert (town.states(other), town.row(other).follows) == (["70"], None)
    town.step(one, "90", reason="NEW_SIGN")
    assert town.states(one, other) == ["90", "70"] and town.told(other) == heard


def test_a_new_address_takes_a_report_out_of_the_case_that_it_followed(town: Town) -> None:
    one, other = town.report(), town.report("wg2")
    town.step(one, "20")
    town.again(other, place=other.place.changed(unit="1单元"))
    assert (town.states(one, other), town.row(other).follows) == (["20", "10"], None)
    with town.bureau.store.writing() as tx:  # as the call does that brought it
        held_answers.release(tx, ["wg2"], town.now)
    assert [state for state, _ in town.told(other)] == ["20", "10"]


def test_followers_of_a_leader_with_a_new_address_are_parted_with_its_next_step(
    town: Town,
) -> None:
    one, other = town.report(), town.report("wg2")
    town.step(one, "20")
    town.again(one, place=one.place.changed(unit="1单元"))
    town.step(one, "30", assignee=OFFICER.staff)
    assert town.states(one, other) == ["30", "10"]
    assert [state for state, _ in town.told(other)] == ["20", "10"]


def test_a_case_that_is_opened_again_takes_its_followers_with_it(town: Town) -> None:
    one, other = town.report(), town.report("wg2")
    town.through(one, "20", "30", "40", "60")
    town.close(one)
    town.step(one, "80", reason="IN_ORDER")
    assert town.states(one, other) == ["80", "70"]
    town.step(one, "90", reason="NEW_SIGN")
    assert town.states(one, other) == ["90", "25"]
    assert town.told(other)[-1] == ("90", town.number(one))
    town.step(one, "72", reason="STOPPED", comment="已停止")
    assert town.states(one, other) == ["72", "72"]


def test_a_revision_of_a_closed_follower_says_no_position(town: Town) -> None:
    """Rule L8."""
    one, other = town.report(), town.report("wg2")
    town.through(one, "20", "30", "40", "60")
    town.close(one)
    town.again(other, note="又看了一次")
    assert (town.row(other).revision, town.row(other).body["fix"]) == (2, None)


def test_one_post_with_two_reports_hears_of_each_once(town: Town) -> None:
    one, other = town.report(), town.report()
    town.step(one, "20", HELD)
    with town.bureau.store.writing() as tx:
        assert held_answers.release(tx, ["wg1"], town.now + HELD.hold) == {"wg1": 2}
    assert (town.told(one), town.told(other)) == ([("20", None)], [("20", town.number(one))])
