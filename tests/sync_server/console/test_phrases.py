"""Phrases that are proposed for answers: a supervisor changes them, each change is written down."""

import re
from html import unescape

import pytest
from httpx import Response
from sqlalchemy import select

from contract.codelists import built_in
from sync_server.casework.phrases import change_phrases, slots
from sync_server.console.words import sentences
from sync_server.domain.roles import Role, Staff
from sync_server.problems import NotAllowed
from sync_server.store.schema import audit
from tests.sync_server.console.office import BOTH, Office, token

OWN = "已安排社区今晚去看。"
DEFAULT = sentences()["phrase.20"][0]
OFFERED = re.compile(r'data-phrase="([^"]*)"')


def change(office: Office, slot: str = "20", **said: str) -> Response:
    """Sends the form of the page as it stands."""
    page = office.client.get(f"/phrases/{slot}")
    n = page.text.partition('name="n" value="')[2].partition('"')[0]
    form = {"csrf": token(page), "n": n, "text": OWN} | said
    return office.client.post(f"/phrases/{slot}", data=form)


def offered(office: Office, code: str = "shenhe1") -> list[str]:
    report = office.report()
    office.deliver(report)
    page = office.at(code).get(f"/records/{report.id}")
    return [unescape(one) for one in OFFERED.findall(page.text)]


@BOTH
def test_what_the_bureau_writes_stands_in_the_form_until_it_is_reset(office: Office) -> None:
    assert DEFAULT in offered(office)
    office.at("shenhe1")
    page = change(office, text=f" {OWN} \n\n 请等答复。")
    assert page.status_code == 200 and OWN in page.text and "本局改过" in page.text
    found = offered(office)
    assert OWN in found and "请等答复。" in found and DEFAULT not in found
    change(office, text=" ")
    assert not {OWN, DEFAULT} & set(offered(office))
    change(office, deed="reset")
    assert DEFAULT in offered(office) and OWN not in offered(office)


@BOTH
def test_each_change_says_who_and_when_and_is_an_audit_row(office: Office) -> None:
    office.at("shenhe1")
    for said in ({}, {"text": "另一句"}, {"deed": "reset"}):
        change(office, **said)
    page = office.client.get("/phrases/20").text
    assert page.count("· shenhe1") == 3 and OWN in page and "另一句" in page
    with office.store.reading() as tx:
        here = (audit.c.bureau == tx.bureau, audit.c.what.contains("phrases"))
        rows = tx.run(select(audit).where(*here).order_by(audit.c.n)).all()
    assert [(row.staff, row.what, row.subject, row.reason) for row in rows] == [
        ("shenhe1", "change_phrases", "20", f"zh 1: {OWN}"),
        ("shenhe1", "change_phrases", "20", "zh 2: 另一句"),
        ("shenhe1", "reset_phrases", "20", "zh 3:"),
    ]
    assert "<td>修改常用语</td>" in office.at("shenji1").get("/audit").text


def test_each_language_has_its_own(office: Office) -> None:
    office.at("shenhe1")
    change(office)
    office.client.get("/language/en")
    page = office.client.get("/phrases").text
    assert OWN not in page and sentences()["phrase.20"][1] in page
    change(office, text="Somebody will come.")
    office.client.get("/language/zh")
    assert OWN in offered(office) and "Somebody" not in "".join(offered(office))


@pytest.mark.parametrize(
    ("slot", "text", "words"),
    [
        ("20", "请找王老师 13800000000", "像是个人信息"),
        ("20", "请到3号楼2单元501室", "不写到房间"),
        ("70.NOTHING_SEEN", "这里是违规办班", "换个说法"),
        ("20", "一\n二\n三\n四\n五\n六", "最多 5 句"),
        ("20", "长" * 201, "太长了"),
    ],
)
def test_what_no_worker_should_read_is_not_kept(
    office: Office, slot: str, text: str, words: str
) -> None:
    office.at("shenhe1")
    page = change(office, slot, text=text)
    assert page.status_code == 422 and words in page.text
    assert "改动记录" not in office.client.get(f"/phrases/{slot}").text


def test_what_was_found_may_be_called_so(office: Office) -> None:
    office.at("shenhe1")
    assert change(office, "72.STOPPED", text="违规办班已停止。").status_code == 200


def test_the_second_of_two_supervisors_keeps_what_she_wrote(office: Office) -> None:
    office.at("shenhe1")
    change(office)
    page = change(office, n="0", text="另一句")
    assert page.status_code == 409 and ">另一句</textarea>" in page.text and OWN in page.text


def test_only_a_supervisor_changes_them(office: Office) -> None:
    for code in ("ban1", "shequ1", "shenji1", "guanli1", "dpo1"):
        client = office.at(code)
        form = {"csrf": token(client.get("/")), "n": "0", "text": OWN}
        answers = (client.get("/phrases"), client.post("/phrases/20", data=form))
        assert [one.status_code for one in answers] == [403, 403], code
        assert 'href="/phrases"' not in client.get("/").text
    with pytest.raises(NotAllowed):
        change_phrases(
            office.store, Staff("ban1", Role.CASE_OFFICER), ("20", "zh", 0), OWN, office.now
        )
    assert 'href="/phrases"' in office.at("shenhe1").get("/inbox").text
    for gone in ("/phrases/30", "/phrases/70.NONE", "/phrases/x"):
        assert office.client.get(gone).status_code == 404


def test_every_built_in_phrase_has_a_place_where_it_is_changed() -> None:
    codes = {one.code for one in slots()}
    built = {name.removeprefix("phrase.") for name in sentences() if name.startswith("phrase.")}
    assert built and built <= codes
    assert {one.reason for one in slots() if one.reason} <= {
        code for name in ("reject_reason", "result_reason", "reopen_reason")
        for code in built_in().lists[name]
    }  # fmt: skip
