"""A photo is served to who may see it, is not kept by anyone, and every view is written down."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from contract.report import Report
from sync_server.auditing.repeats import add_repeats
from sync_server.casework.review import note_photos_seen
from sync_server.domain.roles import Role, Staff
from sync_server.photos.jpeg import check_jpeg
from sync_server.store.schema import audit, audit_repeats
from tests.sync_server.console.day import drawn
from tests.sync_server.console.office import BOTH, Office, a_jpeg, a_photo

WAYS = pytest.mark.parametrize("way", ["", "/thumbnail", "/page"])


def views(office: Office, what: str = "view_photo") -> list[tuple[str, str]]:
    with office.store.reading() as tx:
        rows = tx.run(
            select(audit)
            .where(audit.c.bureau == tx.bureau, audit.c.what == what)
            .order_by(audit.c.n)
        )
        return [(row.staff, row.subject) for row in rows]


def a_report_with(office: Office, *contents: bytes) -> tuple[Report, list[str]]:
    """A report with these photos, all here, and the addresses of the photos."""
    shot = [a_photo(n) for n, _ in enumerate(contents, 1)]
    report = office.report(photos=tuple(shot))
    office.deliver(report)
    for photo, content in zip(shot, contents, strict=True):
        office.finish_photo(photo, content)
    return report, [f"/records/{report.id}/photos/{photo.sha256}" for photo in shot]


@BOTH
def test_a_page_shows_small_pictures_and_that_is_one_view(office: Office) -> None:
    report, places = a_report_with(office, a_jpeg(), a_jpeg())
    client = office.at("shenhe1")
    page = client.get(f"/records/{report.id}").text
    shown = re.findall(r'<img src="([^"]+/photos/[^"]+)"', page)
    assert shown == [f"{place}/thumbnail" for place in places]
    assert views(office, "view_photos") == []
    small = [client.get(place) for place in shown]
    assert {one.headers["content-type"] for one in small} == {"image/jpeg"}
    assert {check_jpeg(one.content, 480 * 480) for one in small} == {(480, 360)}
    assert {one.headers["cache-control"] for one in small} == {"no-store, private"}
    office.at("ban1").get(shown[0])
    seen = [("shenhe1", str(report.id)), ("ban1", str(report.id))]
    assert (views(office, "view_photos"), views(office)) == (seen, [])


@BOTH
def test_after_ten_minutes_it_is_another_view(office: Office) -> None:
    """And nothing is counted: ten small pictures are no more of a view than one."""
    who = Staff("shenhe1", Role.SUPERVISOR)
    for record, minutes in (("r1", 0), ("r1", 9), ("r2", 9), ("r1", 10), ("r1", 19), ("r1", 20)):
        at = office.now + timedelta(minutes=minutes)
        note_photos_seen(office.store, who, record, at)
        add_repeats(office.store, at)
    add_repeats(office.store, office.now + timedelta(hours=1))
    noted = [record for _, record in views(office, "view_photos")]
    assert noted == ["r1", "r2", "r1", "r1"]
    with office.store.reading() as tx:
        held = tx.run(select(audit_repeats).where(audit_repeats.c.bureau == tx.bureau)).all()
    assert [row.what for row in held if row.what == "view_photos"] == []


def test_a_photo_that_cannot_be_shown_is_words_in_place_of_a_picture(office: Office) -> None:
    report, (place,) = a_report_with(office, b"\xff\xd8 never a picture")
    client = office.at("shenhe1")
    for language, line in (("zh", "可下载原件"), ("en", "get the original")):
        client.get(f"/language/{language}")
        tile = client.get(f"{place}/thumbnail")
        assert tile.headers["content-type"] == "image/svg+xml" and f">{line}<" in tile.text
    assert client.get(f"/records/{report.id}").status_code == 200
    assert views(office, "view_photos") == []
    assert client.get(place).content == b"\xff\xd8 never a picture"


@pytest.mark.parametrize("code", ["shenhe1", "ban1"])
def test_every_view_is_an_audit_row(office: Office, code: str) -> None:
    photo = a_photo()
    report = office.report(photos=(photo,))
    office.deliver(report)
    office.finish_photo(photo)
    client = office.at(code)
    for _ in range(2):
        answer = client.get(f"/records/{report.id}/photos/{photo.sha256}")
        assert answer.content == a_jpeg()
    assert views(office) == [(code, f"{report.id}/{photo.sha256[:16]}")] * 2


def test_a_photo_is_private_and_is_what_it_says(office: Office) -> None:
    photo = a_photo()
    report = office.report(photos=(photo,))
    office.deliver(report)
    office.finish_photo(photo)
    headers = office.at("shenhe1").get(f"/records/{report.id}/photos/{photo.sha256}").headers
    assert headers["cache-control"] == "no-store, private"
    assert headers["content-type"] == "image/jpeg"
    assert headers["x-content-type-options"] == "nosniff"


def test_looking_at_the_page_alone_is_no_view_of_a_photo(office: Office) -> None:
    photo = a_photo()
    report = office.report(photos=(photo,))
    office.deliver(report)
    office.finish_photo(photo)
    office.at("shenhe1").get(f"/records/{report.id}")
    assert views(office) == []


def test_a_photo_opens_in_a_page_with_a_title(office: Office) -> None:
    report, (_, place) = a_report_with(office, a_jpeg(), drawn(1))
    client = office.at("shenhe1")
    assert f'href="{place}/page" target="_blank"' in client.get(f"/records/{report.id}").text
    page = client.get(f"{place}/page").text
    assert f"<title>{office.number(1)} 第 2 张照片" in page
    assert f'src="{place}"' in page and views(office) == []


@WAYS
@pytest.mark.parametrize("code", ["shequ1", "shenji1", "guanli1", "dpo1"])
def test_the_others_see_none(office: Office, code: str, way: str) -> None:
    photo = a_photo()
    report = office.report(photos=(photo,))
    office.deliver(report)
    office.finish_photo(photo)
    place = f"/records/{report.id}/photos/{photo.sha256}{way}"
    assert office.at(code).get(place).status_code == 403
    assert views(office) == views(office, "view_photos") == []


@WAYS
def test_nobody_signed_in_sees_none(office: Office, way: str) -> None:
    photo = a_photo()
    report = office.report(photos=(photo,))
    office.deliver(report)
    office.finish_photo(photo)
    answer = office.client.get(f"/records/{report.id}/photos/{photo.sha256}{way}")
    assert answer.url.path == "/sign-in"


@WAYS
def test_a_photo_is_shown_only_with_its_own_record(office: Office, way: str) -> None:
    photo = a_photo()
    mine, other = office.report(photos=(photo,)), office.report()
    office.deliver(mine, other)
    office.finish_photo(photo)
    client = office.at("shenhe1")
    assert client.get(f"/records/{other.id}/photos/{photo.sha256}{way}").status_code == 404


@WAYS
@pytest.mark.parametrize("name", ["0" * 64, "x", "A" * 64, "..%2f..%2fetc%2fpasswd"])
def test_what_is_no_photo_is_not_found(office: Office, name: str, way: str) -> None:
    report = office.report()
    office.deliver(report)
    assert office.at("shenhe1").get(f"/records/{report.id}/photos/{name}{way}").status_code == 404
    assert views(office) == []


@WAYS
def test_a_photo_still_on_the_way_is_not_found(office: Office, way: str) -> None:
    photo = a_photo()
    report = office.report(photos=(photo,))
    office.deliver(report)
    office.part_of_photo(photo, b"x" * 1000)
    answer = office.at("shenhe1").get(f"/records/{report.id}/photos/{photo.sha256}{way}")
    assert answer.status_code == 404
