"""Answers that wait before a phone may hear them: each can be taken back until it is released."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby, takewhile
from typing import Any

from sqlalchemy import and_, delete, insert, select

from sync_server.store import answers
from sync_server.store.engine import THESE, THIS_BUREAU, Tx
from sync_server.store.prepared import PreparedStatement
from sync_server.store.readable import CANNOT_READ, UnreadableRow, readable_rows
from sync_server.store.schema import held_answers

_HELD = PreparedStatement(
    select(held_answers)
    .where(held_answers.c.bureau == THIS_BUREAU, held_answers.c.author.in_(THESE))
    .order_by(held_answers.c.author, held_answers.c.step)
)
_OWN = ("bureau", "author", "step", "release_at")  # columns that an answer has not


def hold(tx: Tx, author: str, step: int, release_at: datetime, **columns: object) -> None:
    """Holds the answer of step number `step` of the bureau until then. The caller has claimed the
    chain of steps."""
    row = {"bureau": tx.bureau, "author": author, "step": step, "release_at": release_at}
    tx.run(insert(held_answers).values(row | columns))


def release_time(tx: Tx, author: str, step: int) -> datetime | None:
    """Until when the answer of this step is held; None if it is not (any more)."""
    found: datetime | None = tx.run(
        select(held_answers.c.release_at).where(_this(tx, author, step))
    ).scalar_one_or_none()
    return found


def take_back(tx: Tx, author: str, step: int) -> bool:
    """Drops the answer of this step; False if it was released meanwhile. The caller has claimed the
    chain of steps, so that no release waits for what waits for it."""
    return bool(tx.run(delete(held_answers).where(_this(tx, author, step))).rowcount)


def release(tx: Tx, authors: Collection[str], now: datetime) -> dict[str, int]:
    """Numbers the answers of these duty posts whose time has come, in the order of their decisions:
    one that still waits holds those after it. Returns the last number of each post that got one.

    Only here an answer gets its number, so the numbers that phones read have no gap, whatever was
    taken back before. One statement if nothing waits, which is usual.
    """
    last: dict[str, int] = {}
    for row in _due(_rows(tx, sorted(authors)), now):
        if take_back(tx, row.author, row.step):  # else another process has just released it
            said = {name: value for name, value in row._asdict().items() if name not in _OWN}
            last[row.author] = answers.add(tx, row.author, **said)
    return last


def _rows(tx: Tx, authors: list[str]) -> Sequence[Any]:
    """All that these posts' answers wait for. One that is damaged stays where it is, and is in the
    log: it holds up no other one."""
    try:
        return tx.rows_of(_HELD, authors)
    except CANNOT_READ:
        here = and_(held_answers.c.bureau == tx.bureau, held_answers.c.author.in_(authors))
        key = (held_answers.c.author, held_answers.c.step)
        rows = readable_rows(tx, select(held_answers).where(here).order_by(*key), key)
        return [row for row in rows if not isinstance(row, UnreadableRow)]


def _due(rows: Iterable[Any], now: datetime) -> Iterator[Any]:
    for _, own in groupby(rows, key=lambda row: row.author):
        yield from takewhile(lambda row: row.release_at <= now, own)


def _this(tx: Tx, author: str, step: int) -> Any:
    here = and_(held_answers.c.bureau == tx.bureau, held_answers.c.author == author)
    return and_(here, held_answers.c.step == step)
