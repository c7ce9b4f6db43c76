"""What the console's inbox lists: pages of records by order of arrival, and counts by state."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true

from sync_server.domain.plausible_times import FROM
from sync_server.store.engine import Tx
from sync_server.store.readable import ReadRow, UnreadableRow, readable_rows
from sync_server.store.schema import (
    arrivals,
    communities,
    records,
)

KEY = (records.c.seq, records.c.id, records.c.number)
COUNT_MOST = 1_000  # a greater total is shown as "more than 1,000"


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records: each field that is set narrows. Each of the `words`, folded by
    contract.search_text, must be found in the place or in a receipt's number."""

    state: str | None = None
    flag: str | None = None
    kind: str | None = None
    community: str | None = None
    shift: str | None = None
    since: datetime | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first; of a row that cannot be read `seq`, `id` and `number`. `newer` and `older`:
    whether there are more records on that side."""

    rows: tuple[ReadRow, ...]
    newer: bool
    older: bool


def page(tx: Tx, filter: RecordFilter, before: int | None, after: int | None, size: int) -> Page:
    """The `size` records just older than seq `before`, or just newer than `after`, or the newest.

    Pages begin at a key and not at an offset, so that new arrivals do not move records from one
    page to the next.
    """
    wanted = select(records).where(_matches(tx, filter))
    if after is not None:
        rising = wanted.where(records.c.seq > after).order_by(records.c.seq).limit(size + 1)
        rows = readable_rows(tx, rising, KEY)
        shown = tuple(reversed(rows[:size]))
        return Page(
            shown,
            len(rows) > size,
            bool(shown) and _any_older(tx, filter, seq_of(shown[-1])),
        )
    falling = wanted.order_by(records.c.seq.desc()).limit(size + 1)
    if before is not None:
        falling = falling.where(records.c.seq < before)
    rows = readable_rows(tx, falling, KEY)
    shown = tuple(rows[:size])
    newer = before is not None and _any_newer(tx, filter, before)
    return Page(shown, newer, len(rows) > size)


def seq_of(row: ReadRow) -> int:
    """The order number of a listed row."""
    return int(row.key.seq if isinstance(row, UnreadableRow) else row.seq)


def total(tx: Tx, filter: RecordFilter) -> int:
    """How many records match; counting stops at COUNT_MOST + 1."""
    some = select(records.c.seq).where(_matches(tx, filter)).limit(COUNT_MOST + 1).subquery()
    return int(tx.run(select(func.count()).select_from(some)).scalar_one())


def counts(tx: Tx, community: str | None) -> dict[str, int]:
    """Records by state (withdrawn ones apart), and under "disputed", "withdrawn", "all"."""
    here = _in_community(tx, community)
    live = records.c.withdrawn_at.is_(None)
    states = select(
        records.c.state,
        func.sum(case((live, 1), else_=0)).label("live"),
        func.sum(case((and_(live, records.c.disputed), 1), else_=0)).label("disputed"),
        func.count().label("total"),
    )
    rows = tx.run(states.where(here).group_by(records.c.state)).all()
    found = {row.state: int(row.live) for row in rows}
    found["disputed"] = sum(int(row.disputed) for row in rows)
    found["all"] = sum(int(row.total) for row in rows)
    found["withdrawn"] = found["all"] - sum(int(row.live) for row in rows)
    return found


def next_older(tx: Tx, filter: RecordFilter, seq: int) -> str | None:
    """The id of the record that follows record number `seq` in the list; None after the last."""
    falling = select(records.c.id).where(_matches(tx, filter), records.c.seq < seq)
    return tx.run(falling.order_by(records.c.seq.desc()).limit(1)).scalar_one_or_none()


def community_names(tx: Tx) -> Mapping[str, str]:
    """Names of all communities by code."""
    wanted = select(communities.c.community, communities.c.name)
    rows = tx.run(wanted.where(communities.c.bureau == tx.bureau).order_by(communities.c.community))
    return {row.community: row.name for row in rows}


def _in_community(tx: Tx, community: str | None) -> ColumnElement[bool]:
    here = records.c.bureau == tx.bureau
    return here if community is None else and_(here, records.c.community == community)


def _matches(tx: Tx, filter: RecordFilter) -> ColumnElement[bool]:
    live = records.c.withdrawn_at.is_(None)
    flags = {"withdrawn": ~live, "disputed": and_(records.c.disputed, live)}
    conditions = [_in_community(tx, filter.community)]
    for column in ("state", "kind", "shift"):
        if (code := getattr(filter, column)) is not None:
            conditions.append(records.c[column] == code)
    if filter.state is not None and filter.flag is None:
        conditions.append(live)
    if filter.flag is not None:
        conditions.append(flags.get(filter.flag, false()))
    if filter.since is not None:
        conditions.append(_seen_since(filter.since))
    return and_(true(), *conditions, *(_contains(tx, word) for word in filter.words))


def _seen_since(since: datetime) -> ColumnElement[bool]:
    """Of a phone whose clock was reset, when the bureau received it counts."""
    was_reset = and_(records.c.seen_at < FROM, records.c.received_at >= since)
    return or_(records.c.seen_at >= since, was_reset)


def _contains(tx: Tx, word: str) -> ColumnElement[bool]:
    """The word, folded as by contract.search_text, is in the place or in the number of any
    receipt."""
    sent = select(arrivals.c.number).where(
        arrivals.c.bureau == tx.bureau,
        arrivals.c.id == records.c.id,
        func.lower(arrivals.c.number).contains(word, autoescape=True),
    )
    return records.c.place_folded.contains(word, autoescape=True) | sent.exists()


def _any_newer(tx: Tx, filter: RecordFilter, before: int) -> bool:
    return _any(tx, select(records.c.seq).where(_matches(tx, filter), records.c.seq >= before))


def _any_older(tx: Tx, filter: RecordFilter, seq: int) -> bool:
    return _any(tx, select(records.c.seq).where(_matches(tx, filter), records.c.seq < seq))


def _any(tx: Tx, wanted: Select[Any]) -> bool:
    return tx.run(wanted.limit(1)).first() is not None
