"""What phones send, what it merges into, and what is decided."""

import sqlalchemy as sa
from alembic import op

from sync_server.store.schema.columns import Utc

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(length=36), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("state", sa.String(length=2), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("bureau", "author", "seq"),
    )
    op.create_table(
        "arrivals",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("skew_s", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "digest", "device"),
        sa.UniqueConstraint("bureau", "device", "position"),
        sa.UniqueConstraint("bureau", "number"),
    )
    with op.batch_alter_table("arrivals", schema=None) as batch_op:
        batch_op.create_index("arrivals_by_id", ["bureau", "id"], unique=False)
    op.create_table(
        "case_events",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(length=2), nullable=False),
        sa.Column("after", sa.String(length=2), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "id", "n"),
    )
    op.create_table(
        "patrols",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("started_at", Utc(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "id"),
    )
    op.create_table(
        "quarantine",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "digest", "device"),
    )
    op.create_table(
        "record_photos",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "id", "sha256"),
    )
    with op.batch_alter_table("record_photos", schema=None) as batch_op:
        batch_op.create_index("record_photos_by_sha256", ["bureau", "sha256"], unique=False)
    op.create_table(
        "records",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rivals", sa.JSON(), nullable=False),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", Utc(), nullable=True),
        sa.Column("state", sa.String(length=2), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("grid", sa.String(length=40), nullable=True),
        sa.Column("community", sa.String(length=12), nullable=True),
        sa.Column("place_key", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("shift", sa.String(length=40), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("changed_at", Utc(), nullable=False),
        sa.Column("skew_s", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "id"),
    )
    with op.batch_alter_table("records", schema=None) as batch_op:
        batch_op.create_index("records_by_author", ["bureau", "author", "seq"], unique=False)
        batch_op.create_index("records_by_seq", ["bureau", "seq"], unique=True)
        batch_op.create_index("records_by_state", ["bureau", "state", "seq"], unique=False)
    op.create_table(
        "suggestions",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "id"),
    )
