"""Which reports go to a supervisor first (rule L13): asked of the other reports of their site."""

from datetime import date
from typing import Any

from contract.cases import WORKER_MAY_EDIT
from sync_server.domain.clocks import local_day
from sync_server.domain.unfounded_places import (
    UnfoundedReport,
    is_for_supervisor,
    unfounded_on,
)
from sync_server.store import case_events, site_records
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import UnreadableRow


def goes_to_supervisor(tx: Tx, row: DatabaseRow) -> bool:
    """Whether this record waits for a supervisor, who alone decides whether the place is looked at
    once more. Nothing does that somebody has accepted already."""
    if row.state not in WORKER_MAY_EDIT:
        return False
    came = local_day(row.first_at or row.received_at)
    return is_for_supervisor(came, _signs(row.body), _unfounded(tx, row.id))


def _unfounded(tx: Tx, record: str) -> list[UnfoundedReport]:
    """The other reports of the record's site that were found unfounded."""
    site = site_records.site_of(tx, record)
    if site is None:
        return []
    parts = site_records.parts_of(tx, site.superseded_by or site.site)
    rows = site_records.members(tx, parts, None)
    others = [one for one in rows if not isinstance(one, UnreadableRow) and one.id != record]
    steps = case_events.events_of_each(tx, [one.id for one in others])
    days: list[tuple[date | None, Any]] = [
        (unfounded_on(steps.get(one.id, ())), one.body) for one in others
    ]
    return [UnfoundedReport(day, _signs(body)) for day, body in days if day]


def _signs(body: Any) -> frozenset[str]:
    named = body.get("signs") if isinstance(body, dict) else None
    return frozenset(one for one in named if isinstance(one, str)) if named else frozenset()
