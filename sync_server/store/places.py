"""Communities, grids and compounds, and what of them a phone is sent."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Table, and_, delete, insert, select, update

from contract import wire
from contract.reference import Compound, Places
from sync_server.store.engine import HERE, Tx
from sync_server.store.prepared import Prepared
from sync_server.store.schema import bureaus, communities, compounds, counters, grids

GROUND = "ground"  # the counter of its changes
_STAMP = Prepared(
    select(counters.c.value).where(counters.c.bureau == HERE, counters.c.name == GROUND)
)


def fill(tx: Tx, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Replaces all rows of one of this room's tables."""
    tx.run(delete(table).where(table.c.bureau == tx.bureau))
    if complete := [{"bureau": tx.bureau, **row} for row in rows]:
        tx.run(insert(table), complete)
    _stamped(tx)


def rows(tx: Tx, table: Table) -> list[dict[str, Any]]:
    """All rows of one of this room's tables, without the bureau."""
    here = tx.run(select(table).where(table.c.bureau == tx.bureau)).mappings()
    return [{name: row[name] for name in row if name != "bureau"} for row in here]


def stamp(tx: Tx) -> int:
    """Grows with every change of the ground."""
    found = tx.here(_STAMP)
    return int(found[0].value) if found else 0


def _stamped(tx: Tx) -> None:
    tx.claim(f"counter/{GROUND}")
    here = and_(counters.c.bureau == tx.bureau, counters.c.name == GROUND)
    if not tx.run(update(counters).where(here).values(value=counters.c.value + 1)).rowcount:
        tx.run(insert(counters).values(bureau=tx.bureau, name=GROUND, value=1))


def known(tx: Tx) -> bool:
    """Whether this bureau has been set up."""
    here = select(bureaus.c.bureau).where(bureaus.c.bureau == tx.bureau)
    return tx.run(here).first() is not None


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
    wanted = select(compounds).where(compounds.c.bureau == tx.bureau)
    if grid:
        wanted = wanted.where(compounds.c.grid == grid)
    rows = tx.run(wanted.order_by(compounds.c.compound)).all()
    named = {row.community for row in rows}
    names = select(communities).where(
        communities.c.bureau == tx.bureau, communities.c.community.in_(named)
    )
    places = Places(
        version="",
        community_names={row.community: row.name for row in tx.run(names)},
        compounds=tuple(_compound(row) for row in rows),
    )
    return places.changed(version=wire.digest(wire.to_json(places))[:16])


def _compound(row: Any) -> Compound:
    return Compound(
        id=row.compound,
        name=row.name,
        initials=row.initials,
        aliases=tuple(row.aliases),
        community=row.community,
        grid=row.grid,
        lat=row.lat,
        lon=row.lon,
        venue=row.venue,
        buildings=row.buildings,
    )


def compound(tx: Tx, code: str) -> Any:
    """One compound's row, or None."""
    here = and_(compounds.c.bureau == tx.bureau, compounds.c.compound == code)
    return tx.run(select(compounds).where(here)).one_or_none()


def buildings(tx: Tx) -> list[tuple[str, str]]:
    """Every compound with each of its buildings, and once with none."""
    rows = tx.run(select(compounds).where(compounds.c.bureau == tx.bureau)).all()
    names = {row.compound: ["", *(one["name"] for one in row.buildings)] for row in rows}
    return [(compound, name) for compound, known in names.items() for name in known]
