"""Every page for every role: what it shows, or a clear no."""

import pytest

from sync_server.settings import Settings
from tests.sync_server.console.office import Office, token
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
    inbox, audit, start = MAY[code]
    assert client.get("/inbox").status_code == inbox
    assert client.get(f"/records/{report.id}").status_code == inbox
    assert client.get("/audit").status_code == audit
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
