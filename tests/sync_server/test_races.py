"""Concurrent requests end as if they had come one after the other, on both engines."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

import httpx

from contract import wire
from contract.protocol import GENESIS, Outcome, Receipt, SyncReply, link_hash
from contract.report import Report
from sync_server.auditing.chains import walk
from sync_server.problems import Problem, RevisionChanged
from sync_server.store import photos as photo_store
from sync_server.store.schema import (
    answers,
    arrivals,
    audit,
    case_events,
    devices,
    photos,
    records,
    uploads,
)
from tests.sync_server.bureau import NOW, Bureau, Handset, a_report, a_withdrawal, sent
from tests.sync_server.photographs import Sender, a_jpeg, digest, where
from tests.sync_server.serving import Server

ROUNDS, MANY = 30, 8
T = TypeVar("T")


def at_once(doings: Sequence[Callable[[], T]]) -> list[T]:
    """Calls all of them at the same moment, each in its own thread; returns their results."""
    ready = Barrier(len(doings))

    def one(doing: Callable[[], T]) -> T:
        ready.wait(10)
        return doing()

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(one, doings))


def at_door(handset: Handset, n: int) -> Report:
    """A report of a place of its own: those of one place are decided about together."""
    return a_report(handset, place=a_report(handset).place.changed(building=f"{n}号楼"))


def check_ledger(receipts: Sequence[Receipt]) -> None:
    """Checks the ledger of one device from its first receipts, in any order."""
    before = GENESIS
    for position, receipt in enumerate(sorted(receipts, key=lambda one: one.position), 1):
        assert receipt.position == position
        before = link_hash(before, position, receipt.digest, receipt.number)
        assert receipt.hash == before


def test_one_new_report_delivered_eight_times_at_once_is_one(
    server: Server, bureau: Bureau
) -> None:
    phone, firsts = bureau.enrol(), []
    for _ in range(ROUNDS):
        thing = sent(a_report(phone))

        def deliver(thing: object = thing) -> SyncReply:
            return wire.decode(SyncReply, server.sync(phone, thing).content)

        receipts = [one for reply in at_once([deliver] * MANY) for one in reply.receipts]
        assert len(receipts) == MANY
        assert [one.outcome for one in receipts].count(Outcome.RECORDED) == 1
        assert {one.outcome for one in receipts} == {Outcome.RECORDED, Outcome.HELD}
        assert len({(one.number, one.position, one.hash) for one in receipts}) == 1
        firsts.append(receipts[0])
    assert bureau.count(records) == bureau.count(arrivals) == ROUNDS
    check_ledger(firsts)


def test_eight_phones_with_one_new_report_make_one_record(server: Server, bureau: Bureau) -> None:
    phones = [bureau.enrol() for _ in range(MANY)]
    for _ in range(ROUNDS):
        thing = sent(a_report(phones[0]))

        def deliver(phone: Handset, thing: object = thing) -> SyncReply:
            return wire.decode(SyncReply, server.sync(phone, thing).content)

        replies = at_once([lambda phone=phone: deliver(phone) for phone in phones])  # type: ignore[misc]  # a lambda's default
        outcomes = [reply.receipts[0].outcome for reply in replies]
        assert sorted(outcomes) == [Outcome.HELD] * (MANY - 1) + [Outcome.RECORDED]
    assert bureau.count(records) == ROUNDS
    assert {row.position for row in bureau.rows(devices)} == {ROUNDS}


def test_rivals_and_a_withdrawal_at_once_make_the_record_of_every_order(bureau: Bureau) -> None:
    phones = [bureau.enrol() for _ in range(4)]
    for _ in range(ROUNDS // 3):
        report = a_report(phones[0])
        rivals = [sent(report.changed(note=f"第{n}份")) for n in range(3)]
        things = [*rivals, sent(a_withdrawal(report))]
        pairs = zip(phones, things, strict=True)
        at_once([lambda p=p, t=t: bureau.receive(p, t) for p, t in pairs])  # type: ignore[misc]  # a lambda's default
        row = bureau.row(records, id=str(report.id))
        digests = sorted(wire.digest(thing) for thing in rivals)
        assert (row.digest, row.rivals) == (digests[-1], digests[:-1])
        assert row.withdrawn_at == NOW


def test_batches_that_cross_do_not_wait_for_each_other(bureau: Bureau) -> None:
    phones = [bureau.enrol() for _ in range(4)]
    for _ in range(ROUNDS // 3):
        things = [sent(a_report(phones[0])) for _ in range(6)]
        orders = [things, things[::-1], things[3:] + things[:3], things[::2] + things[1::2]]
        pairs = zip(phones, orders, strict=True)
        came = at_once([lambda p=p, o=o: bureau.receive(p, *o) for p, o in pairs])  # type: ignore[misc]  # a lambda's default
        assert [len(received.receipts) for received in came] == [6] * 4
    assert bureau.count(records) == 6 * (ROUNDS // 3)


def test_of_two_decisions_at_once_one_counts(bureau: Bureau) -> None:
    phone = bureau.enrol()

    def decided(report: object, to: str) -> str:
        said = {"comment": "是哪个单元?", "reason": "NO_SIGN", "seen_state": "10"}
        try:
            bureau.decide(report, to, **said, seen_revision=1)  # type: ignore[arg-type]  # a report
        except Problem as problem:
            return problem.code
        return to

    for n in range(ROUNDS // 3):
        report = at_door(phone, n)
        bureau.receive(phone, sent(report))
        ways = [lambda to=to, r=report: decided(r, to) for to in ("15", "20", "29")]
        ended = sorted(at_once(ways))
        assert ended.count("state_changed") == 2, ended
    seqs = [row.seq for row in bureau.rows(answers, author="wg1")]
    assert seqs == list(range(1, ROUNDS // 3 + 1))


def test_a_decision_and_a_new_revision_at_once_know_of_each_other(bureau: Bureau) -> None:
    """Either the decision is refused, because the record shows another revision by now; or the
    revision came after it, and a step of the case tells the people who decided."""
    phone = bureau.enrol()

    def accepted(report: Report) -> bool:
        try:
            bureau.decide(report, "20", seen_state="10", seen_revision=1)
        except RevisionChanged:
            return False
        return True

    def revised(report: Report) -> bool:
        return bool(bureau.receive(phone, sent(report.next_revision(NOW))).receipts)

    for _ in range(ROUNDS):
        report = a_report(phone)
        bureau.receive(phone, sent(report))
        was_accepted, _ = at_once([partial(accepted, report), partial(revised, report)])
        roles = [row.role for row in bureau.rows(case_events, id=str(report.id))]
        assert roles == (["SUPERVISOR", "GRID"] if was_accepted else [])


def test_answers_of_one_post_have_no_gap_however_they_are_decided(bureau: Bureau) -> None:
    phone = bureau.enrol()
    reports = [at_door(phone, n) for n in range(16)]
    bureau.receive(phone, *map(sent, reports))
    at_once([lambda r=r: bureau.decide(r, "20") for r in reports])  # type: ignore[misc]  # a lambda's default
    assert [row.seq for row in bureau.rows(answers, author="wg1")] == list(range(1, 17))


def test_decisions_on_two_posts_records_at_once_leave_one_audit_chain(bureau: Bureau) -> None:
    """Of two posts, for the answers of one post are numbered: that alone would serialize them."""
    phones = [bureau.enrol(post) for post in ("wg1", "wg2")]
    for n in range(0, 2 * (ROUNDS // 3), 2):
        reports = [at_door(phone, n + i) for i, phone in enumerate(phones)]
        for phone, report in zip(phones, reports, strict=True):
            bureau.receive(phone, sent(report))
        at_once([partial(bureau.decide, report, "20") for report in reports])
    rows = [row for row in bureau.rows(audit) if row.what == "decide_20"]
    assert len(rows) == 2 * (ROUNDS // 3)
    with bureau.store.reading() as tx:
        assert [walk(tx, name).fault for name in ("audit", "cases")] == [None, None]
        assert walk(tx, "cases").rows == len(rows)


def finished(sender: Sender, jpeg: bytes) -> str:
    """Sends a photo to its end: after every failure it asks where the upload stands and goes on."""
    for _ in range(200):
        created = sender.create(jpeg)
        place, at = where(created), int(created.headers["upload-offset"])
        if "photo-digest" in created.headers:
            return created.headers["photo-digest"]
        try:
            answer = sender.patch(place, at, jpeg[at:])
        except httpx.HTTPError:  # ended by a newer request while it was writing
            continue
        if answer.status_code == 204 and "photo-digest" in answer.headers:
            return answer.headers["photo-digest"]
    raise AssertionError("never finished")


def test_one_photo_from_eight_connections_and_phones_at_once_is_one(
    server: Server, bureau: Bureau
) -> None:
    phones = [bureau.enrol() for _ in range(MANY // 2)]
    for n in range(ROUNDS):
        jpeg = a_jpeg(n + 100, size=(64, 48))
        senders = [Sender(server, phone) for phone in phones for _ in range(2)]
        sent_ = at_once([lambda s=s, j=jpeg: finished(s, j) for s in senders])  # type: ignore[misc]  # a lambda's default
        assert set(sent_) == {digest(jpeg)}
    assert bureau.count(photos) == ROUNDS


def test_uploads_that_end_in_two_groups_at_once_do_not_wait_for_each_other(bureau: Bureau) -> None:
    """Of one photo, from several phones: in one group this phone's comes first, in the other that
    one's. A deadlock would be Busy."""
    names = [f"{n:032x}" for n in range(MANY)]
    row = {"device": "d1", "length": 9, "sha256": None, "metadata": "", "ended": None}
    with bureau.store.writing() as tx:
        photo_store.add_uploads(tx, [{**row, "upload": name, "expires_at": NOW} for name in names])

    def end(order: Sequence[str]) -> None:
        for n in range(ROUNDS):
            with bureau.store.writing() as tx:
                photo_store.end_uploads(tx, dict.fromkeys(order, f"{n:064x}"))

    at_once([partial(end, names), partial(end, names[::-1])])
    assert {one.ended for one in bureau.rows(uploads)} == {f"{ROUNDS - 1:064x}"}
