"""Leads are counted with each change: by building in canonical form, with the number of the change.
What was counted of before is dropped, and counted anew when the server starts."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM building_record_counts")
    op.add_column(
        "building_record_counts",
        sa.Column("changed", sa.BigInteger, nullable=False, server_default="0"),
    )
    op.create_index(
        "building_record_counts_by_change", "building_record_counts", ["bureau", "changed"]
    )
