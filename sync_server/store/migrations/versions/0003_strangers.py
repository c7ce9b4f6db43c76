"""One-time codes with a public part, the browsers a duty post signed in from, and counted tries."""

import sqlalchemy as sa
from alembic import op

from sync_server.store.schema.columns import Utc

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    public = sa.Column("public", sa.String(8), nullable=False, server_default="")
    wrong = sa.Column("wrong", sa.Integer(), nullable=False, server_default="0")
    op.add_column("enrolments", public)
    op.add_column("enrolments", wrong)
    op.create_index("enrolments_by_public", "enrolments", ["bureau", "public"])
    op.create_table(
        "browsers",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("browser", sa.String(64), nullable=False),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "browser", "staff"),
    )
    op.create_table(
        "tries",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("until", Utc(), nullable=True),
        sa.Column("last_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "subject"),
    )
    op.create_index("tries_by_age", "tries", ["bureau", "last_at"])
