"""A photo on a road that breaks again and again, counted: what goes twice is what was under way."""

import random
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bench.chaos import Chaos, Link
from bench.photographs import photographs
from bench.travellers import Phone, Went
from tests.journeys.conftest import Bureau

pytestmark = pytest.mark.asyncio
QUICK = Link(rate=200_000, rtt=0.05, cut_kb=(20, 60))  # 300 KB take a second and a half
HEADROOM = 4096  # requests and answers of one cut
ONCE = 6000  # the report, and all that has to be said about one photo


async def carried(bureau: Bureau, folder: Path, link: Link) -> tuple[Went, int]:
    photo = next(photographs())
    async with AsyncExitStack() as stack:
        road = Chaos(bureau.settings.port, random.Random(7))
        await stack.enter_async_context(road.open())
        phone = await stack.enter_async_context(Phone.at(folder, road, bureau.code()))
        went = await phone.carries(link, photo)
    assert bureau.photo(photo.sha256) == photo.front + photo.rest
    return went, photo.size


async def test_a_cut_costs_what_was_under_way_and_four_kilobytes(
    bureau: Bureau, tmp_path: Path
) -> None:
    went, size = await carried(bureau, tmp_path / "phone", QUICK)
    assert went.why == "" and went.meter.cuts >= 4
    again = went.meter.up + went.meter.down - size - ONCE
    assert again <= went.meter.cuts * (QUICK.product() + HEADROOM)


async def test_behind_a_login_page_nothing_is_sent_but_a_question(
    bureau: Bureau, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        road = Chaos(bureau.settings.port, random.Random(7))
        await stack.enter_async_context(road.open())
        phone = await stack.enter_async_context(Phone.at(tmp_path / "p", road, bureau.code()))
        went = await phone.carries(Link(1e6, 0.01), next(photographs()), healed=1)
    assert went.why == ""
    assert bureau.count("photos") == 1
