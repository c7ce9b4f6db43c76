"""The lists that phones look things up in, as one grid is sent them, and the editions of them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, and_, delete, func, insert, or_, select

from contract.reference import BuildingRecordCount, Institution, Notice, Plan, Task
from contract.value import Value
from sync_server.store.engine import Tx
from sync_server.store.schema import (
    building_leads,
    compounds,
    editions,
    institutions,
    notices,
    plans,
    records,
    tasks,
)

LEADS = ("SITE", "AD")
NO_LEAD = ("29", "99")  # not taken on, purged
Lists = dict[str, tuple[Value, ...]]


def institutions_here(tx: Tx) -> tuple[Institution, ...]:
    """All of the bureau: a signboard does not say in which community its firm is registered."""
    wanted = select(institutions).where(institutions.c.bureau == tx.bureau)
    rows = tx.run(wanted.order_by(institutions.c.name, institutions.c.institution))
    return tuple(Institution(id=row.institution, **_said(row, Institution)) for row in rows)


def for_duty(tx: Tx, grid: str | None, community: str | None) -> Lists:
    """What is for this grid, its community, or everybody; all of it for a post with neither."""
    by_day = _reaching(tx, plans, grid, community).order_by(plans.c.first, plans.c.plan)
    by_due = _reaching(tx, tasks, grid, community).order_by(tasks.c.due, tasks.c.task)
    newest = (notices.c.issued.desc(), notices.c.notice)
    by_issue = _reaching(tx, notices, grid, community).order_by(*newest)
    return {
        "plans": tuple(Plan(id=row.plan, **_said(row, Plan)) for row in tx.run(by_day)),
        "tasks": tuple(Task(id=row.task, **_said(row, Task)) for row in tx.run(by_due)),
        "notices": tuple(Notice(id=row.notice, **_said(row, Notice)) for row in tx.run(by_issue)),
        "leads": _leads(tx, grid),
    }


def parts(tx: Tx, edition: str) -> Mapping[str, str]:
    """The version of each list in an edition; empty for one that is not known here."""
    here = and_(editions.c.bureau == tx.bureau, editions.c.edition == edition)
    found = tx.run(select(editions.c.parts).where(here)).scalar_one_or_none()
    return dict(found or {})


def keep_edition(tx: Tx, edition: str, made_of: Mapping[str, str], now: datetime) -> None:
    """An edition is its content: it is made once, by whichever process is first."""
    if parts(tx, edition):
        return
    tx.claim(f"edition/{edition}")
    if not parts(tx, edition):
        row = {"bureau": tx.bureau, "edition": edition, "parts": dict(made_of), "made_at": now}
        tx.run(insert(editions).values(row))


def old_editions(tx: Tx, before: datetime) -> list[str]:
    """A phone that has not called since then gets all lists whole."""
    old = and_(editions.c.bureau == tx.bureau, editions.c.made_at < before)
    return [row.edition for row in tx.run(select(editions.c.edition).where(old))]


def forget_editions(tx: Tx, names: Collection[str]) -> None:
    """Drops these."""
    tx.run(delete(editions).where(editions.c.bureau == tx.bureau, editions.c.edition.in_(names)))


def standing(tx: Tx) -> list[tuple[str, str, int]]:
    """Place key, state and number of all leads that were not taken back, refused or purged."""
    wanted = (
        select(records.c.place_key, records.c.state, func.count().label("number"))
        .where(records.c.bureau == tx.bureau, records.c.kind.in_(LEADS))
        .where(records.c.withdrawn_at.is_(None), records.c.state.not_in(NO_LEAD))
        .group_by(records.c.place_key, records.c.state)
    )
    rows = tx.run(wanted).mappings()
    return [(row["place_key"], row["state"], row["number"]) for row in rows]


def counts(tx: Tx) -> dict[tuple[str, str], tuple[int, int]]:
    """The numbers as they were counted last."""
    rows = tx.run(select(building_leads).where(building_leads.c.bureau == tx.bureau)).mappings()
    return {(row["compound"], row["building"]): (row["count"], row["closed"]) for row in rows}


def _reaching(tx: Tx, table: Table, grid: str | None, community: str | None) -> Select[Any]:
    wanted = select(table).where(table.c.bureau == tx.bureau)
    for column, own in ((table.c.grid, grid), (table.c.community, community)):
        if own:
            wanted = wanted.where(or_(column.is_(None), column == own))
    return wanted


def _leads(tx: Tx, grid: str | None) -> tuple[BuildingRecordCount, ...]:
    wanted = select(building_leads).where(building_leads.c.bureau == tx.bureau)
    if grid:
        same = and_(
            compounds.c.bureau == building_leads.c.bureau,
            compounds.c.compound == building_leads.c.compound,
        )
        wanted = wanted.join(compounds, same).where(compounds.c.grid == grid)
    rows = tx.run(wanted.order_by(building_leads.c.compound, building_leads.c.building))
    said = (_said(row, BuildingRecordCount) for row in rows)
    return tuple(
        BuildingRecordCount.model_validate(one | {"building": one["building"] or None})
        for one in said
    )


def _said(row: Any, model: type[Value]) -> dict[str, Any]:
    """The columns of a row that this value has fields for."""
    return {name: value for name, value in row._mapping.items() if name in model.model_fields}
