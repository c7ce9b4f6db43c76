"""What the page says of a case after each step: what the worker hears, where it was handed over to,
which step leads on, and why it is open again."""

from datetime import timedelta

import pytest

from contract import wire
from contract.report import Objection, Report
from sync_server.store import held_answers
from tests.sync_server.console.office import Office
from tests.sync_server.console.test_loop import report, step

__all__ = ["report"]
HEARS, INSIDE = "网格员下次同步会读到", "只在局内可见，网格员不会读到"


@pytest.fixture
def handed(office: Office, report: Report) -> Report:
    """A case that is at another department, which has not noted it yet."""
    step(office, "shenhe1", report.id, "20")
    step(office, "shenhe1", report.id, "30", assignee="ban1")
    step(office, "ban1", report.id, "40")
    step(office, "ban1", report.id, "55", department="MARKET", comment="请核查登记")
    return report


def box(page: str) -> str:
    """What is said of the step that was just made."""
    return page.partition('class="note ok flash"')[2].partition("</div>")[0]


def leading(page: str) -> list[str]:
    """The steps that are drawn as the way on."""
    options = page.partition('class="options"')[2].partition("</div>")[0].split("<input")[1:]
    return [one.partition('id="')[2].partition('"')[0] for one in options if " first" in one]


def test_what_is_between_officers_is_not_shown_as_what_the_worker_reads(
    office: Office, handed: Report
) -> None:
    said = box(step(office, "ban1", handed.id, "40", reason="NOT_OURS"))
    assert HEARS in said and "核实中" in said and "不属本部门职责" not in said
    step(office, "ban1", handed.id, "55", department="CIVIL", comment="请核查备案")
    said = box(step(office, "ban1", handed.id, "receipt", receipt="收8"))
    assert "已决定：对方已接收" in said and INSIDE in said and HEARS not in said


def test_a_hand_over_that_came_back_is_not_said_to_be_there(office: Office, handed: Report) -> None:
    page = office.client.get(f"/records/{handed.id}").text
    assert "现在由对方办理" in page and "对方还没有回执" in page
    page = step(office, "ban1", handed.id, "40", reason="NOT_OURS")
    assert "对方已退回" in page and "现在由对方办理" not in page and "对方还没有回执" not in page
    step(office, "ban1", handed.id, "55", department="CIVIL", comment="请核查备案")
    step(office, "ban1", handed.id, "receipt", receipt="收8")
    page = step(office, "ban1", handed.id, "60", comment="已约谈")
    assert "对方已办" in page and "对方收文编号 收8" in page and "现在由对方办理" not in page


def test_only_the_way_on_is_drawn_as_such(office: Office, handed: Report) -> None:
    assert leading(office.client.get(f"/records/{handed.id}").text) == ["to-receipt"]
    assert leading(step(office, "ban1", handed.id, "receipt", receipt="收8")) == ["to-60"]
    assert leading(step(office, "ban1", handed.id, "60", comment="已约谈")) == []


def test_a_folder_without_leads_asks_nobody_to_remove_a_filter(office: Office) -> None:
    page = office.at("ban1").get("/inbox?state=30").text
    assert "这里现在没有线索" in page and "去掉一个筛选" not in page
    assert "去掉一个筛选" in office.client.get("/inbox?state=30&shift=NIGHT").text


def test_an_objection_stands_on_top_and_the_position_is_said_to_be_dropped(
    office: Office, handed: Report
) -> None:
    step(office, "ban1", handed.id, "receipt", receipt="收8")
    step(office, "ban1", handed.id, "60", comment="已约谈")
    step(office, "ban1", handed.id, "73", reason="SETTLED_THERE", comment="已办结")
    object_to(office, handed)
    page = office.at("shenhe1").get(f"/records/{handed.id}").text
    assert 'data-hint="objection">网格员对结果有疑问：昨晚还有人' in page
    assert "办结后不再保留定位点" in page and "没有定位，地点是手选的" not in page
    page = step(office, "shenhe1", handed.id, "suspend", reason="VACATION")
    assert 'data-hint="objection"' in page
    step(office, "shenhe1", handed.id, "resume")
    page = step(office, "shenhe1", handed.id, "72", reason="STOPPED", comment="已停止")
    assert 'data-hint="objection"' not in page


def object_to(office: Office, report: Report) -> None:
    """The worker has heard the result, and doubts it."""
    with office.store.writing() as tx:
        held_answers.release(tx, [report.author], office.now + timedelta(minutes=5))
    said = Objection(
        id=report.id,
        revision=report.revision,
        device=report.device,
        author=report.author,
        at=office.now,
        text="昨晚还有人",
    )
    office.send([{"kind": "objection", "body": wire.to_json(said)}])
