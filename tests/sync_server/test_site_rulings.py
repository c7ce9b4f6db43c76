"""What people say about sites binds, is taken back, and outlives a rebuild; both engines."""

from itertools import permutations

import pytest
from sqlalchemy import delete, update

from contract import wire
from contract.cases import CaseState
from sync_server.domain.roles import Role, Staff
from sync_server.domain.site_rulings import Ruling, Verdict, contradicted, successors
from sync_server.problems import BadDecision, NotAllowed, NotFound, StateChanged
from sync_server.sites.command import command
from sync_server.sites.rebuild import check, rebuild
from sync_server.sites.rulings import say_different, say_same, take_back, take_out
from sync_server.store import lists, site_records
from sync_server.store.schema import audit, records, site_links, site_rulings, sites
from tests.builders import a_fix
from tests.sync_server.bureau import NOW, PLACES, SUPERVISOR, Bureau, Handset, a_report, sent
from tests.sync_server.test_sites import at, groups, of, phone

__all__ = ["phone"]
WHY = "两次去看都是这一处"


def site_of(bureau: Bureau, report: object) -> str:
    with bureau.store.reading() as tx:
        row = site_records.site_of(tx, str(getattr(report, "id", report)))
    assert row is not None
    return str(row.superseded_by or row.site)


def test_sites_that_are_the_same_have_one_name_until_it_is_taken_back(
    bureau: Bureau, phone: Handset
) -> None:
    one, other, third = at(phone), at(phone, unit=None), at(phone, unit="1单元")
    bureau.receive(phone, *map(sent, (one, other, third)))
    named = [site_of(bureau, each) for each in (one, other, third)]
    say_same(bureau.store, SUPERVISOR, (named[1], named[0]), WHY, NOW)
    say_same(bureau.store, SUPERVISOR, (named[0], named[2]), WHY, NOW)
    assert [site_of(bureau, each) for each in (one, other, third)] == [named[2]] * 3
    later = at(phone)
    bureau.receive(phone, sent(later))
    assert site_of(bureau, later) == named[2]
    take_back(bureau.store, SUPERVISOR, 2, NOW)
    assert [site_of(bureau, each) for each in (one, other, third, later)] == [
        *(named[0], named[0]),
        *(named[2], named[0]),
    ]
    take_back(bureau.store, SUPERVISOR, 1, NOW)
    assert site_of(bureau, other) == named[1]
    with pytest.raises(StateChanged):
        take_back(bureau.store, SUPERVISOR, 1, NOW)
    whats = [row.what for row in bureau.rows(audit) if row.what.startswith("site_")]
    assert whats == ["site_same", "site_same", "site_undo", "site_undo"]


def test_what_contradicts_a_ruling_is_not_said_before_that_is_taken_back(
    bureau: Bureau, phone: Handset
) -> None:
    reports = [at(phone, unit=f"{n}单元") for n in (1, 2, 3)]
    bureau.receive(phone, *map(sent, reports))
    a, b, c = (site_of(bureau, each) for each in reports)
    say_different(bureau.store, SUPERVISOR, (a, b), WHY, NOW)
    say_same(bureau.store, SUPERVISOR, (a, c), WHY, NOW)
    for verdict, pair in ((say_same, (c, b)), (say_different, (c, a))):
        with pytest.raises(StateChanged):
            verdict(bureau.store, SUPERVISOR, pair, WHY, NOW)
    take_back(bureau.store, SUPERVISOR, 1, NOW)
    say_same(bureau.store, SUPERVISOR, (c, b), WHY, NOW)
    assert {site_of(bureau, each) for each in reports} == {b}


def test_a_report_that_is_taken_out_stays_out_and_comes_back_when_that_is_undone(
    bureau: Bureau, phone: Handset
) -> None:
    wrong, right = at(phone), at(phone)
    bureau.receive(phone, sent(wrong), sent(right))
    take_out(bureau.store, SUPERVISOR, str(wrong.id), WHY, NOW)
    assert groups(bureau) == of([wrong], [right])
    bureau.receive(phone, sent(wrong.changed(revision=2, note="又看了一次")))
    assert groups(bureau) == of([wrong], [right])
    moved = wrong.changed(revision=3, place=right.place.changed(unit="1单元"))
    bureau.receive(phone, sent(moved))
    there = at(phone, unit="1单元")
    bureau.receive(phone, sent(there))
    assert groups(bureau) == of([wrong, there], [right])
    bureau.receive(phone, sent(wrong.changed(revision=4)))
    assert groups(bureau) == of([wrong], [there], [right])
    take_back(bureau.store, SUPERVISOR, 1, NOW)
    assert groups(bureau) == of([wrong, right], [there])
    assert check(bureau.store).wrong == ()


def test_only_who_decides_may_say_so_with_a_reason_that_names_nobody(
    bureau: Bureau, phone: Handset
) -> None:
    report, other = at(phone), at(phone, unit="1单元")
    bureau.receive(phone, sent(report), sent(other))
    pair = (site_of(bureau, report), site_of(bureau, other))
    with pytest.raises(NotAllowed):
        say_same(bureau.store, Staff("shequ1", Role.COMMUNITY), pair, WHY, NOW)
    for reason, code in (("", "reason_needed"), ("王建国老师家", "personal_data")):
        with pytest.raises(BadDecision, match=code):
            say_same(bureau.store, SUPERVISOR, pair, reason, NOW)
    for unknown in (("x" * 16, pair[0]), (pair[0], pair[0])):
        with pytest.raises(NotFound):
            say_same(bureau.store, SUPERVISOR, unknown, WHY, NOW)
    assert bureau.rows(site_rulings) == []


def test_a_rebuild_gives_the_same_links_rulings_included(bureau: Bureau, phone: Handset) -> None:
    shop = {"venue": "SHOPFRONT", "building": "1号楼", "unit": "底商1"}
    reports = [at(phone), at(phone), at(phone, unit=None), at(phone, unit="1单元")]
    reports += [at(phone, institution=each, **shop) for each in ("晨光托管", "", "博雅")]
    bureau.receive(phone, *map(sent, reports), sent(a_report(phone, kind="CLEAR", signs=())))
    take_out(bureau.store, SUPERVISOR, str(reports[1].id), WHY, NOW)
    say_same(
        bureau.store,
        SUPERVISOR,
        (site_of(bureau, reports[2]), site_of(bureau, reports[0])),
        WHY,
        NOW,
    )
    before, named = groups(bureau), [site_of(bureau, each) for each in reports]
    assert (check(bureau.store).records, check(bureau.store).wrong) == (8, ())
    with bureau.store.writing() as tx:
        tx.run(update(sites).where(sites.c.bureau == tx.bureau).values(superseded_by=None))
        tx.run(delete(site_links).where(site_links.c.bureau == tx.bureau))
    assert len(check(bureau.store).wrong) == 8  # seven links, and a site that was merged
    rebuild(bureau.store, NOW)
    assert (groups(bureau), [site_of(bureau, each) for each in reports]) == (before, named)
    links = bureau.count(site_links)
    rebuild(bureau.store, NOW)
    assert bureau.count(site_links) == links


def test_a_closed_record_of_which_no_position_is_kept_stays_alone(
    bureau: Bureau, phone: Handset
) -> None:
    with bureau.store.writing() as tx:
        here = [{**row, "lat": 38.6, "lon": 108.8} for row in PLACES["compounds"]]
        lists.replace(tx, "compounds", here)
    away, near = (at(phone, fix=a_fix(lat=lat, lon=108.8)) for lat in (38.7, 38.6001))
    bureau.receive(phone, sent(away), sent(near))
    assert groups(bureau) == of([away], [near])
    with bureau.store.writing() as tx:
        body = wire.to_json(away.changed(fix=None))
        closed = update(records).where(records.c.id == str(away.id))
        tx.run(closed.values(state=CaseState.REJECTED, body=body))
    rebuild(bureau.store, NOW)
    assert (groups(bureau), check(bureau.store).wrong) == (of([away], [near]), ())


def test_the_technician_is_told_what_differs(
    bureau: Bureau, phone: Handset, capsys: pytest.CaptureFixture[str]
) -> None:
    report, broken = at(phone), at(phone)
    bureau.receive(phone, sent(report), sent(broken))
    with bureau.store.writing() as tx:
        here = records.c.bureau == tx.bureau
        body = {"place": "not a place"}
        tx.run(update(records).where(here, records.c.id == str(broken.id)).values(body=body))
        tx.run(delete(site_links).where(site_links.c.report == str(report.id)))
    assert command(bureau.settings, ["rebuild", "--check"]) == 1
    told = capsys.readouterr().out
    assert str(report.id) in told and str(broken.id) not in told and "1 条读不出来" in told
    assert command(bureau.settings, ["rebuild"]) == 0
    assert str(report.id) in next(iter(groups(bureau)))


def test_merged_sites_are_the_same_whenever_they_are_replayed() -> None:
    said = [
        Ruling(1, Verdict.SAME, "a", "b"),
        Ruling(2, Verdict.DIFFERENT, "b", "d"),
        Ruling(3, Verdict.SAME, "b", "c"),
        Ruling(4, Verdict.SAME, "e", "a"),
    ]
    for order in permutations(said):
        assert successors(order) == {"a": "c", "b": "c", "e": "c"}
    assert contradicted(said, Verdict.SAME, "d", "e")
    assert contradicted(said, Verdict.DIFFERENT, "e", "c")
    assert not contradicted(said, Verdict.SAME, "d", "f")
