"""Links all records anew, as if each arrived now, and says what differs. The rulings of people are
replayed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contract import wire
from contract.cases import CLOSED
from sync_server.domain.site_key import SiteKey, forks, own_site_id, site_id
from sync_server.domain.site_rulings import successors
from sync_server.sites.linking import door_of, link
from sync_server.sites.rulings import key_of_body
from sync_server.store import site_records, site_rulings, sites
from sync_server.store.engine import DatabaseRow, Store, Tx
from sync_server.store.readable import ReadRow, UnreadableRow
from sync_server.store.sites import Door

PAGE = 500  # records in one transaction
Forks = Mapping[Door, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many `records` were looked at; `wrong`: those whose link is not what it should be, and
    merged sites for which another one stands; `unread`: records that cannot be read."""

    records: int = 0
    wrong: tuple[str, ...] = ()
    unread: int = 0


def rebuild(store: Store, now: datetime) -> None:
    """Links what is not linked, and ends what should not be, a page at a time."""
    after = 0
    while True:
        with store.writing() as tx:
            # Before they are read: a revision of one may be on its way.
            tx.claim(*(f"record/{_id(row)}" for row in site_records.bodies(tx, after, PAGE)))
            page = list(_keys(tx, after))
            keys = {record: key for _, record, key in page if key != _UNREAD}
            link(tx, keys, list(keys), now)
        if not page:
            break
        after = page[-1][0]
    with store.writing() as tx:
        tx.claim(site_rulings.CLAIM)
        merged, there = successors(site_rulings.all_binding(tx)), site_rulings.superseded(tx)
        changed = {one for one in merged.keys() | there.keys() if merged.get(one) != there.get(one)}
        site_rulings.supersede(tx, {one: merged.get(one) for one in sorted(changed)})


def check(store: Store) -> Rebuilt:
    """Compares all links to what they would be if they were made now; writes nothing."""
    with store.reading() as tx:
        firms = defaultdict[Door, set[str]](set)
        for _, _, key in _all_keys(tx):
            if key and key.compares_firms:
                firms[door_of(key)].add(key.firm)
        parted = {door: forks(named) for door, named in firms.items()}
        return _compared(tx, parted)


_UNREAD = SiteKey("", "", "unread")


def _compared(tx: Tx, parted: Forks) -> Rebuilt:
    records, wrong, unread, after = 0, list[str](), 0, 0
    while page := list(_keys(tx, after)):
        after = page[-1][0]
        held = sites.last_links(tx, [record for _, record, _ in page])
        for _, record, key in page:
            records += 1
            row = held.get(record)
            found = row.site if row and row.undone_at is None else None
            unread += key == _UNREAD
            if key != _UNREAD and found != _site(record, key, parted):
                wrong.append(record)
    merged, there = successors(site_rulings.all_binding(tx)), site_rulings.superseded(tx)
    wrong += [one for one in merged.keys() | there.keys() if merged.get(one) != there.get(one)]
    return Rebuilt(records, tuple(wrong), unread)


def _site(record: str, key: SiteKey | None, parted: Forks) -> str | None:
    if key is None:
        return None
    if not key.door:
        return own_site_id(record, key.area)
    fork = parted[door_of(key)][key.firm] if key.compares_firms else ""
    return site_id(key.area, key.door, fork)


def _all_keys(tx: Tx) -> Iterator[tuple[int, str, SiteKey | None]]:
    after = 0
    while page := list(_keys(tx, after)):
        yield from page
        after = page[-1][0]


def _keys(tx: Tx, after: int) -> Iterator[tuple[int, str, SiteKey | None]]:
    """Order number, id and key of a page of records; _UNREAD of one that cannot be read, None of
    one that is no lead."""
    rows = site_records.bodies(tx, after, PAGE)
    named = [_id(row) for row in rows]
    apart, held = site_rulings.apart(tx, named), sites.last_links(tx, named)
    for row in rows:
        if isinstance(row, UnreadableRow):
            yield row.key.seq, row.key.id, _UNREAD
            continue
        key = _key(tx, row, held.get(row.id))
        if key and door_of(key) in apart.get(row.id, ()):
            key = replace(key, door="")
        yield row.seq, row.id, key


def _id(row: ReadRow) -> str:
    return str(row.key.id if isinstance(row, UnreadableRow) else row.id)


def _key(tx: Tx, row: DatabaseRow, held: Any) -> SiteKey | None:
    """Of a closed record the position is no longer kept (rule L8), which may have told that another
    compound was picked: it stays without a key."""
    try:
        key = key_of_body(tx, row.body)
    except wire.Unreadable:
        return _UNREAD
    was_alone = held is not None and held.undone_at is None and not held.door
    if key and row.state in CLOSED and was_alone and held.area == door_of(key)[0]:
        return replace(key, door="")
    return key
