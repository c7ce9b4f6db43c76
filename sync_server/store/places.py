"""The bureau's name, communities, grids and compounds, and what of them a phone is sent."""

from typing import Any

from sqlalchemy import and_, delete, insert, select, update

from contract import wire
from contract.reference import Compound, Places
from sync_server.store.engine import THIS_BUREAU, Tx
from sync_server.store.prepared import PreparedStatement
from sync_server.store.schema import bureaus, communities, compounds, counters, grids
from sync_server.store.sendable import as_stored, names, values

CHANGES = "reference"  # the counter of all changes to places and lists
_STAMP = PreparedStatement(
    select(counters.c.value).where(counters.c.bureau == THIS_BUREAU, counters.c.name == CHANGES)
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


def for_phone(tx: Tx, grid: str | None) -> Places:
    """The compounds of a worker's grid (of the whole bureau for a worker without one); the version
    is the digest of what is sent."""
    wanted = select(*as_stored(compounds)).where(compounds.c.bureau == tx.bureau)
    if grid:
        wanted = wanted.where(compounds.c.grid == grid)
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


def buildings(tx: Tx) -> list[tuple[str, str]]:
    """(compound, building) of every building, and (compound, "") of every compound."""
    rows = tx.run(select(*as_stored(compounds)).where(compounds.c.bureau == tx.bureau))
    found = values(Compound, compounds, rows)
    return [(one.id, name) for one in found for name in ("", *(b.name for b in one.buildings))]
