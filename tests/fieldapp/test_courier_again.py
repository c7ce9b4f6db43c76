"""A bureau that was restored from a backup gets again what it lost; its answers are believed."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from contract.protocol import MAX_ARRIVALS, UNREADABLE, Outcome, SyncReply, SyncRequest
from fieldapp.courier.courier import Courier
from fieldapp.memory.memory import Memory
from fieldapp.ports import Offline, Refused
from fieldapp.report.entry import EventKind, Stage
from fieldapp.report.parcel import Parcel
from fieldapp.state.search import needs_worker
from tests.builders import a_name, an_identity
from tests.fieldapp.a_bureau import Phone, a_patrol, a_suggestion, alter, pass_days

pytestmark = pytest.mark.asyncio


async def delivered(phone: Phone, n: int = 3, photos: int = 0) -> list[Parcel]:
    parcels = [phone.seal(photos=photos) for _ in range(n)]
    await phone.courier.round()
    return parcels


async def test_a_receipted_parcel_is_kept_seven_days_with_its_place(phone: Phone) -> None:
    parcels = await delivered(phone)
    assert [(one.parcel, one.position) for one in phone.notebook.receipted()] == [
        (parcel, n) for n, parcel in enumerate(parcels, 1)
    ]
    pass_days(phone, 6.9)
    await phone.courier.round()
    assert len(phone.notebook.receipted()) == 3
    pass_days(phone, 0.2)
    await phone.courier.round()
    assert (phone.notebook.receipted(), phone.notebook.waiting()) == ([], 0)


async def test_a_phone_whose_clock_jumps_keeps_its_parcels_as_long(phone: Phone) -> None:
    await delivered(phone, 1)
    phone.clock.pass_(days=4_000)
    await phone.courier.round()
    assert phone.notebook.receipted()
    phone.clock.pass_(days=-8_000)
    await phone.courier.round()
    assert phone.notebook.receipted()


async def test_what_is_over_is_forgotten_though_something_else_is_in_trouble(phone: Phone) -> None:
    await delivered(phone, 1)
    pass_days(phone, 8)
    mute = phone.seal()
    phone.bureau.mute.add(mute.digest)
    assert (await phone.courier.round()).why == "unanswered"
    assert phone.notebook.receipted() == []


async def test_a_bureau_that_has_forgotten_gets_again_what_it_lost(phone: Phone) -> None:
    parcels = await delivered(phone)
    phone.bureau.restore(1)
    home = await phone.courier.round()
    assert phone.bureau.order == [parcel.digest for parcel in parcels]
    assert (home.delivered, home.waiting, home.why) == (3, 0, None)
    for parcel in parcels:
        entry = phone.entry(parcel)
        assert entry.stage is Stage.DELIVERED
        assert entry.receipt and entry.receipt.number == phone.bureau.kept[parcel.digest].number
    assert not phone.memory.ledger_broken()
    assert phone.memory.ledger() == (3, phone.bureau.kept[parcels[-1].digest].hash)
    assert len(phone.notebook.receipted()) == 3  # for the next time


async def test_the_links_of_before_are_evidence_and_stay(phone: Phone) -> None:
    parcels = await delivered(phone)
    before = phone.memory.link(3)
    phone.bureau.restore(1)
    await phone.courier.round()
    after = phone.memory.link(3)
    assert before and after and before.hash != after.hash
    assert phone.notebook.remembered("ledger/d1/3") is not None
    assert after.digest == parcels[2].digest


async def test_what_was_sealed_meanwhile_is_receipted_in_the_new_era(phone: Phone) -> None:
    await delivered(phone)
    phone.bureau.restore(1)
    newer = phone.seal()
    home = await phone.courier.round()
    assert (home.delivered, len(phone.bureau.order)) == (4, 4)
    assert phone.entry(newer).stage is Stage.DELIVERED
    assert not phone.memory.ledger_broken()


async def test_a_lost_reply_about_a_lost_memory_changes_nothing(phone: Phone) -> None:
    parcels = await delivered(phone)
    newer = phone.seal()
    phone.bureau.restore(1)
    phone.bureau.lost = 1
    assert (await phone.courier.round()).why == "timed_out"
    assert phone.notebook.waiting() == 1
    home = await phone.courier.round()
    assert home.why is None
    assert set(phone.bureau.order) == {parcel.digest for parcel in (*parcels, newer)}
    assert not phone.memory.ledger_broken()


async def test_a_kill_within_the_restart_leaves_all_or_nothing(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcels = await delivered(phone)
    phone.bureau.restore(0)

    def torn(*_: object) -> None:
        raise RuntimeError("torn")

    monkeypatch.setattr(Memory, "keep_cursor", torn)
    with pytest.raises(RuntimeError, match="torn"):
        await phone.courier.round()
    assert (phone.notebook.waiting(), len(phone.notebook.receipted())) == (0, 3)
    assert phone.memory.ledger()[0] == 3
    monkeypatch.undo()
    phone.start()
    await phone.courier.round()
    assert phone.bureau.order == [parcel.digest for parcel in parcels]


async def test_a_kill_after_the_restart_goes_on_with_it(phone: Phone) -> None:
    parcels = await delivered(phone)
    phone.bureau.restore(0)
    breaks_at_the_second_call(phone)
    await phone.courier.round()
    assert phone.notebook.waiting() == 3
    assert phone.entry(parcels[0]).stage is Stage.SEALED  # the worker sees that it waits
    phone.start()
    await phone.courier.round()
    assert phone.bureau.order == [parcel.digest for parcel in parcels]


async def test_a_bureau_that_always_forgets_is_believed_once_a_trip(phone: Phone) -> None:
    await delivered(phone, MAX_ARRIVALS + 1)
    alter(phone, lambda reply: reply.changed(forgot=True))
    asked = len(phone.road.asked)
    home = await phone.courier.round()
    assert (home.delivered, home.waiting, home.why) == (MAX_ARRIVALS, 1, "unanswered")
    assert phone.notebook.remembered("era") == "1"
    assert len(phone.road.asked) - asked < 5


async def test_a_bureau_that_is_restored_twice_within_one_trip_told_no_lie(phone: Phone) -> None:
    """What it says after the second time is of another past than what was just written down."""
    parcels = await delivered(phone)
    newer = phone.seal()
    phone.bureau.restore(0)
    before = len(phone.road.asked)

    def twice(asked: SyncRequest, raws: Sequence[bytes]) -> SyncReply:
        if len(phone.road.asked) - before == 2:
            phone.bureau.restore(0)
        return phone.bureau.reply(asked, raws)

    phone.road.answer = twice
    assert (await phone.courier.round()).why == "unanswered"
    assert not phone.memory.ledger_broken()
    home = await phone.courier.round()
    assert (home.waiting, home.why) == (0, None)
    assert {parcel.digest for parcel in (*parcels, newer)} == set(phone.bureau.order)
    assert not phone.memory.ledger_broken()


async def test_a_bureau_that_forgets_what_nobody_named_is_not_believed(phone: Phone) -> None:
    alter(phone, lambda reply: reply.changed(forgot=True))
    await delivered(phone, 1)
    assert (phone.notebook.waiting(), len(phone.notebook.receipted())) == (0, 1)


async def test_two_tabs_that_hear_of_it_begin_one_era(phone: Phone) -> None:
    await delivered(phone)
    phone.bureau.restore(0)
    other = Courier(phone.ports())
    first, both, link = [1, 1], asyncio.Barrier(2), phone.road.sync

    async def meeting(asked: SyncRequest, raws: Sequence[bytes], **_: int) -> SyncReply:
        if first and first.pop():
            await both.wait()
        return await link(asked, raws)

    phone.road.sync = meeting  # type: ignore[assignment,method-assign]  # both have asked before one hears
    await asyncio.gather(phone.courier.round(), other.round())
    assert phone.notebook.remembered("era") == "1"
    assert len(phone.bureau.order) == 3
    assert not phone.memory.ledger_broken()


async def test_what_is_refused_when_it_goes_again_is_told(phone: Phone) -> None:
    first, second = await delivered(phone, 2)
    phone.bureau.restore(0)
    phone.bureau.unfit[first.digest] = "unknown_code"
    home = await phone.courier.round()
    assert (home.delivered, home.refused) == (1, 1)
    assert phone.entry(first).stage is Stage.REFUSED
    assert phone.entry(second).stage is Stage.DELIVERED


async def test_a_report_and_its_withdrawal_go_again_in_their_order(phone: Phone) -> None:
    [parcel] = await delivered(phone, 1)
    entry, back = phone.entry(parcel).withdrawn(phone.clock.now())
    phone.post(entry, back)
    phone.clock.pass_(seconds=11)
    await phone.courier.round()
    phone.bureau.restore(0)
    await phone.courier.round()
    assert phone.bureau.order == [parcel.digest, back.digest]
    again = phone.entry(parcel)
    assert again.stage is Stage.WITHDRAWN
    assert again.receipt and again.receipt.digest == back.digest


async def test_patrols_and_suggestions_go_again_too(phone: Phone) -> None:
    others = [a_patrol(), a_suggestion()]
    for parcel in others:
        phone.notebook.enqueue(parcel)
    phone.clock.pass_(seconds=11)
    await phone.courier.round()
    phone.bureau.restore(0)
    assert (await phone.courier.round()).delivered == 2


async def test_more_than_a_batch_goes_again_in_one_trip(light: Phone) -> None:
    await delivered(light, MAX_ARRIVALS + 5)
    light.bureau.restore(3)
    home = await light.courier.round()
    assert (home.delivered, home.waiting) == (MAX_ARRIVALS + 5, 0)
    assert len(light.bureau.order) == MAX_ARRIVALS + 5


async def test_photos_that_were_lost_with_the_database_are_sent_again(phone: Phone) -> None:
    await delivered(phone, 1, photos=2)
    kept, lost = phone.album.kept
    phone.bureau.restore(0, photos=[kept])
    home = await phone.courier.round()
    assert home.photos_sent == 1
    assert set(phone.road.sent) == {kept, lost}
    assert all(photo.stored for photo in phone.notebook.photos())


async def test_a_photo_whose_file_is_gone_stays_stored_for_all_that(phone: Phone) -> None:
    await delivered(phone, 1, photos=1)
    pass_days(phone, 1.1)
    await phone.courier.round()
    phone.bureau.restore(0)
    home = await phone.courier.round()
    assert (home.delivered, home.photos_refused) == (1, {})
    assert [photo.stored for photo in phone.notebook.photos()] == [True]


async def test_a_bureau_that_forgets_while_the_phone_is_with_it_is_served_at_once(
    phone: Phone,
) -> None:
    """Its answer to the last question about a photo is the first word of it."""
    parcels = await delivered(phone, photos=1)
    pass_days(phone, 1.1)
    reply = phone.bureau.reply

    def restored(asked: SyncRequest, raws: Sequence[bytes]) -> SyncReply:
        if asked.photos and phone.bureau.numbered == 0:
            phone.bureau.restore(1, photos=list(phone.road.sent))
        return reply(asked, raws)

    phone.road.answer = restored
    home = await phone.courier.round(photos=False)
    assert (home.delivered, home.waiting) == (3, 0)
    assert phone.bureau.order == [parcel.digest for parcel in parcels]


async def test_a_new_phone_of_the_same_post_delivers_what_the_old_name_had(phone: Phone) -> None:
    """Its bureau may have been restored to a day on which it did not know this phone."""
    [parcel] = await delivered(phone, 1, photos=1)
    phone.bureau.restore(0)
    phone.memory.keep_identity(an_identity(device="d2"))
    assert phone.entry(parcel).stage is Stage.SEALED
    home = await phone.courier.round()
    assert (home.delivered, home.photos_sent) == (1, 1)
    assert phone.bureau.order == [parcel.digest]
    assert phone.entry(parcel).stage is Stage.DELIVERED


@pytest.mark.parametrize("other", [{"author": "wg0999"}, {"bureau": "8888"}])
async def test_another_post_or_bureau_gets_nothing_of_what_was_delivered(
    phone: Phone, other: dict[str, str]
) -> None:
    await delivered(phone, 1)
    phone.memory.keep_identity(an_identity(device="d2", **other))
    assert phone.notebook.waiting() == 0


async def test_an_old_bureau_is_served_as_before(phone: Phone) -> None:
    phone.bureau.old = True
    parcels = await delivered(phone, 2, photos=1)
    for parcel in parcels:
        phone.bureau.decide(UUID(parcel.id))
    await phone.courier.round()
    assert {phone.entry(parcel).stage for parcel in parcels} == {Stage.REVIEWED}
    pass_days(phone, 8)
    await phone.courier.round()
    assert (phone.notebook.receipted(), phone.album.kept) == ([], {})
    assert phone.bureau.again == 0


async def test_a_held_receipt_after_a_restart_is_told_once(phone: Phone) -> None:
    first, *_ = await delivered(phone)
    phone.bureau.restore(1)
    await phone.courier.round()
    story = [line for line in phone.entry(first).story if line.what is EventKind.DELIVERED]
    assert len(story) == 1
    receipt = phone.entry(first).receipt
    assert receipt and receipt.outcome is Outcome.RECORDED


# Answers


async def answered(phone: Phone, *states: str) -> Parcel:
    [parcel] = await delivered(phone, 1)
    for state in states:
        phone.bureau.decide(UUID(parcel.id), state=state)
    await phone.courier.round()
    return parcel


def states(phone: Phone, parcel: Parcel) -> list[str]:
    return [answer.state for answer in phone.entry(parcel).answers]


async def test_the_phone_echoes_the_bureaus_name_for_the_last_answer(phone: Phone) -> None:
    await answered(phone, "15")
    await phone.courier.round()
    asked = phone.road.asked[-1][0]
    assert (asked.cursor, asked.heard) == (1, phone.bureau._named(1))
    assert asked.ledger and asked.ledger.position == 1


async def test_a_name_that_is_not_said_again_still_stands(phone: Phone) -> None:
    await answered(phone, "15")
    alter(phone, lambda reply: reply.changed(heard=""))
    await phone.courier.round()
    assert phone.memory.heard_name() == phone.bureau._named(1)


async def test_an_answer_that_the_bureau_lost_no_longer_counts(phone: Phone) -> None:
    parcel = await answered(phone, "15", "20")
    phone.bureau.restore(1, answers=1)
    await phone.courier.round()
    assert states(phone, parcel) == ["15"]
    assert phone.entry(parcel).editable
    assert [answer.seq for answer in phone.notebook.answers()] == [1]
    assert "20" in [line.note for line in phone.entry(parcel).story]


async def test_when_all_answers_are_lost_the_report_waits_for_one_again(phone: Phone) -> None:
    parcel = await answered(phone, "20")
    phone.bureau.restore(1, answers=0)
    await phone.courier.round()
    assert (states(phone, parcel), phone.memory.cursor()) == ([], 0)
    assert phone.entry(parcel).stage is Stage.DELIVERED


@pytest.mark.parametrize("then", [("15",), ("15", "29"), ("15", "29", "70", "71", "73")])
async def test_another_answer_in_its_place_is_the_one_that_counts(
    phone: Phone, then: tuple[str, ...]
) -> None:
    parcel = await answered(phone, "20", "29", "71")
    phone.bureau.restore(1, answers=0)
    for state in then:
        phone.bureau.decide(UUID(parcel.id), state=state)
    home = await phone.courier.round()
    assert states(phone, parcel) == list(then)
    assert (phone.memory.cursor(), home.answers > 0) == (len(then), True)
    assert not phone.memory.retelling()


async def test_an_answer_that_is_damaged_at_the_bureau_moves_the_cursor_and_closes_nothing(
    phone: Phone,
) -> None:
    first, second = await delivered(phone, 2)
    phone.bureau.decide(UUID(first.id), state="15", comment="几层?")
    phone.bureau.decide(UUID(first.id), state=UNREADABLE)
    phone.bureau.decide(UUID(int=0), state=UNREADABLE, place="样例苑")
    phone.bureau.decide(UUID(second.id), state="20")
    await phone.courier.round()
    assert phone.memory.cursor() == 4
    entry = phone.entry(first)
    assert [one.state for one in entry.answers] == ["15", UNREADABLE]
    assert entry.editable and entry.case_state == "15" and needs_worker(entry)
    assert not phone.entry(second).editable
    unread = phone.memory.unread()
    assert unread.asked == (UUID(first.id),) and UUID(first.id) in unread.unread


async def test_a_draft_stays_one_whatever_a_damaged_answer_may_have_said(phone: Phone) -> None:
    (parcel,) = await delivered(phone, 1)
    draft = phone.entry(parcel).answered("note", "又看了一次")
    with phone.notebook.atomic():
        phone.notebook.write(draft)
    phone.bureau.decide(UUID(parcel.id), state=UNREADABLE)
    await phone.courier.round()
    assert phone.entry(parcel).stage is Stage.DRAFT


async def test_an_answer_that_is_whole_on_the_phone_outlives_its_damage_at_the_bureau(
    phone: Phone,
) -> None:
    (parcel,) = await delivered(phone, 1)
    given = phone.bureau.decide(UUID(parcel.id), state="29", comment="重复")
    await phone.courier.round()
    phone.bureau.answers[0] = given.changed(state=UNREADABLE, comment="")
    await phone.courier.round()
    assert [one.comment for one in phone.entry(parcel).answers] == ["重复"]
    phone.bureau.answers[0] = given.changed(comment="与另一条重复")
    await phone.courier.round()
    assert [one.comment for one in phone.entry(parcel).answers] == ["与另一条重复"]


async def test_answers_told_again_alike_change_nothing(phone: Phone) -> None:
    parcel = await answered(phone, "15", "10", "20")
    before = phone.entry(parcel)
    phone.memory.keep_cursor(3, "a name of another past")
    home = await phone.courier.round()
    assert phone.entry(parcel) == before
    assert (home.answers, phone.memory.cursor()) == (0, 3)


async def test_a_report_called_otherwise_since_is_no_other_answer(phone: Phone) -> None:
    parcel = await answered(phone, "15")
    before = phone.entry(parcel)
    phone.bureau.answers = [one.changed(place="样例苑 3号楼") for one in phone.bureau.answers]
    await phone.courier.round()
    assert phone.entry(parcel) == before


async def test_a_retelling_that_is_broken_off_goes_on_another_day(phone: Phone) -> None:
    parcel = await answered(phone, "15", "10", "15", "10", "20")
    phone.bureau.restore(1, answers=3)
    phone.bureau.decide(UUID(parcel.id), state="29")
    breaks_at_the_second_call(phone)
    await phone.courier.round()
    assert states(phone, parcel)[:2] == ["15", "10"]
    assert phone.memory.retelling()
    phone.start()
    await phone.courier.round()
    assert states(phone, parcel) == ["15", "10", "15", "29"]
    assert [answer.seq for answer in phone.notebook.answers()] == [1, 2, 3, 4]


async def test_a_bureau_that_always_tells_again_is_not_called_for_ever(phone: Phone) -> None:
    parcel = await answered(phone, "15", "10", "20")
    for _ in range(5):
        phone.bureau.decide(UUID(parcel.id), state="10")

    def from_the_first(asked: SyncRequest, raws: Sequence[bytes]) -> SyncReply:
        told = phone.bureau.reply(asked.changed(cursor=0, heard=""), raws)
        return told.changed(retold=True, more=True)

    phone.road.answer = from_the_first
    asked = len(phone.road.asked)
    await phone.courier.round()
    assert len(phone.road.asked) - asked < 4


async def test_an_old_bureau_that_begins_again_is_understood(phone: Phone) -> None:
    phone.bureau.old = True
    parcel = await answered(phone, "15", "20")
    phone.bureau.answers = [phone.bureau.answers[0]]
    await phone.courier.round()
    assert states(phone, parcel) == ["15"]
    assert phone.memory.cursor() == 1


async def test_a_new_name_hears_all_answers_again_and_believes_the_new_ones(phone: Phone) -> None:
    parcel = await answered(phone, "20")
    phone.bureau.restore(1, answers=0)
    phone.memory.keep_identity(an_identity(device="d2"))
    phone.bureau.decide(UUID(parcel.id), state="15")
    await phone.courier.round()
    assert states(phone, parcel) == ["15"]


async def test_another_duty_posts_answers_are_not_judged(phone: Phone) -> None:
    parcel = await answered(phone, "20")
    phone.memory.keep_identity(an_identity(device="d2", author="wg0999"))
    phone.bureau.restore(0, answers=0)
    stranger = phone.bureau.decide(a_name(), state="15")
    alter(phone, lambda reply: reply.changed(retold=True))
    await phone.courier.round()
    assert states(phone, parcel) == ["20"]
    assert stranger in phone.notebook.answers()


@pytest.mark.parametrize("cursor", [1, 7, 10_000])
async def test_a_cursor_beyond_what_was_told_skips_no_answer(phone: Phone, cursor: int) -> None:
    parcel = phone.seal()
    alter(phone, lambda reply: reply.changed(cursor=cursor))
    await phone.courier.round()
    phone.road.answer = phone.bureau.reply
    phone.bureau.decide(UUID(parcel.id), state="15")
    await phone.courier.round()
    assert states(phone, parcel) == ["15"]


async def test_a_bureau_that_says_more_and_tells_nothing_is_not_called_for_ever(
    phone: Phone,
) -> None:
    alter(phone, lambda reply: reply.changed(more=True, cursor=reply.cursor + 1))
    await phone.courier.round()
    assert len(phone.road.asked) == 1


async def test_a_position_beyond_reason_takes_nothing_out(phone: Phone) -> None:
    parcel = phone.seal()

    def lies(reply: SyncReply) -> SyncReply:
        return reply.changed(receipts=[one.changed(position=2**63) for one in reply.receipts])

    alter(phone, lies)
    home = await phone.courier.round()
    assert (home.delivered, home.why, phone.outbox()) == (0, "unanswered", [parcel.digest])


async def test_a_bureau_without_any_sense_of_time_breaks_nothing(phone: Phone) -> None:
    await delivered(phone, 1, photos=1)
    for at in ("0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"):
        alter(phone, lambda reply, at=at: reply.changed(server_time=at))  # type: ignore[misc]
        assert (await phone.courier.round()).why is None
    phone.road.answer = phone.bureau.reply
    phone.bureau.at += timedelta(days=1)
    assert (await phone.courier.round()).why is None


async def test_an_envelope_that_is_refused_halfway_blames_no_parcel(light: Phone) -> None:
    """The bureau was changed while the phone was on its way, and reads no envelope any more."""
    for _ in range(MAX_ARRIVALS + 2):
        light.seal()

    def changes(asked: SyncRequest, raws: Sequence[bytes]) -> SyncReply:
        if len(light.road.asked) > 1:
            raise Refused("unreadable", 400)
        return light.bureau.reply(asked, raws)

    light.road.answer = changes
    home = await light.courier.round()
    assert (home.delivered, home.refused, home.waiting) == (MAX_ARRIVALS, 0, 2)
    assert home.why == "unreadable"


def breaks_at_the_second_call(phone: Phone) -> None:
    calls: list[SyncRequest] = []

    def answer(asked: SyncRequest, raws: Sequence[bytes]) -> SyncReply:
        calls.append(asked)
        if len(calls) == 2:
            raise Offline
        return phone.bureau.reply(asked, raws)

    phone.road.answer = answer
