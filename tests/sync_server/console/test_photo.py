"""A photo is served to who may see it, is not kept by anyone, and every view is written down."""

import pytest
from sqlalchemy import select

from sync_server.store.schema import audit
from tests.sync_server.console.office import Office, a_jpeg, a_photo


def views(office: Office) -> list[tuple[str, str]]:
    with office.store.reading() as tx:
        rows = tx.run(select(audit).where(audit.c.what == "view_photo").order_by(audit.c.n))
        return [(row.staff, row.subject) for row in rows]


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


@pytest.mark.parametrize("code", ["shequ1", "shenji1", "guanli1", "dpo1"])
def test_the_others_see_none(office: Office, code: str) -> None:
    photo = a_photo()
    report = office.report(photos=(photo,))
    office.deliver(report)
    office.finish_photo(photo)
    assert office.at(code).get(f"/records/{report.id}/photos/{photo.sha256}").status_code == 403
    assert views(office) == []


def test_nobody_signed_in_sees_none(office: Office) -> None:
    photo = a_photo()
    report = office.report(photos=(photo,))
    office.deliver(report)
    office.finish_photo(photo)
    answer = office.client.get(f"/records/{report.id}/photos/{photo.sha256}")
    assert answer.url.path == "/sign-in"


def test_a_photo_is_shown_only_with_its_own_record(office: Office) -> None:
    photo = a_photo()
    mine, other = office.report(photos=(photo,)), office.report()
    office.deliver(mine, other)
    office.finish_photo(photo)
    client = office.at("shenhe1")
    assert client.get(f"/records/{other.id}/photos/{photo.sha256}").status_code == 404


@pytest.mark.parametrize("name", ["0" * 64, "x", "A" * 64, "..%2f..%2fetc%2fpasswd"])
def test_what_is_no_photo_is_not_found(office: Office, name: str) -> None:
    report = office.report()
    office.deliver(report)
    assert office.at("shenhe1").get(f"/records/{report.id}/photos/{name}").status_code == 404
    assert views(office) == []


def test_a_photo_still_on_the_way_is_not_found(office: Office) -> None:
    photo = a_photo()
    report = office.report(photos=(photo,))
    office.deliver(report)
    office.part_of_photo(photo, b"x" * 1000)
    answer = office.at("shenhe1").get(f"/records/{report.id}/photos/{photo.sha256}")
    assert answer.status_code == 404
