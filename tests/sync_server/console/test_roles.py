"""Every page for every role: what it shows, or a clear no."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sync_server.auditing.repeats import add_repeats
from sync_server.settings import Settings
from sync_server.store.schema import audit
from tests.sync_server.console.office import AWAY, Office, a_photo, a_place, token
from tests.sync_server.serving import serving

# code: (inbox, audit, where the start page leads)
MAY = {
    "shenhe1": (200, 403, "/inbox"),
    "ban1": (200, 403, "/inbox"),
    "shequ1": (200, 403, "/inbox"),
    "shenji1": (403, 200, "/audit"),
    "dpo1": (403, 200, "/audit"),
    "guanli1": (403, 403, "/"),
}


@pytest.mark.parametrize("code", MAY)
def test_each_role_reaches_its_own_pages(office: Office, code: str) -> None:
    report = office.report()
    office.deliver(report)
    client = office.at(code)
    inbox, log, start = MAY[code]
    assert client.get("/inbox").status_code == inbox
    assert client.get(f"/records/{report.id}").status_code == inbox
    assert client.get("/audit").status_code == log
    assert client.get("/").url.path == start
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("code", ["shenji1", "dpo1", "guanli1"])
def test_a_role_without_content_sees_none(office: Office, code: str) -> None:
    report = office.report()
    office.deliver(report)
    client = office.at(code)
    for path in ("/", "/inbox", f"/records/{report.id}", "/inbox?q=样例苑"):
        page = client.get(path)
        assert "晚托广告" not in page.text and "3号楼" not in page.text
    assert "没有权限" in client.get("/inbox").text


def test_nobody_signed_in_is_asked_to_sign_in(office: Office) -> None:
    for path in ("/", "/inbox", "/audit", "/records/0"):
        page = office.client.get(path)
        assert page.url.path == "/sign-in" or page.status_code == 404, path
        assert "线索与场所" not in page.text, path


def test_every_page_is_private(office: Office) -> None:
    for code in MAY:
        page = office.at(code).get("/")
        assert page.headers["cache-control"] == "no-store, private", code
        assert token(page), code


def test_the_audit_log_is_paged_and_says_who_did_what(office: Office) -> None:
    for _ in range(3):
        office.sign_in("shenhe1")
    office.sign_in("shenji1")
    page = office.client.get("/audit").text
    assert page.count("<td>登录</td>") == 4
    assert "shenhe1" in page and "shenji1" in page
    assert 'rel="next"' not in page
    assert "<td>登录</td>" not in office.client.get("/audit?before=1").text


def test_a_row_leads_to_all_that_was_done_with_its_record(office: Office) -> None:
    report, other = office.report(photos=(a_photo(),)), office.report()
    office.deliver(report, other)
    office.finish_photo(report.photos[0])
    client = office.at("shenhe1")
    client.get(f"/records/{report.id}/photos/{report.photos[0].sha256}")
    for one in (report, other):
        client.get(f"/records/{one.id}")
    office.at("shequ1").get(f"/records/{report.id}/photos/{report.photos[0].sha256}")
    client = office.at("shenji1")
    about = f'href="/audit?about={report.id}"'
    assert client.get("/audit").text.count(about) == 3
    page = client.get(f"/audit?about={report.id}").text
    assert page.count("<tr>") == 4 and str(other.id) not in page
    assert f"只看 {report.id}" in page and 'href="/audit"' in page
    assert client.get("/audit?about=%25").text.count("<tr>") == 0


def rows(office: Office, what: str) -> list[tuple[str, str, str]]:
    with office.store.reading() as tx:
        found = tx.run(select(audit).where(audit.c.what == what).order_by(audit.c.n))
        return [(row.staff, row.subject, row.reason) for row in found]


def test_opening_a_record_is_an_audit_row_once_a_minute(office: Office) -> None:
    first, second = office.report(), office.report()
    office.deliver(first, second)
    client = office.at("shequ1")
    for report in (first, first, second, first):
        assert client.get(f"/records/{report.id}").status_code == 200
    assert client.get("/inbox").status_code == 200
    opened = [("shequ1", str(report.id), "") for report in (first, second)]
    assert rows(office, "view_record") == opened
    add_repeats(office.store, office.now + timedelta(minutes=5))
    assert rows(office, "view_record") == [*opened, ("shequ1", str(first.id), "x2")]
    page = office.at("shenji1").get("/audit").text
    assert page.count("<td>查看线索</td>") == 3 and "<td>又 2 次</td>" in page
    assert "<td>技术员</td>" in page and "<td>发放登记码</td>" in page


def test_what_a_role_may_not_do_is_an_audit_row_without_what_was_sent(office: Office) -> None:
    report = office.report(place=a_place(community=AWAY))
    office.deliver(report)
    client = office.at("shequ1")
    secret = f"/records/{report.id}/photos/a-name-that-somebody-typed"
    for path in (f"/records/{report.id}?q=x", secret, "/audit", "/records/x", "/nowhere"):
        assert client.get(path).status_code in {403, 404}, path
    assert rows(office, "refused") == [("shequ1", f"/records/{report.id}", "")]
    add_repeats(office.store, office.now + timedelta(minutes=5))
    assert rows(office, "refused")[1:] == [("shequ1", "", "x2")]
    office.at("guanli1").get(secret)
    assert rows(office, "refused")[-1][1] == f"/records/{report.id}/photos/{{sha256}}"
    assert rows(office, "view_record") == []


def test_signing_out_is_an_audit_row(office: Office) -> None:
    client = office.at("shenhe1")
    assert rows(office, "sign_out") == []
    client.post("/sign-out", data={"csrf": token(client.get("/inbox"))})
    client.get("/inbox")
    assert rows(office, "sign_out") == [("shenhe1", "", "")]


def test_every_answer_of_the_whole_server_carries_the_policy(database: Settings) -> None:
    with serving(database) as server:
        for path in ("/sign-in", "/inbox", "/static/console.css", "/records/x", "/audit"):
            headers = server.client.get(path).headers
            assert headers["content-security-policy"].startswith("default-src 'self'; ")
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"


def test_no_page_can_run_anything_inline(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    client = office.at("shenhe1")
    for path in ("/inbox", f"/records/{report.id}", "/audit", "/sign-in", "/inbox?state=15"):
        page = client.get(path).text
        assert "<style" not in page and " style=" not in page
        assert " on" not in {tag[:3] for tag in page.split("<script")[1:] if "src=" not in tag[:20]}
        assert "javascript:" not in page and "http://" not in page.replace("http://www.w3.org", "")
