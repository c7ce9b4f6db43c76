"""A revoked phone in a real browser: what was unsent lies aside at the bureau, the phone is empty,
and a new code makes a new phone of it."""

import signal
from pathlib import Path

import pytest
from sqlalchemy import select

from contract import wire
from demo.programs import Program, reachable
from sync_server.store.arrivals import sent_bytes
from sync_server.store.schema import quarantine
from tests.journeys.conftest import Bureau, free_port
from tests.journeys.test_story import bureau_without_server, log_a_site_with_a_photo
from tests.journeys.worker import Worker, field_app, worker

pytestmark = pytest.mark.browser


def content_of(phones: Path) -> list[Path]:
    """What lies on the phones, beside the secrets of their safes."""
    files = (path for path in phones.rglob("*") if path.is_file())
    return [path for path in files if path.parent.name != "safe"]


def handed_over(one: Worker, bureau: Bureau, phones: Path) -> None:
    one.phone.tap("sync")
    one.phone.tap("retry")
    one.phone.at("gone").wait_for(state="attached", timeout=60_000)
    one.phone.expect_text("handed", "没发出的 1 条已交回")
    assert content_of(phones) == []
    assert (bureau.count("records"), bureau.count("photos")) == (0, 0)
    with bureau.store.reading() as tx:
        rows = tx.run(select(quarantine).order_by(quarantine.c.received_at)).all()
        kinds = {wire.parse_json(sent_bytes(tx, row))["kind"] for row in rows}
    assert {row.code for row in rows} == {"phone_revoked"} and "report" in kinds


def test_a_revoked_phone_hands_over_empties_itself_and_begins_anew(tmp_path: Path) -> None:
    bureau, port = bureau_without_server(tmp_path), free_port()
    phones, profile = tmp_path / "phones", tmp_path / "profile"
    with field_app(port, bureau.address, phones) as address, worker(profile, address) as one:
        with Program.server(bureau.settings) as server:
            reachable(bureau.settings.port, server)
            one.enrol(bureau.code())
            server.end(signal.SIGTERM)
        log_a_site_with_a_photo(one)
        bureau.revoke_all()
        with Program.server(bureau.settings) as server:
            reachable(bureau.settings.port, server)
            handed_over(one, bureau, phones)
            one.phone.go("begin-anew")  # who types before the page rests loses a letter
            one.enrol(bureau.code())
        assert one.strangers == []
    bureau.store.close()
