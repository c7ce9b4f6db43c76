"""Rule L13: where a worker has an interest in a place, another grid looks at it."""

import re

import pytest
from httpx import Response
from sqlalchemy import delete, update

from contract.report import Report
from sync_server.store import lists, records
from sync_server.store.schema import grids, staff
from tests.sync_server.console.office import BOTH, Office, a_place, token
from tests.sync_server.console.test_complaints import act, take
from tests.sync_server.console.test_tasks import give, on_phones

GRIDS = re.compile(r'<option value="(g\d+)"')
INTEREST = {"conflict_of_interest": True}


@pytest.fixture(autouse=True)
def _no_other_tasks(office: Office) -> None:
    """The county has some of its own."""
    with office.store.writing() as tx:
        lists.replace(tx, "tasks", [])


def accepted(office: Office, report: Report) -> Report:
    office.deliver(report)
    office.at("shenhe1")
    assert office.decide(report.id, "20").status_code == 303
    return report


def assigned(office: Office, report: Report) -> Response:
    return office.decide(report.id, "30", assignee="ban1")


def draft(office: Office, **asked: str) -> str:
    page = office.client.get("/tasks/new", params=asked)
    assert page.status_code == 200
    return page.text


@BOTH
def test_a_report_with_an_interest_is_a_task_for_another_grid_before_anybody_is_sent(
    office: Office,
) -> None:
    report = accepted(office, office.report(**INTEREST))
    page = office.client.get(f"/records/{report.id}").text
    assert 'data-hint="other_grid"' in page and 'id="to-30"' not in page
    refused = assigned(office, report)
    assert refused.status_code == 422 and "请先给另一个网格派任务去看" in refused.text
    assert give(office, record=str(report.id), grid="g04").status_code == 303
    [task] = on_phones(office, "g04")
    assert "利害" not in f"{task.title}{task.note}" and on_phones(office, "g03") == []
    page = office.client.get(f"/records/{report.id}").text
    assert 'data-hint="other_grid"' not in page and 'id="to-30"' in page
    assert assigned(office, report).status_code == 303


@BOTH
def test_its_own_grid_is_neither_offered_nor_taken(office: Office) -> None:
    report = accepted(office, office.report(**INTEREST))
    page = draft(office, record=str(report.id))
    assert GRIDS.findall(page) == ["g04", "g05"] and "不派给：示例镇第3网格" in page
    refused = give(office, record=str(report.id), grid="g03")
    assert refused.status_code == 422 and "请选其他网格" in refused.text
    assert GRIDS.findall(refused.text) == ["g04", "g05"]
    assert on_phones(office) == []


def test_a_task_that_was_taken_back_sent_it_nowhere(office: Office) -> None:
    report = accepted(office, office.report(**INTEREST))
    give(office, record=str(report.id), grid="g04")
    [task] = on_phones(office, "g04")
    form = {"csrf": token(office.client.get("/tasks"))}
    office.client.post(f"/tasks/{task.id}/take-back", data=form)
    assert assigned(office, report).status_code == 422


def test_a_task_that_its_own_grid_had_before_is_not_enough(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    office.at("shenhe1")
    assert give(office, record=str(report.id), grid="g03").status_code == 303
    accepted(office, report.changed(revision=2, **INTEREST))
    assert assigned(office, report).status_code == 422


def test_without_the_tick_nothing_is_asked(office: Office) -> None:
    report = accepted(office, office.report())
    assert 'data-hint="other_grid"' not in office.client.get(f"/records/{report.id}").text
    assert GRIDS.findall(draft(office, record=str(report.id))) == ["g03", "g04", "g05"]
    assert give(office, record=str(report.id), grid="g03").status_code == 303
    assert assigned(office, report).status_code == 303


def test_before_it_is_accepted_only_the_tick_is_told(office: Office) -> None:
    report = office.report(**INTEREST)
    office.deliver(report)
    page = office.at("shenhe1").get(f"/records/{report.id}").text
    assert 'data-hint="conflict"' in page and 'data-hint="other_grid"' not in page


def test_the_grid_that_counts_is_the_workers_and_not_the_places(office: Office) -> None:
    report = accepted(office, office.report(place=a_place(grid="g04"), **INTEREST))
    assert GRIDS.findall(draft(office, record=str(report.id))) == ["g04", "g05"]


def test_of_a_worker_without_a_grid_it_is_the_places(office: Office) -> None:
    report = accepted(office, office.report(place=a_place(grid="g04"), **INTEREST))
    with office.store.writing() as tx:
        tx.run(update(staff).where(staff.c.bureau == tx.bureau).values(grid=None))
    assert GRIDS.findall(draft(office, record=str(report.id))) == ["g03", "g05"]


def test_an_interest_in_a_report_that_follows_counts_as_well(office: Office) -> None:
    leader, follower = office.report(), office.report(**INTEREST)
    office.deliver(follower)
    accepted(office, leader)
    assert GRIDS.findall(draft(office, record=str(leader.id))) == ["g04", "g05"]
    assert assigned(office, leader).status_code == 422


def test_it_is_not_taken_along_by_a_case_in_which_somebody_is_sent_already(office: Office) -> None:
    leader, late, other = office.report(), office.report(**INTEREST), office.report()
    accepted(office, leader)
    office.deliver(late, other)
    assert assigned(office, leader).status_code == 303
    with office.store.reading() as tx:
        rows = [records.one(tx, str(one.id)) for one in (late, other)]
    assert [row.state for row in rows if row] == ["10", "25"]


def test_a_task_for_a_complaint_about_it_is_for_another_grid_too(office: Office) -> None:
    accepted(office, office.report(**INTEREST))
    number = take(office).headers["location"].rpartition("/")[2]
    assert GRIDS.findall(draft(office, complaint=number)) == ["g03", "g04", "g05"]
    assert act(office, number, "lead", lead=office.number(1)).status_code == 200
    assert GRIDS.findall(draft(office, complaint=number)) == ["g04", "g05"]
    assert give(office, complaint=number, grid="g03").status_code == 422


def test_a_bureau_with_one_grid_is_not_held_up(office: Office) -> None:
    report = accepted(office, office.report(**INTEREST))
    with office.store.writing() as tx:
        tx.run(delete(grids).where(grids.c.bureau == tx.bureau, grids.c.grid != "g03"))
    assert assigned(office, report).status_code == 303
