"""What comes up beside reports is read: calls for help, suggestions with answers, patrols."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import and_, select

from contract import wire
from contract.ids import uuid7
from contract.patrol import Alarm, Patrol, Visit
from contract.place import Fix
from contract.report import Kind, Suggestion
from sync_server.store.schema import alarms, answers, audit, patrols, suggestions
from tests.sync_server.console.office import AWAY, BOTH, HOME, Office, a_place, token

pytestmark = BOTH


def a_patrol(office: Office, n: int = 1, **changes: Any) -> Patrol:
    plain = Patrol(
        id=uuid7(office.now, n.to_bytes(10, "big")),
        device=office.phone.device,
        author="wg03",
        grid="g03",
        shift="NIGHT",
        started_at=office.now - timedelta(hours=1),
    )
    return plain.changed(**changes)


def bring(office: Office, *sent: Patrol | Suggestion) -> None:
    office.send([{"kind": type(one).__name__.lower(), "body": wire.to_json(one)} for one in sent])


def suggest(office: Office, text: str) -> Suggestion:
    said = Suggestion(
        id=uuid7(office.now, b"0123456789"),
        device=office.phone.device,
        author="wg03",
        at=office.now,
        text=text,
    )
    bring(office, said)
    return said


def all_of(office: Office, table: Any) -> Any:
    with office.store.reading() as tx:
        return tx.run(select(table).where(table.c.bureau == tx.bureau)).all()


def test_a_call_for_help_stands_on_top_until_somebody_takes_it_up(office: Office) -> None:
    called = Alarm(at=office.now - timedelta(minutes=2), compound="c001")
    patrol = a_patrol(office, alarms=(called,))
    bring(office, patrol)
    client = office.at("shenhe1")
    assert "有 1 条求助还没有人看" in client.get("/inbox").text
    assert "没有定位" in client.get("/alarms").text
    fix = Fix(lat=38.12351, lon=108.54322, accuracy_m=8, at=office.now)
    bring(office, patrol.changed(revision=2, alarms=(called.changed(fix=fix),)))
    page = client.get("/alarms")
    assert "38.12351, 108.54322" in page.text and "样例苑小区" in page.text
    assert "我来跟进" in page.text and "wg03" not in page.text
    form = {"csrf": token(page)}
    assert client.post(f"/alarms/{patrol.id}/1/seen", data={"csrf": "x"}).status_code >= 400
    for n in (1, 1, 7):
        assert client.post(f"/alarms/{patrol.id}/{n}/seen", data=form).status_code == 200
    [row] = all_of(office, alarms)
    assert (row.seen_by, row.seen_at is not None) == ("shenhe1", True)
    assert [one.what for one in all_of(office, audit)].count("see_alarm") == 1
    assert "/1/seen" not in client.get("/alarms").text
    assert "还没有人看" not in client.get("/inbox").text


def test_a_community_officer_takes_up_calls_of_their_own_community(office: Office) -> None:
    patrol = a_patrol(office, alarms=(Alarm(at=office.now),))
    bring(office, patrol)
    with office.store.writing() as tx:
        tx.run(alarms.update().where(alarms.c.bureau == tx.bureau).values(community=AWAY))
    client = office.at("shequ1")
    page = client.get("/alarms")
    assert "没有求助" in page.text and "还没有人看" not in client.get("/inbox").text
    client.post(f"/alarms/{patrol.id}/1/seen", data={"csrf": token(page)})
    assert all_of(office, alarms)[0].seen_by is None
    with office.store.writing() as tx:
        tx.run(alarms.update().where(alarms.c.bureau == tx.bureau).values(community=HOME))
    client.post(f"/alarms/{patrol.id}/1/seen", data={"csrf": token(page)})
    assert all_of(office, alarms)[0].seen_by == "shequ1"


def test_a_suggestion_is_answered_once_and_the_answer_reaches_its_post(office: Office) -> None:
    said = suggest(office, "夜里字太小<b>")
    client = office.at("shenhe1")
    page = client.get("/suggestions")
    assert "夜里字太小&lt;b&gt;" in page.text and "wg03" not in page.text
    address, form = f"/suggestions/{said.id}/answer", {"csrf": token(page)}
    for bad in (" ", "请打13800138000", "字" * 201):
        refused = client.post(address, data=form | {"answer": bad})
        assert refused.status_code == 422 and bad.strip() in refused.text
    assert client.post(address, data=form | {"answer": "下一版会放大"}).status_code == 200
    late = client.post(address, data=form | {"answer": "不改"})
    assert late.status_code == 409 and "刚才已有人答复" in late.text
    [row], [kept] = all_of(office, answers), all_of(office, suggestions)
    assert (row.author, row.report, row.about) == ("wg03", str(said.id), "suggestion")
    assert (row.state, row.comment, row.number) == ("60", "下一版会放大", office.number(1))
    assert (kept.answer, kept.answered_by) == ("下一版会放大", "shenhe1")


def test_patrols_stand_by_day_and_grid_and_name_nobody(office: Office) -> None:
    visits = (
        Visit(compound="c001", name="样例苑小区", result="CLEAR"),
        Visit(compound="c002", name="示范公寓", result="SITE"),
        Visit(compound="c001", name="样例苑小区", result="SITE"),
    )
    bring(office, a_patrol(office, visits=visits), a_patrol(office, 2, grid=None))
    page = office.at("shenhe1").get("/patrols").text
    for words in ("样例苑小区", "示范公寓", "未见异常", "夜查", "示例镇第3网格", "没有网格"):
        assert words in page, words
    both = '<span>样例苑小区</span><span class="muted">未见异常 · 疑似场所</span>'
    assert both in page and page.count("样例苑小区") == 1
    assert "wg03" not in page and office.phone.device not in page
    own = office.at("shequ1").get("/patrols").text
    assert "样例苑小区" in own and "没有网格" not in own


def test_a_damaged_patrol_hides_no_other(office: Office) -> None:
    there = (Visit(compound="c001", name="样例苑小区", result="CLEAR"),)
    bring(office, a_patrol(office, visits=there), damaged := a_patrol(office, 2))
    with office.store.writing() as tx:
        here = and_(patrols.c.bureau == tx.bureau, patrols.c.id == str(damaged.id))
        tx.run(patrols.update().where(here).values(body={"shift": 7}))
    assert "样例苑小区" in office.at("shenhe1").get("/patrols").text
    for odd in ("x", "1e400", "nan", "-1"):
        assert office.client.get("/patrols", params={"before": odd}).status_code == 200, odd


@pytest.mark.parametrize("path", ["/alarms", "/patrols", "/suggestions"])
def test_each_page_is_for_its_roles(office: Office, path: str) -> None:
    may = {"shenhe1", "ban1"} | (set() if path == "/suggestions" else {"shequ1"})
    for code in ("shenhe1", "ban1", "shequ1", "shenji1", "guanli1", "dpo1"):
        page = office.at(code).get(path)
        assert (page.status_code == 200) == (code in may), code
    empty = office.at("shenhe1").get(path).text
    assert 'class="empty card"' in empty


def test_what_needs_no_decision_is_not_in_the_inbox(office: Office) -> None:
    clear = office.report(
        kind=Kind.CLEAR, signs=(), disguises=(), count_band=None, place=a_place(building="9号楼")
    )
    site = office.report()
    office.deliver(clear, site)
    client = office.at("shenhe1")
    inbox = client.get("/inbox?state=10").text
    assert str(site.id) in inbox and str(clear.id) not in inbox and "共 1 条" in inbox
    assert str(clear.id) in client.get("/inbox?kind=CLEAR").text
    assert str(clear.id) in client.get("/inbox?q=9号楼").text
    assert "不需要决定" in client.get(f"/records/{clear.id}").text
