"""Tasks to grids: asked in the console, sent to the phones of one grid, answered by a report or
handed back, and both seen at the bureau."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import select

from contract import wire
from contract.ids import uuid7
from contract.reference import Task
from contract.report import Kind, Report, Suggestion
from contract.zone import ZONE
from sync_server.domain.task_state import TaskResult, TaskState, task_state
from sync_server.store import lists, places, reference, tasks
from sync_server.store.schema import audit, suggestions
from tests.sync_server.console.day import drawn
from tests.sync_server.console.office import BOTH, Office, a_photo, token

SOON = (date.today() + timedelta(days=5)).isoformat()
PLAIN = {"title": "看看3号楼", "note": "晚上有没有学生", "address": "样例苑 三栋", "due": SOON}
PLAIN |= {"grid": "g03"}


@pytest.fixture(autouse=True)
def _no_other_tasks(office: Office) -> None:
    """The county has some of its own."""
    with office.store.writing() as tx:
        lists.replace(tx, "tasks", [])


def give(office: Office, **changes: str) -> Response:
    page = office.client.get("/tasks/new")
    assert page.status_code == 200, page.text
    fields = {"csrf": token(page)} | PLAIN | changes
    return office.client.post("/tasks", data=fields, follow_redirects=False)


def on_phones(office: Office, grid: str | None = "g03") -> list[Task]:
    with office.store.reading() as tx:
        return list(reference.tasks_for(tx, grid, None))


def answer(office: Office, task: str, **changes: Any) -> Report:
    report = office.report(task=task, **changes)
    office.deliver(report)
    return report


def hand_back(office: Office, task: str, **changes: Any) -> None:
    said = Suggestion(
        id=uuid7(office.now, task.encode()[-10:].rjust(10)),
        device=office.phone.device,
        author="wg03",
        at=office.now,
        text="任务交回：找不到地方",
        task=task,
        **({"reason": "NOT_FOUND"} | changes),
    )
    office.send([{"kind": "suggestion", "body": wire.to_json(said)}])


@BOTH
def test_a_task_is_done_by_the_report_that_was_made_for_it(office: Office) -> None:
    office.at("shenhe1")
    assert give(office).status_code == 303
    [task] = on_phones(office)
    assert (task.title, task.compound, task.building) == ("看看3号楼", "c001", "3号楼")
    assert (task.note, task.due) == ("晚上有没有学生", date.fromisoformat(SOON))
    assert on_phones(office, "g04") == [] and on_phones(office, None) == [task]
    page = office.client.get("/tasks").text
    for words in ("待办", "看看3号楼", "示例镇第3网格 · 样例苑小区 3号楼", f"最晚 {SOON}", task.id):
        assert words in page, words
    clear = {"kind": Kind.CLEAR, "signs": (), "disguises": (), "count_band": None}
    report = answer(office, task.id, **clear)
    assert on_phones(office) == []
    page = office.client.get("/tasks").text
    assert f"已办：未见异常 {office.number(1)}" in page and f"/records/{report.id}" in page
    office.withdraw(report)
    assert on_phones(office) == [task]
    assert "上报后又撤回" in office.client.get("/tasks").text


@BOTH
def test_a_task_that_was_handed_back_is_given_to_another_grid(office: Office) -> None:
    office.at("ban1")
    give(office)
    [task] = on_phones(office)
    hand_back(office, task.id)
    assert on_phones(office) == []
    page = office.client.get("/tasks").text
    assert "已交回：找不到地方" in page and f"/tasks/new?again={task.id}" in page
    with office.store.reading() as tx:
        assert tx.run(select(suggestions).where(suggestions.c.bureau == tx.bureau)).all() == []
    again = office.client.get("/tasks/new", params={"again": task.id}).text
    assert 'value="看看3号楼"' in again and 'value="样例苑小区 3号楼"' in again
    assert give(office, grid="g04", again=task.id).status_code == 303
    assert [one.title for one in on_phones(office, "g04")] == ["看看3号楼"]
    page = office.client.get("/tasks").text
    assert "已撤回" in page and "已交回，待处理" not in page
    with office.store.reading() as tx:
        rows = tx.run(select(audit).where(audit.c.bureau == tx.bureau)).all()
    assert [row.staff for row in rows if row.what == "give_task"] == ["ban1", "ban1"]


@BOTH
def test_a_task_that_is_taken_back_is_sent_to_nobody(office: Office) -> None:
    office.at("shenhe1")
    give(office)
    [task] = on_phones(office)
    form = {"csrf": token(office.client.get("/tasks"))}
    for _ in range(2):
        gone = office.client.post(f"/tasks/{task.id}/take-back", data=form)
        assert gone.status_code == 200 and "已撤回" in gone.text
    assert on_phones(office) == []
    assert office.client.post("/tasks/T0/take-back", data=form).status_code == 404
    assert office.client.get(f"/tasks/{task.id}/take-back").status_code == 200


def test_what_cannot_be_a_task_is_said_beside_its_field(office: Office) -> None:
    office.at("shenhe1")
    yesterday = (date.today() - timedelta(days=2)).isoformat()
    bad = {
        "title": (" ", "请写标题"),
        "grid": ("g99", "请选一个网格"),
        "due": (yesterday, "这个日期不对"),
        "note": ("打13800138000找他", "<mark>13800138000</mark>"),
        "address": ("样例苑3号楼2单元501室", "<mark>501室</mark>"),
    }
    for name, (text, words) in bad.items():
        refused = give(office, **{name: text})
        assert refused.status_code == 422 and words in refused.text, name
        assert 'value="样例苑 三栋"' in refused.text or name == "address"
    assert on_phones(office) == []


def test_one_tap_cuts_what_may_not_stand_in_a_text(office: Office) -> None:
    office.at("shenhe1")
    text = "晚上去，电话13800138000，看门口"
    at = text.index("138")
    shown = give(office, note=text, cut=f"note:{at}:{at + 11}")
    assert shown.status_code == 200 and ">晚上去，看门口</textarea>" in shown.text
    for odd in ("note:5:2", "note:0:9999999", "x:1:2", "note:a:b", "note:" + "9" * 5000 + ":1"):
        assert f">{text}</textarea>" in give(office, note=text, cut=odd).text, odd[:20]
    assert on_phones(office) == []


def test_a_phone_that_answers_a_task_that_nobody_gave_changes_nothing(office: Office) -> None:
    answer(office, "T9")
    hand_back(office, "T9")
    office.at("shenhe1")
    assert "还没有任务" in office.client.get("/tasks").text
    assert "任务交回" in office.client.get("/suggestions").text


def test_a_reason_that_no_list_has_is_shown_to_nobody(office: Office) -> None:
    office.at("shenhe1")
    give(office)
    hand_back(office, on_phones(office)[0].id, reason="WANGLAOSHI")
    page = office.client.get("/tasks").text
    assert "没有写原因" in page and "WANGLAOSHI" not in page


def test_tasks_are_given_by_supervisors_and_case_officers(office: Office) -> None:
    for code in ("shenhe1", "ban1", "shequ1", "shenji1", "guanli1", "dpo1"):
        may = code in ("shenhe1", "ban1")
        for path in ("/tasks", "/tasks/new"):
            assert (office.at(code).get(path).status_code == 200) == may, (code, path)
    assert 'class="empty card"' in office.at("ban1").get("/tasks").text


def test_a_task_for_a_lead_is_seen_on_its_page(office: Office) -> None:
    lead = office.report()
    office.deliver(lead)
    page = office.at("ban1").get(f"/records/{lead.id}").text
    assert f"/tasks/new?record={lead.id}" in page
    begun = office.client.get("/tasks/new", params={"record": str(lead.id)}).text
    assert "再看一次：样例苑小区 3号楼2单元" in begun and 'value="g03" selected' in begun
    give(office, record=str(lead.id))
    answer(office, on_phones(office)[0].id)
    page = office.client.get(f"/records/{lead.id}").text
    assert "看看3号楼" in page and f"已办：疑似场所 {office.number(2)}" in page


@BOTH
def test_photos_of_whoever_was_sent_there_stand_on_the_leads_page(office: Office) -> None:
    """They came from the field app like all others; each view is noted for their own report."""
    lead = office.report()
    office.deliver(lead)
    office.at("ban1")
    give(office, record=str(lead.id))
    task = on_phones(office)[0].id
    proof = answer(office, task, photos=(a_photo(5), a_photo(6)))
    office.finish_photo(proof.photos[0], drawn(1))
    page = office.client.get(f"/records/{lead.id}").text
    section = page.partition("核实照片")[2].partition("</section>")[0]
    thumbnail = f"/records/{proof.id}/photos/{proof.photos[0].sha256}/thumbnail"
    assert thumbnail in section and proof.photos[1].sha256 not in section
    assert f'href="/records/{proof.id}"' in section and "示例镇第3网格 · 网格员" in section
    assert office.client.get(thumbnail).headers["content-type"] == "image/jpeg"
    with office.store.reading() as tx:
        here = (audit.c.bureau == tx.bureau, audit.c.what == "view_photos")
        assert [row.subject for row in tx.run(select(audit).where(*here))] == [str(proof.id)]
    assert "核实照片" not in office.at("shequ1").get(f"/records/{lead.id}").text
    office.withdraw(proof)
    assert "核实照片" not in office.at("ban1").get(f"/records/{lead.id}").text


@BOTH
def test_phones_are_told_with_their_next_call_whatever_becomes_of_a_task(office: Office) -> None:
    """They are sent lists anew only when the number of changes has grown."""
    office.at("shenhe1")
    form = {"csrf": token(office.client.get("/tasks"))}
    seen = [changes(office)]
    give(office)
    seen.append(changes(office))
    [task] = on_phones(office)
    report = answer(office, task.id)
    seen.append(changes(office))
    answer(office, task.id, id=report.id)
    assert changes(office) == seen[-1], "the same again is no change"
    office.withdraw(report)
    seen.append(changes(office))
    hand_back(office, task.id)
    seen.append(changes(office))
    office.client.post(f"/tasks/{task.id}/take-back", data=form)
    seen.append(changes(office))
    assert seen == sorted(set(seen)) and len(seen) == 6


def changes(office: Office) -> int:
    with office.store.reading() as tx:
        return places.stamp(tx)


def test_a_task_stands_where_its_answers_put_it() -> None:
    today, when = date(2026, 11, 30), datetime(2026, 11, 30, tzinfo=UTC)
    done, void = TaskResult("r1", when), TaskResult("r2", when, void=True)
    back = TaskResult("s1", when, reason="NO_TIME")
    table: list[tuple[list[TaskResult], date | None, bool, TaskState]] = [
        ([], None, False, TaskState.OPEN),
        ([], today, False, TaskState.OPEN),
        ([], today - timedelta(days=1), False, TaskState.OVERDUE),
        ([void], today, False, TaskState.OPEN),
        ([back], today - timedelta(days=1), False, TaskState.RETURNED),
        ([back, done], today, False, TaskState.DONE),
        ([done], today, True, TaskState.WITHDRAWN),
    ]
    wrong = [
        row for row in table if task_state(row[0], row[1], today, withdrawn=row[2]) is not row[3]
    ]
    assert wrong == []


def test_a_task_of_a_file_stands_beside_the_others_and_is_answered_by_each_grid(
    office: Office,
) -> None:
    row = {"task": "f1", "title": "看托管点", "note": "", "due": None, "building": None}
    with office.store.writing() as tx:
        lists.replace(tx, "tasks", [row | {"grid": None, "community": None, "compound": None}])
    assert [one.id for one in on_phones(office)] == ["f1"]
    hand_back(office, "f1")
    assert on_phones(office) == [] and [one.id for one in on_phones(office, "g04")] == ["f1"]
    assert "看托管点" not in office.at("shenhe1").get("/tasks").text
    page = office.client.get("/tasks?of=listed").text
    assert "看托管点" in page and "各网格" in page and "/tasks/f1/take-back" not in page
    page = office.client.get("/language/en").text and office.client.get("/tasks?of=listed").text
    assert "Handed back: Place not found" in page and "all grids" in page


def test_tasks_come_in_pages_and_none_is_left_out(office: Office) -> None:
    row = {"note": "", "building": None, "grid": "g03", "community": None, "compound": None}
    with office.store.writing() as tx:
        listed: list[dict[str, Any]] = [
            {"task": f"f{n:02d}", "title": f"名单{n:02d}", "due": None} for n in range(35)
        ]
        listed[34]["due"] = date(2027, 1, 4)
        lists.replace(tx, "tasks", [one | row for one in listed])
        for n in range(35):
            made = {"title": f"派出{n:02d}", "grid": "g03", "made_by": "shenhe1"}
            at = office.now - timedelta(minutes=n // 2)
            tasks.add(tx, made | {"made_at": at, "withdrawn_at": at if n == 7 else None})
    hand_back(office, f"T{office.now.astimezone(ZONE).year}-0001")
    office.at("shenhe1")
    for of, begin, count in (("", "派出", 35), ("waiting", "派出", 33), ("listed", "名单", 35)):
        pages = walked(office, f"/tasks?of={of}")
        found = [word for page in pages for word in sorted(set(re.findall(f"{begin}\\d\\d", page)))]
        assert len(pages) == 2 and len(found) == len(set(found)) == count, of
        assert 'href="/tasks' in pages[1] and "第一页" in pages[1]
    assert "名单34" in walked(office, "/tasks?of=listed")[0]
    for strange in ("x", "2026-11-30T00:00:00~T1", "0001-01-01T00:00:00+00:00~T", "~", "2026~"):
        for of in ("", "listed"):
            assert office.client.get("/tasks", params={"of": of, "after": strange}).is_success


def walked(office: Office, address: str) -> list[str]:
    """All pages, from the first to the last."""
    pages = [office.client.get(address).text]
    while found := re.search(r'rel="next" href="([^"]+)"', pages[-1]):
        pages.append(office.client.get(unescape(found[1])).text)
        assert len(pages) < 9
    return pages
