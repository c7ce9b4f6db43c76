"""When the phones of each grid called last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import UnreadableRow, readable_rows
from sync_server.store.schema import devices, staff


@dataclass(frozen=True, slots=True)
class LastCall:
    """Of the phones in use of some duty post, which is not named: when one of them was heard last,
    its enrolment included; when the newest was enrolled, and whether there was one before: the
    phone was replaced, or its storage deleted."""

    grid: str | None
    heard: datetime
    newest: datetime
    is_again: bool


def last_calls(tx: Tx) -> Sequence[LastCall]:
    """One for each duty post with a phone in use."""
    own = and_(staff.c.bureau == devices.c.bureau, staff.c.staff == devices.c.staff)
    in_use = devices.c.revoked_at.is_(None), staff.c.disabled_at.is_(None)
    wanted = (
        select(staff.c.staff, staff.c.grid, devices.c.seen_at, devices.c.enrolled_at)
        .join(staff, own)
        .where(devices.c.bureau == tx.bureau, *in_use)
    )
    posts: dict[str, list[DatabaseRow]] = {}
    for row in readable_rows(tx, wanted, (devices.c.device,)):
        if not isinstance(row, UnreadableRow):
            posts.setdefault(row.staff, []).append(row)
    return [_last_of(rows) for rows in posts.values()]


def _last_of(rows: Iterable[DatabaseRow]) -> LastCall:
    phones = sorted(rows, key=lambda row: row.enrolled_at)
    heard = max(row.seen_at or row.enrolled_at for row in phones)
    return LastCall(phones[0].grid, heard, phones[-1].enrolled_at, len(phones) > 1)
