"""Each bound that the courier keeps, on both sides: counts, bytes, times, positions, statuses."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from contract.protocol import (
    MAX_ARRIVALS,
    MAX_PHOTOS_ASKED,
    ArrivalKind,
    SyncReply,
    SyncRequest,
    WantedPhoto,
)
from fieldapp.courier.apply_answers import is_retold
from fieldapp.courier.courier import MAX_NAME
from fieldapp.courier.ledger import MAX_POSITION
from fieldapp.courier.photo_progress import NOTE_EVERY, PhotoProgress
from fieldapp.courier.revoked import MAX_BATCH_BYTES
from fieldapp.ports import Offline, PhotoUploadState, Refused
from fieldapp.report.parcel import Parcel
from tests.builders import NOON, a_name, an_answer
from tests.fieldapp.a_bureau import Phone, alter, pass_days, refuses
from tests.fieldapp.fakes import FakeNotebook
from tests.fieldapp.test_revoked_trip import Revoking

pytestmark = pytest.mark.asyncio
A_MINUTE = timedelta(minutes=1) / timedelta(days=1)


def asked_about(phone: Phone) -> list[int]:
    return [len(asked.photos) for asked, _ in phone.road.asked if asked.photos]


@pytest.mark.parametrize(("position", "delivered"), [(MAX_POSITION, 1), (MAX_POSITION + 1, 0)])
async def test_a_position_that_the_next_request_could_not_name_counts_for_nothing(
    light: Phone, position: int, delivered: int
) -> None:
    parcel = light.seal()

    def far(reply: SyncReply) -> SyncReply:
        receipts = tuple(one.changed(position=position) for one in reply.receipts)
        return reply.changed(receipts=receipts)

    alter(light, far)
    home = await light.courier.round()
    assert home.delivered == delivered
    assert (light.entry(parcel).receipt is not None) == bool(delivered)
    await light.courier.round()  # says what it holds: a number that fits


@pytest.mark.parametrize(("step", "noted"), [(NOTE_EVERY - 1, 0), (NOTE_EVERY, NOTE_EVERY)])
async def test_progress_is_written_down_at_each_step_of_32_kb(step: int, noted: int) -> None:
    notebook, name = FakeNotebook(), "a" * 64
    notebook.save_photo(photo := PhotoUploadState(name, 100_000))
    progress = PhotoProgress(notebook, lambda _: None)
    progress.add([photo])
    heard = progress.begin(WantedPhoto(sha256=name))
    heard(step)
    await asyncio.sleep(0.05)
    assert notebook.photos()[0].sent == noted
    assert NOTE_EVERY == 32 * 1024


async def test_no_photo_is_told_to_be_further_than_its_end(light: Phone) -> None:
    told: list[int] = []
    progress = PhotoProgress(light.notebook, lambda one: told.append(one.sent))
    progress.add([PhotoUploadState("a" * 64, 10, sent=11)])
    progress.tell(0)
    assert told == [10]


async def test_no_call_asks_about_more_photos_than_the_bureau_answers(light: Phone) -> None:
    """The first with the reports, the second and the third for what was left."""
    light.memory.keep_batch_size(MAX_ARRIVALS)
    for _ in range(24):
        light.seal(photos=9)
    await light.courier.round()
    assert asked_about(light) == [MAX_PHOTOS_ASKED, MAX_PHOTOS_ASKED, 16]
    assert light.road.sent == light.album.kept


@pytest.mark.parametrize(
    ("code", "status", "why", "blamed"),
    [
        *(("its_code", status, None, True) for status in (422,)),
        ("photo_too_large", 413, None, True),
        *(
            ("its_code", status, "not_the_bureau", False)
            for status in (400, 404, 405, 411, 412, 415, 460)
        ),
        *(("its_code", status, "its_code", False) for status in (401, 403, 402, 409, 410, 413)),
        *(("its_code", status, "its_code", False) for status in (426, 428, 429, 499, 500, 503)),
        ("photo_mismatch", 422, "photo_mismatch", False),
    ],
)
async def test_a_refusal_blames_a_photo_the_phone_or_the_road(
    light: Phone, code: str, status: int, why: str | None, blamed: bool
) -> None:
    light.seal(photos=1)

    async def photo(*_: object) -> None:
        raise Refused(code, status)

    light.road.photo = photo  # type: ignore[assignment,method-assign]  # a bureau that says no
    home = await light.courier.round()
    assert (home.why, bool(home.photos_refused)) == (why, blamed)


@pytest.mark.parametrize("days", [1 - A_MINUTE, 1])
async def test_a_stored_photo_is_asked_about_after_a_whole_day(light: Phone, days: float) -> None:
    light.seal(photos=1)
    await light.courier.round()
    pass_days(light, days)
    before = len(light.road.asked)
    await light.courier.round()  # the first call tells what time it is at the bureau
    assert (light.album.kept == {}) == (days == 1), light.road.asked[before:]


@pytest.mark.parametrize("days", [7 - A_MINUTE, 7])
async def test_what_is_needed_no_more_stays_for_seven_whole_days(light: Phone, days: float) -> None:
    """A parcel after its receipt, and a photo that was taken out."""
    parcel = light.seal(photos=1)
    [photo] = light.entry(parcel).report.photos
    light.notebook.write(light.entry(parcel).without_photo(photo.sha256))
    await light.courier.round()
    pass_days(light, days)
    await light.courier.round()
    assert (light.album.kept == {}) == (days == 7)
    assert (not light.notebook.receipted()) == (days == 7)


def things(light: Phone, *sizes: int) -> None:
    for n, size in enumerate(sizes):
        raw = str(n).zfill(size).encode()
        light.notebook.enqueue(
            Parcel(
                digest=sha256(raw).hexdigest(),
                kind=ArrivalKind.SUGGESTION,
                id=str(a_name()),
                revision=1,
                sealed_at=NOON,
                raw=raw,
            )
        )
    light.clock.pass_(seconds=11)


@pytest.mark.parametrize(("last", "batches"), [(0, [2]), (1, [1, 1])])
async def test_a_revoked_phone_brings_48_kb_in_one_call_and_no_more(
    light: Phone, last: int, batches: list[int]
) -> None:
    things(light, MAX_BATCH_BYTES // 2, MAX_BATCH_BYTES // 2 + last)
    light.road.answer = bureau = Revoking()
    assert (await light.courier.round()).why == "given_up"
    assert [len(batch) for batch in bureau.taken[2:]] == [
        *batches,
        0,
    ]  # the last says that it leaves
    assert MAX_BATCH_BYTES == 48 * 1024


@pytest.mark.parametrize("more", [0, 1])
async def test_a_revoked_phone_brings_fifty_things_in_one_call_and_no_more(
    light: Phone, more: int
) -> None:
    things(light, *[20] * (MAX_ARRIVALS + more))
    light.road.answer = bureau = Revoking()
    assert (await light.courier.round()).why == "given_up"
    assert [len(batch) for batch in bureau.taken[2:]] == [MAX_ARRIVALS, *[1] * more, 0]


async def test_after_half_a_batch_twice_as_much_is_tried_and_never_more_than_fifty(
    light: Phone,
) -> None:
    light.memory.keep_batch_size(20)
    for _ in range(20 + 40 + MAX_ARRIVALS + 1):
        light.seal()
    await light.courier.round()
    assert light.carried() == [20, 40, MAX_ARRIVALS, 1]


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_a_bureau_that_cannot_read_a_batch_is_asked_with_half(
    light: Phone, status: int
) -> None:
    good, bad = light.seal(), light.seal()
    light.bureau.poison[bad.digest] = status
    home = await light.courier.round()
    assert (home.refused, home.why, list(light.bureau.kept)) == (1, None, [good.digest])


@pytest.mark.parametrize("status", [404, 409, 415, 451])
async def test_no_other_refusal_is_laid_to_a_parcel(light: Phone, status: int) -> None:
    light.seal()
    bad = light.seal()
    light.bureau.poison[bad.digest] = status
    home = await light.courier.round()
    assert (home.refused, home.why, light.carried()) == (0, "unreadable", [2])


@pytest.mark.parametrize(
    ("why", "size"),
    [
        *((why, 2) for why in ("bureau_down", "internal", "timed_out")),
        *((why, 50) for why in ("no_road", "not_the_bureau", "busy")),
    ],
)
async def test_only_a_bureau_that_broke_down_gets_half_the_next_time(
    light: Phone, why: str, size: int
) -> None:
    for _ in range(4):
        light.seal()
    light.road.answer = refuses(Offline(why))
    assert (await light.courier.round()).why == why
    assert light.memory.batch_size(50) == size


async def test_half_of_one_is_one(light: Phone) -> None:
    """The second time in one trip that a single parcel is too much ends the trip."""
    for _ in range(2):
        light.seal()
    light.memory.keep_batch_size(1)
    light.road.answer = refuses(Offline("timed_out"))
    assert (await light.courier.round()).why == "timed_out"
    assert light.carried() == [1, 1]
    assert light.memory.batch_size(50) == 1


@pytest.mark.parametrize("length", [MAX_NAME - 1, MAX_NAME, MAX_NAME + 1])
async def test_a_code_and_a_model_are_asked_about_up_to_a_hundred_characters(
    light: Phone, length: int
) -> None:
    await light.courier.enrol("7" * length, "m" * length, "https://bureau.example")
    [asked] = light.road.enrolled
    kept = min(length, 100)
    assert (asked.code, asked.model) == ("7" * kept, "m" * kept)


def always_more(cursor: int, **changes: Any) -> Callable[[SyncReply], SyncReply]:
    return lambda reply: reply.changed(more=True, cursor=cursor, **changes)


async def test_a_bureau_that_has_more_and_tells_nothing_is_asked_once(light: Phone) -> None:
    alter(light, always_more(9, answers=()))
    assert (await light.courier.round()).why is None
    assert len(light.road.asked) == 1


async def test_a_bureau_that_has_more_and_moves_nothing_is_asked_once(light: Phone) -> None:
    light.bureau.decide(a_name())
    alter(light, always_more(0))
    assert (await light.courier.round()).why is None
    assert len(light.road.asked) == 1


@pytest.mark.parametrize(("seq", "retold"), [(2, True), (3, True), (4, False)])
async def test_an_answer_at_the_cursor_or_before_it_begins_again(seq: int, retold: bool) -> None:
    asked = SyncRequest(protocol=1, sent_at=NOON, cursor=3)
    reply = SyncReply(server_time=NOON, answers=(an_answer(a_name(), seq),))
    assert is_retold(asked, reply) is retold
