"""Reports of one place become one site on arrival, whatever their order; both engines."""

from collections.abc import Iterable, Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import column, insert, select, table

from contract.report import Kind, Report
from sync_server.store import lists
from sync_server.store.engine import Store
from sync_server.store.migrate import migrate
from sync_server.store.schema import records, site_links, sites
from tests.sync_server.bureau import NOW, PLACES, Bureau, Handset, a_report, a_withdrawal, sent
from tests.sync_server.old_database import old_database


@pytest.fixture
def phone(bureau: Bureau) -> Handset:
    return bureau.enrol()


def groups(bureau: Bureau) -> set[frozenset[str]]:
    """The reports of each site."""
    found: dict[str, set[str]] = {}
    for row in bureau.rows(site_links):
        if row.undone_at is None:
            found.setdefault(row.site, set()).add(row.report)
    return {frozenset(reports) for reports in found.values()}


def of(*reports: Iterable[Report]) -> set[frozenset[str]]:
    return {frozenset(str(report.id) for report in group) for group in reports}


def at(handset: Handset, **place: Any) -> Report:
    """A report of a home of c1, 3号楼2单元 unless told otherwise."""
    changes = {n: place.pop(n) for n in ("venue", "institution", "fix") if n in place}
    told = {name: changes[name] for name in ("institution", "fix") if name in changes}
    report = a_report(handset, **told)
    where = {"venue": changes["venue"]} if "venue" in changes else {}
    return report.changed(place=report.place.changed(**place, **where))


def test_reports_of_one_door_are_one_site_in_whatever_words(bureau: Bureau, phone: Handset) -> None:
    same = [
        at(phone),
        at(phone, building="三栋", unit="02"),
        at(phone, building="3号楼里2单元", unit=None),
        at(phone, compound=None, compound_name="", building=None, unit=None, landmark="样立苑3-2"),
    ]
    other = at(phone, unit="1单元")
    unsaid = [at(phone, unit=None), at(phone, unit=None)]
    bureau.receive(phone, *map(sent, (*same, other, *unsaid)))
    assert groups(bureau) == of(same, [other], [unsaid[0]], [unsaid[1]])
    assert {row.place_key for row in bureau.rows(records)} == {"C1/3/2", "C1/3/1", "C1/3/"}


def test_the_sites_are_the_same_for_every_order_of_arrival(bureau: Bureau, phone: Handset) -> None:
    found = set()
    for n, order in enumerate(permutations(range(4))):
        shop = {"venue": "SHOPFRONT", "building": f"{n + 1}号楼", "unit": "底商1"}
        told = ["晨光托管", "", "博雅", "晨光教育"]
        reports = [at(phone, institution=each, **shop) for each in told]
        for each in order:
            bureau.receive(phone, sent(reports[each]))
        mine = {str(report.id): k for k, report in enumerate(reports)}
        split = {
            frozenset(mine[one] for one in group) for group in groups(bureau) if group & mine.keys()
        }
        found.add(frozenset(split))
    assert found == {frozenset({frozenset({0, 3}), frozenset({1}), frozenset({2})})}


def test_an_institution_that_goes_leaves_the_others_together(
    bureau: Bureau, phone: Handset
) -> None:
    shop = {"venue": "SHOPFRONT", "building": "1号楼", "unit": "底商1"}
    one, plain, other = (at(phone, institution=n, **shop) for n in ("晨光托管", "", "博雅"))
    bureau.receive(phone, *map(sent, (one, plain, other)))
    assert groups(bureau) == of([one], [plain], [other])
    moved = at(phone, institution="博雅", **(shop | {"unit": "底商2"}))
    bureau.receive(phone, sent(moved.changed(id=other.id, revision=2)))
    assert groups(bureau) == of([one, plain], [other])


def test_a_new_address_ends_the_link_and_the_old_one_stays_in_the_history(
    bureau: Bureau, phone: Handset
) -> None:
    report, neighbour = at(phone), at(phone, unit="1单元")
    bureau.receive(phone, sent(report), sent(neighbour))
    moved = report.changed(revision=2, place=neighbour.place)
    bureau.receive(phone, sent(moved))
    assert groups(bureau) == of([report, neighbour])
    first, second = bureau.rows(site_links, report=str(report.id))
    assert (first.n, first.undone_at, first.undone_by) == (1, NOW, "")
    assert (second.n, second.undone_at) == (2, None)
    bureau.receive(phone, sent(moved.changed(revision=3, note="又看了一次")))
    assert len(bureau.rows(site_links, report=str(report.id))) == 2
    bureau.receive(phone, sent(moved.changed(revision=4, kind=Kind.CLEAR, signs=())))
    assert groups(bureau) == of([neighbour])
    bureau.receive(phone, sent(report.changed(revision=5)))
    assert groups(bureau) == of([neighbour], [report])
    assert bureau.rows(site_links, report=str(report.id))[-1].site == first.site


def test_a_link_says_by_what_it_was_made(bureau: Bureau, phone: Handset) -> None:
    bureau.receive(phone, sent(at(phone)))
    row = bureau.row(site_links)
    assert [code for code, _ in row.evidence] == ["compound", "building", "unit"]
    assert (row.rule, row.staff, row.at) == ("2", "", NOW)
    assert (row.area, row.door) == ("c1", "3/2")
    site = bureau.row(sites)
    assert (site.area, site.door, site.superseded_by) == ("c1", "3/2", None)


def test_what_is_no_lead_has_no_site_and_a_withdrawn_one_stays(
    bureau: Bureau, phone: Handset
) -> None:
    clear = at(phone).changed(kind=Kind.CLEAR, signs=())
    lead = at(phone)
    bureau.receive(phone, sent(clear), sent(lead), sent(a_withdrawal(lead)))
    assert groups(bureau) == of([lead])


def test_compounds_are_known_by_their_newest_names(bureau: Bureau, phone: Handset) -> None:
    spoken = {"compound": None, "compound_name": "", "landmark": "老样例院"}
    before, after = at(phone, **spoken), at(phone, **spoken)
    bureau.receive(phone, sent(before))
    with bureau.store.writing() as tx:
        named = [{**row, "aliases": ["老样例院"]} for row in PLACES["compounds"][:1]]
        lists.replace(tx, "compounds", named)
    bureau.receive(phone, sent(after))
    assert {row.area for row in bureau.rows(sites)} == {"~老样例院", "c1"}


@pytest.mark.parametrize(
    "old_store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_links_of_before_get_the_door_of_their_site(old_store: Store) -> None:
    with old_store.engine.begin() as connection:
        for bureau, door in (("b1", "3/2"), ("b2", "")):
            same = {"bureau": bureau, "site": "s1", "opened_at": NOW}
            connection.execute(insert(sites), {**same, "area": "c1", "door": door, "fork": ""})
            link = {"bureau": bureau, "report": "r", "n": 1, "site": "s1", "firm": "", "rule": "1"}
            link |= {"evidence": "[]", "weight": 0.0, "staff": "", "at": str(NOW)}
            connection.execute(insert(table("site_links", *map(column, link))), link)
    migrate(old_store.engine)
    with old_store.engine.begin() as connection:
        found = connection.execute(
            select(site_links.c.bureau, site_links.c.area, site_links.c.door)
        )
        assert sorted(map(tuple, found)) == [("b1", "c1", "3/2"), ("b2", "c1", "")]


@pytest.fixture
def old_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database of before links held their door."""
    with old_database(request, tmp_path, "0013") as store:
        yield store
