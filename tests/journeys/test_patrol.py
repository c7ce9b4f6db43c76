"""A whole patrol in a real browser: its start, a lead, an ad, a call for help, its summary."""

from pathlib import Path

import pytest
from sqlalchemy import select

from contract.report import Kind
from demo.programs import Program, reachable
from sync_server.store.schema import patrols, records
from tests.journeys.conftest import Bureau, free_port
from tests.journeys.test_story import bureau_without_server
from tests.journeys.worker import Worker, field_app, needs_chromium, worker

pytestmark = pytest.mark.browser


def test_a_patrol_from_its_first_tap_to_its_summary_reaches_the_bureau(tmp_path: Path) -> None:
    needs_chromium()
    bureau = bureau_without_server(tmp_path)
    with Program.server(bureau.settings) as server:
        reachable(bureau.settings.port, server)
        with (
            field_app(free_port(), bureau.address, tmp_path / "phones") as address,
            worker(tmp_path / "profile", address) as one,
        ):
            one.enrol(bureau.code())
            one.phone.taps = one.phone.typed = 0
            begin_and_see_nothing(one)
            log_a_lead_and_the_same_place_again(one)
            log_an_ad(one)
            ask_for_help(one)
            end(one)
            assert one.phone.typed == 0 and one.strangers == []
    at_the_bureau(bureau)
    bureau.store.close()


def begin_and_see_nothing(one: Worker) -> None:
    """Two taps from home."""
    phone = one.phone
    phone.tap("start-patrol")
    phone.tap("clear-c001")
    phone.at("visited-c001").wait_for(state="attached")
    assert phone.taps == 2


def log_a_lead_and_the_same_place_again(one: Worker) -> None:
    """Six taps for the first, four for the second."""
    phone, before = one.phone, one.phone.taps
    for identifier in ("add", "building-2", "unit-1", "next", "sign-POSTER", "seal"):
        phone.tap(identifier)
    phone.at("undo").wait_for(state="attached")
    assert phone.taps - before == 6
    for identifier in ("add", "same-place", "sign-SIGNBOARD", "seal"):
        phone.tap(identifier)
    phone.at("open-patrol").wait_for(state="attached")
    assert phone.taps - before == 10


def log_an_ad(one: Worker) -> None:
    for identifier in ("open-patrol", "ad", "next", "sign-POSTER", "seal"):
        one.phone.tap(identifier)
    one.phone.at("open-patrol").wait_for(state="attached")


def ask_for_help(one: Worker) -> None:
    """The numbers are links of the phone's own; here it is only noted."""
    phone = one.phone
    phone.tap("sos")
    phone.at("call-110").wait_for(state="attached")
    phone.tap("note-alarm")
    phone.expect_text("noted", "样例苑小区")
    phone.tap("back")


def end(one: Worker) -> None:
    phone = one.phone
    phone.tap("open-patrol")
    phone.tap("end-patrol")
    phone.tap("end-patrol")
    phone.at("whereabouts").first.wait_for(state="attached")
    phone.expect_text("patrol", "求助")
    phone.expect_text("whereabouts", "旗局都收到了", timeout_ms=60_000)
    phone.tap("home")
    phone.expect_text("sync", "已同步", timeout_ms=60_000)
    phone.at("start-patrol").wait_for(state="attached")


def at_the_bureau(bureau: Bureau) -> None:
    """Four reports, none of them the call for help; one patrol, with visits and no track."""
    with bureau.store.reading() as tx:
        reports = tx.run(select(records)).all()
        (patrol,) = tx.run(select(patrols)).all()
    kinds = sorted(report.kind for report in reports)
    assert kinds == sorted([Kind.CLEAR, Kind.SITE, Kind.SITE, Kind.AD])
    assert {report.body["patrol"] for report in reports} == {patrol.id}
    body = patrol.body
    assert {visit["compound"] for visit in body["visits"]} == {"c001"}
    assert body["ended_at"] and patrol.revision == 2
    (alarm,) = body["alarms"]
    assert set(alarm) == {"at", "fix", "compound"} and alarm["compound"] == "c001"
