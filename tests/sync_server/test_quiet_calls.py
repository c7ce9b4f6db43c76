"""A call without arrivals costs the bureau no write, except one a minute."""

from datetime import datetime, timedelta

from sync_server.store.schema import devices
from tests.sync_server.bureau import NOW, Bureau, Handset


def seen_at(bureau: Bureau, handset: Handset) -> datetime:
    seen: datetime = bureau.row(devices, device=handset.phone.device).seen_at
    return seen


def test_when_a_phone_was_seen_is_written_once_a_minute(bureau: Bureau) -> None:
    handset = bureau.enrol()
    bureau.receive(handset, now=NOW)
    bureau.receive(handset, now=NOW + timedelta(seconds=59))
    assert seen_at(bureau, handset) == NOW
    bureau.receive(handset, now=NOW + timedelta(seconds=60))
    assert seen_at(bureau, handset) == NOW + timedelta(seconds=60)
