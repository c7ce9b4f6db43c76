"""The officer's desk: sealed rooms of homes, who has a record open, phrases,
tombstones."""

import sqlalchemy as sa
from alembic import op

from sync_server.store.schema.columns import Utc

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sealed_rooms",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("record", sa.String(36), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "record", "n"),
    )
    op.create_table(
        "open_pages",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("record", sa.String(36), nullable=False),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "record", "staff"),
    )
    op.create_table(
        "phrases",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("slot", sa.String(60), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "slot", "language", "n"),
    )
    op.create_table(
        "tombstones",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "kind", "subject"),
    )
