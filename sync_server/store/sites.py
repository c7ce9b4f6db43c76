"""Sites and the links of records to them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql

from sync_server.store.engine import THESE, THIS_BUREAU, Tx
from sync_server.store.prepared import PreparedStatement
from sync_server.store.schema import site_links, sites

Door = tuple[str, str]  # area and door of a site's key
# PostgreSQL's ON CONFLICT DO NOTHING; SQLite understands it as well.
_ADD = PreparedStatement(postgresql.insert(sites).on_conflict_do_nothing())
_ADD_LINK = PreparedStatement(insert(site_links))
_END_LINK = PreparedStatement(
    update(site_links)
    .where(
        site_links.c.bureau == THIS_BUREAU,
        site_links.c.report == bindparam("which"),
        site_links.c.n == bindparam("number"),
    )
    .values(undone_at=bindparam("ended_at"), undone_by=bindparam("ended_by"))
)
_LAST = PreparedStatement(
    select(
        site_links.c.report,
        site_links.c.n,
        site_links.c.site,
        site_links.c.firm,
        site_links.c.staff,
        site_links.c.undone_at,
        site_links.c.area,
        site_links.c.door,
    )
    .where(site_links.c.bureau == THIS_BUREAU, site_links.c.report.in_(THESE))
    .order_by(site_links.c.report, site_links.c.n)
)
_AT_DOORS = PreparedStatement(
    select(
        site_links.c.report,
        site_links.c.n,
        site_links.c.site,
        site_links.c.area,
        site_links.c.door,
        site_links.c.firm,
    ).where(
        site_links.c.bureau == THIS_BUREAU,
        site_links.c.area.in_(bindparam("areas", expanding=True)),
        site_links.c.door.in_(bindparam("doors", expanding=True)),
        site_links.c.undone_at.is_(None),
    )
)


def add(tx: Tx, rows: Iterable[Mapping[str, Any]]) -> None:
    """New sites; one that is there stays as it is. In the order of their names, so that no two
    transactions wait for each other."""
    ordered = sorted(rows, key=lambda row: str(row["site"]))
    tx.run_each(_ADD, [{"bureau": tx.bureau, **row} for row in ordered])


def add_links(tx: Tx, rows: Iterable[Mapping[str, Any]]) -> None:
    """New links; the caller has ended the record's link of before."""
    tx.run_each(_ADD_LINK, [{"bureau": tx.bureau, **row} for row in rows])


def end_links(tx: Tx, links: Iterable[tuple[str, int]], by: str, at: datetime) -> None:
    """Ends links, each (report, n); `by` a duty post, "" for the rules."""
    ended = {"this_bureau": tx.bureau, "ended_at": at, "ended_by": by}
    tx.run_each(_END_LINK, [{**ended, "which": report, "number": n} for report, n in links])


def last_links(tx: Tx, reports: Collection[str]) -> dict[str, Any]:
    """The last link of each of these records: `n`, `site` with its `area` and `door`, `firm`,
    `staff`, and `undone_at` if it has ended."""
    return {row.report: row for row in tx.rows_of(_LAST, reports)}


def at_doors(tx: Tx, doors: Collection[Door]) -> dict[Door, list[Any]]:
    """The links, not ended, of all sites at each of these doors."""
    if not doors:
        return {}
    lists = {"areas": {area for area, _ in doors}, "doors": {door for _, door in doors}}
    found = tx.rows(_AT_DOORS, **{name: sorted(each) for name, each in lists.items()})
    linked = defaultdict[Door, list[Any]](list)
    for row in found:
        if (row.area, row.door) in doors:
            linked[row.area, row.door].append(row)
    return linked
