"""The list: newest first, narrowed by its URL, the same page whatever arrives meanwhile."""

import re
from datetime import datetime, timedelta
from html import unescape
from uuid import UUID

from httpx import Response

from contract.report import Kind
from sync_server.console.record_list import SIZE
from tests.sync_server.console.office import AWAY, BOTH, HOME, Office, a_photo, a_place

pytestmark = BOTH
ROW = re.compile(r'id="row-([0-9a-f-]{36})"')


def shown(page: Response) -> list[UUID]:
    assert page.status_code == 200, page.text
    return [UUID(id) for id in ROW.findall(page.text)]


def turned(page: Response, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page.text)
    assert found, rel
    return unescape(found[1])


def folder_counts(page: Response) -> dict[str, int]:
    found = re.findall(r'class="name">([^<]+)</span><span class="count[^"]*">(\d+)<', page.text)
    return {name: int(count) for name, count in found}


def test_the_newest_stands_first(office: Office) -> None:
    reports = [office.report() for _ in range(3)]
    office.deliver(*reports)
    page = office.at("shenhe1").get("/inbox?state=10")
    assert shown(page) == [report.id for report in reversed(reports)]


def test_the_list_shows_the_time_it_is_sorted_by(office: Office) -> None:
    """When a record came first: a later revision does not move it."""
    early, late = office.report(), office.report(seen_at=office.now - timedelta(days=3))
    office.deliver(early, ago=timedelta(hours=2))
    office.deliver(late, ago=timedelta(hours=1))
    office.deliver(early.changed(revision=2, note="补充了"))
    page = office.at("shenhe1").get("/inbox?state=10").text
    cells = re.findall(r'class="received end"><time datetime="([^"]+)"', page)
    assert [datetime.fromisoformat(cell) for cell in cells] == [
        office.now - timedelta(hours=1),
        office.now - timedelta(hours=2),
    ]
    assert re.search(r'aria-sort="descending">收到', page) and page.count('class="seen">看到 ') == 2


def test_each_filter_narrows(office: Office) -> None:
    other = a_place(community=AWAY, compound="c002", compound_name="示范公寓")
    odd = office.report(kind=Kind.AD, shift="DAY", place=other, signs=("POSTER",))
    office.deliver(office.report(), office.report(), odd)
    client, number = office.at("shenhe1"), f"q={office.number(3)}"
    found = {
        query: shown(client.get(f"/inbox?{query}"))
        for query in ("kind=AD", f"community={AWAY}", "shift=DAY", "q=示范公寓", number)
    }
    assert {query: ids for query, ids in found.items() if ids != [odd.id]} == {}
    assert shown(client.get("/inbox?days=1&kind=AD")) == [odd.id]


def test_time_is_when_it_was_seen(office: Office) -> None:
    old = office.report(seen_at=office.now - timedelta(days=20))
    office.deliver(office.report(), old)
    client = office.at("shenhe1")
    assert old.id not in shown(client.get("/inbox?days=7"))
    assert old.id in shown(client.get("/inbox?days=30"))


def test_a_report_of_a_reset_clock_is_among_those_of_the_day_it_came(office: Office) -> None:
    reset = office.report().changed(seen_at="1970-01-01T00:00:12+08:00")
    office.deliver(reset)
    assert shown(office.at("shenhe1").get("/inbox?days=1")) == [reset.id]


def test_a_place_is_found_however_it_is_spaced(office: Office) -> None:
    report = office.report()
    other = a_place(compound="c002", building="1号楼")
    office.deliver(report, office.report(place=other))
    client = office.at("shenhe1")
    found = {
        words: shown(client.get("/inbox", params={"q": words}))
        for words in ("样例苑小区3号楼", "样例苑 3号楼2单元", "2单元 样例", "３号楼")
    }
    assert {words: ids for words, ids in found.items() if ids != [report.id]} == {}


def test_the_number_of_a_later_receipt_finds_the_record_too(office: Office) -> None:
    report = office.report()
    office.deliver(report, office.report())
    office.deliver(report.changed(revision=2, note="补充"))
    assert shown(office.at("shenhe1").get(f"/inbox?q={office.number(3)}")) == [report.id]


def test_a_search_is_never_a_pattern(office: Office) -> None:
    office.deliver(office.report())
    client = office.at("shenhe1")
    for words in ("%", "3_楼", "' OR 1=1 --", "\\"):
        assert shown(client.get("/inbox", params={"q": words})) == [], words


def test_pages_do_not_move_under_new_arrivals(office: Office) -> None:
    reports = [office.report() for _ in range(SIZE + 5)]
    office.deliver(*reports)
    client = office.at("shenhe1")
    first = client.get("/inbox?state=10")
    office.deliver(*[office.report() for _ in range(4)])
    second = client.get(turned(first, "next"))
    assert shown(first) + shown(second) == [report.id for report in reversed(reports)]


def test_going_on_and_back_shows_everything_once(office: Office) -> None:
    office.deliver(*[office.report() for _ in range(50)])
    office.deliver(*[office.report() for _ in range(2 * SIZE - 45)])
    client = office.at("shenhe1")
    pages = [client.get("/inbox")]
    for _ in range(2):
        pages.append(client.get(turned(pages[-1], "next")))
    seen = [id for page in pages for id in shown(page)]
    assert len(seen) == len(set(seen)) == 2 * SIZE + 5
    assert 'rel="next"' not in pages[-1].text
    assert shown(client.get(turned(pages[-1], "prev"))) == shown(pages[1])
    assert 'rel="prev"' not in client.get(turned(pages[1], "prev")).text


def test_folders_count_what_they_hold(office: Office) -> None:
    reports = [office.report(place=a_place(building=f"{n}号楼")) for n in range(1, 6)]
    office.deliver(*reports)
    office.withdraw(reports[0])
    office.deliver(reports[1].changed(note="另一份内容"))
    client = office.at("shenhe1")
    office.decide(reports[2].id, "20")
    counts = folder_counts(client.get("/inbox"))
    assert counts["收件箱"] == 3
    assert counts["已受理"] == 1
    assert counts["有争议"] == 1
    assert counts["已撤回"] == 1
    assert counts["全部线索"] == 5
    assert shown(client.get("/inbox?flag=withdrawn")) == [reports[0].id]
    assert shown(client.get("/inbox?flag=disputed")) == [reports[1].id]
    assert reports[0].id not in shown(client.get("/inbox?state=10"))


def test_photos_on_the_way_are_counted(office: Office) -> None:
    here, way = a_photo(1), a_photo(2)
    office.deliver(office.report(photos=(here, way)))
    office.finish_photo(here)
    assert "1/2" in office.at("shenhe1").get("/inbox").text


def test_a_community_officer_sees_their_community_only(office: Office) -> None:
    mine, theirs = office.report(), office.report(place=a_place(community=AWAY))
    office.deliver(mine, theirs)
    client = office.at("shequ1")
    for query in ("", f"?community={AWAY}", f"?community={HOME}", "?q=样例苑"):
        assert shown(client.get(f"/inbox{query}")) in ([mine.id], [])
    assert folder_counts(client.get("/inbox"))["全部线索"] == 1


def test_an_empty_folder_says_what_will_be_in_it(office: Office) -> None:
    client = office.at("shenhe1")
    for folder in ("state=10", "state=15", "state=20", "flag=disputed", ""):
        page = client.get(f"/inbox?{folder}").text
        assert 'class="empty card"' in page and "去掉一个筛选" not in page, folder


def test_a_filter_that_finds_nothing_says_so(office: Office) -> None:
    page = office.at("shenhe1").get("/inbox?state=10&q=没有")
    assert "去掉一个筛选" in page.text


def test_a_made_up_url_is_still_a_page(office: Office) -> None:
    client = office.at("shenhe1")
    numbers = ("before=x", "before=-1", "after=99999999999999999999")
    for query in (*numbers, "state=zz", "q=%00", "days=x"):
        assert client.get(f"/inbox?{query}").status_code == 200, query


def test_the_page_speaks_both_languages(office: Office) -> None:
    office.deliver(office.report())
    client = office.at("shenhe1")
    assert '<html lang="zh-CN">' in client.get("/inbox").text
    assert "Childcare" in client.get("/inbox?lang=en").text
    switched = client.get("/language/en?next=/inbox%3Fstate%3D10")
    assert '<html lang="en">' in switched.text and switched.url.query == b"state=10"
    assert '<html lang="en">' in client.get("/inbox").text
