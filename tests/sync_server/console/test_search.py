"""The inbox finds a place in whichever spelling it was sent and is asked for."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from contract.search_text import search_text
from sync_server.store.engine import Store
from sync_server.store.migrate import migrate
from sync_server.store.schema import records
from tests.contract.test_search_text import SAME
from tests.sync_server.console.office import AWAY, BOTH, Office, a_place
from tests.sync_server.old_database import old_database

ROW = re.compile(r'id="row-([0-9a-f-]{36})"')


def found(office: Office, asked: str) -> list[UUID]:
    page = office.client.get("/inbox", params={"q": asked})
    assert page.status_code == 200
    return [UUID(id) for id in ROW.findall(page.text)]


@BOTH
def test_a_place_is_found_by_its_own_and_by_plain_spelling(office: Office) -> None:
    names = list({written for written, _ in SAME})
    sent = {
        name: office.report(place=a_place(compound="c999", compound_name=name)) for name in names
    }
    office.deliver(*sent.values())
    office.at("shenhe1")
    lost = [
        (written, asked)
        for written, plain in SAME
        for asked in (written, plain)
        if sent[written].id not in found(office, asked)
    ]
    assert lost == []
    assert found(office, "%") == found(office, "没有这一处") == []


@BOTH
def test_a_door_is_found_in_whichever_way_it_is_asked_for(office: Office) -> None:
    """c001 is 样例苑小区, c002 示范公寓: each door is found, and its neighbour is not."""
    home, neighbour = office.report(), office.report(place=a_place(unit="1单元"))
    other = office.report(place=a_place(compound="c002", compound_name="示范公寓"), fix=None)
    shop = {"venue": "SHOPFRONT", "building": "5号楼", "unit": "底商2"}
    shop_front = office.report(place=a_place(**shop))
    clear = office.report(place=a_place(building=None, unit=None), kind="CLEAR", signs=())
    office.deliver(home, neighbour, other, shop_front, clear)
    office.at("shenhe1")
    in_compound = {home.id, neighbour.id, shop_front.id, clear.id}
    wanted = {
        "样例苑3栋2单元": {home.id},
        "样例苑 三号楼 2门": {home.id},
        "样例苑小区3-2-501": {home.id},
        "yly3-2": {home.id},
        "YLY 3栋2单元": {home.id},
        "yangliyuan3号楼": {home.id, neighbour.id},
        "样例苑3#": {home.id, neighbour.id},
        "3栋2单元": {home.id, other.id},
        "3-2-501": {home.id, other.id},
        "样例苑5栋底商2": {shop_front.id},
        "样例": in_compound,
        "yly": in_compound - {clear.id},
        "sfgy": {other.id},
        "示范": {other.id},
        office.number(2): {neighbour.id},
        "0003": {other.id},
        "样例苑3栋9单元": set(),
    }
    wrong = {
        asked: got for asked, ids in wanted.items() if (got := set(found(office, asked))) != ids
    }
    assert wrong == {}


def places_found(office: Office, asked: str) -> list[str]:
    """What the search says of places, each with its address checked."""
    page = office.client.get("/inbox", params={"q": asked}).text
    part = page.partition('class="found-sites"')[2].partition("</nav>")[0]
    links = re.findall(r'href="(/sites/[a-z0-9]{16})">([^<]+)<', part)
    for address, _ in links:
        assert office.client.get(address).status_code == 200
    return [words for _, words in links]


@BOTH
@pytest.mark.parametrize("asked", ["样例苑3栋2单元", "yly 3-2", "样例苑小区3-2-501", "0001"])
def test_a_place_is_found_beside_its_leads_in_any_spelling(office: Office, asked: str) -> None:
    office.deliver(office.report(), office.report(), office.report(place=a_place(unit="1单元")))
    office.at("shenhe1")
    n = 1 if asked == "0001" else 2
    assert places_found(office, asked) == [f"样例苑小区 3号楼2单元（{n} 条）"]


def test_a_search_names_a_few_places_and_none_of_another_community(office: Office) -> None:
    doors = [office.report(place=a_place(building=f"{n}号楼")) for n in range(1, 8)]
    away = office.report(place=a_place(community=AWAY, building="9号楼"))
    office.deliver(*doors, away)
    office.at("shenhe1")
    assert len(places_found(office, "样例苑")) == 5
    assert places_found(office, "样例苑9栋") == ["样例苑小区 9号楼2单元（1 条）"]
    assert places_found(office, "") == places_found(office, "没有这一处") == []
    office.at("shequ1")
    assert places_found(office, "样例苑9栋") == []


@BOTH
def test_a_door_is_found_with_its_town_and_stage_and_in_an_area_that_no_list_has(
    office: Office,
) -> None:
    staged = office.report(place=a_place(building="二期3号楼"))
    plain, spoken = (
        office.report(),
        a_place(compound=None, compound_name="", building=None, unit=None),
    )
    unlisted = office.report(place=spoken.changed(landmark="示例老院3号楼2单元"))
    office.deliver(staged, plain, unlisted)
    office.at("shenhe1")
    wanted = {
        "样例苑二期3栋2单元": {staged.id},
        "示例镇样例苑3栋2单元": {plain.id},
        "样立苑3-2": {plain.id},
        "示例老院 3栋2单元": {unlisted.id},
        "示例老院": {unlisted.id},
    }
    assert {asked: set(found(office, asked)) for asked in wanted} == wanted


@BOTH
def test_a_receipt_is_found_in_any_width(office: Office) -> None:
    office.deliver(office.report())
    office.at("shenhe1")
    wide = office.number(1).translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    assert len(found(office, wide.replace("-", "—"))) == 1


@BOTH
def test_a_question_of_which_nothing_shows_asks_nothing(office: Office) -> None:
    office.deliver(office.report())
    office.at("shenhe1")
    assert len(found(office, "\u200b\u3164")) == 1


@BOTH
def test_a_new_revision_is_found_by_its_new_place(office: Office) -> None:
    report = office.report(place=a_place(compound="c999", compound_name="样例Ａ座"))
    office.deliver(report)
    office.deliver(
        report.changed(revision=2, place=a_place(compound="c999", compound_name="示例Ｂ座"))
    )
    office.at("shenhe1")
    assert found(office, "示例b座") == [report.id]
    assert found(office, "样例a座") == []


@pytest.fixture
def old_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database as the first version of the tables made it."""
    with old_database(request, tmp_path, "0001") as store:
        yield store


@pytest.mark.parametrize(
    "old_store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_records_of_before_are_folded_too(old_store: Store) -> None:
    """More records than are folded in one statement, of two bureaus; one is without a place."""
    names = ("number", "kind", "digest", "state", "author", "device", "place_key", "shift")
    times = dict.fromkeys(("seen_at", "received_at", "changed_at"), datetime.now(UTC))
    same = {**dict.fromkeys(names, "1"), **times, "revision": 1, "body": {}}
    rows = [
        {**same, "bureau": f"b{n % 2}", "id": f"{n:036d}", "seq": n, "place": f"样例Ａ座 {n}号楼"}
        for n in range(1_201)
    ]
    rows[0]["place"] = ""
    with old_store.engine.begin() as connection:
        connection.execute(insert(records), rows)
    migrate(old_store.engine)
    with old_store.engine.begin() as connection:
        found = connection.execute(select(records.c.place, records.c.place_folded)).all()
    assert sorted(row.place for row in found) == sorted(str(row["place"]) for row in rows)
    assert [row.place for row in found if row.place_folded != search_text(row.place)] == []
