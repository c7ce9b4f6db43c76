"""A decision, without a line of JavaScript: taken once, told to the worker, never lost."""

import pytest
from sqlalchemy import select

from sync_server.store.schema import answers, audit, case_events, records
from tests.sync_server.console.office import BOTH, Office, a_place, hidden

pytestmark = BOTH


def state_of(office: Office) -> str:
    with office.store.reading() as tx:
        return str(
            tx.run(select(records.c.state).where(records.c.bureau == tx.bureau)).scalar_one()
        )


def test_accepting_tells_the_worker(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    client = office.at("shenhe1")
    answer = office.decide(report.id, "20", comment="谢谢，已安排核实")
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert (
        "已决定：已受理" in page and "网格员下次同步会读到" in page and "谢谢，已安排核实" in page
    )
    with office.store.reading() as tx:
        told = tx.run(select(answers).where(answers.c.bureau == tx.bureau)).one()
        event = tx.run(select(case_events).where(case_events.c.bureau == tx.bureau)).one()
    assert (told.state, told.comment, told.seq) == ("20", "谢谢，已安排核实", 1)
    assert (event.before, event.after, event.role) == ("10", "20", "SUPERVISOR")


def test_a_decision_is_an_audit_row(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    office.at("shenhe1")
    office.decide(report.id, "20")
    with office.store.reading() as tx:
        row = tx.run(
            select(audit).where(audit.c.bureau == tx.bureau).order_by(audit.c.n.desc()).limit(1)
        ).one()
    assert (row.staff, row.what, row.subject) == ("shenhe1", "decide_20", str(report.id))


def test_returning_needs_a_question_and_keeps_what_was_typed(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    office.at("shenhe1")
    answer = office.decide(report.id, "15", comment="   ")
    assert answer.status_code == 422
    assert "退回时要写明问什么" in answer.text
    assert 'id="to-15" value="15" required checked' in answer.text
    assert state_of(office) == "10"


def test_rejecting_needs_a_reason_from_the_list(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    office.at("shenhe1")
    for form in ({}, {"reason": "BECAUSE"}):
        answer = office.decide(report.id, "29", comment="说明在这里", **form)
        assert answer.status_code == 422
        assert "请选一个理由" in answer.text
        assert ">说明在这里</textarea>" in answer.text
    for said in ("", "9999-777777", office.number(1)):  # no other one
        assert office.decide(report.id, "29", reason="DUPLICATE", same_as=said).status_code == 422
    assert state_of(office) == "10"
    office.deliver(office.report())  # the second
    same = {"reason": "DUPLICATE", "same_as": office.number(2)}
    assert office.decide(report.id, "29", **same).status_code == 303
    with office.store.reading() as tx:
        told = tx.run(select(answers).where(answers.c.bureau == tx.bureau)).one()
    assert (told.state, told.same_as) == ("29", office.number(2))
    assert f"与 {office.number(2)} 重复" in office.client.get(f"/records/{report.id}").text


def test_personal_data_in_a_comment_is_shown_where_it_stands(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    office.at("shenhe1")
    answer = office.decide(report.id, "15", comment="  请联系 13912345678 核对门牌")
    assert answer.status_code == 422
    assert "<mark>13912345678</mark>" in answer.text
    assert "请联系 13912345678 核对门牌</textarea>" in answer.text


def test_a_comment_that_is_too_long_comes_back_whole(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    office.at("shenhe1")
    answer = office.decide(report.id, "15", comment="问" * 201)
    assert answer.status_code == 422
    assert "问" * 201 in answer.text


def test_nothing_chosen_is_told(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    office.at("shenhe1")
    answer = office.decide(report.id, "", comment="只写了字")
    assert answer.status_code == 422
    assert "请先选定" in answer.text and "只写了字" in answer.text


def test_a_decision_without_its_token_is_not_taken(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    client = office.at("shenhe1")
    form = hidden(client.get(f"/records/{report.id}")) | {"to": "20"}
    for csrf in ({}, {"csrf": ""}, {"csrf": form["csrf"][:-1] + "x"}):
        sent = {key: value for key, value in form.items() if key != "csrf"} | csrf
        answer = client.post(f"/records/{report.id}/decision", data=sent)
        assert answer.status_code == 403
        assert "没有通过核对" in answer.text
    assert state_of(office) == "10"


def test_a_token_of_an_earlier_session_is_not_good(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    form = hidden(office.at("shenhe1").get(f"/records/{report.id}")) | {"to": "20"}
    client = office.at("shenhe1")
    assert client.post(f"/records/{report.id}/decision", data=form).status_code == 403


def test_the_second_of_two_is_told_what_the_first_did(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    client = office.at("shenhe1")
    late = hidden(client.get(f"/records/{report.id}"))
    office.decide(report.id, "20")
    form = late | {"to": "15", "comment": "哪一个单元?"}
    answer = client.post(f"/records/{report.id}/decision", data=form)
    assert answer.status_code == 409
    assert "“已受理”" in answer.text and "哪一个单元?" in answer.text
    assert state_of(office) == "20"


def test_a_newer_revision_is_looked_at_first(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    client = office.at("shenhe1")
    late = hidden(client.get(f"/records/{report.id}"))
    office.deliver(report.changed(revision=2, note="补充了"))
    form = late | {"to": "29", "reason": "NO_SIGN", "comment": "写好的说明"}
    answer = client.post(f"/records/{report.id}/decision", data=form)
    assert answer.status_code == 409
    assert "发来了第 2 版" in answer.text and ">写好的说明</textarea>" in answer.text
    assert 'value="NO_SIGN" checked' in answer.text
    again = hidden(answer) | {"to": "29", "reason": "NO_SIGN"}
    taken = client.post(f"/records/{report.id}/decision", data=again, follow_redirects=False)
    assert taken.status_code == 303


def test_a_withdrawn_record_is_not_decided(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    client = office.at("shenhe1")
    form = hidden(client.get(f"/records/{report.id}")) | {"to": "20"}
    office.withdraw(report)
    answer = client.post(f"/records/{report.id}/decision", data=form)
    assert answer.status_code == 409
    assert "“已撤回”" in answer.text


def test_an_open_question_may_still_be_turned_down(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    client = office.at("shenhe1")
    office.decide(report.id, "15", comment="哪一层?")
    page = client.get(f"/records/{report.id}").text
    assert 'id="to-29"' in page and 'id="to-20"' not in page
    assert office.decide(report.id, "29", reason="OUT_OF_SCOPE").status_code == 303


@pytest.mark.parametrize("code", ["ban1", "shequ1", "shenji1", "guanli1", "dpo1"])
def test_only_a_supervisor_decides(office: Office, code: str) -> None:
    report = office.report()
    office.deliver(report)
    office.at(code)
    answer = office.client.post(f"/records/{report.id}/decision", data={"to": "20"})
    assert answer.status_code == 403
    assert state_of(office) == "10"


def test_the_flash_tells_only_what_was_decided(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    client = office.at("shenhe1")
    for made_up in ("decided=1", "decided=x", "decided=-1"):
        assert "flash" not in client.get(f"/records/{report.id}?{made_up}").text


def test_a_duplicate_is_chosen_from_the_leads_of_its_place(office: Office) -> None:
    report, same = office.report(), office.report()
    elsewhere = office.report(place=a_place(building="5号楼"))
    office.deliver(report, same, elsewhere)
    page = office.at("shenhe1").get(f"/records/{report.id}").text
    offered = page.partition('id="same_as"')[2].partition("</select>")[0]
    assert office.number(2) in offered and office.number(3) not in offered
    form = {"reason": "DUPLICATE", "same_as": office.number(3)}
    refused = office.decide(report.id, "29", **form)
    assert refused.status_code == 422 and "那一条不是同一地点" in refused.text
    alone = office.client.get(f"/records/{elsewhere.id}").text
    assert 'id="same_as"' not in alone and "这个地点没有别的线索" in alone


def test_leads_of_a_place_share_a_case_that_each_of_them_shows(office: Office) -> None:
    leader, other = office.report(), office.report()
    office.deliver(leader, other)
    client = office.at("shenhe1")
    assert "同一地点另外 1 条未办的线索一并并案" in client.get(f"/records/{leader.id}").text
    assert 'id="to-25"' not in client.get(f"/records/{other.id}").text  # there is no open case
    office.decide(leader.id, "20", comment="已转社区核实")
    page = client.get(f"/records/{leader.id}").text
    assert "1 条同一地点的线索随本条办理" in page and f"/records/{other.id}" in page
    page = client.get(f"/records/{other.id}").text
    assert "已并案，随这一条办理" in page and f"/records/{leader.id}" in page
    history = page.partition('class="history"')[2]
    assert f"随 {office.number(1)} 办理" in history and "已转社区核实" in history
    assert office.decide(other.id, "10", comment="另行处理").status_code == 303
    page = client.get(f"/records/{other.id}").text
    assert "已并案" not in page.partition('class="history"')[0] and 'id="to-25"' in page
    assert office.decide(other.id, "25").status_code == 422
    assert office.decide(other.id, "25", same_as=office.number(1)).status_code == 303
    client.get("/language/en")
    assert "Joined to this case" in client.get(f"/records/{other.id}").text
