"""One record: everything that is known of it, and nothing that runs."""

from datetime import timedelta

import pytest
from sqlalchemy import and_

from contract import wire
from contract.place import Fix
from contract.report import Report
from sync_server.store import devices
from sync_server.store.schema import records
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


def test_a_place_by_a_code_that_is_not_ours_is_said_to_be_so_and_names_nobody(
    office: Office,
) -> None:
    """Neither in the inbox nor on the page nor where two versions are compared."""
    hints = {"c001": [], "c999": ["unlisted_unnamed"], "c998": ["unlisted"]}
    told = {}
    for code in hints:
        name = "模拟花园" if code == "c998" else "王老师家 13800000000"
        report = office.report(place=a_place(compound=code, compound_name=name))
        other = report.place.changed(building="5号楼")
        office.deliver(report, report.changed(note="另一句"))
        office.deliver(report.changed(revision=2, place=other))
        page = office.at("shenhe1").get(f"/records/{report.id}").text
        told[code] = [one for one in ("unlisted_unnamed", "unlisted") if f'hint="{one}"' in page]
        assert "王老师" not in page and "13800000000" not in page
    assert told == hints
    inbox = office.client.get("/inbox").text
    assert "样例苑小区 5号楼" in inbox and "模拟花园 5号楼" in inbox
    assert "王老师" not in inbox and "13800000000" not in inbox


def test_nothing_a_worker_wrote_runs(office: Office) -> None:
    spiked = a_place(
        compound="c999", compound_name=SCRIPT, building='"><img src=x onerror=alert(1)>'
    )
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


def test_a_fix_far_from_the_chosen_compound_is_a_warning_here_and_in_the_list(
    office: Office,
) -> None:
    near, far, shifted, broken = (office.report() for _ in range(4))
    assert far.fix and shifted.fix
    far = far.changed(fix=far.fix.changed(lat=44.4))
    shifted = shifted.changed(fix=shifted.fix.changed(lon=108.54822))
    office.deliver(near, far, shifted, broken)
    spoil(office, broken, {"fix": {"lat": "x"}})
    client = office.at("shenhe1")
    assert 'data-hint="far"' not in client.get(f"/records/{near.id}").text
    page = client.get(f"/records/{far.id}").text
    assert "定位离所选小区 698 公里" in page and "GCJ-02" not in page
    page = client.get(f"/records/{shifted.id}").text
    assert "定位离所选小区 4" in page and "GCJ-02" in page
    assert client.get("/inbox").text.count("<span>定位偏远</span>") == 2


def spoil(office: Office, report: Report, body: dict[str, object]) -> None:
    with office.store.writing() as tx:
        here = and_(records.c.bureau == tx.bureau, records.c.id == str(report.id))
        tx.run(records.update().where(here).values(body=wire.to_json(report) | body))


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
    assert "待补充" in page and "收到第 2 版" in page


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


def test_what_was_marked_as_a_place_is_told(office: Office) -> None:
    report = office.report(note="李家对面有灯", place_names=("李家",))
    office.deliver(report)
    page = office.at("shenhe1").get(f"/records/{report.id}").text
    assert "标为地名或店名" in page and "<dd>李家</dd>" in page


def test_a_photo_on_the_way_is_a_tile_with_its_share(office: Office) -> None:
    here, way, none = a_photo(1), a_photo(2), a_photo(3)
    report = office.report(photos=(here, way, none))
    office.deliver(report)
    office.finish_photo(here)
    office.part_of_photo(way, b"x" * 128_000)
    page = office.at("shenhe1").get(f"/records/{report.id}").text
    assert f'src="/records/{report.id}/photos/{here.sha256}/thumbnail"' in page
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
    history = history.partition('class="decide"')[0]
    assert "旗局审核员" in history
    assert "shenhe1" not in history and "wg03" not in history


def test_a_record_says_that_a_photo_of_a_revoked_phone_will_not_come(office: Office) -> None:
    report = office.report(photos=(a_photo(),))
    office.deliver(report)
    client, said = office.at("shenhe1"), []
    for step in (None, devices.revoke, devices.note_emptied):
        with office.store.writing() as tx:
            if step:
                step(tx, office.phone.device, office.now)
        said.append(client.get(f"/records/{report.id}").text)
    assert "还在路上" in said[0]
    assert "最后一次联网时还可能到" in said[1] and "还在路上" not in said[1]
    assert "手机已停用，照片不会再到" in said[2] and "1 张照片不会再到" in said[2]


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


def test_what_changed_is_shown_at_once_where_the_worker_answered(office: Office) -> None:
    report = office.report()
    office.deliver(report, report.changed(revision=2, note="改了一个字"))
    client = office.at("shenhe1")
    closed, opened = '<details class="versions">', '<details class="versions" open>'
    assert closed in client.get(f"/records/{report.id}").text
    assert office.decide(report.id, "15", comment="哪一层?").status_code == 303
    office.now += timedelta(seconds=5)
    office.deliver(report.changed(revision=3, note="是 2 单元"))
    page = client.get(f"/records/{report.id}").text
    assert opened in page and "是 2 单元" in page.partition(opened)[2].partition("</details>")[0]
