"""Records by their site: what linking is made anew from, and what a site's page shows."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import ReadRow, UnreadableRow, readable_rows
from sync_server.store.schema import records, site_links, sites

_LINK = and_(
    site_links.c.bureau == records.c.bureau,
    site_links.c.report == records.c.id,
    site_links.c.undone_at.is_(None),
)
_SITE = and_(sites.c.bureau == site_links.c.bureau, sites.c.site == site_links.c.site)
MOST_MEMBERS = 200  # of one site on its page
MOST_LEFT = 50  # that left one site, on its page
MOST_FOUND = 500  # by a search
MOST_AROUND = 2_000  # links of one area that are looked at for a suggestion


def site(tx: Tx, name: str) -> DatabaseRow | None:
    """The site with this name: `area`, `door`, `fork`, `opened_at`, `superseded_by`; or None."""
    here = and_(sites.c.bureau == tx.bureau, sites.c.site == name)
    return tx.run(select(sites).where(here)).one_or_none()


def site_of(tx: Tx, record: str) -> DatabaseRow | None:
    """The site that a record is linked to, or None; it may have been merged."""
    wanted = select(sites).join(site_links, _SITE)
    here = and_(site_links.c.bureau == tx.bureau, site_links.c.report == record)
    return tx.run(wanted.where(here, site_links.c.undone_at.is_(None))).one_or_none()


def root_of(tx: Tx, record: str) -> str | None:
    """The name of the site that a record is of, the one that stands for it if it was merged; None
    for a record without a site."""
    row = site_of(tx, record)
    return (row.superseded_by or row.site) if row else None


def parts_of(tx: Tx, root: str) -> list[str]:
    """The site itself, and those for which it stands."""
    merged = select(sites.c.site).where(sites.c.bureau == tx.bureau, sites.c.superseded_by == root)
    return [root, *tx.run(merged.order_by(sites.c.site)).scalars()]


def members(tx: Tx, parts: Collection[str], community: str | None) -> Sequence[ReadRow]:
    """The records that are linked to these sites, the newest first, with the `site` of each; of one
    `community` alone, unless that is None."""
    wanted = select(records, site_links.c.site).join(site_links, _LINK)
    here = and_(records.c.bureau == tx.bureau, site_links.c.site.in_(parts))
    if community is not None:
        here = and_(here, records.c.community == community)
    ordered = wanted.where(here).order_by(records.c.seq.desc()).limit(MOST_MEMBERS)
    return readable_rows(tx, ordered, (records.c.id, records.c.number))


def together(tx: Tx, record: str) -> list[DatabaseRow]:
    """The other records of this record's site that can be read, the newest first."""
    root = root_of(tx, record)
    rows = members(tx, parts_of(tx, root), None) if root else ()
    return [row for row in rows if not isinstance(row, UnreadableRow) and row.id != record]


def ids_of(tx: Tx, parts: Collection[str]) -> set[str]:
    """The ids of all records that are linked to these sites."""
    here = and_(site_links.c.bureau == tx.bureau, site_links.c.site.in_(parts))
    wanted = select(site_links.c.report).where(here, site_links.c.undone_at.is_(None))
    return set(tx.run(wanted).scalars())


def one_and_its_site(tx: Tx, record: str) -> set[str]:
    """The ids of this record and of all others of its site."""
    root = root_of(tx, record)
    return {record} | (ids_of(tx, parts_of(tx, root)) if root else set())


def around(tx: Tx, area: str) -> Sequence[ReadRow]:
    """The newest records of sites with a door in this area: `id`, `body`, and the `site`, or the
    one that stands for it."""
    wanted = select(records.c.id, records.c.seq, records.c.body, _root(), sites.c.door)
    joined = wanted.join(site_links, _LINK).join(sites, _SITE)
    here = and_(records.c.bureau == tx.bureau, site_links.c.area == area, site_links.c.door != "")
    ordered = joined.where(here).order_by(records.c.seq.desc()).limit(MOST_AROUND)
    return readable_rows(tx, ordered, (records.c.id,))


def without_key(tx: Tx, before: int | None, size: int) -> Sequence[ReadRow]:
    """Records whose site is of them alone, for they do not say their door, and was not merged; the
    newest first, from below seq `before`."""
    joined = select(records, site_links.c.site, sites.c.area)
    joined = joined.join(site_links, _LINK).join(sites, _SITE)
    here = [records.c.bureau == tx.bureau, sites.c.door == "", sites.c.superseded_by.is_(None)]
    here += [records.c.withdrawn_at.is_(None)]
    if before is not None:
        here.append(records.c.seq < before)
    ordered = joined.where(*here).order_by(records.c.seq.desc()).limit(size)
    return readable_rows(tx, ordered, (records.c.id, records.c.seq))


def ids_at(tx: Tx, areas: Collection[str] | None, doors: Collection[str]) -> tuple[str, ...]:
    """The records of sites in these areas (in all if None) and at these doors (at all if there are
    none), the newest first. A door that ends in "*" stands for all that begin so."""
    whole = [door for door in doors if not door.endswith("*")]
    of = site_links.c
    order: ColumnElement[str]
    begun = [of.door.startswith(d[:-1], autoescape=True) for d in doors if d.endswith("*")]
    here = [of.bureau == tx.bureau, of.undone_at.is_(None)]
    if areas is not None:
        here.append(of.area.in_(areas))
        here += [or_(of.door.in_(whole), *begun)] if doors else []
        # Not by the key itself, or SQLite walks through all links in its order.
        order = of.report + ""
    else:  # the index by doors has no beginnings on PostgreSQL, and the order of one door's links
        here.append(of.door.in_(whole))
        order = of.report
    newest = select(of.report).where(*here).order_by(order.desc()).limit(MOST_FOUND)
    return tuple(tx.run(newest).scalars())


def sites_of(
    tx: Tx, ids: Collection[str], community: str | None, most: int
) -> Sequence[DatabaseRow]:
    """The sites of these records, the one with the newest of them first: the `site`, how many of
    them are of it (`leads`), and the `place` of the newest; of records of one `community` alone,
    unless that is None."""
    here = [records.c.bureau == tx.bureau, records.c.id.in_(ids)]
    if community is not None:
        here.append(records.c.community == community)
    newest = func.max(records.c.seq).label("newest")
    wanted = select(_root(), newest, func.count().label("leads")).select_from(records)
    grouped = wanted.join(site_links, _LINK).join(sites, _SITE).where(*here).group_by(_root())
    found = grouped.order_by(newest.desc()).limit(most).subquery()
    own = and_(records.c.bureau == tx.bureau, records.c.seq == found.c.newest)
    listed = select(found.c.site, found.c.leads, records.c.place).join(records, own)
    return tx.run(listed.order_by(found.c.newest.desc())).all()


def bodies(tx: Tx, after: int, size: int) -> Sequence[ReadRow]:
    """`id`, `seq`, `state` and `body` of the records after seq `after`, in their order."""
    wanted = select(records.c.id, records.c.seq, records.c.state, records.c.body)
    here = and_(records.c.bureau == tx.bureau, records.c.seq > after)
    ordered = wanted.where(here).order_by(records.c.seq).limit(size)
    return readable_rows(tx, ordered, (records.c.id, records.c.seq))


def body(tx: Tx, record: str) -> Any:
    """The body of one record's shown revision, None if there is no such record."""
    here = and_(records.c.bureau == tx.bureau, records.c.id == record)
    return tx.run(select(records.c.body).where(here)).scalar_one_or_none()


def links_of(tx: Tx, which: Collection[str]) -> Sequence[DatabaseRow]:
    """All links that these sites have or had, the oldest first."""
    here = and_(site_links.c.bureau == tx.bureau, site_links.c.site.in_(which))
    return tx.run(select(site_links).where(here).order_by(site_links.c.at)).all()


def left(tx: Tx, which: Collection[str], community: str | None) -> Sequence[DatabaseRow]:
    """The records that were linked to these sites and are not any more, the last first: `id`,
    `number`, `undone_at`, `undone_by`, and the site that each is of `now`; of one `community`
    alone, unless that is None. A record may stand there several times."""
    live = site_links.alias()
    is_live = [live.c.bureau == site_links.c.bureau, live.c.report == site_links.c.report]
    of_record = and_(site_links.c.bureau == records.c.bureau, site_links.c.report == records.c.id)
    ended = (site_links.c.undone_at, site_links.c.undone_by, live.c.site.label("now"))
    wanted = select(records.c.id, records.c.number, *ended).join(site_links, of_record)
    wanted = wanted.outerjoin(live, and_(*is_live, live.c.undone_at.is_(None)))
    here = [site_links.c.bureau == tx.bureau, site_links.c.site.in_(which)]
    here += [site_links.c.undone_at.is_not(None)]
    here += [or_(live.c.site.is_(None), live.c.site.not_in(which))]
    if community is not None:
        here.append(records.c.community == community)
    ordered = wanted.where(*here).order_by(site_links.c.undone_at.desc(), records.c.seq.desc())
    return tx.run(ordered.limit(MOST_LEFT)).all()


def _root() -> ColumnElement[str]:
    return func.coalesce(sites.c.superseded_by, sites.c.site).label("site")
