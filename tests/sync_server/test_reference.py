"""Reference data: a phone gets what is for its grid once, and then what changed."""

from datetime import date, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from contract.protocol import SyncReply
from contract.zone import CHINA, ZONE
from sync_server import __main__ as program
from sync_server.importing.seed import seed
from sync_server.settings import Settings
from sync_server.store import lists, reference
from sync_server.store.engine import RejectedByDatabase, Store
from sync_server.store.schema import (
    editions,
)
from tests.sync_server.bureau import HERE, THERE, Bureau, Handset, a_report, sent
from tests.sync_server.serving import Server, serving
from tests.sync_server.test_sync import reply

DAY = date(2026, 11, 20)
PLAN = {"title": "周末夜查", "form": "SPECIAL", "first": DAY, "last": DAY, "compounds": ["c1"]}
FIRM = {
    "name": "示例艺术培训学校",
    "licence": "教民150000",
    "source": "示例旗公示",
    "published": DAY,
}
LISTS: dict[str, list[dict[str, Any]]] = {
    "plans": [
        {"plan": "p1", "grid": "g1", "community": None, **PLAN},
        {"plan": "p2", "grid": "g2", "community": None, **PLAN},
        {"plan": "p3", "grid": None, "community": THERE, **PLAN},
        {"plan": "p4", "grid": None, "community": None, **PLAN},
    ],
    "tasks": [
        {"task": "t1", "title": "复看3号楼", "community": HERE, "compound": "c1", "due": DAY}
    ],
    "notices": [{"notice": "n1", "title": "寒假前提示", "text": "留意托管班", "issued": DAY}],
    "institutions": [{"institution": "i1", "initials": "slysxx", **FIRM}],
}


@pytest.fixture
def phone(bureau: Bureau) -> Handset:
    fill(bureau, LISTS)
    return bureau.enrol()


def fill(bureau: Bureau, new: dict[str, list[dict[str, Any]]]) -> None:
    with bureau.store.writing() as tx:
        for kind, rows in new.items():
            lists.replace(tx, kind, rows)


def asked(server: Server, phone: Handset, places: str = "") -> SyncReply:
    return reply(server.sync(phone, held={"places": places}))


def held(server: Server, phone: Handset) -> str:
    first = asked(server, phone)
    assert first.reference
    return first.reference.version


def test_all_lists_come_with_the_first_call(server: Server, phone: Handset) -> None:
    came = asked(server, phone).reference
    assert came and came.plans and came.tasks and came.notices and came.institutions
    assert [(one.title, one.due) for one in came.tasks] == [("复看3号楼", DAY)]
    assert [one.text for one in came.notices] == ["留意托管班"]
    assert [(one.licence, one.initials) for one in came.institutions] == [("教民150000", "slysxx")]
    assert came.plans[0].compounds == ("c1",)


def test_a_list_holds_what_is_for_this_grid_its_community_or_everybody(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    mine, others = asked(server, phone).reference, asked(server, bureau.enrol("wg2")).reference
    assert mine and mine.plans and others and others.plans
    assert [one.id for one in mine.plans] == ["p1", "p4"]
    assert [one.id for one in others.plans] == ["p2", "p3", "p4"]
    assert others.tasks == ()


def test_leads_of_a_building_are_counts_and_nothing_else(server: Server, phone: Handset) -> None:
    report = a_report(phone, place=a_report(phone).place.changed(building=None, unit=None))
    server.sync(phone, sent(report))
    came = reply(server.sync(phone, held={"counts": ""}))  # not with a call that delivers
    assert came.counts and came.reference
    assert [one.model_dump() for one in came.counts.buildings] == [
        {"compound": "c1", "building": None, "count": 1, "closed": 0}
    ]
    assert came.reference.leads == ()  # an app of before shows none, and no old ones


def test_nothing_comes_again_while_nothing_changes(server: Server, phone: Handset) -> None:
    again = asked(server, phone, held(server, phone))
    assert (again.places, again.reference) == (None, None)


def test_only_the_list_that_changed_travels(server: Server, bureau: Bureau, phone: Handset) -> None:
    before = held(server, phone)
    fill(bureau, {"notices": []})
    news = asked(server, phone, before)
    assert news.places is None and news.reference
    assert news.reference.notices == ()
    assert news.reference.version != before
    others = (news.reference.plans, news.reference.tasks, news.reference.institutions)
    assert others == (None, None, None)


def test_another_process_knows_what_this_one_told(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    before = held(server, phone)
    fill(bureau, {"tasks": []})
    with serving(bureau.settings) as other:
        news = asked(other, phone, before).reference
    assert news and news.tasks == () and news.plans is None


def test_an_edition_that_nobody_knows_any_more_is_answered_with_everything(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    before = held(server, phone)
    fill(bureau, {"tasks": []})
    with bureau.store.writing() as tx:
        tx.run(delete(editions))
    with serving(bureau.settings) as other:
        news = asked(other, phone, before)
    assert news.places and news.reference and news.reference.institutions


def test_a_phone_of_before_is_not_sent_the_lists_at_each_call(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    first = asked(server, phone)
    assert first.places and first.places.edition
    again = asked(server, phone, first.places.version)
    assert (again.places, again.reference) == (None, None)
    fill(bureau, {"compounds": []})
    changed = asked(server, phone, first.places.version).places
    assert changed and changed.compounds == ()  # whole, for it replaces what it holds


def test_an_edition_is_entered_once(server: Server, bureau: Bureau, phone: Handset) -> None:
    for _ in range(2):
        with serving(bureau.settings) as other:
            asked(other, phone)
            asked(other, bureau.enrol())
    assert len(bureau.rows(editions)) == 1


@pytest.mark.parametrize("lack", [{"licence": ""}, {"source": ""}])
def test_an_institution_without_registration_or_source_is_not_taken(
    bureau: Bureau, lack: dict[str, str]
) -> None:
    row = {"institution": "i2", "initials": "", **FIRM} | lack
    with pytest.raises(RejectedByDatabase):
        fill(bureau, {"institutions": [row]})


def test_the_demo_county_has_something_in_each_list(bureau: Bureau, settings: Settings) -> None:
    county = Path(__file__).parents[2] / "demo/county.json"
    store = Store.open(settings.database, "demo")
    assert seed(store, county, {})
    with store.reading() as tx:
        for read in (reference.plans_for, reference.tasks_for, reference.notices_for):
            assert read(tx, "g03", "999900100001")
        assert reference.institutions_of_bureau(tx)
    store.close()


def test_a_phone_is_told_the_bureaus_zone_and_each_change_of_it(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    """In minutes, with whatever else is new; nothing where nothing changed."""
    first = asked(server, phone).reference
    assert first and first.utc_offset_min == 480
    assert asked(server, phone, first.version).reference is None
    ZONE.set_to(timezone(timedelta(hours=6)))
    try:
        with serving(bureau.settings) as again:
            news = asked(again, phone, first.version).reference
    finally:
        ZONE.set_to(CHINA)
    assert news and news.utc_offset_min == 360
    assert (news.plans, news.institutions) == (None, None)


def test_a_zone_that_nobody_knows_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Settings.from_environment({}).zone is CHINA
    assert str(Settings.from_environment({"XUNCHA_TIMEZONE": "Asia/Urumqi"}).zone) == "Asia/Urumqi"
    monkeypatch.setenv("XUNCHA_TIMEZONE", "Asia/Nowhere")
    assert program.main() == 2
    assert "XUNCHA_TIMEZONE: 'Asia/Nowhere'" in capsys.readouterr().err
