"""What the bureau answers workers: numbered for each duty post, and never changed."""

import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, insert, select, update

from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import CANNOT_READ, ReadRow, readable_rows
from sync_server.store.schema import answers, staff

log = logging.getLogger("xuncha")
ABOUT = (answers.c.report, answers.c.at, answers.c.place, answers.c.number)


def add(tx: Tx, author: str, **columns: object) -> int:
    """The next answer for a duty post; returns its number. The post's row stays locked until the
    transaction ends, so the numbers have no gap and appear in order: a phone that has read n has
    read all before n."""
    here = and_(staff.c.bureau == tx.bureau, staff.c.staff == author)
    counted = update(staff).where(here).values(last_answer=staff.c.last_answer + 1)
    seq: int = tx.run(counted.returning(staff.c.last_answer)).scalar_one()
    tx.run(insert(answers).values(bureau=tx.bureau, author=author, seq=seq, **columns))
    return seq


def starting_at(tx: Tx, author: str, seq: int, most: int) -> Sequence[ReadRow]:
    """Answer number `seq` of this duty post and those that follow, at most `most`, in order."""
    here = and_(answers.c.bureau == tx.bureau, answers.c.author == author, answers.c.seq >= seq)
    wanted = select(answers).where(here).order_by(answers.c.seq).limit(most)
    return readable_rows(tx, wanted, (answers.c.seq,))


def last_about(tx: Tx, author: str, report: str) -> DatabaseRow | None:
    """`state` and `object_until` of the last answer about this report; None if there is none."""
    here = and_(answers.c.bureau == tx.bureau, answers.c.author == author)
    wanted = select(answers.c.state, answers.c.object_until).where(here, answers.c.report == report)
    return tx.run(wanted.order_by(answers.c.seq.desc()).limit(1)).one_or_none()


def legible(tx: Tx, author: str, seq: int) -> dict[str, Any]:
    """What can be read of the columns that say what a damaged answer is about."""
    here = and_(answers.c.bureau == tx.bureau, answers.c.author == author, answers.c.seq == seq)
    found: dict[str, Any] = {}
    for column in ABOUT:
        try:
            found[column.name] = tx.run(select(column).where(here)).scalar_one()
        except CANNOT_READ as error:
            log.error("%s of answer %s cannot be read: %s", column.name, seq, type(error).__name__)
    return found
