"""What people said about sites; rows are only ever added, and taken back."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update

from sync_server.domain.site_rulings import Ruling, Verdict
from sync_server.store.engine import THESE, THIS_BUREAU, DatabaseRow, Tx
from sync_server.store.prepared import PreparedStatement
from sync_server.store.schema import site_rulings, sites

CLAIM = "site_rulings"  # who rules waits for whoever does
_APART = PreparedStatement(
    select(site_rulings.c.report, sites.c.area, sites.c.door).where(
        site_rulings.c.bureau == THIS_BUREAU,
        site_rulings.c.report.in_(THESE),
        site_rulings.c.undone_at.is_(None),
        sites.c.bureau == site_rulings.c.bureau,
        sites.c.site == site_rulings.c.other,
    )
)


def add(tx: Tx, ruling: Mapping[str, Any]) -> int:
    """Adds a ruling under the next number, which is returned; the caller has claimed CLAIM."""
    last = select(func.max(site_rulings.c.n)).where(site_rulings.c.bureau == tx.bureau)
    n = (tx.run(last).scalar_one() or 0) + 1
    tx.run(insert(site_rulings).values(bureau=tx.bureau, n=n, **ruling))
    return n


def one(tx: Tx, n: int) -> DatabaseRow | None:
    """The ruling with this number, or None."""
    return tx.run(select(site_rulings).where(_this(tx, n))).one_or_none()


def take_back(tx: Tx, n: int, by: str, at: datetime) -> None:
    """The ruling binds no longer; it stays in the history."""
    tx.run(update(site_rulings).where(_this(tx, n)).values(undone_at=at, undone_by=by))


def binding(tx: Tx, about: Collection[str]) -> list[Ruling]:
    """The rulings that bind these sites, and all that are bound with them, one after the other."""
    found: dict[int, Ruling] = {}
    reached, asked = set(about), set(about)
    while asked:
        these = or_(site_rulings.c.site.in_(asked), site_rulings.c.other.in_(asked))
        new = [ruling for ruling in _rulings(tx, these) if ruling.n not in found]
        found |= {ruling.n: ruling for ruling in new}
        asked = {end for ruling in new for end in (ruling.site, ruling.other)} - reached
        reached |= asked
    return list(found.values())


def all_binding(tx: Tx) -> list[Ruling]:
    """All rulings of the bureau that were not taken back."""
    return _rulings(tx, site_rulings.c.n > 0)


def about(tx: Tx, these: Collection[str]) -> Sequence[DatabaseRow]:
    """All rulings on these sites, taken back ones included, the newest first."""
    here = or_(site_rulings.c.site.in_(these), site_rulings.c.other.in_(these))
    wanted = select(site_rulings).where(site_rulings.c.bureau == tx.bureau, here)
    return tx.run(wanted.order_by(site_rulings.c.n.desc())).all()


def apart(tx: Tx, reports: Collection[str]) -> dict[str, set[tuple[str, str]]]:
    """The doors, each (area, door), that these reports are not of, whatever their address says."""
    doors = defaultdict[str, set[tuple[str, str]]](set)
    for row in tx.rows_of(_APART, reports):
        doors[row.report].add((row.area, row.door))
    return doors


def supersede(tx: Tx, successors: Mapping[str, str | None]) -> None:
    """Which site stands for each of these; None: none does."""
    for site, other in successors.items():
        here = and_(sites.c.bureau == tx.bureau, sites.c.site == site)
        tx.run(update(sites).where(here).values(superseded_by=other))


def superseded(tx: Tx) -> dict[str, str]:
    """All sites that were merged, each with the one that stands for it."""
    wanted = select(sites.c.site, sites.c.superseded_by)
    here = and_(sites.c.bureau == tx.bureau, sites.c.superseded_by.is_not(None))
    return {row.site: row.superseded_by for row in tx.run(wanted.where(here))}


def _this(tx: Tx, n: int) -> ColumnElement[bool]:
    return and_(site_rulings.c.bureau == tx.bureau, site_rulings.c.n == n)


def _rulings(tx: Tx, which: ColumnElement[bool]) -> list[Ruling]:
    of = site_rulings.c
    wanted = select(of.n, of.verdict, of.site, of.other, of.report)
    rows = tx.run(wanted.where(of.bureau == tx.bureau, of.undone_at.is_(None), which))
    return [Ruling(row.n, Verdict(row.verdict), row.site, row.other, row.report) for row in rows]
