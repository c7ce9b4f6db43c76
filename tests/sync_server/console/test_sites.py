"""A place with its leads: beside a record, on a page of its own, and in the queue."""

import re
from typing import Any
from uuid import UUID

import pytest
from httpx import Response
from sqlalchemy import select, update

from contract.place import Fix
from contract.report import Report
from sync_server.console import site_view
from sync_server.console.record_parts import report_of
from sync_server.store.schema import audit, records, site_links, site_rulings, sites
from tests.sync_server.console.office import AWAY, BOTH, Office, a_place, token

LINK = re.compile(r'href="(/sites/[a-z0-9]{16})"')


def opened(office: Office, id: UUID) -> str:
    page = office.client.get(f"/records/{id}")
    assert page.status_code == 200
    return page.text


def site_page(office: Office, id: UUID) -> Response:
    found = LINK.search(opened(office, id))
    assert found
    return office.client.get(found[1])


def ruled(
    office: Office, page: Response, verdict: str, reason: str = "两次去看都是这一处"
) -> Response:
    names = {
        name: re.findall(rf'name="{name}" value="(\w+)"', page.text)[0]
        for name in ("site", "other")
    }
    form = names | {"csrf": token(page), "verdict": verdict, "reason": reason}
    return office.client.post("/sites", data=form)


@BOTH
def test_a_record_says_how_many_leads_its_place_has_and_how_they_ended(office: Office) -> None:
    first, second, other = office.report(), office.report(), office.report(place=a_place(unit="1"))
    office.deliver(first, second, other)
    office.at("shenhe1")
    office.decide(first.id, "20")
    page = opened(office, second.id)
    assert "同一地点已有 1 条线索" in page and f'href="/records/{first.id}"' in page
    assert "已受理" in page[page.index("同一地点") :][:800]
    assert "同一地点" not in opened(office, other.id)
    office.deliver(office.report())
    assert "同一地点已有 2 条线索" in opened(office, second.id)


@BOTH
def test_the_page_of_a_place_shows_its_leads_and_who_said_what(office: Office) -> None:
    night = office.report(disguises=("HOMEWORK",))
    office.deliver(office.report(), night)
    office.at("shenhe1")
    page = site_page(office, night.id).text
    assert page.count('<span class="number">') >= 3 and "2 条线索" in page
    assert "托管" in page and "作业辅导" in page
    assert "误差约 12 米（2 次定位）" in page
    with office.store.reading() as tx:
        assert "view_site" in set(tx.run(select(audit.c.what)).scalars())
    assert office.client.get("/sites/aaaaaaaaaaaaaaaa").status_code == 404


def test_a_lead_is_taken_out_with_a_reason_and_comes_back(office: Office) -> None:
    one, other = office.report(), office.report()
    office.deliver(one, other)
    office.at("shenhe1")
    page = site_page(office, one.id)
    form = {"csrf": token(page), "record": str(one.id), "reason": ""}
    refused = office.client.post(f"{page.url.path}/out", data=form)
    assert refused.status_code == 422
    done = office.client.post(f"{page.url.path}/out", data=form | {"reason": "楼号写错了"})
    assert done.status_code == 200 and "1 条线索" in done.text and "把一条线索移出" in done.text
    assert "同一地点" not in opened(office, one.id)
    undo = {"csrf": token(done), "back": done.url.path.rpartition("/")[2]}
    back = office.client.post("/site-rulings/1/undo", data=undo)
    assert "2 条线索" in back.text and "已撤销" in back.text


def test_a_page_of_a_place_reads_each_report_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.deliver(*(office.report() for _ in range(3)))
    office.at("shenhe1")
    read: list[str] = []
    with office.store.reading() as tx:
        [site] = set(tx.run(select(site_links.c.site)).scalars())

    def counted(row: Any) -> Report:
        read.append(row.id)
        return report_of(row)

    monkeypatch.setattr(site_view, "report_of", counted)
    assert "3 条线索" in office.client.get(f"/sites/{site}").text
    assert len(read) == len(set(read)) == 3


def test_where_a_place_lies_is_drawn_with_each_position_and_its_accuracy(office: Office) -> None:
    here: dict[str, Any] = {"lat": 38.12351, "lon": 108.54322, "at": office.now}
    office.deliver(
        office.report(fix=Fix(**here, accuracy_m=10)),
        office.report(fix=Fix(**here | {"lat": 38.12451}, accuracy_m=60)),
        office.report(fix=None),
        one := office.report(fix=Fix(**here | {"lat": 38.2}, mock=True)),
    )
    office.at("shenhe1")
    page = site_page(office, one.id).text
    assert page.count('<circle class="seen"') == 2 and page.count('<circle class="sure"') == 1
    assert "位置约 38.12359, 108.54322，误差约 17 米（2 次定位）" in page


def test_without_any_position_the_middle_of_the_compound_stands(office: Office) -> None:
    one, other = office.report(fix=None), office.report(fix=None)
    office.deliver(one, other)
    office.at("shenhe1")
    page = site_page(office, one.id).text
    assert "没有留下定位，位置按“样例苑小区”的中心" in page and 'class="spot picked' in page
    assert '<circle class="seen"' not in page


def test_values_that_contradict_each_other_are_marked(office: Office) -> None:
    one = office.report(disguises=("CARE",))
    office.deliver(one, office.report(disguises=("HOMEWORK",)))
    office.at("shenhe1")
    assert "说法不一" not in site_page(office, one.id).text
    office.deliver(office.report(place=a_place(venue="YARD")))
    assert site_page(office, one.id).text.count("说法不一") == 1


def test_a_lead_that_left_says_why_and_where_it_is_now(office: Office) -> None:
    one, moved, out = office.report(), office.report(), office.report()
    office.deliver(one, moved, out)
    office.deliver(moved.changed(revision=2, place=a_place(unit="1单元")))
    office.at("shenhe1")
    page = site_page(office, one.id)
    form = {"csrf": token(page), "record": str(out.id), "reason": "不是这一处"}
    left = office.client.post(f"{page.url.path}/out", data=form).text.partition("已离开")[2]
    left = left.partition("</ol>")[0]
    assert left.count("<li>") == 2
    assert "被移出" in left and "地址或招牌有变化" in left and "shenhe1" in left
    for address in re.findall(r'href="(/sites/[a-z0-9]{16})"', left):
        assert office.client.get(address).status_code == 200
    back = {"csrf": token(page), "back": ""}
    office.client.post("/site-rulings/1/undo", data=back)
    assert "被移出" not in office.client.get(page.url.path).text


def close_unfounded(office: Office, report: Report) -> None:
    office.decide(report.id, "20")
    office.decide(report.id, "30", assignee="shequ1")
    office.decide(report.id, "40")
    office.decide(report.id, "60", comment="没有看到", **{"check.FEES": "no"})
    office.decide(report.id, "70", reason="NOTHING_SEEN", comment="未见异常")


def test_a_third_report_of_an_unfounded_place_says_who_decides(office: Office) -> None:
    first, second, third = (office.report() for _ in range(3))
    office.at("shenhe1")
    office.deliver(first)
    close_unfounded(office, first)
    office.deliver(second)
    assert "至少 2 次核查不属实" not in opened(office, second.id)
    close_unfounded(office, second)
    office.deliver(third)
    page = opened(office, third.id)
    assert "是否再查由您决定" in page
    near = page[page.index("同一地点已有 2 条线索") :][:1500]
    assert near.count("不属实") == 2 and near.count("未见") == 2  # with the reason of each result
    assert "受理前请写明为什么再查" in office.decide(third.id, "20").text
    office.at("ban1")
    assert "先由旗局审核员决定" in opened(office, third.id)
    office.at("shenhe1")
    assert office.decide(third.id, "20", comment="居民再次反映").status_code == 303


@BOTH
def test_a_suggestion_is_accepted_and_the_places_are_one(office: Office) -> None:
    seen = {"time_slots": ("WEEKDAY_EVENING",), "disguises": ("CARE",)}
    whole = [office.report(**seen) for _ in range(4)]
    vague = office.report(place=a_place(unit=None), **seen)
    office.deliver(*whole, vague)
    office.at("shenhe1")
    queue = office.client.get("/sites")
    assert f"/records/{vague.id}" in queue.text and "楼栋一致" in queue.text
    merged = ruled(office, queue, "SAME")
    assert merged.status_code == 200 and str(vague.id) not in merged.text
    assert "5 条线索" in site_page(office, vague.id).text
    assert "同一地点已有 4 条线索" in opened(office, vague.id)
    with office.store.reading() as tx:
        here = sites.c.superseded_by.is_not(None)
        [old] = tx.run(select(sites.c.site).where(here, sites.c.bureau == tx.bureau)).scalars()
    assert office.client.get(f"/sites/{old}").url.path == site_page(office, vague.id).url.path
    assert str(vague.id) not in office.client.get("/sites").text


def test_what_is_not_the_same_is_not_suggested_again_and_nothing_is_said_twice(
    office: Office,
) -> None:
    whole, vague = [office.report() for _ in range(4)], office.report(place=a_place(unit=None))
    office.deliver(*whole, vague)
    office.at("shenhe1")
    queue = office.client.get("/sites")
    assert ruled(office, queue, "NONSENSE").status_code == 422
    unsaid = ruled(office, queue, "DIFFERENT", "王老师家")  # personal data: shown again as entered
    assert unsaid.status_code == 422 and "王老师家" in unsaid.text
    assert re.search(r'value="DIFFERENT" checked', unsaid.text)
    assert ruled(office, queue, "DIFFERENT").status_code == 200
    assert str(vague.id) not in office.client.get("/sites").text
    conflict = ruled(office, queue, "SAME")
    assert conflict.status_code == 409 and "先撤销" in conflict.text
    with office.store.reading() as tx:
        assert len(tx.run(select(site_rulings)).all()) == 1


def waiting(office: Office) -> tuple[Report, Response]:
    """A lead that does not say its door, and the queue in which it stands."""
    whole, vague = [office.report() for _ in range(4)], office.report(place=a_place(unit=None))
    office.deliver(*whole, vague)
    office.at("shenhe1")
    return vague, office.client.get("/sites")


@pytest.mark.parametrize("verdict", ["SAME", "DIFFERENT"])
def test_what_was_just_said_can_be_taken_back_in_the_queue(office: Office, verdict: str) -> None:
    vague, queue = waiting(office)
    done = ruled(office, queue, verdict)
    assert 'id="undo"' in done.text and str(vague.id) not in done.text
    [action] = re.findall(r'action="(/site-rulings/\d+/undo)"', done.text)
    back = office.client.post(action, data={"csrf": token(done)})
    assert back.url.path == "/sites" and str(vague.id) in back.text
    assert 'id="undo"' not in office.client.get(str(done.url)).text
    again = ruled(office, back, verdict)
    office.at("ban1")
    assert 'id="undo"' not in office.client.get(str(again.url)).text


def test_the_worker_is_asked_by_the_records_own_form(office: Office) -> None:
    vague, queue = waiting(office)
    link = f"/records/{vague.id}?ask=door#decide"
    assert link in queue.text
    page = office.client.get(link).text
    assert re.search(r'value="15"[^>]* checked', page) and ">是几号楼几单元？</textarea>" in page
    assert "是几号楼几单元？</textarea>" not in opened(office, vague.id)
    office.decide(vague.id, "15", comment="是几号楼几单元？")
    assert link not in office.client.get("/sites").text


def test_a_community_sees_the_leads_of_its_own_and_rules_nothing(office: Office) -> None:
    here, there = office.report(), office.report(place=a_place(community=AWAY))
    office.deliver(here, there)
    with office.store.reading() as tx:
        [site] = set(tx.run(select(site_links.c.site)).scalars())
    client = office.at("shequ1")
    page = client.get(f"/sites/{site}")
    assert page.status_code == 200 and str(here.id) in page.text and str(there.id) not in page.text
    assert "同一地点" not in opened(office, here.id)
    assert client.get("/sites").status_code == 403
    form = {"csrf": token(page), "record": str(here.id), "reason": "不是"}
    assert client.post(f"/sites/{site}/out", data=form).status_code == 403


@BOTH
def test_a_lead_that_cannot_be_read_hides_no_other(office: Office) -> None:
    one, other, broken = office.report(), office.report(), office.report()
    vague, spoilt = (office.report(place=a_place(unit=None)) for _ in range(2))
    office.deliver(one, other, broken, vague, spoilt)
    with office.store.writing() as tx:
        here = records.c.bureau == tx.bureau
        for report, body in ((broken, {"place": 7}), (spoilt, {})):
            found = update(records).where(here, records.c.id == str(report.id))
            tx.run(found.values(body=body))
    office.at("shenhe1")
    assert "同一地点已有 1 条线索" in opened(office, one.id)
    assert "2 条线索" in site_page(office, one.id).text
    assert f"/records/{vague.id}" in office.client.get("/sites").text
