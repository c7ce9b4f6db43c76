"""Counts of records for each building: two numbers, of buildings that the bureau lists."""

from datetime import timedelta

import pytest

from contract.report import Kind
from sync_server.casework.record_counts import count_by_building, recount
from sync_server.store import lists, reference
from sync_server.store.schema import building_record_counts, editions
from tests.sync_server.bureau import NOW, PLACES, Bureau, Handset, a_report, a_withdrawal, sent

HOUSE = [{"name": "3号楼", "units": ["1单元", "2单元"]}, {"name": "5号楼", "units": []}]


@pytest.fixture
def phone(bureau: Bureau) -> Handset:
    with bureau.store.writing() as tx:
        rows = [{**row, "buildings": HOUSE} for row in PLACES["compounds"]]
        lists.replace(tx, "compounds", rows)
    return bureau.enrol()


def numbers(bureau: Bureau) -> dict[tuple[str, str], tuple[int, int]]:
    recount(bureau.store, NOW)
    rows = [row._mapping for row in bureau.rows(building_record_counts)]
    return {(row["compound"], row["building"]): (row["count"], row["closed"]) for row in rows}


def test_leads_of_all_units_count_for_their_building_and_compound(
    bureau: Bureau, phone: Handset
) -> None:
    place = a_report(phone).place
    for unit in ("1单元", "2单元", None):
        bureau.receive(phone, sent(a_report(phone, place=place.changed(unit=unit))))
    bureau.receive(phone, sent(a_report(phone, place=place.changed(building="５栋", unit=None))))
    assert numbers(bureau) == {("c1", ""): (4, 0), ("c1", "3号楼"): (3, 0), ("c1", "5号楼"): (1, 0)}


def test_a_closed_lead_counts_as_closed_and_one_not_taken_on_not_at_all(
    bureau: Bureau, phone: Handset
) -> None:
    closed, refused = a_report(phone), a_report(phone)
    bureau.receive(phone, sent(closed), sent(refused))
    bureau.decide(refused, "29", reason="NO_SIGN", comment="")
    assert numbers(bureau)["c1", "3号楼"] == (1, 0)
    assert count_by_building([("C1/3/2", "72", 2), ("C1/3/1", "40", 1)], [("c1", "3号楼")]) == {
        ("c1", "3号楼"): (3, 2)
    }


def test_what_was_taken_back_or_was_nothing_does_not_count(bureau: Bureau, phone: Handset) -> None:
    gone, nothing = a_report(phone), a_report(phone, kind=Kind.CLEAR, signs=())
    bureau.receive(phone, sent(gone), sent(nothing))
    bureau.receive(phone, sent(a_withdrawal(gone)))
    assert numbers(bureau) == {}


def test_a_place_that_was_described_in_words_is_told_to_nobody(
    bureau: Bureau, phone: Handset
) -> None:
    place = a_report(phone).place.changed(compound=None, compound_name="", landmark="河边小屋")
    bureau.receive(phone, sent(a_report(phone, place=place)))
    assert numbers(bureau) == {}


def test_counting_again_changes_nothing(bureau: Bureau, phone: Handset) -> None:
    bureau.receive(phone, sent(a_report(phone)))
    assert [recount(bureau.store, NOW) for _ in range(2)] == [True, False]


def test_an_edition_of_two_months_ago_is_forgotten(bureau: Bureau) -> None:
    with bureau.store.writing() as tx:
        for name, days in (("old", 61), ("new", 59)):
            reference.keep_edition(tx, name, {"places": name}, NOW - timedelta(days=days))
    recount(bureau.store, NOW)
    assert [row.edition for row in bureau.rows(editions)] == ["new"]
