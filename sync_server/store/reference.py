"""The lists that phones look things up in, as one grid is sent them; and their editions."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Table, and_, delete, insert, or_, select

from contract.reference import Institution, Notice, Plan, Task
from sync_server.store.engine import Tx
from sync_server.store.schema import (
    editions,
    grid_tasks,
    grids,
    institutions,
    notices,
    plans,
    tasks,
)
from sync_server.store.sendable import as_stored, values
from sync_server.store.tasks import unanswered


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
    """The tasks, of the imported list and made in the console, chosen as plans are; without those
    that this grid has answered."""
    imported = _reaching(tx, tasks, grid, community)
    sources = ((tasks, imported), (grid_tasks, _made_for(tx, grid, community)))
    found = [
        one
        for table, wanted in sources
        for one in values(Task, table, tx.run(unanswered(tx, wanted, table.c.task, grid)))
    ]
    return tuple(sorted(found, key=lambda one: (one.due or date.max, one.id)))


def notices_for(tx: Tx, grid: str | None, community: str | None) -> tuple[Notice, ...]:
    """The notices, chosen as plans are, the newest first."""
    newest = (notices.c.issued.desc(), notices.c.notice)
    return values(
        Notice, notices, tx.run(_reaching(tx, notices, grid, community).order_by(*newest))
    )


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


def _made_for(tx: Tx, grid: str | None, community: str | None) -> Select[Any]:
    """Tasks made in the console are for one grid each; a post without a grid gets those of its
    community's grids."""
    wanted = select(*as_stored(grid_tasks)).where(grid_tasks.c.bureau == tx.bureau)
    wanted = wanted.where(grid_tasks.c.withdrawn_at.is_(None))
    if grid:
        return wanted.where(grid_tasks.c.grid == grid)
    own = select(grids.c.grid).where(grids.c.bureau == tx.bureau, grids.c.community == community)
    return wanted.where(grid_tasks.c.grid.in_(own)) if community else wanted


def _reaching(tx: Tx, table: Table, grid: str | None, community: str | None) -> Select[Any]:
    wanted = select(*as_stored(table)).where(table.c.bureau == tx.bureau)
    for column, own in ((table.c.grid, grid), (table.c.community, community)):
        if own:
            wanted = wanted.where(or_(column.is_(None), column == own))
    return wanted
