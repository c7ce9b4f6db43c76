"""Links the reports of one transaction to their sites, by their keys alone."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sync_server.domain.site_evidence import key_evidence
from sync_server.domain.site_key import (
    RULE,
    SiteKey,
    compares_firms,
    forks,
    own_site_id,
    site_id,
)
from sync_server.store import site_rulings, sites
from sync_server.store.engine import Tx
from sync_server.store.sites import Door

BY_THE_RULES = ""
MOST_AREA, MOST_DOOR = 120, 200  # characters, of the columns


def link(
    tx: Tx,
    keys: Mapping[str, SiteKey | None],
    revised: Collection[str],
    now: datetime,
    by: str = BY_THE_RULES,
) -> None:
    """Links each report to the site of its key; None for one that is no lead, which has none. A
    link of before, which only the `revised` ones can have, ends where the key is another. A report
    of which somebody said that it is not of the door that it names has a site for itself."""
    held = sites.last_links(tx, revised)
    keys = {**keys, **_apart(tx, keys, held)}
    live = {report: row for report, row in held.items() if row.undone_at is None}
    moved = {
        report: key
        for report, key in keys.items()
        if report not in live or not _is_there(live[report], key)
    }
    left = [live[report] for report in moved if report in live]
    linking = _Linking(tx, now, by, {report: row.n for report, row in held.items()})
    sites.end_links(tx, [(row.report, row.n) for row in left], by, now)
    came = {report: key for report, key in moved.items() if key}
    for report, key in came.items():
        if not key.compares_firms:
            linking.add(report, key)
    linking.fork(_by_door(came, left))
    linking.write()


def door_of(key: SiteKey) -> Door:
    """The key as the table has it."""
    return key.area[:MOST_AREA], key.door[:MOST_DOOR]


def _by_door(came: Mapping[str, SiteKey], left: Collection[Any]) -> dict[Door, dict[str, str]]:
    """The doors at which institutions are compared, of reports that came (each with its firm) and
    of those that left."""
    doors = defaultdict[Door, dict[str, str]](dict)
    for row in left:
        if compares_firms(row.door):
            doors[row.area, row.door] = {}
    for report, key in came.items():
        if key.compares_firms:
            doors[door_of(key)][report] = key.firm
    return doors


def _apart(tx: Tx, keys: Mapping[str, SiteKey | None], held: Collection[str]) -> dict[str, SiteKey]:
    """The keys of reports that people took out of the site at their door: without a door."""
    ruled = site_rulings.apart(tx, held)
    found = {report: key for report, key in keys.items() if key and report in ruled}
    return {
        report: replace(key, door="")
        for report, key in found.items()
        if door_of(key) in ruled[report]
    }


def _is_there(row: Any, key: SiteKey | None) -> bool:
    return key is not None and (row.area, row.door, row.firm) == (*door_of(key), key.firm)


class _Linking:
    """Collects sites and links, with the last number of each report's links."""

    def __init__(self, tx: Tx, now: datetime, by: str, last: dict[str, int]) -> None:
        self._tx, self._now, self._by, self._last = tx, now, by, last
        self._sites: dict[str, dict[str, Any]] = {}
        self._links: list[dict[str, Any]] = []

    def add(self, report: str, key: SiteKey, fork: str = "") -> None:
        """A link to the site of this key, which is made if it is not there."""
        area, door = door_of(key)
        site = site_id(key.area, key.door, fork) if door else own_site_id(report, key.area)
        self._sites[site] = {"site": site, "area": area, "door": door, "fork": fork}
        self._last[report] = self._last.get(report, 0) + 1
        evidence = key_evidence(key)
        self._links.append(
            {
                "report": report,
                "n": self._last[report],
                "site": site,
                "area": area,
                "door": door,
                "firm": key.firm,
                "rule": RULE,
                "evidence": evidence,
                "weight": sum(weight for _, weight in evidence),
                "staff": self._by,
                "at": self._now,
            }
        )

    def fork(self, doors: Mapping[Door, Mapping[str, str]]) -> None:
        """Links reports, by door each with its firm, where institutions are compared: a second one
        at a door parts them, which changes links that are there; and they join when it has gone."""
        self._tx.claim(*(f"door/{area}/{door}" for area, door in doors))
        there = sites.at_doors(self._tx, doors.keys())
        ended = []
        for door, came in doors.items():
            firms = {*came.values(), *(row.firm for row in there.get(door, ()))}
            fork_of = forks(firms)
            for report, firm in came.items():
                self.add(report, SiteKey(*door, firm), fork_of[firm])
            for row in there.get(door, ()):
                if site_id(*door, fork_of[row.firm]) != row.site:
                    ended.append((row.report, row.n))
                    self._last[row.report] = row.n
                    self.add(row.report, SiteKey(*door, row.firm), fork_of[row.firm])
        sites.end_links(self._tx, ended, BY_THE_RULES, self._now)

    def write(self) -> None:
        """Writes what was collected."""
        rows = [{**row, "opened_at": self._now} for row in self._sites.values()]
        sites.add(self._tx, rows)
        sites.add_links(self._tx, self._links)
