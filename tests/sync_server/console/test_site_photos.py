"""The photos of a place's leads on its page: small, with their own lead, for who may see them."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from contract.report import Report
from sync_server.store import devices
from sync_server.store.schema import site_links
from tests.sync_server.console.office import AWAY, BOTH, Office, a_jpeg, a_photo, a_place
from tests.sync_server.console.test_photo import views

PICTURE = re.compile(r'<a href="([^"]+)"[^>]* title="([^"]+)"><img src="([^"]+)" alt="([^"]+)"')
LEAD_OR_PICTURE = re.compile(
    r'<a href="/records/[^/"]+"><span class="number">([^<]+)|<img src="/records/([^/"]+)'
)


def two_leads(office: Office) -> tuple[Report, Report]:
    """Of one place, the second with two photos; all here. And a third lead without a photo."""
    first = office.report(photos=(a_photo(1),))
    second = office.report(photos=(a_photo(2), a_photo(3)))
    office.deliver(first, second, office.report())
    for photo in (*first.photos, *second.photos):
        office.finish_photo(photo, a_jpeg())
    return first, second


def site_address(office: Office) -> str:
    with office.store.reading() as tx:
        wanted = select(site_links.c.site).where(site_links.c.bureau == tx.bureau)
        [site] = set(tx.run(wanted).scalars())
    return f"/sites/{site}"


def place_of(report: Report, n: int) -> str:
    return f"/records/{report.id}/photos/{report.photos[n - 1].sha256}"


@BOTH
def test_each_photo_stands_small_with_its_own_lead_and_opens_in_its_view(office: Office) -> None:
    first, second = two_leads(office)
    page = office.at("shenhe1").get(site_address(office)).text
    shown = [(second, 2, 1), (second, 2, 2), (first, 1, 1)]  # the newest lead first
    expected = []
    for report, number, n in shown:
        words = f"{office.number(number)} 第 {n} 张照片：招牌"
        place = place_of(report, n)
        expected.append((f"{place}/page", f"{words} · 看原件", f"{place}/thumbnail", words))
    assert [tuple(map(unescape, one)) for one in PICTURE.findall(page)] == expected
    assert "查看照片会留下审计记录" in page and "不能查看照片" not in page
    order = [number or f"photo of {id}" for number, id in LEAD_OR_PICTURE.findall(page)]
    beside = [f"photo of {report.id}" for report in (second, second, first)]
    numbers = [office.number(n) for n in (3, 2, 1)]
    assert order == [*numbers[:2], *beside[:2], numbers[2], beside[2]]


@BOTH
def test_photos_that_are_seen_are_one_view_of_each_record(office: Office) -> None:
    first, second = two_leads(office)
    client = office.at("shenhe1")
    page = client.get(site_address(office)).text
    assert views(office, "view_photos") == views(office) == []
    for _, _, small, _ in PICTURE.findall(page):
        assert client.get(small).headers["content-type"] == "image/jpeg"
    seen = [("shenhe1", str(second.id)), ("shenhe1", str(first.id))]
    assert (views(office, "view_photos"), views(office)) == (seen, [])


def test_who_may_not_see_photos_sees_none_here(office: Office) -> None:
    first, second = two_leads(office)
    address = site_address(office)
    page = office.at("shequ1").get(address).text
    assert str(first.id) in page and "这个角色不能查看照片" in page
    assert "/photos/" not in page and "<img" not in page and "审计记录" not in page
    for photo in (*first.photos, *second.photos):
        assert photo.sha256 not in page


def test_who_sees_photos_sees_those_of_all_communities(office: Office) -> None:
    here, there = (
        office.report(photos=(a_photo(n),), place=a_place(community=community))
        for n, community in ((1, a_place().community), (2, AWAY))
    )
    office.deliver(here, there)
    for report in (here, there):
        office.finish_photo(report.photos[0], a_jpeg())
    address = site_address(office)
    assert len(PICTURE.findall(office.at("ban1").get(address).text)) == 2
    page = office.at("shequ1").get(address).text
    assert str(there.id) not in page and "<img" not in page


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_photo_that_is_not_here_says_so(office: Office, is_gone: bool) -> None:
    report = office.report(photos=(a_photo(1), a_photo(2)))
    office.deliver(report)
    office.part_of_photo(report.photos[1], b"x" * 100_000)
    if is_gone:
        with office.store.writing() as tx:
            devices.note_emptied(tx, report.device, office.now)
    page = office.at("shenhe1").get(site_address(office)).text
    assert "<img" not in page
    words = ("手机已停用，照片不会再到",) if is_gone else ("等待上传", "上传中 50%")
    assert all(one in page for one in words), words


def test_a_page_without_photos_says_nothing_of_them(office: Office) -> None:
    office.deliver(office.report())
    page = office.at("shenhe1").get(site_address(office)).text
    assert 'class="tiles"' not in page and "审计记录" not in page
