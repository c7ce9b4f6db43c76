"""Keeps bodies of sync calls that cannot be read at all, for a technician to look at."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sync_server.accounts import quota
from sync_server.accounts.quota import DayUse
from sync_server.settings import DailyQuota
from sync_server.store import arrivals, devices
from sync_server.store.engine import Tx


def quarantine_body(
    tx: Tx, device: str, body: Mapping[str, Any], daily: DailyQuota, now: datetime
) -> None:
    """Quarantines a body (`raw`, and the `code` of why it cannot be read) within what is left of
    the device's quota of this day. Raises QuotaUsed if it does not fit; then it is not kept, and
    the phone still has what was in it."""
    raw = body["raw"]
    used = DayUse.of(devices.lock_ledgers(tx, [device])[device]).today(now)
    if not used.has_room_for_arrival(len(raw), daily):
        raise quota.quota_used(now)
    row = {"digest": sha256(raw).hexdigest(), "device": device, "field": "", **body}
    arrivals.add_to_quarantine(tx, [row], now)
    quota.add(tx, {device: DayUse(used.day).with_arrival(len(raw))})
