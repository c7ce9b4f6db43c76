"""Numbers of leads as phones are told them: current with each call that delivers nothing, of what
they may pick from."""

from datetime import date
from typing import Any

import pytest

from contract.protocol import SyncReply
from contract.reference import LeadCounts
from contract.report import Report
from sync_server.intake import count_news
from sync_server.store import lists
from tests.sync_server.bureau import PLACES, THERE, Bureau, Handset, a_report, a_withdrawal, sent
from tests.sync_server.serving import Server
from tests.sync_server.test_sync import reply

HOUSE = [{"name": "3号楼", "units": ["1单元", "2单元"]}, {"name": "5号楼", "units": []}]


def furnish(bureau: Bureau) -> None:
    with bureau.store.writing() as tx:
        rows = [{**row, "buildings": HOUSE} for row in PLACES["compounds"]]
        lists.replace(tx, "compounds", rows)


def told(server: Server, phone: Handset, held: str | None, *things: Any) -> LeadCounts | None:
    """What the next call is told once these things were delivered; their own reply is short."""
    named = {} if held is None else {"counts": held}
    if things:
        delivered: SyncReply = reply(server.sync(phone, *things, held=named))
        assert delivered.receipts and delivered.counts is None
    answer: SyncReply = reply(server.sync(phone, held=named))
    return answer.counts


def numbers(news: LeadCounts | None) -> dict[tuple[str, str | None], tuple[int, int]]:
    assert news
    return {(one.compound, one.building): (one.count, one.closed) for one in news.buildings}


def elsewhere(phone: Handset) -> Report:
    place = a_report(phone).place
    return a_report(phone, place=place.changed(compound="c2", community=THERE))


def test_a_report_is_counted_at_once_and_told_to_a_colleague_once(
    server: Server, bureau: Bureau
) -> None:
    furnish(bureau)
    mine, colleague = bureau.enrol(), bureau.enrol()
    first = told(server, colleague, "")
    assert first and first.is_whole and not first.buildings
    own = told(server, mine, "", sent(a_report(mine)))
    assert numbers(own) == {("c1", None): (1, 0), ("c1", "3号楼"): (1, 0)}
    news = told(server, colleague, first.version)
    assert news and not news.is_whole
    assert numbers(news) == numbers(own)
    assert told(server, colleague, news.version) is None


def test_a_lead_that_is_gone_or_closed_is_told(server: Server, bureau: Bureau) -> None:
    furnish(bureau)
    phone = bureau.enrol()
    gone, other = a_report(phone), a_report(phone)
    two = told(server, phone, "", sent(gone), sent(other))
    assert two and numbers(two)["c1", "3号楼"] == (2, 0)
    one = told(server, phone, two.version, sent(a_withdrawal(gone)))
    assert one and numbers(one)["c1", "3号楼"] == (1, 0)
    bureau.decide(other, "29", reason="NO_SIGN", comment="")
    none = told(server, phone, one.version)
    assert none and numbers(none)["c1", "3号楼"] == (0, 0)
    assert numbers(two.renewed(one).renewed(none)) == {}
    assert numbers(told(server, phone, "")) == {}  # whole: without what has none


def test_nobody_is_told_of_places_that_they_may_not_pick(server: Server, bureau: Bureau) -> None:
    furnish(bureau)
    mine, others = bureau.enrol(), bureau.enrol("wg2")
    first = told(server, mine, "")
    assert first
    assert numbers(told(server, others, "", sent(elsewhere(others))))["c2", "3号楼"] == (1, 0)
    assert told(server, mine, first.version) is None
    assert numbers(told(server, mine, "")) == {}


def test_a_building_that_only_a_worker_named_is_counted_for_its_compound_alone(
    server: Server, bureau: Bureau
) -> None:
    furnish(bureau)
    phone = bureau.enrol()
    place = a_report(phone).place
    odd = a_report(phone, place=place.changed(building="河边小屋", unit=None))
    words = a_report(phone, place=place.changed(compound=None, compound_name="", landmark="河边"))
    assert numbers(told(server, phone, "", sent(odd), sent(words))) == {("c1", None): (1, 0)}


def test_an_app_of_before_is_told_nothing(server: Server, bureau: Bureau) -> None:
    furnish(bureau)
    phone = bureau.enrol()
    assert told(server, phone, None, sent(a_report(phone))) is None


@pytest.mark.parametrize("held", ["nonsense", "1-g1-99999999999999999999", "-", "0-g1-0", "1-g2-0"])
def test_who_names_another_version_is_told_all(server: Server, bureau: Bureau, held: str) -> None:
    furnish(bureau)
    phone = bureau.enrol()
    news = told(server, phone, held, sent(a_report(phone)))
    assert news and news.is_whole and numbers(news)["c1", "3号楼"] == (1, 0)


def test_a_bureau_that_was_restored_tells_all_again(server: Server, bureau: Bureau) -> None:
    furnish(bureau)
    phone = bureau.enrol()
    news = told(server, phone, "", sent(a_report(phone)))
    assert news
    lists_, _, number = news.version.rpartition("-")
    again = told(server, phone, f"{lists_}-{int(number) + 5}")
    assert again and again.is_whole and again.buildings == news.buildings


def test_other_compounds_are_told_whole(server: Server, bureau: Bureau) -> None:
    furnish(bureau)
    phone = bureau.enrol()
    news = told(server, phone, "", sent(a_report(phone)))
    assert news
    with bureau.store.writing() as tx:
        lists.replace(tx, "compounds", PLACES["compounds"])  # without buildings
    again = told(server, phone, news.version)
    assert again and again.is_whole
    assert numbers(again) == {("c1", None): (1, 0)}


def test_a_phone_that_is_far_behind_is_told_the_same(
    server: Server, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(count_news, "NEAR", 4)
    furnish(bureau)
    mine, others = bureau.enrol(), bureau.enrol("wg2")
    first = told(server, mine, "")
    assert first
    server.sync(mine, sent(a_report(mine)))
    seen = told(server, mine, first.version)
    for _ in range(4):
        server.sync(others, sent(elsewhere(others)))
    late = told(server, mine, first.version)
    assert late and seen and not late.is_whole
    assert numbers(late) == numbers(seen)
    word = told(server, mine, seen.version)  # a word alone, so that the next look is a short one
    assert word and not word.buildings and word.version == late.version


@pytest.mark.parametrize("kind", ["plans", "tasks"])
def test_whoever_is_sent_to_another_grid_may_pick_there_and_is_told_its_numbers(
    server: Server, bureau: Bureau, kind: str
) -> None:
    furnish(bureau)
    mine, others = bureau.enrol(), bureau.enrol("wg2")
    server.sync(others, sent(elsewhere(others)))
    first = told(server, mine, "")
    assert first and not first.buildings
    with bureau.store.writing() as tx:
        lists.replace(tx, kind, [SENT_THERE[kind]])
    answer = reply(server.sync(mine, held={"counts": first.version}))
    assert answer.places and [one.id for one in answer.places.compounds] == ["c1", "c2"]
    assert numbers(answer.counts) == {("c2", None): (1, 0), ("c2", "3号楼"): (1, 0)}


DAY = date(2026, 11, 20)
SENT_THERE: dict[str, dict[str, Any]] = {
    "plans": {
        "plan": "p1",
        "title": "联检",
        "form": "JOINT",
        "first": DAY,
        "last": DAY,
        "compounds": ["c2"],
    },
    "tasks": {"task": "t1", "title": "复看", "grid": "g1", "compound": "c2"},
}
