"""An upload keeps what its client said of it (Upload-Metadata), to tell it again; open uploads have
an index of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "uploads", sa.Column("metadata", sa.String(length=1000), nullable=False, server_default="")
    )
    still = sa.text("ended IS NULL")
    columns = ["bureau", "device"]
    op.create_index("uploads_open", "uploads", columns, sqlite_where=still, postgresql_where=still)
