"""What the console's inbox lists: pages of records by order of arrival, and counts by state."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true

from contract.cases import CLOSED, CaseState
from contract.report import Kind
from sync_server.domain.case_events import MOST_RETURNS, RETURN, StepKind
from sync_server.domain.plausible_times import FROM
from sync_server.store.engine import Tx
from sync_server.store.readable import ReadRow, UnreadableRow, readable_rows
from sync_server.store.schema import (
    arrivals,
    case_events,
    communities,
    records,
)

KEY = (records.c.seq, records.c.id, records.c.number)
# What a list shows of a record; its content stays in the database.
LISTED = (
    *(records.c.seq, records.c.id, records.c.number, records.c.kind, records.c.state),
    *(records.c.disputed, records.c.withdrawn_at, records.c.place, records.c.seen_at),
    *(records.c.first_at, records.c.received_at),
    *(records.c.body[name].label(name) for name in ("disguises", "signs", "count_band", "photos")),
    *(records.c.body["fix"].label("fix"), records.c.body["place"]["compound"].label("compound")),
)
LARGEST_NUMBER = 2**62  # a greater one would not fit the column records.seq
# When a record came first, which its order goes by; a later revision has a receipt of its own.
FIRST_CAME = (
    select(arrivals.c.received_at)
    .where(arrivals.c.bureau == records.c.bureau, arrivals.c.number == records.c.number)
    .scalar_subquery()
    .label("first_came")
)
NO_DECISION = (Kind.CLEAR, Kind.OUTREACH)  # shown only to who asks for them
NEWEST = 2_000  # records that are looked through for words at any time
COUNT_MOST = 1_000  # a greater total is shown as "more than 1,000"


@dataclass(frozen=True, slots=True)
class DueBounds:
    """What is due: by a noted deadline before `today` or of it; and without one, of a report that
    nobody has decided anything about, by when it first came (see WorkDay.accept_bounds)."""

    today: date
    late_before: datetime
    due_before: datetime

    def late(self) -> ColumnElement[bool]:
        return _waits(or_(records.c.due_on < self.today, _untouched_since(self.late_before)))

    def due_today(self) -> ColumnElement[bool]:
        fresh = and_(_untouched_since(self.due_before), _first_at() >= self.late_before)
        return _waits(or_(records.c.due_on == self.today, fresh))


def _waits(due: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(due, records.c.withdrawn_at.is_(None), records.c.kind.not_in(NO_DECISION))


def _untouched_since(before: datetime) -> ColumnElement[bool]:
    new = and_(records.c.state == CaseState.REPORTED, records.c.due_on.is_(None))
    return and_(new, _first_at() < before)


def _first_at() -> ColumnElement[datetime]:
    return func.coalesce(records.c.first_at, records.c.received_at)


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records: each field that is set narrows. Each of the `words`, folded by
    contract.search_text, must be found in the place or in a receipt's number. Of no other records
    than those with these `ids`, if there are any."""

    state: str | None = None
    flag: str | None = None
    kind: str | None = None
    community: str | None = None
    shift: str | None = None
    since: datetime | None = None
    words: tuple[str, ...] = ()
    due: DueBounds | None = None  # for the flags "late" and "due_today"
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first, with the columns LISTED and FIRST_CAME; of a row that cannot be read `seq`,
    `id` and `number`. `newer` and `older`: whether there are more records on that side."""

    rows: tuple[ReadRow, ...]
    newer: bool
    older: bool


def page(tx: Tx, filter: RecordFilter, before: int | None, after: int | None, size: int) -> Page:
    """The `size` records just older than seq `before`, or just newer than `after`, or the newest.

    Pages begin at a key and not at an offset, so that new arrivals do not move records from one
    page to the next.
    """
    wanted, seq = select(*LISTED, FIRST_CAME).where(_matches(tx, filter)), _seq(filter)
    if after is not None:
        rising = wanted.where(seq > after).order_by(seq).limit(size + 1)
        rows = readable_rows(tx, rising, KEY)
        shown = tuple(reversed(rows[:size]))
        return Page(
            shown,
            len(rows) > size,
            bool(shown) and _any_older(tx, filter, seq_of(shown[-1])),
        )
    falling = wanted.order_by(seq.desc()).limit(size + 1)
    if before is not None:
        falling = falling.where(seq < before)
    rows = readable_rows(tx, falling, KEY)
    shown = tuple(rows[:size])
    newer = before is not None and _any_newer(tx, filter, before)
    return Page(shown, newer, len(rows) > size)


def seq_of(row: ReadRow) -> int:
    """The order number of a listed row. SQLite may hold a text there, which it sorts above all
    numbers."""
    seq = row.key.seq if isinstance(row, UnreadableRow) else row.seq
    return seq if isinstance(seq, int) else LARGEST_NUMBER


def total(tx: Tx, filter: RecordFilter) -> int:
    """How many records match; counting stops at COUNT_MOST + 1."""
    some = select(records.c.seq).where(_matches(tx, filter)).limit(COUNT_MOST + 1).subquery()
    return int(tx.run(select(func.count()).select_from(some)).scalar_one())


def counts(tx: Tx, community: str | None, due: DueBounds) -> dict[str, int]:
    """Records by state (withdrawn ones apart), and under "disputed", "withdrawn", "all", "late",
    "due_today", "joint"."""
    here = _in_community(tx, community)
    live = records.c.withdrawn_at.is_(None)
    states = select(
        records.c.state,
        func.sum(case((live, 1), else_=0)).label("live"),
        func.sum(case((and_(live, records.c.disputed), 1), else_=0)).label("disputed"),
        func.sum(case((due.late(), 1), else_=0)).label("late"),
        func.sum(case((due.due_today(), 1), else_=0)).label("due_today"),
        func.count().label("total"),
    )
    here = and_(here, records.c.kind.not_in(NO_DECISION))
    rows = tx.run(states.where(here).group_by(records.c.state)).all()
    found = {row.state: int(row.live) for row in rows}
    for flag in ("disputed", "late", "due_today"):
        found[flag] = sum(int(row._mapping[flag]) for row in rows)
    joint = select(func.count()).select_from(records).where(here, _joint(tx))
    found["joint"] = int(tx.run(joint).scalar_one())
    found["all"] = sum(int(row.total) for row in rows)
    found["withdrawn"] = found["all"] - sum(int(row.live) for row in rows)
    return found


def next_older(tx: Tx, filter: RecordFilter, seq: int) -> str | None:
    """The id of the record that follows record number `seq` in the list; None after the last."""
    order = _seq(filter)
    falling = select(records.c.id).where(_matches(tx, filter), order < seq)
    return tx.run(falling.order_by(order.desc()).limit(1)).scalar_one_or_none()


def newest_with(tx: Tx, words: Collection[str]) -> Sequence[str]:
    """The ids of those of the newest NEWEST records of which each word, folded, is in the place or
    in a receipt's number."""
    last = tx.run(select(func.max(records.c.seq)).where(records.c.bureau == tx.bureau)).scalar()
    newest = select(records.c.id).where(records.c.bureau == tx.bureau)
    # A number: of one that it does not know PostgreSQL reckons that a third of all is newer.
    newest = newest.where(records.c.seq > (last or 0) - NEWEST)
    return tx.run(newest.where(*(_contains(tx, word) for word in words))).scalars().all()


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
    flags = {"withdrawn": ~live, "disputed": and_(records.c.disputed, live), "joint": _joint(tx)}
    if filter.due:
        flags |= {"late": filter.due.late(), "due_today": filter.due.due_today()}
    conditions = [_in_community(tx, filter.community)]
    for column in ("state", "kind", "shift"):
        if (code := getattr(filter, column)) is not None:
            conditions.append(records.c[column] == code)
    if filter.kind is None and not filter.words and not filter.ids:
        conditions.append(records.c.kind.not_in(NO_DECISION))
    if filter.state is not None and filter.flag is None:
        conditions.append(live)
    if filter.flag is not None:
        conditions.append(flags.get(filter.flag, false()))
    if filter.since is not None:
        conditions.append(_seen_since(filter.since))
    return and_(true(), *conditions, *_asked(tx, filter))


def _asked(tx: Tx, filter: RecordFilter) -> list[ColumnElement[bool]]:
    named = [records.c.id.in_(filter.ids)] if filter.ids else []
    return named + [_contains(tx, word) for word in filter.words]


def _seq(filter: RecordFilter) -> ColumnElement[int]:
    """The order of the list. Where the ids are given it must not look like the index by it, or
    SQLite walks through all records for them."""
    return records.c.seq + 0 if filter.ids else records.c.seq


def _joint(tx: Tx) -> ColumnElement[bool]:
    """Other departments have sent it back MOST_RETURNS times, and it is not closed: they sit
    together about it (联席会议)."""
    back, undone = RETURN, RETURN[::-1]
    ways = {back: 1, undone: -1}
    counted = [
        case((and_(*_way(way), case_events.c.kind == kind), n), else_=0)
        for (way, n), kind in zip(ways.items(), (StepKind.MOVE, StepKind.UNDO), strict=True)
    ]
    ids = (
        select(case_events.c.id)
        .where(case_events.c.bureau == tx.bureau, or_(*(and_(*_way(way)) for way in ways)))
        .group_by(case_events.c.id)
        .having(func.sum(counted[0] + counted[1]) >= MOST_RETURNS)
    )
    return and_(records.c.id.in_(ids), records.c.state.not_in(CLOSED))


def _way(way: tuple[str, str]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return case_events.c.before == way[0], case_events.c.after == way[1]


def _seen_since(since: datetime) -> ColumnElement[bool]:
    """Of a phone whose clock was reset, when the bureau received it counts."""
    was_reset = and_(records.c.seen_at < FROM, records.c.received_at >= since)
    return or_(records.c.seen_at >= since, was_reset)


def _contains(tx: Tx, word: str) -> ColumnElement[bool]:
    """The word, folded as by contract.search_text, is in the place or, if it has a figure, in the
    number of any receipt."""
    in_place = records.c.place_folded.contains(word, autoescape=True)
    if not any(map(str.isdigit, word)):
        return in_place
    sent = select(arrivals.c.number).where(
        arrivals.c.bureau == tx.bureau,
        arrivals.c.id == records.c.id,
        func.lower(arrivals.c.number).contains(word, autoescape=True),
    )
    return in_place | sent.exists()


def _any_newer(tx: Tx, filter: RecordFilter, before: int) -> bool:
    return _any(tx, select(records.c.seq).where(_matches(tx, filter), _seq(filter) >= before))


def _any_older(tx: Tx, filter: RecordFilter, seq: int) -> bool:
    return _any(tx, select(records.c.seq).where(_matches(tx, filter), _seq(filter) < seq))


def _any(tx: Tx, wanted: Select[Any]) -> bool:
    return tx.run(wanted.limit(1)).first() is not None
