"""What the bureau has kept for long enough is purged (rule L12), with a tombstone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Table, func, select, update

from contract.cases import CaseState
from sync_server.casework.retention import purge
from sync_server.domain.retention import PERIOD_OF, Retention, is_case_over
from sync_server.settings import Settings
from sync_server.store.schema import (
    audit,
    complaints,
    grid_tasks,
    records,
    sealed_rooms,
    task_results,
    tombstones,
)
from tests.sync_server.console.office import BOTH, Office, token
from tests.sync_server.console.test_complaints import PLAIN, act, take
from tests.sync_server.console.test_room import kept

KEPT = Retention()


def taken(office: Office) -> str:
    return take(office).headers["location"].rsplit("/", 1)[1]


def returned(office: Office) -> str:
    number = taken(office)
    draft = office.client.get("/tasks/new", params={"complaint": number})
    task = {"csrf": token(draft), "title": "查看", "grid": "g03", "complaint": number}
    office.client.post("/tasks", data=task | {"address": "", "due": "", "note": PLAIN["text"]})
    act(office, number, "answer", answer="已去看过，未见异常。")
    act(office, number, "returned")
    return number


def count(office: Office, table: Table) -> int:
    wanted = select(func.count()).select_from(table)
    with office.store.reading() as tx:
        return int(tx.run(wanted.where(table.c.bureau == tx.bureau)).scalar_one())


@BOTH
def test_a_complaint_that_was_answered_goes_when_its_time_is_over(office: Office) -> None:
    office.at("shenhe1")
    number, waiting = returned(office), taken(office)
    with office.store.reading() as tx:
        task = tx.run(select(grid_tasks.c.task).where(grid_tasks.c.bureau == tx.bureau))
        name = task.scalar_one()
    office.deliver(office.report(task=name))
    purge(office.store, KEPT, office.now + timedelta(days=KEPT.complaint, seconds=-60))
    assert (count(office, complaints), count(office, tombstones)) == (2, 0)
    later = office.now + timedelta(days=KEPT.complaint, seconds=60)
    purge(office.store, KEPT, later)
    assert (count(office, grid_tasks), count(office, task_results)) == (0, 0)
    assert (count(office, complaints), count(office, records)) == (1, 1)
    page = office.client.get(f"/complaints/{number}")
    assert page.status_code == 410 and "这条投诉已清除" in page.text
    assert PLAIN["text"] not in page.text and number in page.text
    assert office.client.get(f"/complaints/{waiting}").status_code == 200
    assert office.client.get("/complaints/C2026-9999").status_code == 404
    with office.store.reading() as tx:
        here = (audit.c.bureau == tx.bureau, audit.c.what == "purge_complaint")
        rows = tx.run(select(audit).where(*here)).all()
    assert [(row.staff, row.subject) for row in rows] == [("retention", number)]
    purge(office.store, KEPT, later)
    assert count(office, tombstones) == 1
    log = office.at("shenji1").get("/audit").text
    assert "<td>保存期（自动）</td><td>投诉到期清除</td>" in log


def test_none_is_kept_beyond_the_ceiling(office: Office) -> None:
    office.at("shenhe1")
    taken(office)
    purge(office.store, KEPT, office.now + timedelta(days=KEPT.ceiling, seconds=-60))
    assert count(office, complaints) == 1
    purge(office.store, KEPT, office.now + timedelta(days=KEPT.ceiling, seconds=60))
    assert count(office, complaints) == 0


def test_its_number_is_never_given_again(office: Office) -> None:
    office.at("shenhe1")
    number = returned(office)
    purge(office.store, KEPT, office.now + timedelta(days=400))
    assert re.sub(r"\d$", "", number) == re.sub(r"\d$", "", taken(office)) != number


@BOTH
def test_the_room_of_a_closed_case_goes_as_its_case_does(office: Office) -> None:
    closed, still_open, gone = office.report(), office.report(), office.report()
    office.deliver(closed, still_open, gone)
    for one in (closed, still_open, gone):
        kept(office, one)
    office.withdraw(gone)
    with office.store.writing() as tx:
        here = (records.c.bureau == tx.bureau, records.c.id == str(closed.id))
        tx.run(update(records).where(*here).values(state="71", changed_at=office.now))
    left = {
        KEPT.unfounded - 1: {closed, still_open, gone},
        KEPT.unfounded + 1: {closed, still_open},
        KEPT.unverifiable - 1: {closed, still_open},
        KEPT.unverifiable + 1: {still_open},
        9_999: {still_open},
    }
    for days, reports in left.items():
        purge(office.store, KEPT, office.now + timedelta(days=days))
        with office.store.reading() as tx:
            held = (sealed_rooms.c.bureau == tx.bureau, sealed_rooms.c.sealed.is_not(None))
            found = set(tx.run(select(sealed_rooms.c.record).where(*held)).scalars())
        assert found == {str(one.id) for one in reports}, days


def test_every_state_in_which_a_case_can_end_has_a_period() -> None:
    after = timedelta(days=max(KEPT.rectified, KEPT.handed_over))
    now = datetime.now(UTC)
    over = {state for state in CaseState if is_case_over(state, now - after, KEPT, now)}
    assert over == set(PERIOD_OF) == {"29", "70", "71", "72", "73", "80"}


@pytest.mark.parametrize("days", ["0", "731", "-1", "x"])
def test_a_period_is_bounded(days: str) -> None:
    found = Settings.from_environment({"XUNCHA_KEEP_COMPLAINT": "365"})
    assert found.retention == Retention(complaint=365)
    assert Settings.from_environment(found.environment()).retention == found.retention
    with pytest.raises(ValueError, match="XUNCHA_KEEP_COMPLAINT"):
        Settings.from_environment({"XUNCHA_KEEP_COMPLAINT": days})
