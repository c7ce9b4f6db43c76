"""Complaints, tasks made at the bureau, and what came of tasks."""

import sqlalchemy as sa
from alembic import op

from sync_server.store.schema.columns import Utc

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "complaints",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("complaint", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("reference", sa.String(40), nullable=False),
        sa.Column("came", sa.Date, nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("compound", sa.String(40)),
        sa.Column("building", sa.String(100)),
        sa.Column("place_key", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("taken_at", Utc(), nullable=False),
        sa.Column("taken_by", sa.String(40), nullable=False),
        sa.Column("record", sa.String(36)),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_at", Utc()),
        sa.Column("answered_by", sa.String(40)),
        sa.Column("returned_at", Utc()),
        sa.Column("returned_by", sa.String(40)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("bureau", "complaint"),
    )
    op.create_index("complaints_by_time", "complaints", ["bureau", "taken_at"])
    op.create_index("complaints_by_place", "complaints", ["bureau", "place_key"])
    op.create_table(
        "grid_tasks",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("task", sa.String(40), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("grid", sa.String(40), nullable=False),
        sa.Column("compound", sa.String(40)),
        sa.Column("building", sa.String(100)),
        sa.Column("due", sa.Date),
        sa.Column("complaint", sa.String(40)),
        sa.Column("record", sa.String(36)),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("made_by", sa.String(40), nullable=False),
        sa.Column("withdrawn_at", Utc()),
        sa.PrimaryKeyConstraint("bureau", "task"),
    )
    op.create_index("grid_tasks_by_time", "grid_tasks", ["bureau", "made_at"])
    op.create_index("grid_tasks_by_complaint", "grid_tasks", ["bureau", "complaint"])
    op.create_index("grid_tasks_by_record", "grid_tasks", ["bureau", "record"])
    op.create_table(
        "task_results",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("task", sa.String(40), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("grid", sa.String(40)),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "task", "id"),
    )
    op.create_index("task_results_by_id", "task_results", ["bureau", "id"])
