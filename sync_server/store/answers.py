"""What the bureau answers workers: numbered for each duty post, and never changed."""

from collections.abc import Sequence

from sqlalchemy import and_, insert, select, update

from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.schema import answers, staff


def add(tx: Tx, author: str, **columns: object) -> None:
    """The next answer for a duty post. The post's row stays locked until the transaction ends, so
    the numbers have no gap and appear in order: a phone that has read n has read all before n."""
    here = and_(staff.c.bureau == tx.bureau, staff.c.staff == author)
    counted = update(staff).where(here).values(last_answer=staff.c.last_answer + 1)
    seq = tx.run(counted.returning(staff.c.last_answer)).scalar_one()
    tx.run(insert(answers).values(bureau=tx.bureau, author=author, seq=seq, **columns))


def starting_at(tx: Tx, author: str, seq: int, most: int) -> Sequence[DatabaseRow]:
    """Answer number `seq` of this duty post and those that follow, at most `most`, in order."""
    here = and_(answers.c.bureau == tx.bureau, answers.c.author == author, answers.c.seq >= seq)
    return tx.run(select(answers).where(here).order_by(answers.c.seq).limit(most)).all()
