"""Bad parcels, bad roads and a bureau that lies: nothing is lost, nobody holds up anybody."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from contract.protocol import MAX_ARRIVALS, Receipt, Refusal, SyncReply, SyncRequest
from fieldapp.memory.memory import Memory
from fieldapp.ports import Offline, Refused
from fieldapp.report.entry import Stage
from tests.builders import a_name
from tests.fieldapp.a_bureau import (
    Phone,
    a_patrol,
    a_suggestion,
    alter,
    aside,
    pass_days,
    refuses,
)

pytestmark = pytest.mark.asyncio


async def test_the_ledger_follows_the_bureaus_chain(phone: Phone) -> None:
    digests = [phone.seal().digest for _ in range(3)]
    await phone.courier.round()
    assert phone.memory.ledger() == (3, phone.bureau.kept[digests[-1]].hash)
    assert not phone.memory.ledger_broken()


async def test_receipts_in_any_order_make_the_same_ledger(phone: Phone) -> None:
    digests = [phone.seal().digest for _ in range(3)]
    alter(phone, lambda reply: reply.changed(receipts=reply.receipts[::-1]))
    await phone.courier.round()
    assert phone.memory.ledger() == (3, phone.bureau.kept[digests[-1]].hash)


async def test_a_receipt_that_was_lost_is_no_second_story(phone: Phone) -> None:
    phone.seal()
    phone.bureau.lost = 1
    await phone.courier.round()
    phone.seal()
    await phone.courier.round()
    assert phone.memory.ledger()[0] == 2
    assert not phone.memory.ledger_broken()


async def test_an_undone_seal_that_left_after_all_breaks_nothing(phone: Phone) -> None:
    """Its receipt never comes; the links after it cannot be held against it."""
    parcel = phone.seal()
    phone.bureau.lost = 1
    await phone.courier.round()
    phone.notebook.dequeue(parcel.digest)
    phone.seal()
    phone.seal()
    await phone.courier.round()
    assert not phone.memory.ledger_broken()
    assert phone.memory.ledger()[0] == 0


@pytest.mark.parametrize("lie", [{"hash": "e" * 64}, {"number": "X-1"}, {"position": 3}])
async def test_a_bureau_that_rewrites_the_past_is_found_out(
    phone: Phone, lie: dict[str, Any]
) -> None:
    for _ in range(3):
        phone.seal()
    alter(phone, lambda reply: reply.changed(receipts=lying(reply.receipts, 1, lie)))
    home = await phone.courier.round()
    assert phone.memory.ledger_broken()
    assert (home.delivered, home.waiting, home.why) == (3, 0, None)  # the work goes on


async def test_a_second_story_about_a_known_place_is_found_out(phone: Phone) -> None:
    phone.seal()
    await phone.courier.round()
    phone.bureau.order.clear()  # another history begins, at the same first position
    phone.seal()
    await phone.courier.round()
    assert phone.memory.ledger_broken()


async def test_with_a_broken_ledger_nothing_is_deleted(phone: Phone) -> None:
    phone.memory.break_ledger(1)
    patrol, report = a_patrol(), phone.seal(photos=1)
    phone.notebook.enqueue(patrol)
    phone.clock.pass_(seconds=11)
    await phone.courier.round()
    pass_days(phone, 30)
    await phone.courier.round()
    assert len(phone.album.kept) == 1
    assert {one.parcel.raw for one in phone.notebook.receipted()} == {patrol.raw, report.raw}


async def test_one_refused_report_does_not_hold_up_those_behind_it(phone: Phone) -> None:
    first, bad, last = (phone.seal() for _ in range(3))
    phone.bureau.unfit[bad.digest] = "unknown_code"
    home = await phone.courier.round()
    assert (home.delivered, home.refused, home.waiting, home.why) == (2, 1, 0, None)
    assert [phone.entry(p).stage for p in (first, bad, last)] == [
        Stage.DELIVERED,
        Stage.REFUSED,
        Stage.DELIVERED,
    ]
    refusal = phone.entry(bad).refusal
    assert refusal and (refusal.code, refusal.revision) == ("unknown_code", 1)
    assert aside(phone, bad) == bad.raw


async def test_what_is_receipted_and_refused_in_one_reply_is_receipted(phone: Phone) -> None:
    parcel = phone.seal()
    both = Refusal(digest=parcel.digest, code="unknown_code")
    alter(phone, lambda reply: reply.changed(refusals=(both,)))
    home = await phone.courier.round()
    assert (home.delivered, home.refused) == (1, 0)
    assert phone.entry(parcel).stage is Stage.DELIVERED
    assert aside(phone, parcel) is None


async def test_a_late_refusal_does_not_touch_a_newer_edit(phone: Phone) -> None:
    """A bureau that could not read the parcel names no revision; the parcel does."""
    bad = phone.seal()
    newer = phone.seal(phone.entry(bad).answered("note", ""))
    phone.bureau.unfit[bad.digest] = "unknown_code"
    await phone.courier.round()
    assert phone.entry(newer).stage is Stage.DELIVERED
    assert phone.entry(newer).refusal is None


@pytest.mark.parametrize("status", [400, 413, 422])
@pytest.mark.parametrize("place", [0, 31, 49, 50])
async def test_a_poisoned_batch_is_halved_until_the_one_to_blame_stands_alone(
    light: Phone, status: int, place: int
) -> None:
    parcels = [light.seal() for _ in range(MAX_ARRIVALS + 1)]
    bad = parcels[place]
    light.bureau.poison[bad.digest] = status
    home = await light.courier.round()
    assert (home.delivered, home.refused, home.waiting, home.why) == (50, 1, 0, None)
    assert light.entry(bad).stage is Stage.REFUSED
    assert light.entry(bad).refusal.code == "unreadable"  # type: ignore[union-attr]
    assert {p.digest for p in parcels} - set(light.bureau.order) == {bad.digest}
    assert max(light.carried()) <= MAX_ARRIVALS and len(light.road.asked) < 30


async def test_three_poisoned_ones_are_all_found(light: Phone) -> None:
    parcels = [light.seal() for _ in range(20)]
    light.bureau.poison = {parcels[n].digest: 422 for n in (0, 10, 11)}
    home = await light.courier.round()
    assert (home.delivered, home.refused, home.waiting) == (17, 3, 0)


async def test_a_parcel_without_an_entry_is_kept_when_it_is_refused(phone: Phone) -> None:
    suggestion = a_suggestion()
    phone.notebook.enqueue(suggestion)
    phone.clock.pass_(seconds=11)
    phone.bureau.poison[suggestion.digest] = 400
    home = await phone.courier.round()
    assert (home.refused, home.waiting) == (1, 0)
    assert aside(phone, suggestion) == suggestion.raw


async def test_when_everything_is_refused_no_parcel_is_to_blame(phone: Phone) -> None:
    parcels = [phone.seal() for _ in range(3)]
    phone.road.answer = refuses(Refused("unreadable", 400))
    home = await phone.courier.round()
    assert (home.refused, home.waiting, home.why) == (0, 3, "unreadable")
    assert {phone.entry(parcel).stage for parcel in parcels} == {Stage.SEALED}


@pytest.mark.parametrize(("status", "code"), [(401, "token_revoked"), (426, "contract_too_old")])
async def test_a_bureau_that_wants_none_of_this_phone_ends_the_round(
    phone: Phone, status: int, code: str
) -> None:
    parcel = phone.seal()
    phone.road.answer = refuses(Refused(code, status))
    home = await phone.courier.round()
    farewell = [0] if code == "token_revoked" else []  # asks whether this very phone is meant
    assert (home.why, home.waiting, phone.carried()) == (code, 1, [1, *farewell])
    assert phone.entry(parcel).stage is Stage.SEALED


async def test_a_parcel_without_any_word_is_kept_and_not_sent_for_ever(phone: Phone) -> None:
    mute, heard = phone.seal(), phone.seal()
    phone.bureau.mute.add(mute.digest)
    home = await phone.courier.round()
    assert (home.delivered, home.why, phone.outbox()) == (1, "unanswered", [mute.digest])
    assert phone.entry(heard).stage is Stage.DELIVERED
    phone.bureau.mute.clear()
    assert (await phone.courier.round()).delivered == 1


@pytest.mark.parametrize("lie", [{"id": a_name()}, {"revision": 7}, {"kind": "patrol"}])
async def test_a_receipt_that_speaks_of_something_else_takes_nothing_out(
    phone: Phone, lie: dict[str, Any]
) -> None:
    parcel = phone.seal()
    alter(phone, lambda reply: reply.changed(receipts=lying(reply.receipts, 0, lie)))
    home = await phone.courier.round()
    assert (home.delivered, home.why, phone.outbox()) == (0, "unanswered", [parcel.digest])
    assert phone.entry(parcel).stage is Stage.SEALED


async def test_a_whole_batch_without_any_word_does_not_hold_up_those_behind_it(
    light: Phone,
) -> None:
    mute = [light.seal().digest for _ in range(MAX_ARRIVALS)]
    heard = light.seal()
    light.bureau.mute = set(mute)
    home = await light.courier.round()
    assert (home.delivered, light.outbox()) == (1, mute)
    assert light.entry(heard).stage is Stage.DELIVERED


async def test_a_receipt_for_what_was_not_sent_takes_nothing_out(phone: Phone) -> None:
    sent = phone.seal()
    kept = phone.seal()
    phone.clock.pass_(seconds=-2)  # the second may still be undone

    def lies(reply: SyncReply) -> SyncReply:
        strange = reply.receipts[0].changed(digest=kept.digest, id=kept.id, position=9)
        return reply.changed(receipts=(*reply.receipts, strange))

    alter(phone, lies)
    await phone.courier.round()
    assert phone.entry(sent).stage is Stage.DELIVERED
    assert phone.entry(kept).stage is Stage.SEALED
    assert phone.notebook.waiting() == 1


@pytest.mark.parametrize("why", ["no_road", "timed_out", "not_the_bureau", "bureau_down"])
async def test_a_bad_road_is_told_and_loses_nothing(phone: Phone, why: str) -> None:
    parcel = phone.seal()
    phone.road.answer = refuses(Offline(why))
    home = await phone.courier.round()
    assert (home.why, home.waiting, home.clock_skew_s) == (why, 1, None)
    last = phone.memory.last_round()
    assert last and (last.ok, last.why) == (False, why)
    phone.road.answer = phone.bureau.reply
    for _ in range(6):
        await phone.courier.round()
    assert phone.entry(parcel).stage is Stage.DELIVERED


async def test_what_was_delivered_before_the_road_broke_stays_delivered(light: Phone) -> None:
    for _ in range(MAX_ARRIVALS + 5):
        light.seal()
    breaks_after(light, 1)
    home = await light.courier.round()
    assert (home.delivered, home.waiting, home.why) == (50, 5, "no_road")


async def test_a_parcel_at_which_the_bureau_falls_holds_up_nobody_for_long(light: Phone) -> None:
    parcels = [light.seal() for _ in range(20)]
    bad = parcels[3]

    def falls(asked: SyncRequest, raws: Sequence[bytes]) -> SyncReply:
        if bad.raw in raws:
            raise Offline("bureau_down")
        return light.bureau.reply(asked, raws)

    light.road.answer = falls
    for _ in range(8):
        await light.courier.round()
    assert light.outbox() == [bad.digest]
    assert light.entry(bad).stage is Stage.SEALED  # it may be the bureau's fault: kept, tried again


async def test_a_full_phone_keeps_what_it_had_and_says_so(light: Phone) -> None:
    parcel = light.seal()

    def fills(asked: SyncRequest, raws: Sequence[bytes]) -> SyncReply:
        light.fill()
        return light.bureau.reply(asked, raws)

    light.road.answer = fills
    home = await light.courier.round()
    assert (home.why, home.waiting) == ("full", 1)
    light.fill(False)
    light.road.answer = light.bureau.reply
    assert (await light.courier.round()).delivered == 1
    assert light.entry(parcel).stage is Stage.DELIVERED


async def test_a_reply_is_taken_home_whole_or_not_at_all(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel = phone.seal()
    phone.bureau.decide(UUID(parcel.id))
    monkeypatch.setattr(Memory, "keep_cursor", torn)
    with pytest.raises(RuntimeError, match="torn"):
        await phone.courier.round()
    assert phone.outbox() == [parcel.digest]
    assert phone.entry(parcel).stage is Stage.SEALED
    assert (phone.notebook.answers(), phone.memory.ledger()[0]) == ([], 0)
    monkeypatch.undo()
    home = await phone.courier.round()
    assert (home.delivered, home.answers) == (1, 1)


async def test_two_rounds_at_once_go_one_after_the_other(phone: Phone) -> None:
    phone.seal()
    homes = await asyncio.gather(phone.courier.round(), phone.courier.round())
    assert sorted(home.delivered for home in homes) == [0, 1]
    assert len(phone.bureau.order) == 1
    assert sum(phone.carried()) == 1


async def test_a_phone_that_nobody_knows_stays_at_home(phone: Phone) -> None:
    phone.notebook.remember("identity", None)
    phone.road.answer = refuses(Refused("not_enrolled"))
    assert (await phone.courier.round()).why == "not_enrolled"


def lying(receipts: Sequence[Receipt], n: int, lie: dict[str, Any]) -> list[Receipt]:
    return [
        receipt.changed(**lie) if place == n else receipt for place, receipt in enumerate(receipts)
    ]


def breaks_after(phone: Phone, calls: int) -> None:
    def answer(asked: SyncRequest, parcels: Sequence[bytes]) -> SyncReply:
        if len(phone.road.asked) > calls:
            raise Offline
        return phone.bureau.reply(asked, parcels)

    phone.road.answer = answer


def torn(*_: object) -> None:
    raise RuntimeError("torn")


async def test_a_proxy_that_limits_bodies_gets_half_of_the_batch_at_once(light: Phone) -> None:
    for _ in range(20):
        light.seal()
    reply = light.bureau.reply

    def limited(asked: SyncRequest, raws: Sequence[bytes]) -> SyncReply:
        if len(raws) > 6:
            raise Offline("body_too_large")
        return reply(asked, raws)

    light.road.answer = limited
    home = await light.courier.round()
    assert (home.delivered, home.refused, home.waiting) == (20, 0, 0)


async def test_what_a_network_damages_by_its_length_is_not_set_aside(light: Phone) -> None:
    """Before a parcel is blamed, an envelope of its length must arrive."""
    parcel = light.seal()
    sync = light.road.sync

    async def damaging(
        asked: SyncRequest, raws: Sequence[bytes], *, plain_bytes: int = 0
    ) -> SyncReply:
        if raws or plain_bytes >= len(parcel.raw):
            raise Refused("unreadable", 400)
        return await sync(asked, raws)

    light.road.sync = damaging  # type: ignore[assignment,method-assign]  # a proxy
    home = await light.courier.round()
    assert (home.why, home.refused, home.waiting) == ("unreadable", 0, 1)
    assert light.entry(parcel).stage is Stage.SEALED
