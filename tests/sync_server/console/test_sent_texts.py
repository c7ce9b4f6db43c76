"""GET and POST /sent: the DPO opens what one phone sent, with a reason that the audit log keeps."""

from collections.abc import Sequence

import pytest
from httpx import Response
from sqlalchemy import select

from sync_server.store.schema import audit, quarantine
from tests.sync_server.console.office import BOTH, Office, a_place, token

pytestmark = BOTH
PERSON = "王老师家 13800000000"
WHY = "本人申请查阅"


def asked(office: Office, name: str, reason: str = WHY) -> Response:
    form = {"csrf": token(office.client.get("/sent")), "name": name, "reason": reason}
    return office.client.post("/sent", data=form)


def opened(office: Office) -> Sequence[tuple[str, str, str]]:
    with office.store.reading() as tx:
        here = (audit.c.bureau == tx.bureau, audit.c.what == "open_sent")
        return [(row.staff, row.subject, row.reason) for row in tx.run(select(audit).where(*here))]


def test_the_dpo_opens_one_arrival_with_a_reason_that_is_written_down(office: Office) -> None:
    report = office.report(place=a_place(compound_name=PERSON))
    office.deliver(report)
    office.at("dpo1")
    page = asked(office, office.number(1))
    assert page.status_code == 200 and f'<dd class="words">{PERSON}</dd>' in page.text
    assert "body.place.compound_name" in page.text
    assert opened(office) == [("dpo1", f"{report.id} {office.number(1)}", WHY)]
    log = office.client.get("/audit").text
    assert "<td>打开手机原文</td>" in log and WHY in log and f"?about={report.id}" in log
    assert PERSON not in log and PERSON not in office.client.get("/sent").text


@pytest.mark.parametrize(
    ("name", "reason", "words"),
    [
        ("", "", "请写明打开的理由"),
        ("", " \u200b", "请写明打开的理由"),
        ("", "应" * 201, "最多 200 字"),
        ("", f"{PERSON}要求", "像是个人信息"),
        ("9999-999999", WHY, "没有这个回执号"),
        ("%", WHY, "没有这个回执号"),
    ],
)
def test_nothing_is_opened_without_a_reason_or_by_a_wrong_number(
    office: Office, name: str, reason: str, words: str
) -> None:
    office.deliver(office.report(place=a_place(compound_name=PERSON)))
    office.at("dpo1")
    page = asked(office, name or office.number(1), reason)
    assert (page.status_code, opened(office)) == (422, [])
    assert words in page.text and "body.place" not in page.text


def test_what_lies_in_quarantine_is_opened_by_its_digest(office: Office) -> None:
    with pytest.raises(AssertionError):  # the report is refused
        office.deliver(office.report(note=PERSON))
    with office.store.reading() as tx:
        digest = tx.run(select(quarantine.c.digest).where(quarantine.c.bureau == tx.bureau))
        name = digest.scalar_one()
    office.at("dpo1")
    assert PERSON in asked(office, name).text
    assert opened(office) == [("dpo1", name, WHY)]


@pytest.mark.parametrize("code", ["shenhe1", "ban1", "shequ1", "shenji1", "guanli1"])
def test_nobody_else_opens_anything(office: Office, code: str) -> None:
    office.deliver(office.report(place=a_place(compound_name=PERSON)))
    client = office.at(code)
    form = {"csrf": token(client.get("/")), "name": office.number(1), "reason": WHY}
    pages = (client.get("/sent"), client.post("/sent", data=form))
    assert [page.status_code for page in pages] == [403, 403]
    assert all(PERSON not in page.text for page in pages) and opened(office) == []
    assert 'href="/sent"' not in client.get("/").text
