"""The closed loop: what happens within a state, answers that wait, deadlines, holidays."""

import sqlalchemy as sa
from alembic import op

from sync_server.store.schema.columns import Utc

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "case_events", sa.Column("kind", sa.String(20), nullable=False, server_default="move")
    )
    op.add_column("case_events", sa.Column("said", sa.JSON))
    op.create_index("case_events_by_move", "case_events", ["bureau", "before", "after"])
    op.add_column("records", sa.Column("first_at", Utc()))
    op.add_column("records", sa.Column("due_on", sa.Date))
    op.create_index("records_by_due", "records", ["bureau", "due_on"])
    op.execute(
        "UPDATE records SET first_at = (SELECT arrivals.received_at FROM arrivals"
        " WHERE arrivals.bureau = records.bureau AND arrivals.number = records.number)"
    )
    op.create_table(
        "held_answers",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("step", sa.BigInteger, nullable=False),
        sa.Column("release_at", Utc(), nullable=False),
        sa.Column("report", sa.String(36), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("state", sa.String(2), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("by", sa.String(20), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("number", sa.String(40)),
        sa.Column("about", sa.String(20), nullable=False, server_default="report"),
        sa.Column("same_as", sa.String(40)),
        sa.PrimaryKeyConstraint("bureau", "author", "step"),
    )
    op.create_table(
        "holidays",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("holiday", sa.String(10), nullable=False),
        sa.Column("works", sa.Boolean, nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "holiday"),
    )
