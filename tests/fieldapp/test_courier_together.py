"""On a quick road several photos go in one request; what is not confirmed there goes alone."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from contract.protocol import MAX_PHOTOS_TOGETHER, WantedPhoto
from fieldapp.courier import photo_pace
from fieldapp.courier.courier import Progress
from fieldapp.ports import Offline, Refused
from tests.fieldapp.a_bureau import Phone, alter

pytestmark = pytest.mark.asyncio
Loads = Sequence[tuple[WantedPhoto, bytes]]


async def known_as_quick(phone: Phone) -> None:
    """One photo has gone over the road."""
    phone.seal(photos=1)
    await phone.courier.round()


def failing(phone: Phone, *errors: Exception) -> None:
    """So many requests with several photos break, the next ones go through."""
    send, left = phone.road.photos, list(errors)

    async def photos(loads: Loads, begin: Any) -> frozenset[str]:
        phone.road.together.append([wanted.sha256 for wanted, _ in loads])
        if left:
            raise left.pop(0)
        phone.road.together.pop()
        return await send(loads, begin)

    phone.road.photos = photos  # type: ignore[method-assign]  # a road with a bad day


async def test_the_first_photo_shows_what_the_road_is_like(phone: Phone) -> None:
    phone.seal(photos=4)
    home = await phone.courier.round()
    assert (home.photos_sent, phone.road.sent) == (4, phone.album.kept)
    assert [len(names) for names in phone.road.together] == [3]
    assert all(photo.stored for photo in phone.notebook.photos())


async def test_the_next_round_knows_it(phone: Phone) -> None:
    await known_as_quick(phone)
    phone.seal(photos=3)
    assert (await phone.courier.round()).photos_sent == 3
    assert [len(names) for names in phone.road.together] == [3]


async def test_on_a_slow_road_each_goes_alone(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_pace, "REQUEST_S", 0)
    phone.seal(photos=4)
    assert (await phone.courier.round()).photos_sent == 4
    assert phone.road.together == []


async def test_so_many_go_together_and_not_more(light: Phone) -> None:
    await known_as_quick(light)
    for _ in range(2):
        light.seal(photos=6)
    assert (await light.courier.round()).photos_sent == 12
    assert [len(names) for names in light.road.together] == [
        MAX_PHOTOS_TOGETHER,
        12 - MAX_PHOTOS_TOGETHER,
    ]


async def test_no_more_go_together_than_a_report_may_wait_for(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await known_as_quick(phone)
    phone.seal(photos=4)
    sizes = [photo.size for photo in phone.notebook.photos(stored=False)]
    monkeypatch.setattr(photo_pace, "MAX_BYTES_TOGETHER", sum(sizes[:2]))
    assert (await phone.courier.round()).photos_sent == 4
    assert [len(names) for names in phone.road.together] == [2, 2]


async def test_one_of_which_the_bureau_has_a_part_goes_alone(phone: Phone) -> None:
    await known_as_quick(phone)
    phone.seal(photos=3)
    begun = next(one.sha256 for one in phone.notebook.photos(stored=False))

    def stands(reply: Any) -> Any:
        wanted = [one.changed(offset=2 * (one.sha256 == begun)) for one in reply.wanted]
        return reply.changed(wanted=wanted)

    alter(phone, stands)
    assert (await phone.courier.round()).photos_sent == 3
    assert begun not in {name for names in phone.road.together for name in names}


async def test_what_was_not_confirmed_goes_alone(phone: Phone) -> None:
    await known_as_quick(phone)
    phone.seal(photos=3)
    send = phone.road.photos

    async def photos(loads: Loads, begin: Any) -> frozenset[str]:
        return await send(loads[:1], begin)

    phone.road.photos = photos  # type: ignore[method-assign]  # the bureau has read only one
    home = await phone.courier.round()
    assert (home.photos_sent, home.why, len(phone.road.together)) == (3, None, 1)
    assert phone.road.sent == phone.album.kept
    assert all(photo.stored for photo in phone.notebook.photos())


async def test_a_cut_road_is_tried_with_one_photo_first(phone: Phone) -> None:
    await known_as_quick(phone)
    phone.seal(photos=4)
    failing(phone, Offline("no_road"))
    home = await phone.courier.round()
    assert (home.photos_sent, home.why) == (4, None)
    assert [len(names) for names in phone.road.together] == [4]  # each was in it once
    phone.seal(photos=3)
    await phone.courier.round()
    assert [len(names) for names in phone.road.together] == [4, 3]


async def test_after_a_cut_one_photo_shows_what_the_road_is_like_now(light: Phone) -> None:
    await known_as_quick(light)
    for photos in (6, 4):
        light.seal(photos=photos)
    failing(light, Offline("no_road"))
    assert (await light.courier.round()).photos_sent == 10
    assert [len(names) for names in light.road.together] == [MAX_PHOTOS_TOGETHER]


@pytest.mark.parametrize(
    ("refused", "asked"),
    [(Refused("method_not_allowed", 405), [3]), (Refused("busy", 503), [3, 3])],
    ids=["not known", "busy"],
)
async def test_a_bureau_that_does_not_know_it_is_asked_once_a_busy_one_again(
    phone: Phone, refused: Refused, asked: list[int]
) -> None:
    await known_as_quick(phone)
    failing(phone, refused)
    for _ in range(2):
        phone.seal(photos=3)
        assert (await phone.courier.round()).photos_sent == 3
    assert [len(names) for names in phone.road.together] == asked


async def test_what_was_taken_out_while_it_waited_does_not_leave(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await known_as_quick(phone)
    phone.seal(photos=5)
    waiting = phone.notebook.photos(stored=False)
    monkeypatch.setattr(photo_pace, "MAX_BYTES_TOGETHER", sum(one.size for one in waiting[:2]))
    send = phone.road.photos

    async def photos(loads: Loads, begin: Any) -> frozenset[str]:
        for photo in waiting[2:]:
            phone.notebook.save_photo(replace(photo, due=False))
        return await send(loads, begin)

    phone.road.photos = photos  # type: ignore[method-assign]  # a worker who goes on working
    assert (await phone.courier.round()).why is None
    assert phone.road.together == [[one.sha256 for one in waiting[:2]]]


async def test_each_is_told_as_its_turn_comes(phone: Phone) -> None:
    await known_as_quick(phone)
    phone.seal(photos=3)
    heard: list[Progress] = []
    await phone.courier.round(told=heard.append)
    [names] = phone.road.together
    sizes = [len(phone.album.kept[name]) for name in names]
    told = [(one.photo, one.photo_sent) for one in heard if one.photo]
    assert told == [
        pair for name, size in zip(names, sizes, strict=True) for pair in ((name, 0), (name, size))
    ]
    assert heard[-1].sent == heard[-1].total == sum(sizes)
