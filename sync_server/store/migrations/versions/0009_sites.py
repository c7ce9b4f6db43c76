"""Sites, links of records to them, and what people said about them. Records of before are linked by
`python -m sync_server sites rebuild`."""

import sqlalchemy as sa
from alembic import op

from sync_server.store.schema.columns import Utc

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sites",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("site", sa.String(16), nullable=False),
        sa.Column("area", sa.String(120), nullable=False),
        sa.Column("door", sa.String(200), nullable=False),
        sa.Column("fork", sa.String(100), nullable=False),
        sa.Column("opened_at", Utc(), nullable=False),
        sa.Column("superseded_by", sa.String(16)),
        sa.PrimaryKeyConstraint("bureau", "site"),
    )
    op.create_index("sites_by_door", "sites", ["bureau", "area", "door"])
    op.create_index("sites_by_successor", "sites", ["bureau", "superseded_by"])
    op.create_table(
        "site_links",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("report", sa.String(36), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("site", sa.String(16), nullable=False),
        sa.Column("firm", sa.String(100), nullable=False),
        sa.Column("rule", sa.String(10), nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("weight", sa.Float, nullable=False),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("undone_at", Utc()),
        sa.Column("undone_by", sa.String(40)),
        sa.PrimaryKeyConstraint("bureau", "report", "n"),
    )
    op.create_index("site_links_by_site", "site_links", ["bureau", "site"])
    op.create_table(
        "site_rulings",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("site", sa.String(16), nullable=False),
        sa.Column("other", sa.String(16), nullable=False),
        sa.Column("report", sa.String(36)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("undone_at", Utc()),
        sa.Column("undone_by", sa.String(40)),
        sa.PrimaryKeyConstraint("bureau", "n"),
    )
    for column in ("site", "other", "report"):
        op.create_index(f"site_rulings_by_{column}", "site_rulings", ["bureau", column])
