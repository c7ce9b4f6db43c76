"""The leads that have left a site: their address was changed, or a person took them out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sync_server.console.times import ShownTime, shown_time
from sync_server.console.words import Wording
from sync_server.store import site_records
from sync_server.store.engine import Tx


@dataclass(frozen=True, slots=True)
class LeftLead:
    """One lead that was of this site: when it left, in words why, and the site that it is of now,
    "" for none."""

    id: str
    number: str
    at: ShownTime
    words: str
    staff: str
    site: str


def left_leads(
    tx: Tx, parts: Collection[str], only_community: str | None, now: datetime, wording: Wording
) -> list[LeftLead]:
    """Each lead once, the last that left first."""
    found: dict[str, LeftLead] = {}
    for row in site_records.left(tx, parts, only_community):
        words = wording.say("site.left_out" if row.undone_by else "site.left_moved")
        at = shown_time(row.undone_at, now, wording.say)
        one = LeftLead(row.id, row.number, at, words, row.undone_by or "", row.now or "")
        found.setdefault(row.id, one)
    return list(found.values())
