"""Who else has a record open: a role and no person, for a minute, in no log, and without a lock."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from httpx import Client, Response
from sqlalchemy import func, select, update

from sync_server.console.sessions import COOKIE
from sync_server.store import open_pages
from sync_server.store import staff as people
from sync_server.store.schema import audit, sessions
from sync_server.store.schema import open_pages as table
from tests.sync_server.console.browser import InThisProcess
from tests.sync_server.console.office import AWAY, BOTH, Office, a_place


@pytest.fixture
def sit_down(office: Office) -> Callable[[str], Client]:
    """Each with a browser of their own."""

    def opened(code: str) -> Client:
        transport = office.client._transport
        assert isinstance(transport, InThisProcess)
        mine = Client(transport=InThisProcess(transport.app), base_url=office.client.base_url)
        mine.cookies.set(COOKIE, office.at(code).cookies[COOKIE], domain=mine.base_url.host)
        return mine

    return opened


def line(page: Response) -> str:
    return page.text.partition('id="viewers"')[2].partition(">")[2].partition("<")[0]


@BOTH
def test_two_who_have_a_record_open_see_each_other_by_role(
    office: Office, sit_down: Callable[[str], Client]
) -> None:
    report, other = office.report(), office.report()
    office.deliver(report, other)
    path = f"/records/{report.id}"
    one, two = sit_down("shenhe1"), sit_down("ban1")
    assert line(one.get(path)) == ""
    page = two.get(path)
    assert line(page) == "旗局审核员 正在看" and "shenhe1" not in page.text
    assert one.get(f"{path}/viewers").text == "持证办案人员 正在看"
    assert line(one.get(path)) == "持证办案人员 正在看"
    assert line(two.get(f"/records/{other.id}")) == ""


def test_several_posts_of_one_role_are_counted(
    office: Office, sit_down: Callable[[str], Client]
) -> None:
    report = office.report()
    office.deliver(report)
    with office.store.writing() as tx:
        for code in ("shenhe2", "shenhe3"):
            people.add(tx, staff=code, role="SUPERVISOR", community=None, grid=None)
            open_pages.note_open(tx, str(report.id), code, "SUPERVISOR", office.now)
    said = sit_down("ban1").get(f"/records/{report.id}/viewers").text
    assert said == "旗局审核员（2 个岗位） 正在看"


@BOTH
def test_after_a_minute_without_a_sign_nobody_is_there(
    office: Office, sit_down: Callable[[str], Client]
) -> None:
    report = office.report()
    office.deliver(report)
    one, two = sit_down("shenhe1"), sit_down("ban1")
    one.get(f"/records/{report.id}")
    with office.store.writing() as tx:
        tx.run(update(table).values(at=office.now - timedelta(seconds=61)))
    assert line(two.get(f"/records/{report.id}")) == ""
    with office.store.reading() as tx:
        left = tx.run(select(table.c.staff).where(table.c.bureau == tx.bureau)).scalars().all()
    assert left == ["ban1"]


def test_looking_on_is_in_no_log_and_keeps_no_session_alive(
    office: Office, sit_down: Callable[[str], Client]
) -> None:
    report = office.report()
    office.deliver(report)
    one = sit_down("shenhe1")
    one.get(f"/records/{report.id}")
    earlier = office.now - timedelta(minutes=10)
    with office.store.writing() as tx:
        tx.run(update(sessions).values(seen_at=earlier))
        before = tx.run(select(func.count()).select_from(audit)).scalar_one()
    for _ in range(3):
        assert one.get(f"/records/{report.id}/viewers").status_code == 200
    with office.store.reading() as tx:
        assert set(tx.run(select(sessions.c.seen_at)).scalars()) == {earlier}
        assert tx.run(select(func.count()).select_from(audit)).scalar_one() == before
    one.get(f"/records/{report.id}")
    with office.store.reading() as tx:
        assert set(tx.run(select(sessions.c.seen_at)).scalars()) != {earlier}


def test_an_ended_session_is_not_led_away_from_what_it_writes(
    office: Office, sit_down: Callable[[str], Client]
) -> None:
    report = office.report()
    office.deliver(report)
    one = sit_down("shenhe1")
    office.end_sessions()
    answer = one.get(f"/records/{report.id}/viewers", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.text) == (401, "")
    assert "location" not in answer.headers and "hx-redirect" not in answer.headers


def test_who_may_not_see_a_record_is_told_of_nobody(
    office: Office, sit_down: Callable[[str], Client]
) -> None:
    report = office.report(place=a_place(community=AWAY))
    office.deliver(report)
    sit_down("shenhe1").get(f"/records/{report.id}")
    for code in ("shequ1", "shenji1"):
        answer = sit_down(code).get(f"/records/{report.id}/viewers")
        assert answer.status_code == 403 and "正在看" not in answer.text
