"""Complaints: taken in without who complained, found beside what is open, answered, sent back."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from httpx import Response
from sqlalchemy import select

from contract.report import Kind
from sync_server.accounts.phones import phone_of
from sync_server.domain.complaints import (
    ComplaintState,
    complaint_due,
    complaint_state,
)
from sync_server.domain.task_state import TaskState
from sync_server.domain.work_calendar import published
from sync_server.problems import NotSignedIn
from sync_server.store import complaints as complaints_store
from sync_server.store import reference
from sync_server.store.schema import audit, complaints, devices, records
from tests.sync_server.console.office import BOTH, Office, a_place, token
from tests.sync_server.console.test_tasks import walked

TODAY = datetime.now(UTC).date().isoformat()
PLAIN = {
    "channel": "HOTLINE",
    "reference": "DH20261130-0012",
    "came": TODAY,
    "address": "样例苑 ３栋 二单元",
    "text": "每天晚上六点半有十几个学生上楼，九点下来",
}


def take(office: Office, **changes: str) -> Response:
    fields = {"csrf": token(office.client.get("/complaints/new"))} | PLAIN | changes
    return office.client.post("/complaints", data=fields, follow_redirects=False)


def act(office: Office, number: str, deed: str, **fields: str) -> Response:
    """Sends one of the forms of the complaint's page, as it stands unless `version` is given."""
    page = office.client.get(f"/complaints/{number}")
    found = re.search(r'name="version" value="(\d+)"', page.text)
    data = {"csrf": token(page), "version": found[1] if found else "9"} | fields
    return office.client.post(f"/complaints/{number}/{deed}", data=data)


def similar(office: Office, address: str) -> str:
    asked = {"address": address}
    answer = office.client.get("/complaints/similar", params=asked, headers={"hx-request": "true"})
    return answer.text


@BOTH
def test_a_complaint_goes_to_a_grid_and_its_answer_goes_back_the_way_it_came(
    office: Office,
) -> None:
    office.at("shenhe1")
    taken = take(office)
    assert taken.status_code == 303
    page = office.client.get(taken.headers["location"]).text
    number = taken.headers["location"].rsplit("/", 1)[1]
    for words in ("12345 热线", "DH20261130-0012", PLAIN["text"], "待办", "15 个工作日", number):
        assert words in page, words
    draft = office.client.get("/tasks/new", params={"complaint": number})
    assert "查看：样例苑 ３栋 二单元" in draft.text and "有人反映：每天晚上" in draft.text
    assert 'value="g03" selected' in draft.text
    task = {"csrf": token(draft), "title": "查看", "grid": "g03", "complaint": number}
    there = office.client.post("/tasks", data=task | {"address": PLAIN["address"], "due": ""})
    assert str(there.url).endswith(f"/complaints/{number}") and "网格查看中" in there.text
    with office.store.reading() as tx:
        sent = [one for one in reference.tasks_for(tx, "g03", None) if one.title == "查看"]
    assert [(one.compound, one.building) for one in sent] == [("c001", "3号楼")]
    clear = {"kind": Kind.CLEAR, "signs": (), "disguises": (), "count_band": None}
    office.deliver(office.report(task=sent[0].id, **clear))
    page = office.client.get(f"/complaints/{number}").text
    assert "已看，待答复" in page and "在公共区域未见异常" in page
    answered = act(office, number, "answer", answer="已到现场查看，未见异常。")
    assert "答复待送回" in answered.text and 'data-copy="已到现场查看，未见异常。"' in answered.text
    gone = act(office, number, "returned")
    assert "已答复" in gone.text and "已从12345 热线送回" in gone.text
    assert "答复待送回" not in office.client.get("/complaints").text
    with office.store.reading() as tx:
        rows = tx.run(select(audit).where(audit.c.bureau == tx.bureau)).all()
    deeds = [row.what for row in rows if row.subject == number]
    assert deeds == ["take_complaint", "answer_complaint", "return_complaint"]


@BOTH
def test_while_an_address_is_typed_what_is_open_there_is_told(office: Office) -> None:
    here, next_door = office.report(), office.report(place=a_place(building="5号楼", unit=None))
    elsewhere = office.report(
        place=a_place(
            compound=None, compound_name="", building=None, unit=None, landmark="桥头平房"
        )
    )
    closed = office.report(place=a_place(unit="1单元"))
    office.deliver(here, next_door, elsewhere, closed)
    office.at("shenhe1")
    office.decide(closed.id, "29", reason="OUT_OF_SCOPE")
    take(office)
    for spelling in (
        "样例苑小区3号楼",
        "样例苑 三栋2单元",
        "样例苑3-2",
        "样例苑小区 #3",
        "有人说样例苑三栋",
    ):
        told = similar(office, spelling)
        assert str(here.id) in told and "同一栋" in told and PLAIN["address"] in told, spelling
        assert told.index(str(here.id)) < told.index(str(next_door.id)), spelling
        assert str(elsewhere.id) not in told and "<html" not in told, spelling
    assert str(elsewhere.id) in similar(office, "桥头 平房")
    assert "名单里没有这个小区" in similar(office, "没有的地方")
    assert "这里没有在办" in similar(office, "示范公寓")
    assert similar(office, " ").strip() == similar(office, "").strip() == ""
    plain = office.client.get("/complaints/similar", params={"address": "样例苑3号楼"})
    assert 'value="样例苑3号楼"' in plain.text and str(here.id) in plain.text


def test_who_complained_stands_nowhere(office: Office) -> None:
    office.at("shenhe1")
    bad = {
        "channel": ("FAX", "请选渠道"),
        "reference": ("13800138000", "不是手机号"),
        "came": ("2999-01-01", "这个日期不对"),
        "address": ("样例苑3号楼2单元501室", "<mark>501室</mark>"),
        "text": ("张老师电话13800138000，晚上上课", "<mark>"),
    }
    for name, (text, words) in bad.items():
        refused = take(office, **{name: text})
        assert refused.status_code == 422 and words in refused.text, name
        assert PLAIN["text"] in refused.text or name == "text"
    with office.store.reading() as tx:
        assert tx.run(select(complaints).where(complaints.c.bureau == tx.bureau)).all() == []
    cut = take(office, text="晚上上课，电话13800138000", cut="text:7:18")
    assert cut.status_code == 200 and ">晚上上课</textarea>" in cut.text
    page = take(office, text=" ", address="").text
    assert "请写地点" in page and "请写反映的情况" in page


@BOTH
def test_the_second_of_two_sees_what_the_first_did_and_keeps_what_she_wrote(
    office: Office,
) -> None:
    office.at("shenhe1")
    number = take(office).headers["location"].rsplit("/", 1)[1]
    act(office, number, "answer", answer="第一份答复。")
    late = act(office, number, "answer", answer="第二份答复。", version="1")
    assert late.status_code == 409 and "刚才有人改了" in late.text
    assert ">第二份答复。</textarea>" in late.text
    office.at("ban1")
    act(office, number, "returned")
    again = act(office, number, "answer", answer="第三份答复。")
    assert again.status_code == 409 and "第一份答复。" in again.text
    assert office.client.get(f"/complaints/{number}/answer").status_code == 200


def test_a_complaint_is_put_to_a_lead(office: Office) -> None:
    office.deliver(office.report())
    office.at("ban1")
    number = take(office).headers["location"].rsplit("/", 1)[1]
    wrong = act(office, number, "lead", lead="9999-9")
    assert wrong.status_code == 422 and "没有这个回执号" in wrong.text
    page = act(office, number, "lead", lead=office.number(1)).text
    assert "已并入线索" in page and f"（{office.number(1)}），目前：已上报" in page
    nothing = act(office, number, "returned")
    assert nothing.status_code == 422 and "请先写答复" in nothing.text
    refused = act(office, number, "answer", answer="是李老师在上课")
    assert refused.status_code == 422 and "<mark>" in refused.text
    assert act(office, number, "burn").status_code == 404


@BOTH
def test_a_complaint_becomes_a_lead_of_the_bureaus_own_desk(office: Office) -> None:
    office.at("ban1")
    number = take(office).headers["location"].rsplit("/", 1)[1]
    assert "请选场所类型" in act(office, number, "case", venue="PALACE").text
    page = act(office, number, "case", venue="RESIDENTIAL").text
    assert "已并入线索" in page and office.number(1) in page
    late = act(office, number, "case", venue="RESIDENTIAL", version="1")
    assert late.status_code == 409
    with office.store.reading() as tx:
        [row] = tx.run(select(records).where(records.c.bureau == tx.bureau)).all()
    assert (row.place, row.place_key, row.state) == ("样例苑小区 3号楼2单元", "C001/3/2", "10")
    assert row.device.startswith("desk-") and row.body["note"] == PLAIN["text"]
    office.at("shenhe1")
    page = office.client.get(f"/records/{row.id}").text
    assert (
        "投诉编号" in page and "投诉接收" in page and "台账第 1 条" in page and "ban1" not in page
    )
    assert office.decide(row.id, "20").status_code == 303


def test_nobody_calls_in_the_name_of_a_desk(office: Office) -> None:
    office.at("ban1")
    number = take(office, address="桥头平房").headers["location"].rsplit("/", 1)[1]
    act(office, number, "case", venue="OTHER")
    with office.store.reading() as tx:
        [desk] = tx.run(select(devices).where(devices.c.device.startswith("desk-"))).all()
        for token in (desk.token, desk.device, ""):
            with pytest.raises(NotSignedIn):
                phone_of(tx, f"Bearer {token}")


def test_complaints_are_for_supervisors_and_case_officers(office: Office) -> None:
    for code in ("shenhe1", "ban1", "shequ1", "shenji1", "guanli1", "dpo1"):
        may = code in ("shenhe1", "ban1")
        for path in ("/complaints", "/complaints/new", "/complaints/similar"):
            assert (office.at(code).get(path).status_code == 200) == may, (code, path)
    page = office.at("ban1").get("/complaints").text
    assert 'class="empty card"' in page and office.client.get("/complaints/C9").status_code == 404


@BOTH
def test_a_complaint_that_waits_too_long_is_said_to_and_the_oldest_stands_on_top(
    office: Office,
) -> None:
    office.at("shenhe1")
    old = (date.today() - timedelta(days=60)).isoformat()
    take(office, came=old, address="桥头平房")
    take(office, address="示例广场")
    done = take(office, came=old, address="示范公寓").headers["location"].rsplit("/", 1)[1]
    act(office, done, "answer", answer="已看。")
    act(office, done, "returned")
    page = office.client.get("/complaints").text
    assert 0 < page.index(">桥头平房</a>") < page.index(">示例广场</a>")
    assert page.count("已超期") == 1 and ">示范公寓</a>" not in page
    answered = office.client.get("/complaints?of=returned").text
    assert ">示范公寓</a>" in answered and "已超期" not in answered


def test_the_answer_is_due_after_working_days() -> None:
    """春节 2026: 15 to 23 February off, 14 and 28 worked."""
    found = complaint_due(date(2026, 2, 11), 5, published())
    assert (found.day, found.is_about) == (date(2026, 2, 25), False)
    assert complaint_due(date(2026, 12, 21), 15, published()).is_about


def test_a_complaint_stands_where_what_was_done_puts_it() -> None:
    table: list[tuple[list[TaskState], tuple[bool, bool, bool], ComplaintState]] = [
        ([], (False, False, False), ComplaintState.NEW),
        ([TaskState.WITHDRAWN], (False, False, False), ComplaintState.NEW),
        ([TaskState.OVERDUE, TaskState.DONE], (True, False, False), ComplaintState.WITH_GRID),
        ([TaskState.RETURNED], (False, False, False), ComplaintState.SEEN),
        ([TaskState.DONE], (True, False, False), ComplaintState.SEEN),
        ([], (True, False, False), ComplaintState.IN_CASE),
        ([TaskState.OPEN], (True, True, False), ComplaintState.READY),
        ([TaskState.OPEN], (True, True, True), ComplaintState.RETURNED),
    ]
    wrong = [
        row
        for row in table
        if complaint_state(row[0], record=row[1][0], answered=row[1][1], returned=row[1][2])
        is not row[2]
    ]
    assert wrong == []


def test_complaints_come_in_pages_what_waits_longest_first(office: Office) -> None:
    office.at("shenhe1")
    plain = {"channel": "PHONE", "reference": "", "text": "晚上有学生", "taken_by": "shenhe1"}
    with office.store.writing() as tx:
        for n in range(70):
            row = {"came": date(2026, 11, 1) + timedelta(days=n // 9), "address": f"样例{n:02d}号"}
            row |= {"taken_at": office.now, "returned_at": office.now if n % 2 else None}
            complaints_store.add(tx, plain | row)
    for of, order in (("", 1), ("returned", -1)):
        pages = walked(office, f"/complaints?of={of}")
        found = [one for page in pages for one in re.findall(r">样例(\d\d)号<", page)]
        wanted = [f"{n:02d}" for n in range(70) if (n % 2 == 1) == bool(of)]
        assert len(pages) == 2 and found == wanted[::order], of
    for strange in ("x", "2026-02-30~C1", "~", "2026-11-01"):
        assert office.client.get("/complaints", params={"after": strange}).is_success
