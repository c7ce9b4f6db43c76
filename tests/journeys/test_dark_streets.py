"""What a phone in a browser keeps when everything else goes: kills, another profile, few taps."""

import signal
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from demo.programs import Program, reachable
from sync_server.store.schema import records
from tests.journeys.conftest import Bureau, free_port
from tests.journeys.test_story import bureau_without_server
from tests.journeys.worker import Worker, needs_chromium, worker

pytestmark = pytest.mark.browser
WAY = ("add", "building-2", "unit-1", "next", "sign-POSTER")


def test_a_program_killed_after_any_tap_has_the_draft_again_and_six_taps_seal_it(
    tmp_path: Path,
) -> None:
    needs_chromium()
    bureau, port = bureau_without_server(tmp_path), free_port()
    profile, phones = tmp_path / "profile", tmp_path / "phones"
    with Program.server(bureau.settings) as server:
        reachable(bureau.settings.port, server)
        app = start(port, bureau.address, phones)
        with worker(profile, f"http://127.0.0.1:{port}") as one:
            one.enrol(bureau.code())
            one.phone.taps = one.phone.typed = 0
            for identifier, then in pairwise((*WAY, "seal")):
                one.phone.tap(identifier)
                one.phone.at(then).first.wait_for(state="attached")
                app = killed_and_started_again(app, one, port, (bureau.address, phones))
            one.phone.tap("seal")
            one.phone.at("undo").wait_for(state="attached")
            one.phone.expect_text("sync", "1 条待发")
            assert (one.phone.taps, one.phone.typed) == (6, 0)
            recorded_as_tapped(bureau, one)
        app.end(signal.SIGTERM)
        with_another_profile(tmp_path, port, bureau.address, phones)
    assert len(list(phones.iterdir())) == 2
    bureau.store.close()


def recorded_as_tapped(bureau: Bureau, one: Worker) -> None:
    """After the ten seconds of undo the report leaves by itself."""
    one.phone.expect_text("sync", "已同步", timeout_ms=40_000)
    with bureau.store.reading() as tx:
        record = tx.run(select(records)).one()
    place = record.body["place"]
    assert (record.place, record.body["signs"]) == ("样例苑小区 3号楼2单元", ["POSTER"])
    assert (place["venue"], record.body["fix"]["accuracy_m"]) == ("RESIDENTIAL", 8)


def start(port: int, bureau: str, phones: Path) -> Program:
    app = Program.field_app(port, bureau, phones)
    app.__enter__()
    reachable(port, app)
    return app


def killed_and_started_again(
    app: Program, one: Worker, port: int, place: tuple[str, Path]
) -> Program:
    """The whole program dies as by a pulled battery; the page is opened anew where it was."""
    one.phone.page.wait_for_timeout(400)  # a tap has 300 ms to be written
    app.end(signal.SIGKILL)
    app = start(port, *place)
    one.phone.open(one.phone.page.url)
    return app


def with_another_profile(folder: Path, port: int, bureau: str, phones: Path) -> None:
    """A second browser profile is a phone that nobody enrolled: it sees nothing of the first."""
    app = start(port, bureau, phones)
    (folder / "other").mkdir()
    with worker(folder / "other/profile", f"http://127.0.0.1:{port}") as other:
        other.phone.at("enrol").wait_for(state="attached")
        assert not other.phone.at("reports").count()
    app.end(signal.SIGTERM)
