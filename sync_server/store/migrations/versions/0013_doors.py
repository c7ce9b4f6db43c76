"""Sites are found by a door alone, in whichever compound."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("sites_by_door_alone", "sites", ["bureau", "door"])
