"""The lists that phones look things up in, as one grid is sent them; their editions; and the counts
of records by building."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, and_, delete, func, insert, or_, select

from contract.cases import NOT_COUNTED
from contract.reference import BuildingRecordCount, Institution, Notice, Plan, Task
from contract.value import Value
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

COUNTED_KINDS = ("SITE", "AD")
Lists = dict[str, tuple[Value, ...]]


def institutions_of_bureau(tx: Tx) -> tuple[Institution, ...]:
    """All institutions of the bureau: a signboard does not say in which community its firm is
    registered."""
    wanted = select(institutions).where(institutions.c.bureau == tx.bureau)
    rows = tx.run(wanted.order_by(institutions.c.name, institutions.c.institution))
    return tuple(Institution(id=row.institution, **_fields(row, Institution)) for row in rows)


def for_post(tx: Tx, grid: str | None, community: str | None) -> Lists:
    """The plans, tasks and notices for this grid, its community or everybody, and the counts of the
    grid's buildings; a post without grid and community gets all. Keyed as contract Reference is."""
    by_day = _reaching(tx, plans, grid, community).order_by(plans.c.first, plans.c.plan)
    by_due = _reaching(tx, tasks, grid, community).order_by(tasks.c.due, tasks.c.task)
    newest = (notices.c.issued.desc(), notices.c.notice)
    by_issue = _reaching(tx, notices, grid, community).order_by(*newest)
    return {
        "plans": tuple(Plan(id=row.plan, **_fields(row, Plan)) for row in tx.run(by_day)),
        "tasks": tuple(Task(id=row.task, **_fields(row, Task)) for row in tx.run(by_due)),
        "notices": tuple(Notice(id=row.notice, **_fields(row, Notice)) for row in tx.run(by_issue)),
        "leads": _record_counts(tx, grid),
    }


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
    wanted = select(table).where(table.c.bureau == tx.bureau)
    for column, own in ((table.c.grid, grid), (table.c.community, community)):
        if own:
            wanted = wanted.where(or_(column.is_(None), column == own))
    return wanted


def _record_counts(tx: Tx, grid: str | None) -> tuple[BuildingRecordCount, ...]:
    wanted = select(building_record_counts).where(building_record_counts.c.bureau == tx.bureau)
    if grid:
        same = and_(
            compounds.c.bureau == building_record_counts.c.bureau,
            compounds.c.compound == building_record_counts.c.compound,
        )
        wanted = wanted.join(compounds, same).where(compounds.c.grid == grid)
    rows = tx.run(
        wanted.order_by(building_record_counts.c.compound, building_record_counts.c.building)
    )
    values = (_fields(row, BuildingRecordCount) for row in rows)
    return tuple(
        BuildingRecordCount.model_validate(one | {"building": one["building"] or None})
        for one in values
    )


def _fields(row: Any, model: type[Value]) -> dict[str, Any]:
    """The columns of a row that this value has fields for."""
    return {name: value for name, value in row._mapping.items() if name in model.model_fields}
