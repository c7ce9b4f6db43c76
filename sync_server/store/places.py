"""The bureau's name, communities, grids and compounds, and what of them a phone is sent."""

import logging
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select, update

from contract import wire
from contract.reference import Compound, Places
from contract.value import strip_unencodable
from sync_server.store.engine import THESE, THIS_BUREAU, Tx
from sync_server.store.prepared import PreparedStatement
from sync_server.store.readable import CANNOT_READ
from sync_server.store.schema import bureaus, communities, compounds, counters, grids
from sync_server.store.sendable import as_stored, names, values

log = logging.getLogger("xuncha")
CHANGES = "reference"  # the counter of all changes to places and lists
_STAMP = PreparedStatement(
    select(counters.c.value).where(counters.c.bureau == THIS_BUREAU, counters.c.name == CHANGES)
)
_NAMED = PreparedStatement(
    select(compounds.c.compound, compounds.c.name).where(
        compounds.c.bureau == THIS_BUREAU, compounds.c.compound.in_(THESE)
    )
)


def stamp(tx: Tx) -> int:
    """The number of changes to places and lists so far: as long as it stays the same, so do
    they."""
    found = tx.rows(_STAMP)
    return int(found[0].value) if found else 0


def count_change(tx: Tx) -> None:
    """Called after each change to places or lists, so that processes read again what they hold."""
    tx.claim(f"counter/{CHANGES}")
    here = and_(counters.c.bureau == tx.bureau, counters.c.name == CHANGES)
    if not tx.run(update(counters).where(here).values(value=counters.c.value + 1)).rowcount:
        tx.run(insert(counters).values(bureau=tx.bureau, name=CHANGES, value=1))


def known(tx: Tx) -> bool:
    """Whether this bureau has been set up."""
    here = select(bureaus.c.bureau).where(bureaus.c.bureau == tx.bureau)
    return tx.run(here).first() is not None


def name_bureau(tx: Tx, name: str) -> None:
    """The bureau's name for people."""
    tx.run(delete(bureaus).where(bureaus.c.bureau == tx.bureau))
    tx.run(insert(bureaus).values(bureau=tx.bureau, name=name))


def bureau_name(tx: Tx) -> str:
    """The bureau's name for people, or its code."""
    here = select(bureaus.c.name).where(bureaus.c.bureau == tx.bureau)
    return str(tx.run(here).scalar_one_or_none() or tx.bureau)


def grid_name(tx: Tx, grid: str | None) -> str:
    """The grid's name for people; empty for none."""
    here = and_(grids.c.bureau == tx.bureau, grids.c.grid == grid)
    return str(tx.run(select(grids.c.name).where(here)).scalar_one_or_none() or "")


def for_phone(tx: Tx, grid: str | None, also: Collection[str] = ()) -> Places:
    """The compounds of a worker's grid (of the whole bureau for a worker without one), and `also`
    those of these codes; the version is the digest of what is sent."""
    wanted = select(*as_stored(compounds)).where(compounds.c.bureau == tx.bureau)
    if grid:
        wanted = wanted.where(or_(compounds.c.grid == grid, compounds.c.compound.in_(also)))
    found = values(Compound, compounds, tx.run(wanted.order_by(compounds.c.compound)))
    named = {one.community for one in found}
    here = and_(communities.c.bureau == tx.bureau, communities.c.community.in_(named))
    rows = tx.run(select(*as_stored(communities)).where(here))
    places = Places(version="", community_names=names(communities, rows), compounds=found)
    return places.changed(version=wire.digest(wire.to_json(places))[:16])


def compound(tx: Tx, code: str) -> Any:
    """One compound's row, or None."""
    here = and_(compounds.c.bureau == tx.bureau, compounds.c.compound == code)
    return tx.run(select(compounds).where(here)).one_or_none()


def compound_names(tx: Tx, codes: Iterable[str]) -> dict[str, str]:
    """The bureau's own names of those of these compounds that it has, by code; of a damaged list
    none, for a report is received whatever the state of the lists."""
    try:
        rows = tx.rows_of(_NAMED, sorted(set(codes)))
    except CANNOT_READ as error:
        log.error("names of compounds cannot be read: %s", type(error).__name__)
        return {}
    named = ((row.compound, strip_unencodable(row.name)) for row in rows)
    return {code: name for code, name in named if isinstance(name, str)}


def points(tx: Tx, codes: Collection[str]) -> dict[str, tuple[float | None, float | None]]:
    """Latitude and longitude of these compounds, degrees WGS-84, None where it is not known."""
    here = and_(compounds.c.bureau == tx.bureau, compounds.c.compound.in_(codes))
    wanted = select(compounds.c.compound, compounds.c.lat, compounds.c.lon).where(here)
    return {row.compound: (row.lat, row.lon) for row in tx.run(wanted)} if codes else {}


def buildings(tx: Tx) -> list[tuple[str, str]]:
    """(compound, building) of every building, and (compound, "") of every compound."""
    rows = tx.run(select(*as_stored(compounds)).where(compounds.c.bureau == tx.bureau))
    found = values(Compound, compounds, rows)
    return [(one.id, name) for one in found for name in ("", *(b.name for b in one.buildings))]
