"""The bureau's key pair, to which phones seal files with what they have not sent."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bureau_keys",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("private", sa.LargeBinary, nullable=False),
        sa.Column("public", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("bureau"),
    )
