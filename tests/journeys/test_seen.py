"""What a worker sees of the road: it holds up no screen, and a kill takes nothing of it away."""

import re
import signal
from pathlib import Path
from statistics import median

import pytest
from sqlalchemy import select

from demo.programs import Program, reachable
from demo.road import Way
from sync_server.store.schema import records
from tests.journeys.conftest import Bureau, free_port
from tests.journeys.slow_road import EDGE, far, fifty_photos_over_edge, filled, until
from tests.journeys.test_dark_streets import start
from tests.journeys.test_story import bureau_without_server
from tests.journeys.worker import Worker, needs_chromium, worker

pytestmark = pytest.mark.browser
NOTE = "门口张贴晚托广告,18:30起有学生进出"
# A generous factor for a shared machine; docs/benchmarks.md has the measured one.
NOT_SLOWER, GRACE_S = 3, 0.25
STEP_KB = 32 + 16 + 1  # between two notes of the way, one piece on the road, rounding


def test_a_report_is_typed_sealed_and_received_while_fifty_photos_go_over_edge(
    tmp_path: Path,
) -> None:
    with fifty_photos_over_edge(tmp_path, 5) as (bureau, one, idle, going):
        log_with_a_note(one)
        received_before_the_photos(bureau, one)
    assert median(going) <= NOT_SLOWER * median(idle) + GRACE_S, (idle, going)


def log_with_a_note(one: Worker) -> None:
    phone = one.phone
    for identifier in ("add", "building-2", "unit-1", "next", "sign-POSTER", "extras"):
        phone.tap(identifier)
    phone.write("note", NOTE)
    phone.tap("seal")
    phone.at("undo").wait_for(state="attached")


def received_before_the_photos(bureau: Bureau, one: Worker) -> None:
    """Ten seconds of undo, the photo now on the road, and then the report goes first."""
    until(lambda: bureau.count("records") == 11, seconds=60)
    assert bureau.count("photos") < 45
    with bureau.store.reading() as tx:
        notes = [row.body["note"] for row in tx.run(select(records))]
    assert NOTE in notes
    one.phone.page.get_by_text("9999-000011").first.wait_for(timeout=10_000)
    one.phone.expect_text("sync", "同步中")


def test_a_program_killed_in_an_upload_shows_where_it_was_goes_on_and_ends(
    tmp_path: Path,
) -> None:
    needs_chromium()
    bureau, phones, port = bureau_without_server(tmp_path), tmp_path / "phones", free_port()
    with Program.server(bureau.settings) as server:
        reachable(bureau.settings.port, server)
        with far(bureau.settings.port) as road:
            app = start(port, road.road.address, phones)
            with worker(tmp_path / "profile", f"http://127.0.0.1:{port}") as one:
                one.enrol(bureau.code())
                entries = filled(phones, one, reports=1, photos=3)
                road.open(**EDGE)
                one.phone.tap("sync")
                one.phone.tap("retry")
                until(lambda: kilobytes(one) > 90, seconds=40)
                before = kilobytes(one)
                app.end(signal.SIGKILL)
                road.close()
                app = start(port, road.road.address, phones)
                one.phone.open(one.phone.page.url)
                assert before - STEP_KB <= kilobytes(one) <= before + STEP_KB
                one.phone.expect_text("holding", "没有网络")
                road.open()
                one.phone.tap("retry")  # in the middle of its waiting
                one.phone.expect_text("all", "都已送达", timeout_ms=30_000)
            app.end(signal.SIGTERM)
    photos = entries[0].report.photos
    payload = sum(photo.bytes for photo in photos)
    assert all(len(bureau.photo(photo.sha256)) == photo.bytes for photo in photos)
    assert road.road.carried[Way.UP] < 1.3 * payload + 20_000  # nothing began anew
    bureau.store.close()


def kilobytes(one: Worker) -> int:
    """What the bar of all photos says is there."""
    one.phone.at("overall").wait_for(state="attached")
    said = one.phone.said("overall")
    found = re.search(r"(\d+) / \d+ KB", said)
    assert found, said
    return int(found[1])
