"""What the console lists: pages of records by order of arrival, and how many there are of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, false, func, select, true

from sync_server.store.engine import Tx
from sync_server.store.schema import (
    arrivals,
    communities,
    records,
)

Found = Row[Any]  # one row, its columns by name
COUNT_MOST = 1_000  # a total beyond this is said as "more than"


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records: every field narrows. `words` are all to be found in the place or a number."""

    state: str | None = None
    flag: str | None = None
    kind: str | None = None
    community: str | None = None
    shift: str | None = None
    since: datetime | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first. `newer` and `older` say whether there is more on that side."""

    rows: tuple[Found, ...]
    newer: bool
    older: bool


def page(tx: Tx, sought: RecordFilter, before: int | None, after: int | None, size: int) -> Page:
    """The `size` records just older than seq `before`, or just newer than `after`, or the newest.

    By key and not by offset, so that what arrives meanwhile moves nothing.
    """
    wanted = select(records).where(_matches(tx, sought))
    if after is not None:
        rising = wanted.where(records.c.seq > after).order_by(records.c.seq).limit(size + 1)
        rows = tx.run(rising).all()
        shown = tuple(reversed(rows[:size]))
        return Page(
            shown,
            len(rows) > size,
            bool(shown) and _any_older(tx, sought, shown[-1].seq),
        )
    falling = wanted.order_by(records.c.seq.desc()).limit(size + 1)
    if before is not None:
        falling = falling.where(records.c.seq < before)
    rows = tx.run(falling).all()
    shown = tuple(rows[:size])
    newer = before is not None and _any_newer(tx, sought, before)
    return Page(shown, newer, len(rows) > size)


def total(tx: Tx, sought: RecordFilter) -> int:
    """How many match, counted up to COUNT_MOST + 1."""
    some = select(records.c.seq).where(_matches(tx, sought)).limit(COUNT_MOST + 1).subquery()
    return int(tx.run(select(func.count()).select_from(some)).scalar_one())


def counts(tx: Tx, community: str | None) -> dict[str, int]:
    """Records by state (withdrawn ones apart), and under "disputed", "withdrawn", "all"."""
    here = _ours(tx, community)
    live = records.c.withdrawn_at.is_(None)
    states = select(
        records.c.state,
        func.sum(case((live, 1), else_=0)).label("live"),
        func.sum(case((and_(live, records.c.disputed), 1), else_=0)).label("disputed"),
        func.count().label("known"),
    )
    rows = tx.run(states.where(here).group_by(records.c.state)).all()
    found = {row.state: int(row.live) for row in rows}
    found["disputed"] = sum(int(row.disputed) for row in rows)
    found["all"] = sum(int(row.known) for row in rows)
    found["withdrawn"] = found["all"] - sum(int(row.live) for row in rows)
    return found


def next_older(tx: Tx, sought: RecordFilter, seq: int) -> str | None:
    """The id of the record after this one in the list."""
    falling = select(records.c.id).where(_matches(tx, sought), records.c.seq < seq)
    return tx.run(falling.order_by(records.c.seq.desc()).limit(1)).scalar_one_or_none()


def community_names(tx: Tx) -> Mapping[str, str]:
    wanted = select(communities.c.community, communities.c.name)
    rows = tx.run(wanted.where(communities.c.bureau == tx.bureau).order_by(communities.c.community))
    return {row.community: row.name for row in rows}


def _ours(tx: Tx, community: str | None) -> ColumnElement[bool]:
    here = records.c.bureau == tx.bureau
    return here if community is None else and_(here, records.c.community == community)


def _matches(tx: Tx, sought: RecordFilter) -> ColumnElement[bool]:
    live = records.c.withdrawn_at.is_(None)
    flags = {"withdrawn": ~live, "disputed": and_(records.c.disputed, live)}
    narrowed = [_ours(tx, sought.community)]
    for column in ("state", "kind", "shift"):
        if (code := getattr(sought, column)) is not None:
            narrowed.append(records.c[column] == code)
    if sought.state is not None and sought.flag is None:
        narrowed.append(live)
    if sought.flag is not None:
        narrowed.append(flags.get(sought.flag, false()))
    if sought.since is not None:
        narrowed.append(records.c.seen_at >= sought.since)
    return and_(true(), *narrowed, *(_says(tx, word) for word in sought.words))


def _says(tx: Tx, word: str) -> ColumnElement[bool]:
    """In the place, written with or without spaces, or in the number of any of its receipts."""
    sent = select(arrivals.c.number).where(
        arrivals.c.bureau == tx.bureau,
        arrivals.c.id == records.c.id,
        func.lower(arrivals.c.number).contains(word.lower(), autoescape=True),
    )
    place = func.lower(func.replace(records.c.place, " ", ""))
    return place.contains(word.lower(), autoescape=True) | sent.exists()


def _any_newer(tx: Tx, sought: RecordFilter, before: int) -> bool:
    return _any(tx, select(records.c.seq).where(_matches(tx, sought), records.c.seq >= before))


def _any_older(tx: Tx, sought: RecordFilter, seq: int) -> bool:
    return _any(tx, select(records.c.seq).where(_matches(tx, sought), records.c.seq < seq))


def _any(tx: Tx, wanted: Select[Any]) -> bool:
    return tx.run(wanted.limit(1)).first() is not None
