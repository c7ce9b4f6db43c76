"""Photos follow their reports, one by one, and leave the phone when they may."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from contract.protocol import Outcome, SyncReply, WantedPhoto
from fieldapp.courier.courier import Progress
from fieldapp.courier.photo_progress import NOTE_EVERY
from fieldapp.ports import Offline, PhotoUploadState, Refused
from tests.builders import an_entry
from tests.fieldapp.a_bureau import Phone, alter, pass_days

pytestmark = pytest.mark.asyncio


async def test_photos_follow_their_report(phone: Phone) -> None:
    phone.seal(photos=3)
    home = await phone.courier.round()
    assert (home.photos_sent, home.why) == (3, None)
    assert phone.road.sent == phone.album.kept
    assert all(photo.stored for photo in phone.notebook.photos())
    [(asked, brought)] = phone.road.asked  # one call brings the report and asks about its photos
    assert (len(brought), set(asked.photos)) == (1, set(phone.album.kept))


async def test_no_photo_of_an_undone_seal_ever_leaves(phone: Phone) -> None:
    parcel = phone.seal(photos=1)
    phone.notebook.dequeue(parcel.digest)
    await phone.courier.round()
    assert phone.road.sent == {}
    assert all(asked.photos == () for asked, _ in phone.road.asked)


async def test_no_photo_of_a_draft_leaves_with_the_revision_before_it(phone: Phone) -> None:
    parcel = phone.seal(photos=1)
    new = phone.album.keep(b"not sealed yet")
    photo = phone.entry(parcel).report.photos[0].changed(sha256=new)
    phone.notebook.write(phone.entry(parcel).with_photo(photo))
    await phone.courier.round()
    assert len(phone.road.sent) == 1 and new not in phone.road.sent


async def test_a_photo_that_was_taken_out_again_stays_on_the_phone(phone: Phone) -> None:
    parcel = phone.seal(photos=1)
    [photo] = phone.entry(parcel).report.photos
    phone.notebook.write(phone.entry(parcel).without_photo(photo.sha256))
    await phone.courier.round()
    assert not phone.road.sent


async def test_no_photo_of_a_report_that_was_taken_back_leaves(phone: Phone) -> None:
    parcel = phone.seal(photos=1)
    await phone.courier.round(photos=False)
    entry, back = phone.entry(parcel).withdrawn(phone.clock.now())
    phone.post(entry, back)
    phone.clock.pass_(seconds=11)
    await phone.courier.round()
    assert phone.road.sent == {}


async def test_a_photo_that_another_report_shows_goes_though_the_first_was_taken_back(
    phone: Phone,
) -> None:
    first = phone.seal(photos=1)
    photos = phone.entry(first).report.photos
    phone.seal(an_entry(photos=photos))
    await phone.courier.round(photos=False)
    phone.post(*phone.entry(first).withdrawn(phone.clock.now()))
    phone.clock.pass_(seconds=11)
    await phone.courier.round()
    assert list(phone.road.sent) == [photo.sha256 for photo in photos]


async def test_no_photo_of_a_report_the_bureau_calls_withdrawn_leaves(phone: Phone) -> None:
    phone.bureau.outcome = Outcome.WITHDRAWN
    phone.seal(photos=1)
    await phone.courier.round()
    assert phone.road.sent == {}


async def test_photos_wait_for_the_road_the_worker_chose(phone: Phone) -> None:
    phone.seal(photos=1)
    home = await phone.courier.round(photos=False)
    assert (home.delivered, home.photos_sent, phone.road.sent) == (1, 0, {})
    assert (await phone.courier.round(photos=True)).photos_sent == 1


async def test_a_photo_the_bureau_already_has_is_not_sent_again(phone: Phone) -> None:
    phone.seal(photos=1)
    phone.road.sent = dict(phone.album.kept)
    home = await phone.courier.round()
    assert home.photos_sent == 0
    assert all(photo.stored for photo in phone.notebook.photos())


async def test_a_confirmed_photo_leaves_the_phone_only_upon_a_word_of_that_moment(
    phone: Phone,
) -> None:
    phone.seal(photos=1)
    await phone.courier.round()
    [photo] = phone.notebook.photos()
    assert photo.stored and phone.road.sent == phone.album.kept
    pass_days(phone, 1.1)
    alter(phone, lambda reply: reply.changed(stored=(), wanted=()))
    await phone.courier.round()
    assert photo.sha256 in phone.album.kept
    phone.road.answer = phone.bureau.reply
    await phone.courier.round()
    assert phone.album.kept == {}


async def test_a_photo_is_sent_once_in_a_round_however_often_it_is_wanted(phone: Phone) -> None:
    phone.seal(photos=1)
    [sha256] = phone.album.kept
    again = (WantedPhoto(sha256=sha256),)
    alter(phone, lambda reply: reply.changed(stored=(), wanted=again))
    home = await phone.courier.round()
    assert (home.photos_sent, home.why) == (1, None)


async def test_a_photo_neither_stored_nor_wanted_is_asked_about_once_in_a_round(
    phone: Phone,
) -> None:
    phone.seal(photos=2)
    strange = next(iter(phone.album.kept))

    def silent(reply: SyncReply) -> SyncReply:
        return reply.changed(wanted=[one for one in reply.wanted if one.sha256 != strange])

    alter(phone, silent)
    home = await phone.courier.round()
    assert (home.photos_sent, home.why) == (1, None)
    assert sum(strange in asked.photos for asked, _ in phone.road.asked) == 1


async def test_what_is_at_the_bureau_already_survives_a_restart(phone: Phone) -> None:
    phone.seal(photos=2)
    phone.road.photo = breaking(phone, at=4)  # type: ignore[method-assign]  # a road that breaks
    home = await phone.courier.round()
    assert (home.why, home.photos_sent) == ("no_road", 0)
    assert sorted(photo.sent for photo in phone.notebook.photos()) == [0, 4]
    del phone.road.photo  # the road is whole again
    phone.start()
    assert (await phone.courier.round()).photos_sent == 2


async def test_progress_of_a_photo_is_told_in_bytes(phone: Phone) -> None:
    phone.seal(photos=2)
    heard: list[Progress] = []
    await phone.courier.round(told=heard.append)
    sizes = [len(jpeg) for jpeg in phone.album.kept.values()]
    told = [(p.photo_sent, p.photo_total, p.photos_left) for p in heard if p.photo]
    one, other = sizes
    assert told == [(0, one, 2), (one, one, 2), (0, other, 1), (other, other, 1)]
    assert [p.photo for p in heard if p.photo_sent] == list(phone.album.kept)


async def test_progress_of_all_photos_is_told_in_bytes_wherever_it_began(phone: Phone) -> None:
    phone.seal(photos=2)
    phone.road.photo = breaking(phone, at=4)  # type: ignore[method-assign]  # a road that breaks
    await phone.courier.round()
    phone.start()
    heard: list[Progress] = []
    phone.road.photo = breaking(phone, at=7)  # type: ignore[method-assign]  # and breaks again
    alter(phone, stands_at(4))
    await phone.courier.round(told=heard.append)
    all_bytes = sum(len(jpeg) for jpeg in phone.album.kept.values())
    assert {progress.total for progress in heard} == {all_bytes}
    assert [progress.sent for progress in heard] == [4, 4, 7]  # at first as it was written down
    assert {progress.photos_left for progress in heard} == {2}


async def test_a_photo_the_bureau_has_lost_a_part_of_is_told_as_it_stands(phone: Phone) -> None:
    parcel = phone.seal(photos=1)
    await phone.courier.round(photos=False)
    phone.notebook.note_photo_sent(phone.entry(parcel).report.photos[0].sha256, 9)
    heard: list[Progress] = []
    alter(phone, stands_at(3))
    await phone.courier.round(told=heard.append)
    assert next(progress.photo_sent for progress in heard if progress.photo) == 3


async def test_how_far_a_photo_is_stands_in_the_notebook_while_it_travels(phone: Phone) -> None:
    parcel = phone.seal(photos=1)
    [photo] = phone.entry(parcel).report.photos
    await phone.courier.round(photos=False)
    phone.notebook.save_photo(PhotoUploadState(photo.sha256, 300_000, due=True))
    seen: list[int] = []

    async def photo_(wanted: WantedPhoto, jpeg: bytes, told: Callable[[int], None]) -> None:
        for reached in range(0, 300_000, 16_384):
            told(reached)
            for _ in range(50):
                await asyncio.sleep(0.001)  # a note takes a moment; the road does not wait for it
                seen.append(phone.notebook.photos()[0].sent)
        raise Offline

    phone.road.photo = photo_  # type: ignore[method-assign]  # a road that breaks late
    await phone.courier.round()
    steps = sorted(set(seen))
    assert len(steps) >= 8 and max(b - a for a, b in pairwise(steps)) <= 2 * NOTE_EVERY
    assert len(steps) <= 300_000 // NOTE_EVERY + 1  # and not a write for every piece
    assert phone.notebook.photos()[0].sent == 294_912


async def test_the_note_of_how_far_a_photo_is_takes_nothing_else_back(phone: Phone) -> None:
    """Taken out while it was on the road: it must not become due again."""
    phone.seal(photos=1)
    send = phone.road.photo

    async def photo(wanted: WantedPhoto, jpeg: bytes, told: Callable[[int], None]) -> None:
        [photo] = phone.notebook.photos()
        phone.notebook.save_photo(replace(photo, due=False))
        await send(wanted, jpeg, told)

    phone.road.photo = photo  # type: ignore[method-assign]  # a worker who is faster
    alter(phone, lambda reply: reply.changed(stored=()))
    await phone.courier.round()
    assert [photo.due for photo in phone.notebook.photos()] == [False]


async def test_a_photo_taken_out_while_it_waits_for_its_turn_stays_here(phone: Phone) -> None:
    phone.seal(photos=2)
    send = phone.road.photo
    _, second = phone.album.kept

    async def photo(wanted: WantedPhoto, jpeg: bytes, told: Callable[[int], None]) -> None:
        await send(wanted, jpeg, told)
        [photo] = [one for one in phone.notebook.photos() if one.sha256 == second]
        phone.notebook.save_photo(replace(photo, due=False))

    phone.road.photo = photo  # type: ignore[method-assign]  # a worker who is faster
    home = await phone.courier.round()
    assert (home.photos_sent, second in phone.road.sent) == (1, False)


async def test_a_photo_that_is_refused_holds_up_no_other_and_is_told(phone: Phone) -> None:
    phone.seal(photos=3)
    bad = next(iter(phone.album.kept))
    refuse_photos(phone, {bad: Refused("photo_has_metadata", 422)})
    home = await phone.courier.round()
    assert (home.photos_sent, home.photos_refused) == (2, {bad: "photo_has_metadata"})
    asked = len(phone.road.asked)
    await phone.courier.round()
    assert all(bad not in one.photos for one, _ in phone.road.asked[asked:])  # not in this session


async def test_a_refused_photo_has_another_chance_after_a_start(phone: Phone) -> None:
    phone.seal(photos=1)
    refuse_photos(phone, {next(iter(phone.album.kept)): Refused("photo_not_jpeg", 422)})
    await phone.courier.round()
    del phone.road.photo  # the bureau was mended
    phone.start()
    assert (await phone.courier.round()).photos_sent == 1


@pytest.mark.parametrize("status", [401, 403, 426, 429, 507])
async def test_a_phone_or_bureau_in_trouble_is_no_photos_fault(phone: Phone, status: int) -> None:
    phone.seal(photos=2)
    refuse_photos(phone, dict.fromkeys(phone.album.kept, Refused("its_code", status)))
    home = await phone.courier.round()
    assert (home.why, home.photos_refused) == ("its_code", {})


async def test_a_photo_missing_in_the_album_is_told_and_skipped(phone: Phone) -> None:
    phone.seal(photos=2)
    gone = next(iter(phone.album.kept))
    phone.album.forget(gone)
    home = await phone.courier.round()
    assert (home.photos_sent, home.why) == (1, None)
    assert gone in home.photos_refused


async def test_a_report_sealed_meanwhile_goes_before_the_next_photo(phone: Phone) -> None:
    phone.seal(photos=3)
    order: list[str] = []
    send = phone.road.photo

    async def photo(wanted: Any, jpeg: bytes, told: Callable[[int], None]) -> None:
        await send(wanted, jpeg, told)
        order.append("photo")
        if len(order) == 2:
            phone.seal()

    phone.road.photo = photo  # type: ignore[method-assign]  # a worker who goes on working

    def noted(reply: SyncReply) -> SyncReply:
        order.extend("report" for _ in reply.receipts)
        return reply

    alter(phone, noted)
    home = await phone.courier.round()
    assert order == ["report", "photo", "report", "photo", "photo"]
    assert (home.delivered, home.photos_sent) == (2, 3)


async def test_more_photos_than_one_call_may_ask_about_all_go(light: Phone) -> None:
    for _ in range(12):
        light.seal(photos=9)
    home = await light.courier.round()
    assert home.photos_sent == 108
    assert max(len(asked.photos) for asked, _ in light.road.asked) <= 100


async def test_a_photo_file_stays_a_day_after_the_bureau_has_it(phone: Phone) -> None:
    phone.seal(photos=1)
    await phone.courier.round()
    pass_days(phone, 0.9)
    await phone.courier.round()
    assert phone.album.kept
    pass_days(phone, 0.2)
    await phone.courier.round()
    assert phone.album.kept == {}
    assert all(photo.forgotten for photo in phone.notebook.photos())


async def test_a_phone_whose_clock_jumps_forgets_no_photo_too_early(phone: Phone) -> None:
    phone.seal(photos=1)
    phone.clock.pass_(days=-400)
    await phone.courier.round()
    phone.clock.pass_(days=800)
    await phone.courier.round()
    assert phone.album.kept


async def test_a_photo_the_bureau_does_not_have_is_never_deleted(phone: Phone) -> None:
    phone.seal(photos=1)
    refuse_photos(phone, {next(iter(phone.album.kept)): Refused("photo_mismatch", 422)})
    await phone.courier.round()
    pass_days(phone, 400)
    await phone.courier.round()
    assert phone.album.kept


def stands_at(offset: int) -> Callable[[SyncReply], SyncReply]:
    """A bureau that has so much of every photo it wants."""
    return lambda reply: reply.changed(
        wanted=[WantedPhoto(sha256=one.sha256, offset=offset) for one in reply.wanted]
    )


def breaking(phone: Phone, at: int) -> Any:
    async def photo(wanted: Any, jpeg: bytes, told: Callable[[int], None]) -> None:
        told(at)
        raise Offline

    return photo


def refuse_photos(phone: Phone, refusals: Mapping[str, Exception]) -> None:
    send = phone.road.photo

    async def photo(wanted: Any, jpeg: bytes, told: Callable[[int], None]) -> None:
        if wanted.sha256 in refusals:
            raise refusals[wanted.sha256]
        await send(wanted, jpeg, told)

    phone.road.photo = photo  # type: ignore[method-assign]  # a bureau that refuses some


@pytest.mark.parametrize(
    "damage",
    [Offline("not_the_bureau"), Offline("body_too_large"), Refused("tus_version", 412)],
)
async def test_a_photo_that_the_network_does_not_let_through_is_sent_on_the_next_trip(
    phone: Phone, damage: Exception
) -> None:
    phone.seal(photos=3)
    bad = next(iter(phone.album.kept))
    refuse_photos(phone, {bad: damage})
    home = await phone.courier.round()
    assert (home.photos_sent, home.photos_refused, bool(home.why)) == (2, {}, True)
    del phone.road.photo
    home = await phone.courier.round()
    assert (home.photos_sent, home.why) == (1, None)
    assert phone.road.sent == phone.album.kept


async def test_a_photo_whose_confirmation_was_stripped_is_asked_about_at_once(phone: Phone) -> None:
    phone.seal(photos=3)
    send = phone.road.photo

    async def photo(wanted: Any, jpeg: bytes, told: Callable[[int], None]) -> None:
        await send(wanted, jpeg, told)
        raise Offline("not_the_bureau")

    phone.road.photo = photo  # type: ignore[method-assign]  # a proxy that strips a header
    home = await phone.courier.round()
    assert (home.photos_sent, home.photos_refused, home.why) == (3, {}, None)
    assert all(one.stored for one in phone.notebook.photos())


async def test_a_network_that_lets_no_photo_through_costs_the_bytes_of_two(phone: Phone) -> None:
    phone.seal(photos=5)
    tries: list[str] = []

    async def photo(wanted: Any, *_: object) -> None:
        tries.append(wanted.sha256)
        raise Offline("not_the_bureau")

    phone.road.photo = photo  # type: ignore[assignment,method-assign]  # a proxy
    assert (await phone.courier.round()).why == "not_the_bureau"
    assert len(tries) == 2
