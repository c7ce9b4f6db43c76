"""One record: everything that is known of it, and nothing that runs."""

from datetime import timedelta

import pytest

from contract.place import Fix
from tests.sync_server.console.office import AWAY, BOTH, Office, a_photo, a_place

pytestmark = BOTH
SCRIPT = "<script>alert(1)</script>"


def test_the_page_says_what_the_worker_said(office: Office) -> None:
    report = office.report(institution="示范素质拓展", subjects=("MA",), time_slots=("HOLIDAY",))
    office.deliver(report)
    page = office.at("shenhe1").get(f"/records/{report.id}").text
    for words in ("海报传单、学生集中进出", "4-10 人", "托管", "数学", "节假日", "示范素质拓展"):
        assert words in page
    for words in (
        office.number(1),
        "台账第 1 条",
        "夜查 · 日常",
        "示例镇第3网格",
        "单元门口张贴晚托广告",
    ):
        assert words in page


def test_nothing_a_worker_wrote_runs(office: Office) -> None:
    spiked = a_place(compound_name=SCRIPT, building='"><img src=x onerror=alert(1)>')
    report = office.report(note=SCRIPT, institution=SCRIPT, place=spiked)
    office.deliver(report)
    client = office.at("shenhe1")
    for path in ("/inbox", f"/records/{report.id}", "/inbox?q=" + SCRIPT):
        page = client.get(path).text
        assert SCRIPT not in page and "<img src=x" not in page
        assert "&lt;script&gt;" in page


def test_the_fix_is_told_with_its_doubts(office: Office) -> None:
    fix = Fix(lat=38.1, lon=108.5, accuracy_m=74, datum="GCJ02", mock=True, at=office.now)
    report = office.report(fix=fix)
    office.deliver(report)
    page = office.at("shenhe1").get(f"/records/{report.id}").text
    assert 'data-copy="38.10000, 108.50000"' in page
    assert "±74 米 · GCJ-02 · 卫星" in page
    for hint in ("mock", "datum", "coarse"):
        assert f'data-hint="{hint}"' in page


def test_a_fix_stands_on_the_map_beside_its_compound(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    page = office.at("shenhe1").get(f"/records/{report.id}").text
    assert 'class="sure"' in page and "样例苑小区</text>" in page
    assert "距样例苑小区中心约" in page


def test_without_a_fix_the_page_says_so(office: Office) -> None:
    report = office.report(fix=None)
    office.deliver(report)
    page = office.at("shenhe1").get(f"/records/{report.id}").text
    assert "没有定位，地点是手选的。" in page
    assert 'class="sure"' not in page


def test_both_contents_of_a_dispute_can_be_compared(office: Office) -> None:
    report = office.report(note="甲")
    office.deliver(report, report.changed(note="乙"))
    page = office.at("shenhe1").get(f"/records/{report.id}").text
    assert 'data-hint="disputed"' in page
    table = page.partition('class="diff"')[2].partition("</table>")[0]
    assert "甲" in table and "乙" in table and "备注" in table
    assert "迹象" not in table  # the same in both


def test_a_new_revision_says_what_it_changed(office: Office) -> None:
    report = office.report(note="甲")
    office.deliver(report)
    client = office.at("shenhe1")
    office.decide(report.id, "15", comment="请补充门牌")
    office.deliver(report.changed(revision=2, note="乙"), ago=-timedelta(seconds=30))
    page = client.get(f"/records/{report.id}").text
    assert 'data-hint="revised"' in page
    assert "本版改了什么" in page
    assert "退回补充" in page and "收到第 2 版" in page


def test_a_withdrawn_record_asks_for_no_decision(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    office.withdraw(report)
    page = office.at("shenhe1").get(f"/records/{report.id}").text
    assert 'data-hint="withdrawn"' in page
    assert 'id="decide"' not in page


@pytest.mark.parametrize(("skew_s", "words"), [(7500, "快 2 小时 5 分"), (-600, "慢 10 分钟")])
def test_a_wrong_clock_is_told(office: Office, skew_s: int, words: str) -> None:
    report = office.report()
    office.deliver(report, skew_s=skew_s)
    assert words in office.at("shenhe1").get(f"/records/{report.id}").text


def test_an_interest_in_the_place_is_told(office: Office) -> None:
    report = office.report(conflict_of_interest=True)
    office.deliver(report)
    assert 'data-hint="conflict"' in office.at("shenhe1").get(f"/records/{report.id}").text


def test_a_photo_on_the_way_is_a_tile_with_its_share(office: Office) -> None:
    here, way, none = a_photo(1), a_photo(2), a_photo(3)
    report = office.report(photos=(here, way, none))
    office.deliver(report)
    office.finish_photo(here)
    office.part_of_photo(way, b"x" * 128_000)
    page = office.at("shenhe1").get(f"/records/{report.id}").text
    assert f'src="/records/{report.id}/photos/{here.sha256}"' in page
    assert "上传中 64%" in page and "等待上传" in page
    assert way.sha256 not in page


def test_the_list_stays_beside_the_record(office: Office) -> None:
    report, other = office.report(), office.report()
    office.deliver(report, other)
    page = office.at("shenhe1").get(f"/records/{report.id}?state=10&shift=NIGHT").text
    assert f'href="/records/{other.id}?state=10&amp;shift=NIGHT"' in page
    assert 'href="/inbox?state=10&amp;shift=NIGHT"' in page  # the way back


def test_nobody_is_named_on_a_page(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    client = office.at("shenhe1")
    office.decide(report.id, "20")
    history = client.get(f"/records/{report.id}").text.partition('class="history"')[2]
    assert "旗局审核员" in history
    assert "shenhe1" not in history and "wg03" not in history


def test_a_community_officer_reads_without_photos(office: Office) -> None:
    photo = a_photo()
    mine = office.report(photos=(photo,))
    theirs = office.report(place=a_place(community=AWAY))
    office.deliver(mine, theirs)
    office.finish_photo(photo)
    client = office.at("shequ1")
    page = client.get(f"/records/{mine.id}")
    assert "这个角色不能查看照片。" in page.text and photo.sha256 not in page.text
    assert 'id="decide"' not in page.text
    assert client.get(f"/records/{theirs.id}").status_code == 403
    assert client.get(f"/records/{mine.id}/photos/{photo.sha256}").status_code == 403


@pytest.mark.parametrize("id", ["00000000-0000-7000-8000-000000000000", "x", "0" * 40])
def test_a_record_that_is_not_there_is_a_page_in_words(office: Office, id: str) -> None:
    page = office.at("shenhe1").get(f"/records/{id}")
    assert page.status_code == 404
