"""Which site a report may be of that does not say its door: suggested to people, never linked."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contract import wire
from contract.report import Report
from sync_server.domain.located import locate
from sync_server.domain.site_evidence import (
    LIKELY,
    Clues,
    SiteCandidate,
    SiteFacts,
    candidates,
    clues,
    facts,
)
from sync_server.domain.site_rulings import Verdict, successors
from sync_server.sites.gazetteer import gazetteer
from sync_server.store import site_records, site_rulings
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import UnreadableRow

log = logging.getLogger("xuncha")


@dataclass(frozen=True, slots=True)
class LikelySite:
    """A `record` whose `site` is its own, and the site that it may be of."""

    record: DatabaseRow
    site: str
    candidate: SiteCandidate


def suggestions(tx: Tx, before: int | None, size: int) -> tuple[list[LikelySite], int | None]:
    """Of `size` records without a door, from below seq `before`, those for which a site is likely;
    and the seq after which the next ones follow, None if there are no more. What somebody said is
    not the same is not suggested again."""
    rows = site_records.without_key(tx, before, size)
    near: dict[str, list[SiteFacts]] = {}
    found = []
    for row in rows:
        if isinstance(row, UnreadableRow):
            continue
        if row.area not in near:
            near[row.area] = sites_of_area(tx, row.area)
        if likely := _likely(tx, row, near[row.area]):
            found.append(LikelySite(row, row.site, likely))
    last = rows[-1] if len(rows) == size else None
    return found, (last.key.seq if isinstance(last, UnreadableRow) else last.seq) if last else None


def sites_of_area(tx: Tx, area: str) -> list[SiteFacts]:
    """What the reports of each site there say together."""
    members = defaultdict[str, list[Clues]](list)
    for row in site_records.around(tx, area):
        if not isinstance(row, UnreadableRow) and (seen := clues_of(tx, row.body)):
            members[row.site].append(seen)
    return [facts(site, several) for site, several in members.items()]


def clues_of(tx: Tx, body: Any) -> Clues | None:
    """What of a stored report tells its site; None if it cannot be read."""
    try:
        report = wire.validate(Report, body)
    except wire.Unreadable:
        return None
    return clues(report, locate(report.place, gazetteer(tx)))


def _likely(tx: Tx, row: DatabaseRow, near: Sequence[SiteFacts]) -> SiteCandidate | None:
    seen = clues_of(tx, row.body)
    if seen is None:
        return None
    top = next(iter(candidates(seen, [one for one in near if one.site != row.site])), None)
    if top is None or top.probability < LIKELY or _is_ruled_out(tx, row.site, top.site):
        return None
    return top


def _is_ruled_out(tx: Tx, one: str, other: str) -> bool:
    bound = site_rulings.binding(tx, [one, other])
    merged = successors(bound)
    pair = {merged.get(one, one), merged.get(other, other)}
    parted = [r for r in bound if r.verdict is Verdict.DIFFERENT]
    return any({merged.get(r.site, r.site), merged.get(r.other, r.other)} == pair for r in parted)
