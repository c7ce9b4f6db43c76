"""Who gets in, who does not, and how a session ends."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import URL
from sqlalchemy import func, select, update

from sync_server.console import all_pages
from sync_server.console.sessions import COOKIE, hash_session
from sync_server.photos.thumbnails import ThumbnailMaker
from sync_server.settings import Settings
from sync_server.store.engine import Store
from sync_server.store.photo_folder import PhotoFolder
from sync_server.store.schema import sessions, staff, tries
from sync_server.store.thumbnail_folder import ThumbnailFolder
from tests.sync_server.console.browser import browser
from tests.sync_server.console.office import PASSWORD, Office, token


def test_the_right_password_opens_the_inbox(office: Office) -> None:
    answer = office.sign_in("shenhe1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert office.client.get("/").url.path == "/inbox"


def test_the_cookie_is_out_of_reach_and_only_its_hash_is_stored(office: Office) -> None:
    answer = office.sign_in("shenhe1")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(COOKIE))
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    secret = office.client.cookies[COOKIE]
    assert len(secret) >= 43  # 256 bit
    with office.store.reading() as tx:
        row = tx.run(select(sessions)).one()
    assert row.session == hash_session(secret) and secret not in str(row)


@pytest.mark.parametrize(
    ("code", "password"),
    [("shenhe1", "wrong"), ("nobody", PASSWORD), ("wg03", PASSWORD), ("", ""), ("shenhe1", "")],
)
def test_anything_else_gets_one_and_the_same_no(office: Office, code: str, password: str) -> None:
    answer = office.sign_in(code, password)
    assert answer.status_code == 403
    assert "账号或密码不对。" in answer.text
    assert COOKIE not in office.client.cookies


def test_a_sign_in_without_its_token_is_not_even_tried(office: Office) -> None:
    office.client.get("/sign-in")
    form = {"staff": "shenhe1", "password": PASSWORD}
    assert office.client.post("/sign-in", data=form).status_code == 403
    assert office.client.post("/sign-in", data=form | {"csrf": "x"}).status_code == 403
    with office.store.reading() as tx:
        assert tx.run(select(func.count()).select_from(tries)).scalar_one() == 0


def test_too_many_wrong_passwords_cost_a_wait_in_words(office: Office) -> None:
    for name in ("shenhe1", "nobody9"):
        for _ in range(5):
            assert office.sign_in(name, "wrong").status_code == 403
        answer = office.sign_in(name)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "60"), name
        assert "请 1 分钟后再试" in answer.text
    assert COOKIE not in office.client.cookies


def test_a_browser_that_was_signed_in_is_known_again(office: Office) -> None:
    office.sign_in("shenhe1")
    mine = office.client.cookies["xuncha_browser"]
    office.client.cookies.clear()
    for _ in range(6):
        office.sign_in("shenhe1", "wrong")
    assert office.sign_in("shenhe1").status_code == 429
    office.client.cookies.set("xuncha_browser", mine, domain="127.0.0.1")
    assert office.sign_in("shenhe1").status_code == 303


@pytest.mark.parametrize(
    "told",
    [
        {"address": "https://xuncha.example"},
        {"address": "HTTPS://xuncha.example:8443/"},
        {"certificate_key": "key.pem", "certificate": "cert.pem"},
        {"secure_cookie": True},
    ],
)
def test_every_cookie_is_bound_to_tls_where_it_is_spoken(
    database: Settings, told: dict[str, Any]
) -> None:
    store = Store.open(database.database, database.bureau)
    app = FastAPI()
    photos = PhotoFolder(database.photos, "9999")
    thumbnails = ThumbnailMaker(photos, ThumbnailFolder(database.photos, "9999"))
    app.include_router(all_pages(store, replace(database, **told), thumbnails))
    with browser(app) as client:
        client.base_url = URL("https://xuncha.example")
        form = {"csrf": token(client.get("/sign-in")), "staff": "shenhe1", "password": PASSWORD}
        answer = client.post("/sign-in", data=form, follow_redirects=False)
        cookies = answer.headers.get_list("set-cookie")
        assert answer.status_code == 303 and len(cookies) == 3
        for cookie in cookies:
            assert cookie.startswith("__Host-xuncha_") and "Path=/;" in cookie, cookie
            assert "Secure" in cookie and "HttpOnly" in cookie and "Domain" not in cookie, cookie
        assert client.get("/inbox").url.path == "/inbox"
        client.post("/sign-out", data={"csrf": token(client.get("/inbox"))})
        assert client.get("/inbox").url.path == "/sign-in"
        assert "Secure" in client.get("/language/en", follow_redirects=False).headers["set-cookie"]
    store.close()


def test_a_session_that_a_browser_brought_along_is_not_taken_over(office: Office) -> None:
    office.client.cookies.set(COOKIE, "planted", domain="127.0.0.1")
    office.sign_in("shenhe1")
    assert office.client.cookies[COOKIE] != "planted"
    with office.store.reading() as tx:
        assert tx.run(select(sessions.c.session)).scalar_one() != hash_session("planted")


def test_a_new_sign_in_ends_the_old_session_of_this_browser(office: Office) -> None:
    office.sign_in("shenhe1")
    old = office.client.cookies[COOKIE]
    office.sign_in("ban1")
    with office.store.reading() as tx:
        assert tx.run(select(sessions.c.session)).scalars().all() != [hash_session(old)]
        assert tx.run(select(func.count()).select_from(sessions)).scalar_one() == 1


@pytest.mark.parametrize(
    ("column", "ago"),
    [("seen_at", timedelta(minutes=31)), ("opened_at", timedelta(hours=12, minutes=1))],
)
def test_a_session_ends_by_itself(office: Office, column: str, ago: timedelta) -> None:
    client = office.at("shenhe1")
    with office.store.writing() as tx:
        tx.run(update(sessions).values({column: office.now - ago}))
    page = client.get("/inbox?state=10")
    assert page.url.path == "/sign-in"
    assert "登录已过期" in page.text
    assert 'name="next" value="/inbox?state=10"' in page.text


def test_use_keeps_a_session_open(office: Office) -> None:
    client = office.at("shenhe1")
    with office.store.writing() as tx:
        tx.run(update(sessions).values(seen_at=office.now - timedelta(minutes=20)))
    client.get("/inbox")
    with office.store.reading() as tx:
        seen = tx.run(select(sessions.c.seen_at)).scalar_one()
    assert seen >= office.now


def test_a_disabled_account_is_out_at_once(office: Office) -> None:
    client = office.at("shenhe1")
    with office.store.writing() as tx:
        tx.run(update(staff).where(staff.c.staff == "shenhe1").values(disabled_at=office.now))
    assert client.get("/inbox").url.path == "/sign-in"


def test_signing_out_ends_the_session(office: Office) -> None:
    client = office.at("shenhe1")
    csrf = token(client.get("/inbox"))
    answer = client.post("/sign-out", data={"csrf": csrf})
    assert "已退出登录。" in answer.text
    with office.store.reading() as tx:
        assert tx.run(select(func.count()).select_from(sessions)).scalar_one() == 0


def test_signing_out_needs_its_token(office: Office) -> None:
    client = office.at("shenhe1")
    assert client.post("/sign-out", data={}).status_code == 403
    assert client.get("/inbox").url.path == "/inbox"


def test_a_sign_in_never_leads_away(office: Office) -> None:
    for away in ("https://far.example/", "//far.example", "/\\far.example"):
        assert office.sign_in("shenhe1", next=away).headers["location"] == "/", away


def test_a_sign_in_goes_on_to_where_one_was(office: Office) -> None:
    asked = office.client.get("/inbox?state=15&shift=NIGHT")
    assert 'name="next" value="/inbox?state=15&amp;shift=NIGHT"' in asked.text
    answer = office.sign_in("shenhe1", next="/inbox?state=15&shift=NIGHT")
    assert answer.headers["location"] == "/inbox?state=15&shift=NIGHT"


def test_a_part_of_a_page_is_not_filled_with_the_sign_in(office: Office) -> None:
    answer = office.client.get("/inbox?state=10", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["hx-redirect"] == "/sign-in?next=%2Finbox%3Fstate%3D10"


def test_a_form_that_is_too_large_is_not_read(office: Office) -> None:
    answer = office.client.post("/sign-in", data={"staff": "x" * 20_000})
    assert answer.status_code == 413
