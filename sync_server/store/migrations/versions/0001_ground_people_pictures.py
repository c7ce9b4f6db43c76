"""The bureau's ground, its people and phones, pictures and the audit log."""

import sqlalchemy as sa
from alembic import op

from sync_server.store.schema.columns import Utc

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "n"),
    )
    op.create_table(
        "bureaus",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("bureau"),
    )
    op.create_table(
        "communities",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "community"),
    )
    op.create_table(
        "compounds",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("compound", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("initials", sa.String(length=40), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("grid", sa.String(length=40), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("venue", sa.String(length=40), nullable=True),
        sa.Column("buildings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "compound"),
    )
    op.create_table(
        "counters",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "name"),
    )
    op.create_table(
        "devices",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("app", sa.String(length=100), nullable=False),
        sa.Column("enrolled_at", Utc(), nullable=False),
        sa.Column("seen_at", Utc(), nullable=True),
        sa.Column("revoked_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("bureau", "device"),
    )
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.create_index("devices_by_token", ["token"], unique=True)
    op.create_table(
        "enrolments",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("used_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("bureau", "code"),
    )
    op.create_table(
        "grids",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("grid", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "grid"),
    )
    op.create_table(
        "photos",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("stored_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "sha256"),
    )
    op.create_table(
        "sessions",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("opened_at", Utc(), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "session"),
    )
    op.create_table(
        "staff",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=True),
        sa.Column("grid", sa.String(length=40), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", Utc(), nullable=True),
        sa.Column("disabled_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("bureau", "staff"),
    )
    op.create_table(
        "uploads",
        sa.Column("bureau", sa.String(length=12), nullable=False),
        sa.Column("upload", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("ended", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("bureau", "upload"),
    )
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.create_index("uploads_by_sha256", ["bureau", "device", "sha256"], unique=False)
