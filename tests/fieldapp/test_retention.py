"""What leaves the phone in the end, and what never does: rule L12."""

import pytest

from contract.protocol import MAX_PHOTOS_ASKED, Outcome
from fieldapp.ports import Refused
from fieldapp.report.entry import Entry, Stage
from fieldapp.report.parcel import Parcel
from tests.builders import a_photo, an_entry
from tests.fieldapp.a_bureau import Phone, alter, pass_days, refuses

pytestmark = pytest.mark.asyncio


async def a_week_later(phone: Phone) -> None:
    """The first round finds what is idle, the second comes when its time is over."""
    await phone.courier.round()
    pass_days(phone, 7.1)
    await phone.courier.round()


def asked_about(phone: Phone) -> list[int]:
    return [len(asked.photos) for asked, _ in phone.road.asked if asked.photos]


async def test_a_photo_is_asked_about_once_more_before_it_is_forgotten(phone: Phone) -> None:
    phone.seal(photos=2)
    await phone.courier.round()
    pass_days(phone, 1.1)
    before = len(asked_about(phone))
    await phone.courier.round()
    assert asked_about(phone)[before:] == [2]
    assert phone.album.kept == {}
    await phone.courier.round()
    assert asked_about(phone)[before:] == [2]  # and never again


async def test_a_photo_that_the_bureau_has_lost_since_is_sent_again(phone: Phone) -> None:
    phone.seal(photos=2)
    await phone.courier.round()
    kept, lost = phone.album.kept
    del phone.road.sent[lost]
    pass_days(phone, 1.1)
    home = await phone.courier.round()
    assert home.photos_sent == 1
    assert set(phone.road.sent) == {kept, lost}
    assert list(phone.album.kept) == [lost]
    pass_days(phone, 1.1)
    await phone.courier.round()
    assert phone.album.kept == {}


async def test_a_lost_photo_waits_for_the_road_the_worker_chose(phone: Phone) -> None:
    phone.seal(photos=1)
    await phone.courier.round()
    phone.road.sent.clear()
    pass_days(phone, 1.1)
    home = await phone.courier.round(photos=False)
    assert (home.photos_sent, len(phone.album.kept)) == (0, 1)
    assert (await phone.courier.round()).photos_sent == 1


async def test_a_photo_without_a_word_of_this_moment_is_not_forgotten(phone: Phone) -> None:
    phone.seal(photos=1)
    await phone.courier.round()
    pass_days(phone, 1.1)
    alter(phone, lambda reply: reply.changed(stored=(), wanted=()))
    assert (await phone.courier.round()).why is None
    assert len(phone.album.kept) == 1


async def test_a_road_that_breaks_at_the_last_question_forgets_nothing(phone: Phone) -> None:
    phone.seal(photos=1)
    await phone.courier.round()
    pass_days(phone, 1.1)
    phone.bureau.lost = 0
    reply, answers = phone.bureau.reply, refuses(Refused("not_allowed", 403))
    phone.road.answer = lambda asked, raws: (answers if asked.photos else reply)(asked, raws)
    assert (await phone.courier.round()).why == "not_allowed"
    assert len(phone.album.kept) == 1


async def test_many_photos_are_parted_from_in_few_calls(light: Phone) -> None:
    for _ in range(12):
        light.seal(photos=9)
    await light.courier.round()
    pass_days(light, 1.1)
    before = len(asked_about(light))
    await light.courier.round()
    assert asked_about(light)[before:] == [MAX_PHOTOS_ASKED, 8]
    assert light.album.kept == {}


async def test_a_photo_taken_out_of_a_sealed_report_goes_after_a_week(phone: Phone) -> None:
    parcel = phone.seal(photos=2)
    out, kept = (photo.sha256 for photo in phone.entry(parcel).report.photos)
    phone.notebook.write(phone.entry(parcel).without_photo(out))
    await a_week_later(phone)
    assert out not in phone.album.kept
    assert {one.sha256 for one in phone.notebook.photos() if one.forgotten} == {out, kept}


async def test_a_photo_that_goes_has_had_its_whole_week(phone: Phone) -> None:
    parcel = phone.seal(photos=1)
    [photo] = phone.entry(parcel).report.photos
    phone.notebook.write(phone.entry(parcel).without_photo(photo.sha256))
    await phone.courier.round()
    for _ in range(6):
        pass_days(phone, 1.1)
        await phone.courier.round()
    assert photo.sha256 in phone.album.kept
    pass_days(phone, 1)
    await phone.courier.round()
    assert photo.sha256 not in phone.album.kept


async def test_the_photos_of_a_withdrawn_report_go_after_a_week(phone: Phone) -> None:
    parcel = phone.seal(photos=1)
    entry, back = phone.entry(parcel).withdrawn(phone.clock.now())
    phone.post(entry, back)
    phone.clock.pass_(seconds=11)
    await a_week_later(phone)
    assert phone.album.kept == {}
    assert phone.road.sent == {}
    assert phone.entry(parcel).report.photos  # it still says what it showed


async def test_the_photos_of_a_report_the_bureau_calls_withdrawn_go_too(phone: Phone) -> None:
    phone.bureau.outcome = Outcome.WITHDRAWN
    phone.seal(photos=1)
    await a_week_later(phone)
    assert phone.album.kept == {}


async def test_a_refused_report_that_is_mended_later_names_no_photo_that_is_gone(
    phone: Phone,
) -> None:
    parcel = phone.seal(photos=1)
    phone.bureau.unfit[parcel.digest] = "unknown_code"
    await phone.courier.round()
    pass_days(phone, 7.1)
    await phone.courier.round()
    assert phone.album.kept == {}
    refused = phone.entry(parcel)
    assert (refused.stage, refused.report.photos) == (Stage.REFUSED, ())
    phone.seal(refused.answered("note", ""))
    home = await phone.courier.round()
    assert (home.why, home.photos_refused) == (None, {})


async def test_a_refused_report_that_is_mended_in_time_keeps_its_photos(phone: Phone) -> None:
    parcel = phone.seal(photos=1)
    phone.bureau.unfit[parcel.digest] = "unknown_code"
    await phone.courier.round()
    pass_days(phone, 6)
    phone.notebook.write(phone.entry(parcel).answered("note", ""))
    for _ in range(3):
        pass_days(phone, 7.1)
        await phone.courier.round()
    assert len(phone.album.kept) == 1
    phone.seal(phone.entry(parcel))
    assert (await phone.courier.round()).photos_sent == 1


@pytest.mark.parametrize("days", [8, 400])
async def test_what_an_unsent_draft_shows_is_never_touched(phone: Phone, days: int) -> None:
    """One that was never sealed, one whose seal was undone, and one that still waits to be sent."""
    fresh = an_entry(photos=(a_photo(sha256=phone.album.keep(b"never sealed")),))
    phone.notebook.write(fresh)
    parcel = phone.seal(photos=1)
    undo(phone, parcel)
    for _ in range(3):
        await phone.courier.round()
        pass_days(phone, days)
    waiting = phone.seal(photos=1)
    phone.bureau.mute.add(waiting.digest)
    for _ in range(3):
        await phone.courier.round()
        pass_days(phone, days)
    assert len(phone.album.kept) == 3


async def test_with_a_broken_ledger_no_idle_photo_goes_either(phone: Phone) -> None:
    parcel = phone.seal(photos=1)
    [photo] = phone.entry(parcel).report.photos
    phone.notebook.write(phone.entry(parcel).without_photo(photo.sha256))
    phone.memory.break_ledger(1)
    await a_week_later(phone)
    await a_week_later(phone)
    assert photo.sha256 in phone.album.kept


async def test_a_bureau_clock_that_ran_ahead_keeps_no_idle_photo_for_years(phone: Phone) -> None:
    parcel = phone.seal(photos=1)
    [photo] = phone.entry(parcel).report.photos
    phone.notebook.write(phone.entry(parcel).without_photo(photo.sha256))
    pass_days(phone, 4_000)
    await phone.courier.round()
    pass_days(phone, -4_000)
    await a_week_later(phone)
    assert phone.album.kept == {}


def undo(phone: Phone, parcel: Parcel) -> Entry:
    entry = phone.entry(parcel).undone(parcel.sealed_at)
    with phone.notebook.atomic():
        phone.notebook.dequeue(parcel.digest)
        phone.notebook.write(entry)
    return entry
