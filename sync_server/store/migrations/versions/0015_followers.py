"""A record names the one that leads the case of its place; an answer says until when it may be
objected to."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("records", sa.Column("follows", sa.String(40)))
    op.create_index("records_by_leader", "records", ["bureau", "follows"])
    for table in ("answers", "held_answers"):
        op.add_column(table, sa.Column("object_until", sa.Date))
