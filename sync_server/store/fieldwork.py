"""What comes up beside reports: patrols, calls for help in them, suggestions with their answers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, select, update

from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import ReadRow, readable_rows
from sync_server.store.schema import alarms, arrivals, compounds, grids, patrols, suggestions


def keep_alarms(tx: Tx, patrol: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """The calls for help of a patrol, each with its `n`; of a known one only what came later: its
    `fix` and `compound`."""
    held = and_(alarms.c.bureau == tx.bureau, alarms.c.patrol == patrol)
    known = set(tx.run(select(alarms.c.n).where(held)).scalars())
    for row in rows:
        if row["n"] not in known:
            tx.run(insert(alarms).values(bureau=tx.bureau, patrol=patrol, **row))
        elif row["fix"]:
            later = {"fix": row["fix"], "compound": row["compound"]}
            tx.run(update(alarms).where(held, alarms.c.n == row["n"]).values(later))


def alarms_of(tx: Tx, community: str | None, most: int) -> Sequence[ReadRow]:
    """Calls for help, those that nobody has seen first, then the newest; `patrol` and `n` of one
    that cannot be read. `community`: only of this one."""
    wanted = select(alarms, compounds.c.name.label("place")).outerjoin(
        compounds,
        and_(compounds.c.bureau == tx.bureau, compounds.c.compound == alarms.c.compound),
    )
    unseen = alarms.c.seen_at.is_not(None), alarms.c.received_at.desc()
    here = wanted.where(_in(tx, community)).order_by(*unseen).limit(most)
    return readable_rows(tx, here, (alarms.c.patrol, alarms.c.n))


def unseen_alarms(tx: Tx, community: str | None) -> int:
    """How many calls for help nobody has seen."""
    wanted = select(func.count()).select_from(alarms)
    return int(tx.run(wanted.where(_in(tx, community), alarms.c.seen_at.is_(None))).scalar_one())


def see_alarm(
    tx: Tx, alarm: tuple[str, int], post: str, now: datetime, community: str | None
) -> bool:
    """This duty post takes a call for help up, (patrol, n); False if there is none that nobody has
    seen."""
    patrol, n = alarm
    this = and_(_in(tx, community), alarms.c.patrol == patrol, alarms.c.n == n)
    open_one = update(alarms).where(this, alarms.c.seen_at.is_(None))
    return bool(tx.run(open_one.values(seen_at=now, seen_by=post)).rowcount)


def suggestions_of(tx: Tx, most: int) -> Sequence[ReadRow]:
    """Those that wait for an answer first, then the newest; `id` of one that cannot be read."""
    here = select(suggestions).where(suggestions.c.bureau == tx.bureau)
    order = suggestions.c.answered_at.is_not(None), suggestions.c.received_at.desc()
    return readable_rows(tx, here.order_by(*order).limit(most), (suggestions.c.id,))


def suggestion(tx: Tx, id: str) -> DatabaseRow | None:
    """The suggestion with this id and the `number` of its receipt, or None."""
    here = and_(suggestions.c.bureau == tx.bureau, suggestions.c.id == id)
    same = and_(arrivals.c.bureau == tx.bureau, arrivals.c.id == suggestions.c.id)
    wanted = select(suggestions, arrivals.c.number).outerjoin(arrivals, same).where(here)
    return tx.run(wanted.limit(1)).one_or_none()


def answer_suggestion(tx: Tx, id: str, answer: str, post: str, now: datetime) -> None:
    here = and_(suggestions.c.bureau == tx.bureau, suggestions.c.id == id)
    said = {"answer": answer, "answered_by": post, "answered_at": now}
    tx.run(update(suggestions).where(here).values(said))


def patrols_before(tx: Tx, before: datetime | None, most: int) -> Sequence[ReadRow]:
    """The patrols that began before then, newest first, without who made them."""
    columns = (patrols.c.id, patrols.c.started_at, patrols.c.body)
    wanted = select(*columns).where(patrols.c.bureau == tx.bureau)
    if before is not None:
        wanted = wanted.where(patrols.c.started_at < before)
    falling = wanted.order_by(patrols.c.started_at.desc(), patrols.c.id).limit(most)
    return readable_rows(tx, falling, (patrols.c.id,))


def grids_by_code(tx: Tx) -> Mapping[str, DatabaseRow]:
    """Name and community of each grid."""
    rows = tx.run(select(grids).where(grids.c.bureau == tx.bureau)).all()
    return {row.grid: row for row in rows}


def _in(tx: Tx, community: str | None) -> ColumnElement[bool]:
    here = alarms.c.bureau == tx.bureau
    return here if community is None else and_(here, alarms.c.community == community)
