"""The lists that phones look things up in, as one grid is sent them; their editions; and the counts
of records by building."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, and_, delete, func, insert, or_, select

from contract.cases import NOT_COUNTED
from contract.reference import BuildingRecordCount, Institution, Notice, Plan, Task
from sync_server.store import places
from sync_server.store.engine import Tx
from sync_server.store.schema import (
    building_record_counts,
    compounds,
    editions,
    institutions,
    notices,
    plans,
    records,
    tasks,
)
from sync_server.store.sendable import as_stored, values

COUNTED_KINDS = ("SITE", "AD")


def institutions_of_bureau(tx: Tx) -> tuple[Institution, ...]:
    """All institutions of the bureau: a signboard does not say in which community its firm is
    registered."""
    wanted = select(*as_stored(institutions)).where(institutions.c.bureau == tx.bureau)
    rows = tx.run(wanted.order_by(institutions.c.name, institutions.c.institution))
    return values(Institution, institutions, rows)


def plans_for(tx: Tx, grid: str | None, community: str | None) -> tuple[Plan, ...]:
    """The plans for this grid, its community or everybody; a post without grid and community gets
    all."""
    wanted = _reaching(tx, plans, grid, community).order_by(plans.c.first, plans.c.plan)
    return values(Plan, plans, tx.run(wanted))


def tasks_for(tx: Tx, grid: str | None, community: str | None) -> tuple[Task, ...]:
    """The tasks, chosen as plans are."""
    wanted = _reaching(tx, tasks, grid, community).order_by(tasks.c.due, tasks.c.task)
    return values(Task, tasks, tx.run(wanted))


def notices_for(tx: Tx, grid: str | None, community: str | None) -> tuple[Notice, ...]:
    """The notices, chosen as plans are, the newest first."""
    newest = (notices.c.issued.desc(), notices.c.notice)
    return values(
        Notice, notices, tx.run(_reaching(tx, notices, grid, community).order_by(*newest))
    )


def record_counts_for(tx: Tx, grid: str | None) -> tuple[BuildingRecordCount, ...]:
    """The counts of the grid's buildings, of all buildings for a post without a grid."""
    table = building_record_counts
    wanted = select(*as_stored(table)).where(table.c.bureau == tx.bureau)
    if grid:
        same = and_(compounds.c.bureau == table.c.bureau, compounds.c.compound == table.c.compound)
        wanted = wanted.join(compounds, same).where(compounds.c.grid == grid)
    rows = tx.run(wanted.order_by(table.c.compound, table.c.building))
    found = values(BuildingRecordCount, table, rows)
    return tuple(one if one.building else one.changed(building=None) for one in found)


def parts(tx: Tx, edition: str) -> Mapping[str, str]:
    """The version of each list in an edition, by the list's name; {} for an unknown edition."""
    here = and_(editions.c.bureau == tx.bureau, editions.c.edition == edition)
    found = tx.run(select(editions.c.parts).where(here)).scalar_one_or_none()
    return dict(found or {})


def keep_edition(tx: Tx, edition: str, made_of: Mapping[str, str], now: datetime) -> None:
    """Adds an edition unless it is known. It is named by its content, so any process may add it."""
    if parts(tx, edition):
        return
    tx.claim(f"edition/{edition}")
    if not parts(tx, edition):
        row = {"bureau": tx.bureau, "edition": edition, "parts": dict(made_of), "made_at": now}
        tx.run(insert(editions).values(row))


def old_editions(tx: Tx, before: datetime) -> list[str]:
    """The editions made before then. A phone that still has one is sent all lists whole once they
    are forgotten."""
    old = and_(editions.c.bureau == tx.bureau, editions.c.made_at < before)
    return [row.edition for row in tx.run(select(editions.c.edition).where(old))]


def forget_editions(tx: Tx, names: Collection[str]) -> None:
    """Deletes these editions."""
    tx.run(delete(editions).where(editions.c.bureau == tx.bureau, editions.c.edition.in_(names)))


def by_place_and_state(tx: Tx) -> list[tuple[str, str, int]]:
    """(place key, state, how many) of the records about a site or an advertisement, without those
    that were withdrawn, not accepted or purged."""
    wanted = (
        select(records.c.place_key, records.c.state, func.count().label("number"))
        .where(records.c.bureau == tx.bureau, records.c.kind.in_(COUNTED_KINDS))
        .where(records.c.withdrawn_at.is_(None), records.c.state.not_in(NOT_COUNTED))
        .group_by(records.c.place_key, records.c.state)
    )
    rows = tx.run(wanted).mappings()
    return [(row["place_key"], row["state"], row["number"]) for row in rows]


def replace_counts(tx: Tx, counted: Mapping[tuple[str, str], tuple[int, int]]) -> None:
    """New numbers for all buildings, in the shape of `counts`; phones are sent them."""
    here = building_record_counts.c.bureau == tx.bureau
    tx.run(delete(building_record_counts).where(here))
    rows = [
        {"bureau": tx.bureau, "compound": compound, "building": building, "count": n, "closed": m}
        for (compound, building), (n, m) in sorted(counted.items())
    ]
    if rows:
        tx.run(insert(building_record_counts), rows)
    places.count_change(tx)


def counts(tx: Tx) -> dict[tuple[str, str], tuple[int, int]]:
    """The numbers as they were counted last: (compound, building) → (all, closed). An empty
    building is the compound itself."""
    rows = tx.run(
        select(building_record_counts).where(building_record_counts.c.bureau == tx.bureau)
    ).mappings()
    return {(row["compound"], row["building"]): (row["count"], row["closed"]) for row in rows}


def _reaching(tx: Tx, table: Table, grid: str | None, community: str | None) -> Select[Any]:
    wanted = select(*as_stored(table)).where(table.c.bureau == tx.bureau)
    for column, own in ((table.c.grid, grid), (table.c.community, community)):
        if own:
            wanted = wanted.where(or_(column.is_(None), column == own))
    return wanted
