"""One lead over every kind of road, through both real programs: nothing lost, nothing twice."""

from pathlib import Path

import pytest

from contract.report import Report
from demo import play, scenes
from demo.pocket import Pocket
from demo.road import Road, Way
from fieldapp.ports import Mask
from fieldapp.report.entry import Entry, Stage
from tests.journeys.conftest import Bureau

pytestmark = pytest.mark.asyncio
HEAD = (Mask(0.16, 0.55, 0.1, 0.16),)


def a_lead(phone: Pocket, photos: int = 0) -> Entry:
    taken = tuple(phone.photographed(scenes.entrance(n), HEAD) for n in range(photos))
    return phone.sealed(play.draft(phone, taken))


async def home(phone: Pocket) -> None:
    """Goes until a round ends well; a road that broke once is whole again."""
    for _ in range(5):
        if (await phone.courier.round()).why is None:
            return
    raise AssertionError("no round ended well")


async def test_a_lead_sealed_in_the_dark_survives_a_restart_and_comes_home_decided(
    bureau: Bureau, tmp_path: Path
) -> None:
    async with Road(bureau.settings.port) as road:
        async with Pocket(tmp_path / "phone") as first:
            await bureau.enrolled(first, road.address)
            road.close()
            entry = a_lead(first, photos=2)
            assert (await first.courier.round()).why == "no_road"
        async with Pocket(tmp_path / "phone") as again:
            assert again.entry(entry).stage is Stage.SEALED
            road.open()
            await home(again)
            assert again.entry(entry).stage is Stage.DELIVERED
            for photo in entry.report.photos:
                assert bureau.photo(photo.sha256) == again.album.read(photo.sha256)
            await bureau.decide(entry.report, "20", "已转社区核实。")
            await home(again)
            assert [answer.state for answer in again.entry(entry).answers] == ["20"]
            assert again.entry(entry).stage is Stage.REVIEWED
    assert (bureau.count("records"), bureau.count("arrivals")) == (1, 1)


@pytest.mark.parametrize("after", [0, 900, 60_000, 150_000])
async def test_a_road_cut_on_the_way_up_delivers_everything_once(
    bureau: Bureau, tmp_path: Path, after: int
) -> None:
    async with Road(bureau.settings.port) as road, Pocket(tmp_path / "phone") as one:
        await bureau.enrolled(one, road.address)
        entry = a_lead(one, photos=2)
        road.cut(Way.UP, after)
        await home(one)
        for photo in entry.report.photos:
            assert bureau.photo(photo.sha256) == one.album.read(photo.sha256)
    assert (bureau.count("records"), bureau.count("photos")) == (1, 2)


async def test_a_photo_goes_on_where_the_road_broke(bureau: Bureau, tmp_path: Path) -> None:
    async with Road(bureau.settings.port, pace=0.03) as road, Pocket(tmp_path / "phone") as one:
        await bureau.enrolled(one, road.address)
        entry = a_lead(one, photos=1)
        before, half = road.carried[Way.UP], entry.report.photos[0].bytes // 2
        road.cut(Way.UP, half)
        await home(one)
        carried = road.carried[Way.UP] - before
    assert carried < entry.report.photos[0].bytes * 1.3


async def test_a_lost_reply_leaves_one_record_and_the_first_receipt(
    bureau: Bureau, tmp_path: Path
) -> None:
    async with Road(bureau.settings.port) as road, Pocket(tmp_path / "phone") as one:
        await bureau.enrolled(one, road.address)
        entry = a_lead(one)
        road.cut(Way.DOWN, 0)
        assert (await one.courier.round()).why == "no_road"
        assert one.entry(entry).stage is Stage.SEALED
        assert bureau.record(entry.report).number == "9999-000001"
        await home(one)
        receipt = one.entry(entry).receipt
    assert receipt is not None and receipt.number == "9999-000001"
    assert (bureau.count("records"), bureau.count("arrivals")) == (1, 1)


async def test_a_reinstalled_phone_hears_what_was_decided_before(
    bureau: Bureau, tmp_path: Path
) -> None:
    async with Pocket(tmp_path / "lost") as lost:
        await bureau.enrolled(lost, bureau.address)
        entry = a_lead(lost)
        await home(lost)
    await bureau.decide(entry.report, "15", "是哪个单元门?")
    async with Pocket(tmp_path / "new") as new:
        await bureau.enrolled(new, bureau.address)
        answers = new.notebook.answers()
    assert [(answer.report, answer.state) for answer in answers] == [(entry.report.id, "15")]
    assert answers[0].place == entry.report.place.in_words


async def test_two_phones_deliver_side_by_side_and_hear_only_their_own(
    bureau: Bureau, tmp_path: Path
) -> None:
    async with Pocket(tmp_path / "a") as one, Pocket(tmp_path / "b") as two:
        await bureau.enrolled(one, bureau.address, "wg0301")
        await bureau.enrolled(two, bureau.address, "wg0401")
        mine, theirs = a_lead(one), a_lead(two)
        await home(one)
        await home(two)
        await bureau.decide(mine.report, "20")
        await home(two)
        await home(one)
        assert not two.notebook.answers()
        assert one.entry(mine).answers
    assert bureau.record(mine.report).author == "wg0301"
    assert bureau.record(theirs.report).author == "wg0401"


async def test_one_refused_report_does_not_hold_up_those_behind_it(
    bureau: Bureau, tmp_path: Path
) -> None:
    async with Pocket(tmp_path / "phone") as one:
        await bureau.enrolled(one, bureau.address)
        entries = [a_lead(one), a_lead_that_only_this_phone_finds_fit(one), a_lead(one)]
        await home(one)
        stages = [one.entry(entry).stage for entry in entries]
        refusal = one.entry(entries[1]).refusal
    assert stages == [Stage.DELIVERED, Stage.REFUSED, Stage.DELIVERED]
    assert refusal is not None and refusal.code == "flawed"
    assert bureau.count("records") == 2


def a_lead_that_only_this_phone_finds_fit(phone: Pocket) -> Entry:
    """As from an app whose rules are older than the bureau's: its lists know one more sign."""
    lists = phone.memory.lists()
    signs = {**lists.lists["sign"], "NEWER": lists.lists["sign"]["POSTER"]}
    phone.memory.keep_lists(lists.changed(lists={**lists.lists, "sign": signs}))
    report: Report = play.draft(phone, ()).changed(signs=("NEWER",))
    return phone.sealed(report)
