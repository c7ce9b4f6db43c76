"""Several photos in one request, over a real socket: what is sent, and what is believed."""

from collections.abc import Callable
from hashlib import sha256

import pytest

from contract.protocol import WantedPhoto
from fieldapp.adapters.tus import CHUNK
from fieldapp.ports import Offline, Refused
from tests.fieldapp.a_door import Reply, refused
from tests.fieldapp.test_link import linked

pytestmark = pytest.mark.asyncio

MADE = [b"\xff\xd8" + bytes([n]) * (3 * CHUNK) for n in range(3)]
NAMES = [sha256(jpeg).hexdigest() for jpeg in MADE]
LOADS = [(WantedPhoto(sha256=name), jpeg) for name, jpeg in zip(NAMES, MADE, strict=True)]


def unheard(_: WantedPhoto) -> Callable[[int], None]:
    return lambda _: None


def confirming(*names: str) -> Reply:
    return Reply(201, headers={"Photo-Digest": ", ".join(names)})


async def test_they_go_one_after_the_other_under_their_names() -> None:
    async with linked(confirming(*NAMES)) as (door, link):
        assert await link.photos(LOADS, unheard) == set(NAMES)
    [call] = door.calls
    assert (call.method, call.path, call.body) == ("POST", "/v1/photos/together", b"".join(MADE))
    named = (f"{name}={len(jpeg)}" for name, jpeg in zip(NAMES, MADE, strict=True))
    assert call.headers["photos"] == ", ".join(named)
    assert call.headers["authorization"].startswith("Bearer ")
    assert int(call.headers["content-length"]) == len(call.body)


async def test_each_is_heard_of_as_it_leaves() -> None:
    heard: list[tuple[str, int]] = []

    def begin(wanted: WantedPhoto) -> Callable[[int], None]:
        heard.append((wanted.sha256, 0))
        return lambda reached: heard.append((wanted.sha256, reached))

    async with linked(confirming(*NAMES)) as (_, link):
        await link.photos(LOADS, begin)
    assert [name for name, _ in heard] == sorted((name for name, _ in heard), key=NAMES.index)
    for name, jpeg in zip(NAMES, MADE, strict=True):
        steps = [reached for told, reached in heard if told == name]
        assert steps == sorted(steps) and (steps[0], steps[-1]) == (0, len(jpeg))


@pytest.mark.parametrize("more", [(), (NAMES[0],), (NAMES[0], NAMES[2]), (NAMES[0], "f" * 64)])
async def test_what_is_named_is_confirmed_and_nothing_else(more: tuple[str, ...]) -> None:
    async with linked(confirming(*more)) as (_, link):
        assert await link.photos(LOADS, unheard) == set(more) & set(NAMES)


async def test_a_cut_is_no_road() -> None:
    async with linked(Reply(cut_after=CHUNK)) as (_, link):
        with pytest.raises(Offline, match="no_road"):
            await link.photos(LOADS, unheard)


async def test_a_login_page_is_not_the_bureau() -> None:
    async with linked(Reply(200, b"<html>", kind="text/html")) as (_, link):
        with pytest.raises(Offline, match="not_the_bureau"):
            await link.photos(LOADS, unheard)


async def test_a_bureau_that_does_not_know_it_says_so() -> None:
    async with linked(refused("not_found", 404)) as (_, link):
        with pytest.raises(Refused, match="not_found"):
            await link.photos(LOADS, unheard)
