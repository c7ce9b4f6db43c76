"""What a report costs on the road: one request, and so many bytes both ways, TLS not counted."""

from pathlib import Path

import pytest

from contract.ids import uuid7
from contract.report import Report
from demo import play
from demo.pocket import Pocket
from demo.road import Road
from tests.journeys.conftest import Bureau

pytestmark = pytest.mark.asyncio
MOST = 1_228  # 1.2 KB


def on_patrol(phone: Pocket) -> Report:
    """A lead with all that the app itself says of it."""
    form, now = play.draft(phone, ()), phone.clock.now()
    patrol = uuid7(now, phone.clock.entropy(10))
    return form.changed(patrol=patrol, patrol_form="ROUTINE", shift="NIGHT")


async def test_a_report_of_the_app_costs_one_request_and_little(
    bureau: Bureau, tmp_path: Path
) -> None:
    async with Road(bureau.settings.port) as road, Pocket(tmp_path / "phone") as phone:
        await bureau.enrolled(phone, road.address)
        earlier = phone.sealed(on_patrol(phone))
        await phone.courier.round()
        await bureau.decide(earlier.report, "20", "已转社区核实。")
        await phone.courier.round()  # from now on it names a link of its ledger and an answer
        report = phone.sealed(on_patrol(phone)).report
        before = sum(road.carried.values())
        round = await phone.courier.round()
        cost = sum(road.carried.values()) - before
    assert report.fix and report.note, "a report as the app makes it"
    assert (round.delivered, round.why) == (1, None)
    assert 900 < cost <= MOST, cost
