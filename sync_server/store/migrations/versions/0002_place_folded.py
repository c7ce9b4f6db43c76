"""The place of a record as it is searched, for new records and for those that are there."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from contract.search_text import search_text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

AT_ONCE = 1_000  # records folded in one statement
_RECORDS = sa.table(
    "records",
    sa.column("bureau", sa.String),
    sa.column("id", sa.String),
    sa.column("place", sa.String),
    sa.column("place_folded", sa.Text),
)


def upgrade() -> None:
    op.add_column("records", sa.Column("place_folded", sa.Text, nullable=False, server_default=""))
    connection = op.get_bind()
    fold = (
        sa.update(_RECORDS)
        .where(
            _RECORDS.c.bureau == sa.bindparam("of"),
            _RECORDS.c.id == sa.bindparam("which"),
        )
        .values(place_folded=sa.bindparam("folded"))
    )
    for rows in _in_parts(connection):
        changes = [
            {"of": row.bureau, "which": row.id, "folded": search_text(row.place)} for row in rows
        ]
        connection.execute(fold, changes)


def _in_parts(connection: sa.Connection) -> Iterator[Sequence[Any]]:
    """The records with a place, by their key, AT_ONCE at a time."""
    key = sa.tuple_(_RECORDS.c.bureau, _RECORDS.c.id)
    wanted = sa.select(_RECORDS.c.bureau, _RECORDS.c.id, _RECORDS.c.place)
    wanted = wanted.where(_RECORDS.c.place != "").order_by(_RECORDS.c.bureau, _RECORDS.c.id)
    last: tuple[str, str] = ("", "")
    while rows := connection.execute(wanted.where(key > last).limit(AT_ONCE)).all():
        yield rows
        last = rows[-1].bureau, rows[-1].id
