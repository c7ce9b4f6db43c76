"""A worker doubts what came of a report: once, in time, and only about a result."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contract.protocol import Outcome
from contract.report import Objection, Report
from contract.wire import Json
from sync_server.casework.case_rules import CaseSettings
from sync_server.intake.receive import IntakeResult
from sync_server.store import held_answers
from sync_server.store.schema import answers, arrivals, case_events
from tests.sync_server.bureau import Bureau, codes, outcomes, sent
from tests.sync_server.test_following import HELD, Town, town

__all__ = ["town"]
WORDS = "昨晚19:00还有学生进出"


def objection(report: Report, now: datetime, **changes: Any) -> Json:
    said = Objection(
        id=report.id,
        revision=report.revision,
        device=report.device,
        author=report.author,
        at=now,
        text=WORDS,
    )
    return sent(said.changed(**changes))


def doubt(town: Town, report: Report, **changes: Any) -> IntakeResult:
    """The objection arrives, and the answers that are due are released, as the call does."""
    town.now += timedelta(minutes=1)
    thing = objection(report, town.now, **changes)
    came = town.bureau.receive(town.phones[report.author], thing, now=town.now)
    with town.bureau.store.writing() as tx:
        held_answers.release(tx, [report.author], town.now)
    return came


@pytest.fixture
def closed(town: Town) -> Report:
    """A report that was concluded as unfounded."""
    report = town.report()
    town.through(report, "20", "30", "40", "60")
    town.close(report)
    return report


def until(bureau: Bureau, report: Report) -> Any:
    return bureau.rows(answers, author=report.author)[-1].object_until


def test_an_objection_opens_the_case_for_review_with_its_words(town: Town, closed: Report) -> None:
    assert until(town.bureau, closed).isoformat() == "2026-12-11"  # 15 working days from a Friday
    assert outcomes(doubt(town, closed)) == [Outcome.RECORDED]
    step = town.bureau.rows(case_events, id=str(closed.id))[-1]
    assert (step.before, step.after, step.role) == ("70", "90", "GRID")
    assert (step.reason, step.comment) == ("OBJECTION", WORDS)
    assert town.states(closed) == ["90"] and town.told(closed)[-1] == ("90", None)
    assert town.row(closed).due_on is not None
    town.step(closed, "40")
    town.through(closed, "60")
    town.close(closed)
    assert [state for state, _ in town.told(closed)][-4:] == ["90", "40", "60", "70"]
    assert until(town.bureau, closed) is None  # there is no second one


def test_an_objection_that_comes_again_is_the_same_and_a_second_one_is_refused(
    town: Town, closed: Report
) -> None:
    at = town.now
    assert outcomes(doubt(town, closed, at=at)) == [Outcome.RECORDED]
    assert outcomes(doubt(town, closed, at=at)) == [Outcome.HELD]
    town.step(closed, "70", reason="NOTHING_SEEN", comment="复核后维持")
    assert codes(doubt(town, closed, text="还是有人")) == ["objection_again"]
    assert town.states(closed) == ["70"]
    kinds = [row.kind for row in town.bureau.rows(arrivals, id=str(closed.id))]
    assert kinds.count("objection") == 1


def test_an_objection_counts_by_when_it_was_written(town: Town, closed: Report) -> None:
    last = datetime.fromisoformat("2026-12-11T23:00:00+08:00")
    town.now = last + timedelta(days=3)  # it was offline
    late = codes(doubt(town, closed, at=last + timedelta(hours=2)))
    assert late == ["objection_late"] and town.states(closed) == ["70"]
    assert outcomes(doubt(town, closed, at=last)) == [Outcome.RECORDED]


def test_what_is_not_concluded_cannot_be_objected_to(town: Town) -> None:
    open_case, unknown = town.report(), town.report()
    assert codes(doubt(town, open_case)) == ["objection_not_possible"]
    town.step(open_case, "20")
    assert codes(doubt(town, open_case)) == ["objection_not_possible"]
    assert town.states(open_case, unknown) == ["20", "25"]


def test_nobody_objects_about_the_report_of_another(town: Town, closed: Report) -> None:
    thing = objection(closed, town.now, author="wg2", device=town.phones["wg2"].phone.device)
    came = town.bureau.receive(town.phones["wg2"], thing, now=town.now)
    assert codes(came) == ["not_yours"] and town.states(closed) == ["70"]


@pytest.mark.parametrize("text", ["", "问" * 201, "联系 13912345678", "3号楼2单元501室还在上课"])
def test_the_words_of_an_objection_are_screened(town: Town, closed: Report, text: str) -> None:
    assert codes(doubt(town, closed, text=text)) == ["flawed"] and town.states(closed) == ["70"]


def test_a_rejection_may_be_doubted(town: Town) -> None:
    report = town.report()
    town.step(report, "29", reason="NO_SIGN")
    assert outcomes(doubt(town, report)) == [Outcome.RECORDED]
    town.step(report, "29", reason="NO_SIGN", comment="维持")
    assert town.states(report) == ["29"]


def test_a_result_that_no_phone_has_heard_cannot_be_doubted(town: Town) -> None:
    report = town.report()
    town.through(report, "20", "30", "40", "60")
    town.close(report, HELD)
    assert codes(doubt(town, report)) == ["objection_late"]


def test_who_follows_a_case_and_doubts_its_result_has_a_case_of_their_own(town: Town) -> None:
    one, other = town.report(), town.report("wg2")
    town.through(one, "20", "30", "40", "60")
    town.close(one)
    assert outcomes(doubt(town, other)) == [Outcome.RECORDED]
    assert (town.states(one, other), town.row(other).follows) == (["70", "90"], None)
    town.step(other, "40", CaseSettings())
    assert town.states(one) == ["70"]
