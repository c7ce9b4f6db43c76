"""The trip home and back: what is sealed arrives once, what was decided comes home in order."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from contract import wire
from contract.codelists import built_in
from contract.protocol import MAX_ARRIVALS, PROTOCOL, Outcome, SyncReply, SyncRequest, WantedPhoto
from contract.reference import Places
from fieldapp.courier.courier import Progress
from fieldapp.ports import DiskFull, Offline, Refused
from fieldapp.report.entry import EventKind, Stage
from fieldapp.report.parcel import Parcel
from tests.builders import NOON, a_name, an_entry, an_identity
from tests.fieldapp.a_bureau import Phone, a_patrol, a_suggestion, alter

pytestmark = pytest.mark.asyncio


async def test_a_round_delivers_what_was_sealed(phone: Phone) -> None:
    parcel = phone.seal()
    home = await phone.courier.round()
    assert (home.delivered, home.waiting, home.why) == (1, 0, None)
    assert phone.entry(parcel).stage is Stage.DELIVERED
    assert phone.entry(parcel).receipt == phone.bureau.kept[parcel.digest]
    assert phone.memory.last_round() and phone.memory.last_round().ok  # type: ignore[union-attr]


async def test_the_sealed_bytes_travel_exactly_as_they_are(phone: Phone) -> None:
    parcel = phone.seal()
    await phone.courier.round()
    assert phone.road.asked[0][1] == [parcel.raw]


async def test_what_may_still_be_undone_does_not_leave(phone: Phone) -> None:
    phone.seal()
    phone.clock.pass_(seconds=-2)
    assert (await phone.courier.round()).delivered == 0
    assert phone.carried() == [0]
    phone.clock.pass_(seconds=2)
    assert (await phone.courier.round()).delivered == 1


async def test_parcels_go_in_the_order_they_were_sealed_fifty_at_a_time(light: Phone) -> None:
    parcels = [light.seal() for _ in range(2 * MAX_ARRIVALS + 1)]
    home = await light.courier.round()
    assert (home.delivered, home.waiting) == (101, 0)
    assert light.carried() == [50, 50, 1]
    assert light.bureau.order == [parcel.digest for parcel in parcels]


async def test_an_idle_round_asks_once_and_says_what_the_phone_holds(phone: Phone) -> None:
    await phone.courier.round()
    [(asked, parcels)] = phone.road.asked
    assert (asked.protocol, asked.cursor, asked.sent_at) == (PROTOCOL, 0, NOON)
    assert (asked.held.codelists, asked.held.places) == (built_in().version, "")
    assert (list(parcels), asked.photos) == ([], ())


async def test_a_lost_reply_leads_to_one_record_and_one_receipt(phone: Phone) -> None:
    parcel = phone.seal()
    phone.bureau.lost = 1
    first = await phone.courier.round()
    assert (first.why, first.waiting) == ("timed_out", 1)
    assert phone.entry(parcel).stage is Stage.SEALED
    second = await phone.courier.round()
    entry = phone.entry(parcel)
    assert (second.delivered, entry.stage) == (1, Stage.DELIVERED)
    assert entry.receipt and entry.receipt.outcome is Outcome.HELD
    assert len(phone.bureau.order) == 1


@pytest.mark.parametrize("outcome", Outcome)
async def test_every_outcome_empties_the_outbox(phone: Phone, outcome: Outcome) -> None:
    phone.bureau.outcome = outcome
    parcel = phone.seal()
    home = await phone.courier.round()
    assert (home.delivered, phone.outbox()) == (1, [])
    assert phone.entry(parcel).stage is Stage.DELIVERED


async def test_a_late_receipt_does_not_swallow_a_newer_edit(phone: Phone) -> None:
    parcel = phone.seal()
    phone.notebook.write(phone.entry(parcel).answered("note", "门口有招牌"))
    await phone.courier.round()
    entry = phone.entry(parcel)
    assert (entry.stage, entry.report.note, phone.outbox()) == (Stage.DRAFT, "门口有招牌", [])
    assert entry.receipt


async def test_an_edit_during_the_round_is_not_swallowed_either(phone: Phone) -> None:
    parcel = phone.seal()

    def edits(asked: SyncRequest, parcels: Sequence[bytes]) -> SyncReply:
        phone.notebook.write(phone.entry(parcel).answered("note", "门口有招牌"))
        return phone.bureau.reply(asked, parcels)

    phone.road.answer = edits
    await phone.courier.round()
    assert phone.entry(parcel).stage is Stage.DRAFT


async def test_a_patrol_and_a_suggestion_go_home_like_a_report(phone: Phone) -> None:
    for parcel in (a_patrol(), a_suggestion()):
        phone.notebook.enqueue(parcel)
    phone.clock.pass_(seconds=11)
    home = await phone.courier.round()
    assert (home.delivered, phone.notebook.waiting()) == (2, 0)


async def test_a_withdrawal_goes_after_its_report(phone: Phone) -> None:
    parcel = phone.seal()
    entry, back = phone.entry(parcel).withdrawn(phone.clock.now())
    phone.post(entry, back)
    phone.clock.pass_(seconds=11)
    await phone.courier.round()
    assert phone.bureau.order == [parcel.digest, back.digest]
    assert phone.entry(parcel).stage is Stage.WITHDRAWN


async def test_the_newest_patrol_goes_first_with_its_photos(phone: Phone) -> None:
    """And a withdrawal of an old report does not overtake it, though it was sealed last."""
    morning, evening = a_name(), a_name()
    old = phone.seal(photos=1, patrol=morning)
    new = phone.seal(photos=1, patrol=evening)
    second = phone.seal(photos=1, patrol=evening)
    plain = phone.seal()
    back = withdrawn(phone, old)
    other = phone.seal(patrol=morning)
    phone.notebook.enqueue(suggestion := a_suggestion())
    phone.clock.pass_(seconds=11)
    order: list[str] = []
    send = phone.road.photo

    async def photo(wanted: WantedPhoto, jpeg: bytes, told: Callable[[int], None]) -> None:
        order.append(wanted.sha256)
        await send(wanted, jpeg, told)

    phone.road.photo = photo  # type: ignore[method-assign]  # who sees what goes
    await phone.courier.round()
    first = [new, second, old, back, other]
    assert phone.bureau.order == [parcel.digest for parcel in (*first, plain, suggestion)]
    shown = [phone.entry(parcel).report.photos[0].sha256 for parcel in (new, second)]
    assert order == shown


async def test_progress_counts_the_parcels_down(light: Phone) -> None:
    for _ in range(MAX_ARRIVALS + 1):
        light.seal()
    heard: list[Progress] = []
    await light.courier.round(told=heard.append)
    assert [progress.parcels_left for progress in heard] == [51, 1]


async def test_the_bytes_of_a_parcel_are_what_the_bureau_hashes(phone: Phone) -> None:
    entry = an_entry(note="门口有招牌", mood="sunny")
    parcel = phone.seal(entry)
    await phone.courier.round()
    assert wire.parse_json(phone.road.asked[0][1][0])["body"]["mood"] == "sunny"
    assert parcel.digest in phone.bureau.kept


async def test_answers_come_home_in_order_over_several_replies(phone: Phone) -> None:
    parcel = phone.seal()
    await phone.courier.round()
    for state in ("15", "10", "20"):
        phone.bureau.decide(UUID(parcel.id), state=state)
    home = await phone.courier.round()
    entry = phone.entry(parcel)
    assert (home.answers, phone.memory.cursor()) == (3, 3)
    assert [answer.state for answer in entry.answers] == ["15", "10", "20"]
    assert entry.stage is Stage.REVIEWED
    assert (await phone.courier.round()).answers == 0


async def test_an_answer_to_a_report_that_is_not_here_is_kept(phone: Phone) -> None:
    answer = phone.bureau.decide(a_name(), place="样例苑")
    home = await phone.courier.round()
    assert (home.answers, home.why) == (1, None)
    assert list(phone.notebook.answers()) == [answer]


async def test_the_receipt_and_its_answer_may_come_in_one_reply(phone: Phone) -> None:
    parcel = phone.seal()
    phone.bureau.decide(UUID(parcel.id))
    await phone.courier.round()
    story = [line.what for line in phone.entry(parcel).story]
    assert story == [EventKind.SEALED, EventKind.DELIVERED, EventKind.ANSWERED]
    assert phone.entry(parcel).stage is Stage.REVIEWED


async def test_an_answer_does_not_undraft_a_draft(phone: Phone) -> None:
    parcel = phone.seal()
    await phone.courier.round()
    phone.notebook.write(phone.entry(parcel).answered("note", ""))
    phone.bureau.decide(UUID(parcel.id), state="15")
    await phone.courier.round()
    assert phone.entry(parcel).stage is Stage.DRAFT
    assert phone.entry(parcel).answers


async def test_a_bureau_that_always_says_more_is_not_called_for_ever(phone: Phone) -> None:
    alter(phone, lambda reply: reply.changed(more=True))
    await phone.courier.round()
    assert len(phone.road.asked) < 4


async def test_new_lists_and_places_replace_the_old_ones_whole(phone: Phone) -> None:
    phone.bureau.places = Places(version="7")
    phone.bureau.lists = built_in().changed(version="2099-01")
    await phone.courier.round()
    assert phone.memory.places() == phone.bureau.places
    assert phone.memory.lists() == phone.bureau.lists
    await phone.courier.round()
    held = phone.road.asked[-1][0].held
    assert (held.codelists, held.places) == ("2099-01", "7")


@pytest.mark.parametrize("ahead_s", [0, 3_600, -86_400 * 900])
async def test_a_clock_that_is_off_by_years_is_told_and_holds_up_nothing(
    phone: Phone, ahead_s: int
) -> None:
    phone.clock.pass_(seconds=ahead_s)
    phone.seal()
    phone.bureau.at = phone.clock.now() - timedelta(seconds=ahead_s)
    home = await phone.courier.round()
    assert home.delivered == 1
    assert home.clock_skew_s == -ahead_s  # the bureau's clock minus ours


async def test_an_enrolled_phone_knows_its_key_after_a_start(phone: Phone) -> None:
    phone.notebook.remember("identity", None)
    identity = await phone.courier.enrol(" DEMO-0001 ", "model", "https://bureau.example")
    assert identity == phone.memory.identity()
    assert identity.address == "https://bureau.example"


async def test_a_code_of_any_length_is_asked_about(phone: Phone) -> None:
    identity = await phone.courier.enrol("7" * 5_000, "m" * 5_000, "https://bureau.example")
    assert identity.device == "d1"


@pytest.mark.parametrize("trouble", [Offline("timed_out"), Refused("code_not_valid", 404)])
async def test_enrolment_says_why_it_did_not_work(phone: Phone, trouble: Exception) -> None:
    phone.road.troubles.append(trouble)
    with pytest.raises(type(trouble)):
        await phone.courier.enrol("DEMO-0001", "", "https://bureau.example")
    assert phone.memory.identity() == an_identity()


async def test_a_full_phone_says_so_before_it_spends_the_code(light: Phone) -> None:
    light.fill()
    light.road.troubles.append(AssertionError("the code was spent"))
    with pytest.raises(Refused, match="full"):
        await light.courier.enrol("DEMO-0001", "", "https://bureau.example")


async def test_a_phone_that_fills_up_while_enrolling_says_so(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone.memory, "keep_identity", full)
    with pytest.raises(Refused, match="full"):
        await phone.courier.enrol("DEMO-0001", "", "https://bureau.example")


def withdrawn(phone: Phone, parcel: Parcel) -> Parcel:
    entry, back = phone.entry(parcel).withdrawn(phone.clock.now())
    phone.post(entry, back)
    return back


def full(*_: object) -> None:
    raise DiskFull
