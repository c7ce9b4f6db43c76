"""The steps of cases as one chain of hashes, those that are there included; and what is counted
before it becomes a row of the audit log."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from alembic import op

from sync_server.store.case_events import GENESIS, CaseStep
from sync_server.store.engine import Tx
from sync_server.store.readable import ReadRow, UnreadableRow, readable_rows
from sync_server.store.schema.columns import Utc

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

AT_ONCE = 1_000  # steps linked in one statement
_STEPS = sa.table(
    "case_events",
    *(sa.column(name, sa.String) for name in ("bureau", "id", "before", "after", "reason")),
    *(sa.column(name, sa.String) for name in ("comment", "staff", "role", "prev", "hash")),
    sa.column("n", sa.Integer),
    sa.column("seq", sa.BigInteger),
    sa.column("at", Utc),
)


def upgrade() -> None:
    seq = sa.Column("seq", sa.BigInteger(), nullable=False, server_default="0")
    prev = sa.Column("prev", sa.String(64), nullable=False, server_default="")
    hash = sa.Column("hash", sa.String(64), nullable=False, server_default="")
    for column in (seq, prev, hash):
        op.add_column("case_events", column)
    _link_all(op.get_bind())
    op.create_index("case_events_by_seq", "case_events", ["bureau", "seq"], unique=True)
    op.create_table(
        "audit_repeats",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "what", "staff", "subject"),
    )


def _link_all(connection: sa.Connection) -> None:
    """Links the steps of each bureau in the order of their records' ids, which begin with a time.
    What cannot be read gets a hash that no content has: checking the chain tells of it."""
    step = _STEPS.c
    here = sa.and_(step.bureau == sa.bindparam("of"), step.id == sa.bindparam("which"))
    link = sa.update(_STEPS).where(here, step.n == sa.bindparam("at_n"))
    link = link.values({name: sa.bindparam(f"new_{name}") for name in ("seq", "prev", "hash")})
    heads: dict[str, tuple[int, str]] = {}
    for rows in _in_parts(connection):
        changes = []
        for row in rows:
            key = row.key if isinstance(row, UnreadableRow) else row
            seq, before = heads.get(key.bureau, (0, GENESIS))
            hash = _hash(row, before, seq + 1)
            heads[key.bureau] = (seq + 1, hash)
            new = {"new_seq": seq + 1, "new_prev": before, "new_hash": hash}
            changes.append({"of": key.bureau, "which": key.id, "at_n": key.n} | new)
        connection.execute(link, changes)


def _hash(row: ReadRow, before: str, seq: int) -> str:
    if isinstance(row, UnreadableRow):
        return GENESIS
    try:
        return CaseStep.of(row).link(before, seq, row.n)
    except (ValueError, TypeError, ArithmeticError):
        return GENESIS


def _in_parts(connection: sa.Connection) -> Iterator[Sequence[ReadRow]]:
    """All steps in the order of their key, AT_ONCE at a time."""
    names = (_STEPS.c.bureau, _STEPS.c.id, _STEPS.c.n)
    wanted = sa.select(_STEPS).order_by(*names).limit(AT_ONCE)
    last: tuple[str, str, int] = ("", "", 0)
    while rows := readable_rows(Tx(connection, ""), wanted.where(sa.tuple_(*names) > last), names):
        yield rows
        end = rows[-1].key if isinstance(rows[-1], UnreadableRow) else rows[-1]
        last = (end.bureau, end.id, end.n)
