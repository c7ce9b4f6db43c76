"""Counts of records for each building: two numbers, kept in step with the records."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, update

from contract.report import Kind
from sync_server.casework.case_rules import CaseSettings
from sync_server.casework.record_counts import recount
from sync_server.casework.review import decide
from sync_server.casework.undo import undo
from sync_server.domain.decisions import Decision
from sync_server.store import lead_counts, reference
from sync_server.store.schema import building_record_counts, editions
from tests.sync_server.bureau import (
    NOW,
    SUPERVISOR,
    Bureau,
    a_report,
    a_withdrawal,
    sent,
)

Numbers = Mapping[tuple[str, str], tuple[int, int]]


def numbers(bureau: Bureau) -> Numbers:
    """Those that are not 0; they are what counting anew finds."""
    assert not recount(bureau.store, NOW)
    with bureau.store.reading() as tx:
        return {one: n for one, n in lead_counts.held(tx).items() if n != (0, 0)}


def test_leads_of_all_units_count_for_their_building_and_compound(bureau: Bureau) -> None:
    phone = bureau.enrol()
    place = a_report(phone).place
    for unit in ("1单元", "2单元", None):
        bureau.receive(phone, sent(a_report(phone, place=place.changed(unit=unit))))
    bureau.receive(phone, sent(a_report(phone, place=place.changed(building="５栋", unit=None))))
    assert numbers(bureau) == {("C1", ""): (4, 0), ("C1", "3"): (3, 0), ("C1", "5"): (1, 0)}


def test_a_closed_lead_counts_as_closed_and_one_not_taken_on_not_at_all(bureau: Bureau) -> None:
    phone = bureau.enrol()
    closed, refused = a_report(phone), a_report(phone)
    bureau.receive(phone, sent(closed), sent(refused))
    bureau.decide(refused, "29", reason="NO_SIGN", comment="")
    assert numbers(bureau)["C1", "3"] == (1, 0)
    for to, said in STEPS:
        bureau.decide(closed, to, **said)
    assert numbers(bureau)["C1", "3"] == (1, 1)


STEPS: list[tuple[str, dict[str, object]]] = [
    ("20", {}),
    ("30", {"assignee": "shenhe1"}),
    ("40", {}),
    ("60", {"comment": "没有看到", "checks": (("FEES", "no"),)}),
    ("70", {"reason": "NOTHING_SEEN", "comment": "未见异常"}),
]


def test_a_step_that_is_undone_counts_as_if_it_had_not_been(bureau: Bureau) -> None:
    phone = bureau.enrol()
    report = a_report(phone)
    bureau.receive(phone, sent(report))
    settings = CaseSettings(timedelta(minutes=1))
    refused = Decision("29", "10", 1, reason="NO_SIGN")
    decide(bureau.store, SUPERVISOR, str(report.id), refused, NOW, settings)
    assert numbers(bureau) == {}
    undo(bureau.store, SUPERVISOR, str(report.id), 1, NOW, settings)
    assert numbers(bureau)["C1", "3"] == (1, 0)


def test_a_lead_that_moves_leaves_where_it_was_counted(bureau: Bureau) -> None:
    phone = bureau.enrol()
    report = a_report(phone)
    bureau.receive(phone, sent(report))
    moved = report.changed(revision=2, place=report.place.changed(building="5号楼"))
    bureau.receive(phone, sent(moved), sent(moved))
    assert numbers(bureau) == {("C1", ""): (1, 0), ("C1", "5"): (1, 0)}


def test_what_was_taken_back_or_was_nothing_does_not_count(bureau: Bureau) -> None:
    phone = bureau.enrol()
    gone, nothing = a_report(phone), a_report(phone, kind=Kind.CLEAR, signs=())
    bureau.receive(phone, sent(gone), sent(nothing))
    bureau.receive(phone, sent(a_withdrawal(gone)))
    assert numbers(bureau) == {}


def test_numbers_that_are_wrong_are_put_right(bureau: Bureau) -> None:
    phone = bureau.enrol()
    bureau.receive(phone, sent(a_report(phone)))
    right = numbers(bureau)
    table = building_record_counts
    with bureau.store.writing() as tx:
        before = lead_counts.number(tx)
        tx.run(update(table).where(table.c.building == "3").values(count=7))
        tx.run(delete(table).where(table.c.building == ""))
    assert [recount(bureau.store, NOW) for _ in range(2)] == [True, False]
    assert numbers(bureau) == right
    with bureau.store.reading() as tx:
        assert {row.changed for row in lead_counts.since(tx, before)} == {before + 1}


def test_what_fails_counts_nothing(bureau: Bureau) -> None:
    phone = bureau.enrol()
    bureau.receive(phone, sent(a_report(phone)))
    right = numbers(bureau)
    try:
        with bureau.store.writing() as tx:
            tx.last(lead_counts.CountChanges).add_numbers("C1/3/2", (1, 0))
            raise LookupError
    except LookupError:
        assert numbers(bureau) == right


def test_an_edition_of_two_months_ago_is_forgotten(bureau: Bureau) -> None:
    with bureau.store.writing() as tx:
        for name, days in (("old", 61), ("new", 59)):
            reference.keep_edition(tx, name, {"places": name}, NOW - timedelta(days=days))
    recount(bureau.store, NOW)
    assert [row.edition for row in bureau.rows(editions)] == ["new"]
