"""Who comes in: every route says what it needs, and whoever comes again finds a page (rule L10)."""

import pytest
from fastapi import APIRouter, Request
from fastapi.routing import APIRoute

from sync_server.console import all_pages
from sync_server.console.access import UndeclaredRoute, need_of, needs, open_to_all
from sync_server.console.unsaved import MOST, UNSAVED
from sync_server.domain.roles import Permission
from sync_server.photos.thumbnails import ThumbnailMaker
from sync_server.settings import Settings
from sync_server.store.thumbnail_folder import ThumbnailFolder
from tests.sync_server.console.office import PASSWORD, Office, a_place, hidden, token
from tests.sync_server.serving import serving

HTML = {"Accept": "text/html,application/xhtml+xml"}
OPEN = {"/language/{language}", "/sign-in", "/sign-out"}


@pytest.fixture
def pages(office: Office, database: Settings) -> list[APIRoute]:
    """All routes of the console."""
    folder = ThumbnailFolder(database.photos, database.bureau)
    router = all_pages(office.store, database, ThumbnailMaker(office.photos, folder))
    return [route for route in router.routes if isinstance(route, APIRoute)]


def test_a_route_that_declares_nothing_does_not_start(pages: list[APIRoute]) -> None:
    (guarded,) = {type(way) for way in pages}
    router = APIRouter(route_class=guarded)

    def show(request: Request) -> None: ...

    with pytest.raises(UndeclaredRoute, match="show"):
        router.get("/new")(show)
    assert need_of(needs(Permission.DECIDE)(show)) is Permission.DECIDE
    router.get("/new")(open_to_all(show))


def test_only_the_sign_in_and_the_language_are_open(pages: list[APIRoute]) -> None:
    declared = {(way.path, need_of(way.endpoint)) for way in pages}
    assert len(declared) > 9
    assert {path for path, need in declared if need is None} == OPEN


def test_every_address_that_takes_a_form_answers_when_it_is_opened(pages: list[APIRoute]) -> None:
    """So that a page that was refused can be loaded again."""
    taken = {way.path for way in pages if "POST" in (way.methods or ())}
    shown = {way.path for way in pages if "GET" in (way.methods or ())}
    assert len(taken) > 2
    assert taken - shown == set()


def test_a_refused_decision_loaded_again_is_its_record(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    client = office.at("shenhe1")
    refused = office.decide(report.id, "15")
    again = client.get(refused.url.copy_add_param("state", "10"))
    assert (refused.status_code, again.status_code) == (422, 200)
    assert (again.url.path, again.url.query) == (f"/records/{report.id}", b"state=10")
    assert client.get("/sign-out").url.path == "/inbox"  # by a link nobody is signed out


def test_an_unknown_address_is_a_page_for_people_and_a_problem_for_phones(
    database: Settings,
) -> None:
    with serving(database) as server:
        for method, path, status in (
            ("GET", "/nowhere", 404),
            ("POST", "/nowhere", 404),
            ("POST", "/inbox", 405),
        ):
            page = server.client.request(method, path, headers=HTML)
            assert page.status_code == status and "<h1>没有" in page.text, path
            assert page.headers["content-security-policy"].startswith("default-src 'self'")
            assert ("allow" in page.headers) is (status == 405)
        for path, accept in (("/v1/nowhere", HTML["Accept"]), ("/nowhere", "*/*")):
            answer = server.client.get(path, headers={"Accept": accept})
            assert answer.headers["content-type"] == "application/problem+json", path


@pytest.mark.parametrize("htmx", [False, True])
def test_a_comment_outlives_the_session_in_which_it_was_written(office: Office, htmx: bool) -> None:
    report = office.report(place=a_place(building="3号楼"))
    office.deliver(report)
    client = office.at("shenhe1")
    address = f"/records/{report.id}/decision?state=10"
    form = hidden(client.get(f"/records/{report.id}")) | {"to": "15", "comment": "写了很久的问题"}
    office.end_sessions()
    asked = client.post(
        address, data=form, headers={"HX-Request": "true"} if htmx else {}, follow_redirects=False
    )
    way = asked.headers["hx-redirect" if htmx else "location"]
    sign_in = client.get(way)
    assert "comment" not in way and "写了" not in sign_in.text
    entered = {"csrf": token(sign_in), "staff": "shenhe1", "password": PASSWORD}
    entered["next"] = sign_in.text.partition('name="next" value="')[2].partition('"')[0]
    page = client.post("/sign-in", data=entered)
    assert page.url.path == f"/records/{report.id}"
    assert "登录前写的内容还在" in page.text and ">写了很久的问题</textarea>" in page.text
    assert 'value="15" required checked' in page.text
    assert "写了很久" not in office.at("shenhe1").get(f"/records/{report.id}").text


def test_what_was_written_is_its_writers_and_goes_when_it_was_sent(office: Office) -> None:
    report, other = office.report(), office.report()
    office.deliver(report, other)
    client = office.at("shenhe1")
    form = hidden(client.get(f"/records/{report.id}")) | {"to": "15"}
    office.end_sessions()
    client.post(f"/records/{report.id}/decision", data=form | {"comment": "𠮷" * 500})
    (kept,) = [one for one in client.cookies.jar if one.name == UNSAVED.name]
    assert kept.value and len(kept.value) < 4000 and kept.has_nonstandard_attr("HttpOnly")
    for code, path, count in (
        ("shenhe1", report, MOST),
        ("ban1", report, 0),
        ("shenhe1", other, 0),
    ):
        page = office.at(code, keep=UNSAVED.name).get(f"/records/{path.id}")
        assert page.text.count("𠮷") == count, (code, path)
    office.at("shenhe1", keep=UNSAVED.name)
    assert office.decide(report.id, "15", comment="问题?").status_code == 303
    assert UNSAVED.name not in client.cookies


def test_what_one_wrote_stands_in_no_form_of_another(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    client = office.at("shenhe1")
    form = hidden(client.get(f"/records/{report.id}")) | {"staff": "shenhe2", "comment": "𠮷"}
    office.end_sessions()
    client.post(f"/records/{report.id}/decision", data=form)
    assert UNSAVED.name in client.cookies
    assert "𠮷" not in office.at("shenhe1", keep=UNSAVED.name).get(f"/records/{report.id}").text


def test_a_form_of_another_site_leaves_nothing(office: Office) -> None:
    """Browsers send it without the session: what it says would stand in the officer's form."""
    report = office.report()
    office.deliver(report)
    form = {"to": "20", "comment": "planted", "staff": "shenhe1"}
    office.client.post(f"/records/{report.id}/decision", data=form)
    assert UNSAVED.name not in office.client.cookies


def test_a_form_from_before_the_last_sign_in_keeps_what_it_says(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    form = hidden(office.at("shenhe1").get(f"/records/{report.id}"))
    answer = office.at("shenhe1").post(
        f"/records/{report.id}/decision", data=form | {"to": "15", "comment": "哪个单元?"}
    )
    assert answer.status_code == 403 and ">哪个单元?</textarea>" in answer.text
    again = office.client.post(
        f"/records/{report.id}/decision", data=hidden(answer) | {"to": "15", "comment": "哪个?"}
    )
    assert "已决定" in again.text


def test_what_another_sites_page_sends_changes_nothing(office: Office) -> None:
    """Even with the form's own token; a browser that does not say where from has that alone."""
    report = office.report()
    office.deliver(report)
    client = office.at("shenhe1")
    page = client.get(f"/records/{report.id}")
    form = hidden(page) | {"to": "20"}
    for sender, status in (
        ("cross-site", 403), ("same-site", 403), ("none", 403), ("same-origin", 303),
    ):  # fmt: skip
        sent = client.post(
            f"/records/{report.id}/decision",
            data=form,
            headers={"sec-fetch-site": sender},
            follow_redirects=False,
        )
        assert sent.status_code == status, sender
