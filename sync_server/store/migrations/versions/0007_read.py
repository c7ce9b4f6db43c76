"""What is sent is read: calls for help, suggestions with their answers, revoked empty phones."""

import sqlalchemy as sa
from alembic import op

from sync_server.store.schema.columns import Utc

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("devices", sa.Column("emptied_at", Utc(), nullable=True))
    op.create_index("patrols_by_start", "patrols", ["bureau", "started_at"])
    op.create_table(
        "alarms",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("patrol", sa.String(36), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("grid", sa.String(40)),
        sa.Column("community", sa.String(12)),
        sa.Column("compound", sa.String(40)),
        sa.Column("fix", sa.JSON),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("seen_at", Utc()),
        sa.Column("seen_by", sa.String(40)),
        sa.PrimaryKeyConstraint("bureau", "patrol", "n"),
    )
    op.add_column("suggestions", sa.Column("answered_at", Utc()))
    op.add_column("suggestions", sa.Column("answered_by", sa.String(40)))
    op.add_column("suggestions", sa.Column("answer", sa.Text, nullable=False, server_default=""))
    op.add_column(
        "answers", sa.Column("about", sa.String(20), nullable=False, server_default="report")
    )
    op.add_column("answers", sa.Column("same_as", sa.String(40)))
    op.add_column("case_events", sa.Column("same_as", sa.String(40)))
