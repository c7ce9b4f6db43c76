"""Plans, tasks, notices, licensed institutions, leads by building, and editions of all of them;
compounds have other names."""

import sqlalchemy as sa
from alembic import op

from sync_server.store.schema.columns import Utc

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("compounds", sa.Column("aliases", sa.JSON(), nullable=False, server_default="[]"))
    _orders()
    _institutions()
    _counts()


def _bureau() -> sa.Column[str]:
    return sa.Column("bureau", sa.String(length=12), nullable=False)


def _reach() -> tuple[sa.Column[str], sa.Column[str]]:
    """For whom: a grid, a community, or everybody."""
    grid = sa.Column("grid", sa.String(length=40), nullable=True)
    return grid, sa.Column("community", sa.String(length=12), nullable=True)


def _orders() -> None:
    op.create_table(
        "plans",
        _bureau(),
        sa.Column("plan", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("shift", sa.String(length=40), nullable=True),
        sa.Column("key_period", sa.String(length=40), nullable=True),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        *_reach(),
        sa.Column("compounds", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "plan"),
        sa.CheckConstraint("first <= last", name="plans_end_after_they_begin"),
    )
    op.create_table(
        "tasks",
        _bureau(),
        sa.Column("task", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        *_reach(),
        sa.Column("compound", sa.String(length=40), nullable=True),
        sa.Column("building", sa.String(length=100), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("bureau", "task"),
    )
    op.create_table(
        "notices",
        _bureau(),
        sa.Column("notice", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("issued", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("office", sa.String(length=100), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        *_reach(),
        sa.PrimaryKeyConstraint("bureau", "notice"),
    )


def _institutions() -> None:
    op.create_table(
        "institutions",
        _bureau(),
        sa.Column("institution", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("initials", sa.String(length=100), nullable=False),
        sa.Column("code", sa.String(length=18), nullable=True),
        sa.Column("licence", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=100), nullable=False),
        sa.Column("compound", sa.String(length=40), nullable=True),
        sa.Column("building", sa.String(length=100), nullable=True),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("published", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "institution"),
        sa.CheckConstraint("code IS NOT NULL OR licence <> ''", name="institutions_are_registered"),
        sa.CheckConstraint("source <> ''", name="institutions_have_a_source"),
    )


def _counts() -> None:
    op.create_table(
        "building_leads",
        _bureau(),
        sa.Column("compound", sa.String(length=40), nullable=False),
        sa.Column("building", sa.String(length=100), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "compound", "building"),
    )
    op.create_table(
        "editions",
        _bureau(),
        sa.Column("edition", sa.String(length=16), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "edition"),
    )
    op.create_index("editions_by_age", "editions", ["bureau", "made_at"])
