"""What phones send is recorded once, receipted, merged; what cannot be recorded is quarantined."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import update

from contract import wire
from contract.patrol import Patrol, Visit
from contract.protocol import GENESIS, Outcome, Receipt, link_hash
from contract.report import Suggestion
from contract.wire import Json
from sync_server.store.schema import (
    arrivals,
    case_events,
    devices,
    patrols,
    quarantine,
    record_photos,
    records,
    suggestions,
)
from tests.builders import a_name, a_photo
from tests.sync_server.bureau import (
    NOW,
    Bureau,
    Handset,
    a_report,
    a_withdrawal,
    codes,
    outcomes,
    sent,
)


@pytest.fixture
def phone(bureau: Bureau) -> Handset:
    return bureau.enrol()


def test_a_report_becomes_a_record(bureau: Bureau, phone: Handset) -> None:
    report = a_report(phone)
    assert outcomes(bureau.receive(phone, sent(report))) == [Outcome.RECORDED]
    row = bureau.row(records)
    assert (row.id, row.state, row.author) == (str(report.id), "10", "wg1")
    assert row.body == wire.to_json(report)


def test_a_receipt_carries_number_and_link(bureau: Bureau, phone: Handset) -> None:
    thing = sent(a_report(phone))
    (receipt,) = bureau.receive(phone, thing).receipts
    assert receipt.number == f"{bureau.store.bureau}-000001"
    assert receipt.digest == wire.digest(thing)
    assert receipt.hash == link_hash(GENESIS, 1, receipt.digest, receipt.number)


def test_a_retry_leaves_one_arrival_and_gets_the_first_receipt(
    bureau: Bureau, phone: Handset
) -> None:
    thing = sent(a_report(phone))
    (first,) = bureau.receive(phone, thing).receipts
    (again,) = bureau.receive(phone, thing, now=NOW + timedelta(hours=1)).receipts
    assert again == first.changed(outcome=Outcome.HELD)
    assert bureau.count(arrivals) == 1


def test_one_delivery_that_repeats_itself_leaves_one_arrival(
    bureau: Bureau, phone: Handset
) -> None:
    thing = sent(a_report(phone))
    assert outcomes(bureau.receive(phone, thing, thing)) == [Outcome.RECORDED, Outcome.HELD]
    assert bureau.count(arrivals) == 1


def test_what_is_kept_hashes_to_its_digest(bureau: Bureau, phone: Handset) -> None:
    thing = sent(a_report(phone)) | {"from_a_newer_app": True}
    bureau.receive(phone, thing)
    kept = wire.parse_json(bureau.sent(arrivals))
    assert kept == thing
    assert wire.digest(kept) == bureau.row(arrivals).digest


def test_a_devices_ledger_is_one_chain(bureau: Bureau, phone: Handset) -> None:
    receipts: list[Receipt] = []
    for size in (1, 3, 2):
        things = [sent(a_report(phone)) for _ in range(size)]
        receipts += bureau.receive(phone, *things).receipts
    before = GENESIS
    for position, receipt in enumerate(receipts, 1):
        assert receipt.position == position
        before = link_hash(before, position, receipt.digest, receipt.number)
        assert receipt.hash == before
    row = bureau.row(devices)
    assert (row.position, row.hash) == (len(receipts), before)


def test_two_phones_with_the_same_bytes_each_get_a_receipt(bureau: Bureau) -> None:
    old, new = bureau.enrol(), bureau.enrol()
    thing = sent(a_report(old))
    assert outcomes(bureau.receive(old, thing)) == [Outcome.RECORDED]
    (receipt,) = bureau.receive(new, thing).receipts
    assert (receipt.outcome, receipt.position) == (Outcome.HELD, 1)
    assert bureau.count(records) == 1


def test_a_newer_revision_replaces_what_is_shown(bureau: Bureau, phone: Handset) -> None:
    report = a_report(phone)
    newer = report.changed(note="19:00 又有学生进出").next_revision(NOW)
    bureau.receive(phone, sent(report), sent(newer))
    row = bureau.row(records)
    assert (row.revision, row.body["note"]) == (2, "19:00 又有学生进出")
    assert bureau.count(arrivals) == 2


def test_a_stale_revision_is_kept_and_not_shown(bureau: Bureau, phone: Handset) -> None:
    report = a_report(phone)
    newer = report.changed(note="").next_revision(NOW)
    assert outcomes(bureau.receive(phone, sent(newer), sent(report))) == [
        Outcome.RECORDED,
        Outcome.STALE,
    ]
    assert bureau.row(records).revision == 2
    assert bureau.count(arrivals) == 2


def in_dispute(phone: Handset) -> list[Json]:
    report = a_report(phone, photos=(a_photo(1),))
    return [
        sent(report),
        sent(report.changed(note="另一份内容", photos=(a_photo(2), a_photo(3)))),
        sent(report.changed(note="第三份内容", photos=())),
    ]


def test_two_contents_under_one_revision_are_disputed(bureau: Bureau, phone: Handset) -> None:
    first, second, _ = in_dispute(phone)
    assert outcomes(bureau.receive(phone, first, second)) == [Outcome.RECORDED, Outcome.DISPUTED]
    row, shown, other = bureau.row(records), *sorted(map(wire.digest, (first, second)))[::-1]
    assert (row.disputed, row.digest, row.rivals) == (True, shown, [other])


def test_the_record_is_the_same_in_every_order(bureau: Bureau, phone: Handset) -> None:
    seen = set()
    for order in permutations(range(4)):
        things = in_dispute(phone)
        things.append(sent(a_withdrawal(a_report(phone, id=things[0]["body"]["id"]))))
        received = bureau.receive(phone, *(things[n] for n in order))
        assert not received.refusals
        row = bureau.row(records, id=things[0]["body"]["id"])
        digests = [wire.digest(thing) for thing in things[:3]]
        photos = [each.sha256 for each in bureau.rows(record_photos, id=row.id)]
        shown = things[digests.index(row.digest)]["body"]
        assert row.body == shown
        assert photos == [photo["sha256"] for photo in shown["photos"]]
        assert sorted([row.digest, *row.rivals]) == sorted(digests)
        assert row.digest == max(digests)
        seen.add((row.disputed, row.withdrawn_at, row.revision))
    assert seen == {(True, NOW, 1)}


def test_a_withdrawal_is_recorded(bureau: Bureau, phone: Handset) -> None:
    report = a_report(phone)
    assert outcomes(bureau.receive(phone, sent(report), sent(a_withdrawal(report)))) == [
        Outcome.RECORDED,
        Outcome.WITHDRAWN,
    ]
    assert bureau.row(records).withdrawn_at == NOW


def test_a_withdrawal_may_overtake_its_report(bureau: Bureau, phone: Handset) -> None:
    report = a_report(phone)
    assert outcomes(bureau.receive(phone, sent(a_withdrawal(report)))) == [Outcome.WITHDRAWN]
    assert outcomes(bureau.receive(phone, sent(report))) == [Outcome.WITHDRAWN]
    assert bureau.row(records).withdrawn_at == NOW


def test_of_two_withdrawals_the_earlier_counts(bureau: Bureau, phone: Handset) -> None:
    report = a_report(phone)
    early = sent(a_withdrawal(report, at=NOW - timedelta(hours=1)))
    bureau.receive(phone, sent(a_withdrawal(report)), early, sent(report))
    assert bureau.row(records).withdrawn_at == NOW - timedelta(hours=1)


def test_the_place_is_shown_in_words(bureau: Bureau, phone: Handset) -> None:
    bureau.receive(phone, sent(a_report(phone)))
    assert bureau.row(records).place == "样例苑 3号楼2单元"


def test_photos_hang_on_the_record_in_order(bureau: Bureau, phone: Handset) -> None:
    bureau.receive(phone, sent(a_report(phone, photos=(a_photo(2), a_photo(1)))))
    rows = sorted(bureau.rows(record_photos), key=lambda row: row.n)
    assert [row.sha256 for row in rows] == [f"{2:064x}", f"{1:064x}"]


def test_a_patrol_keeps_its_newest_revision(bureau: Bureau, phone: Handset) -> None:
    patrol = Patrol(id=a_name(), device=phone.phone.device, author="wg1", started_at=NOW)
    ended = patrol.changed(revision=2, ended_at=NOW, visits=(Visit(compound="c1", result="CLEAR"),))
    bureau.receive(phone, sent(ended), sent(patrol))
    row = bureau.row(patrols)
    assert (row.revision, row.body["visits"][0]["compound"]) == (2, "c1")


def test_a_suggestion_is_kept(bureau: Bureau, phone: Handset) -> None:
    told = Suggestion(
        id=a_name(), device=phone.phone.device, author="wg1", at=NOW, text="请把字放大一些"
    )
    assert outcomes(bureau.receive(phone, sent(told))) == [Outcome.RECORDED]
    assert bureau.row(suggestions).text == "请把字放大一些"


def test_a_clock_that_is_years_off_holds_nothing_up(bureau: Bureau, phone: Handset) -> None:
    old = NOW.replace(year=1970)
    report = a_report(phone, seen_at=old, sealed_at=old)
    years = -56 * 365 * 86_400
    assert outcomes(bureau.receive(phone, sent(report), skew_s=years)) == [Outcome.RECORDED]
    assert bureau.row(records).skew_s == years


def test_a_revision_answers_the_bureaus_question(bureau: Bureau, phone: Handset) -> None:
    report = a_report(phone)
    bureau.receive(phone, sent(report))
    bureau.decide(report, "15", comment="是哪个单元?")
    bureau.receive(phone, sent(report.next_revision(NOW)))
    assert bureau.row(records).state == "10"
    assert [(e.before, e.after, e.role) for e in bureau.rows(case_events)] == [
        ("10", "15", "SUPERVISOR"),
        ("15", "10", "GRID"),
    ]


def test_a_revision_after_acceptance_is_kept_and_people_see_it(
    bureau: Bureau, phone: Handset
) -> None:
    report = a_report(phone)
    bureau.receive(phone, sent(report))
    bureau.decide(report, "20")
    bureau.receive(phone, sent(report.next_revision(NOW)))
    row = bureau.row(records)
    assert (row.state, row.revision) == ("20", 2)
    last = bureau.rows(case_events)[-1]
    assert (last.before, last.after, last.role, last.staff) == ("20", "20", "GRID", "wg1")


SPOILT: dict[str, tuple[Any, str]] = {
    "not an object": ("report", "wrong_shape"),
    "null": (None, "wrong_shape"),
    "no kind": ({"body": {}}, "wrong_shape"),
    "a kind of tomorrow": ({"kind": "dream", "body": {}}, "unknown_kind"),
    "no body": ({"kind": "report"}, "wrong_shape"),
    "a number as a body": ({"kind": "report", "body": 7}, "wrong_shape"),
}


@pytest.mark.parametrize(("thing", "code"), SPOILT.values(), ids=SPOILT)
def test_what_cannot_be_read_is_refused_and_kept(
    bureau: Bureau, phone: Handset, thing: Json, code: str
) -> None:
    received = bureau.receive(phone, thing)
    assert codes(received) == [code]
    row = bureau.row(quarantine)
    assert (row.code, row.digest) == (code, received.refusals[0].digest)
    assert wire.parse_json(bureau.sent(quarantine)) == thing


MISFITS: dict[str, tuple[dict[str, Any], str, str]] = {
    "wrong type": ({"signs": "POSTER"}, "wrong_shape", "signs"),
    "unknown kind": ({"kind": "RAID"}, "wrong_shape", "kind"),
    "no time zone": ({"seen_at": "2026-11-20T12:00:00"}, "wrong_shape", "seen_at"),
    "a position that is none": (
        {"fix": {"lat": 91, "lon": 0, "at": "2026-11-20T12:00:00Z"}},
        "wrong_shape",
        "fix.lat",
    ),
    "after all time": ({"seen_at": "9999-12-31T16:00:00Z"}, "time_out_of_bounds", "seen_at"),
    "at its very end": (
        {"sealed_at": "9999-12-31T23:59:59-14:00"},
        "time_out_of_bounds",
        "sealed_at",
    ),
    "at its very beginning": (
        {"seen_at": "0001-01-01T00:00:00+14:00"},
        "time_out_of_bounds",
        "seen_at",
    ),
    "60 KB of note": ({"note": "字" * 20_000}, "wrong_shape", "note"),
    "another's": ({"author": "wg2"}, "not_yours", ""),
}


@pytest.mark.parametrize(("change", "code", "field"), MISFITS.values(), ids=MISFITS)
def test_a_report_that_does_not_fit_is_refused_and_kept(
    bureau: Bureau, phone: Handset, change: dict[str, Any], code: str, field: str
) -> None:
    thing = sent(a_report(phone))
    thing["body"] |= change
    (refusal,) = bureau.receive(phone, thing).refusals
    assert (refusal.code, refusal.field) == (code, field)
    assert str(refusal.id) == thing["body"]["id"]
    assert wire.parse_json(bureau.sent(quarantine)) == thing
    assert bureau.count(records) == 0


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"signs": ("DREAM",)}, "unknown_code"),
        ({"note": "联系电话 13800138000"}, "personal_data"),
        ({"sealed_at": None}, "not_sealed"),
        ({"photos": (a_photo(1, redaction_reviewed=False),)}, "photo_unreviewed"),
    ],
)
def test_a_flawed_report_is_refused_with_its_flaws(
    bureau: Bureau, phone: Handset, change: dict[str, Any], flaw: str
) -> None:
    (refusal,) = bureau.receive(phone, sent(a_report(phone, **change))).refusals
    assert (refusal.code, refusal.flaws[0].code) == ("flawed", flaw)
    assert bureau.count(quarantine) == 1


def test_a_refused_arrival_holds_up_no_other(bureau: Bureau, phone: Handset) -> None:
    bad = sent(a_report(phone, signs=()))
    received = bureau.receive(phone, sent(a_report(phone)), bad, None, sent(a_report(phone)))
    assert outcomes(received) == [Outcome.RECORDED] * 2
    assert codes(received) == ["flawed", "wrong_shape"]
    assert [receipt.position for receipt in received.receipts] == [1, 2]


def test_what_nobody_foresaw_is_kept_aside_and_holds_up_no_other(
    bureau: Bureau, phone: Handset
) -> None:
    """The bytes of its withdrawal, which came before it, were damaged on the bureau's disk."""
    report = a_report(phone)
    odd = sent(report)
    bureau.receive(phone, sent(a_withdrawal(report)))
    with bureau.store.writing() as tx:
        tx.run(update(arrivals).where(arrivals.c.bureau == tx.bureau).values(raw=b"{"))
    received = bureau.receive(phone, sent(a_report(phone)), odd, sent(a_report(phone)))
    assert outcomes(received) == [Outcome.RECORDED] * 2
    assert codes(received) == ["unprocessable"]
    assert wire.parse_json(bureau.sent(quarantine)) == odd


def test_a_report_of_an_earlier_phone_of_the_same_post_is_taken(bureau: Bureau) -> None:
    lost, new = bureau.enrol(), bureau.enrol()
    assert outcomes(bureau.receive(new, sent(a_report(lost)))) == [Outcome.RECORDED]


def test_a_record_names_the_phone_that_sealed_it_whichever_brought_it(bureau: Bureau) -> None:
    first, second = bureau.enrol(), bureau.enrol()
    report = a_report(first)
    bureau.receive(second, sent(report))
    bureau.receive(first, sent(report))
    assert bureau.row(records).device == first.phone.device


def test_a_report_that_names_another_posts_phone_is_refused(bureau: Bureau, phone: Handset) -> None:
    theirs = bureau.enrol("wg2").phone.device
    assert codes(bureau.receive(phone, sent(a_report(phone, device=theirs)))) == ["not_yours"]
    assert bureau.count(records) == 0


def test_a_report_of_a_phone_that_a_restored_bureau_forgot_is_taken(
    bureau: Bureau, phone: Handset
) -> None:
    forgotten = sent(a_report(phone, device="d-from-before"))
    assert outcomes(bureau.receive(phone, forgotten)) == [Outcome.RECORDED]


def test_a_record_of_another_post_cannot_be_taken_over(bureau: Bureau, phone: Handset) -> None:
    other = bureau.enrol("wg2")
    report = a_report(phone)
    bureau.receive(phone, sent(report))
    stolen = a_report(other, id=report.id, revision=5)
    assert codes(bureau.receive(other, sent(stolen))) == ["not_yours"]
    assert codes(bureau.receive(other, sent(a_withdrawal(stolen)))) == ["not_yours"]
    assert bureau.row(records).withdrawn_at is None


def test_a_withdrawal_by_another_post_does_not_overtake(bureau: Bureau, phone: Handset) -> None:
    other, report = bureau.enrol("wg2"), a_report(phone)
    bureau.receive(other, sent(a_withdrawal(a_report(other, id=report.id))))
    assert outcomes(bureau.receive(phone, sent(report))) == [Outcome.RECORDED]
    assert bureau.row(records).withdrawn_at is None


def test_a_code_longer_than_its_column_is_the_same_on_both_engines(
    bureau: Bureau, phone: Handset
) -> None:
    report = a_report(phone)
    long = report.place.changed(community="1" * 40, building="楼" * 50, unit="元" * 50)
    bureau.receive(phone, sent(report.changed(place=long)))
    assert codes(bureau.receive(phone, sent(report))) == []
    assert bureau.count(records) == 1


def test_a_quarantined_thing_is_kept_once(bureau: Bureau, phone: Handset) -> None:
    for _ in range(3):
        bureau.receive(phone, {"kind": "dream"})
    assert bureau.count(quarantine) == 1


def test_bureaus_do_not_see_each_others_records(bureau: Bureau, phone: Handset) -> None:
    elsewhere = Bureau.open(replace(bureau.settings, bureau=bureau.settings.bureau + "x"))
    bureau.receive(phone, sent(a_report(phone)))
    assert elsewhere.count(records) == 0
    elsewhere.store.close()


@pytest.mark.parametrize(
    "seen", ["1970-01-01T00:00:12+08:00", "2005-01-01T00:00:00Z", "2199-12-31T23:59:59Z"]
)
def test_a_phone_with_a_reset_clock_loses_nothing(
    bureau: Bureau, phone: Handset, seen: str
) -> None:
    thing = sent(a_report(phone))
    thing["body"] |= {"seen_at": seen, "sealed_at": seen}
    assert outcomes(bureau.receive(phone, thing)) == [Outcome.RECORDED]
    assert bureau.row(records).seen_at == datetime.fromisoformat(seen)


def test_a_withdrawal_of_before_times_had_bounds_still_withdraws(
    bureau: Bureau, phone: Handset
) -> None:
    """It came before its report, at a time that no phone is believed any more."""
    report = a_report(phone)
    bureau.receive(phone, sent(a_withdrawal(report)))
    body = wire.to_json(a_withdrawal(report)) | {"at": "9999-12-31T23:59:59Z"}
    far = wire.canonical({"kind": "withdrawal", "body": body})
    with bureau.store.writing() as tx:
        tx.run(update(arrivals).where(arrivals.c.bureau == tx.bureau).values(raw=far))
    assert outcomes(bureau.receive(phone, sent(report))) == [Outcome.WITHDRAWN]
