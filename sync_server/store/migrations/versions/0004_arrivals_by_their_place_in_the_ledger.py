"""Arrivals are kept by device and position, and a duty post knows its last answer's number.

A key that begins with a digest is written at random places: with a million rows each arrival then
dirties a page of its own. The new ones grow at their end.
"""

import sqlalchemy as sa
from alembic import op

from sync_server.store.schema.columns import Utc

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS = (
    "bureau, device, position, digest, kind, id, revision, number, hash, outcome, raw, received_at,"
    " skew_s"
)


def upgrade() -> None:
    op.drop_index("arrivals_by_id", "arrivals")
    op.rename_table("arrivals", "arrivals_before")
    _arrivals()
    op.execute(f"INSERT INTO arrivals ({COLUMNS}) SELECT {COLUMNS} FROM arrivals_before")  # noqa: S608  # fixed words
    op.drop_table("arrivals_before")
    op.create_index("arrivals_once", "arrivals", ["bureau", "id", "digest", "device"], unique=True)
    op.add_column(
        "staff", sa.Column("last_answer", sa.Integer(), nullable=False, server_default="0")
    )
    op.execute(
        "UPDATE staff SET last_answer = (SELECT coalesce(max(seq), 0) FROM answers"
        " WHERE answers.bureau = staff.bureau AND answers.author = staff.staff)"
    )


def _arrivals() -> None:
    op.create_table(
        "arrivals",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("skew_s", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "device", "position", name="arrivals_key"),
        sa.UniqueConstraint("bureau", "number", name="arrivals_numbered_once"),
    )
