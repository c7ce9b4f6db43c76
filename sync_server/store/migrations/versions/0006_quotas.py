"""Counts what a device leaves on a day; keeps the names of photos that no record shows."""

from collections.abc import Iterator
from contextlib import suppress

import sqlalchemy as sa
from alembic import op

from contract import wire
from sync_server.store.schema.columns import Utc

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

USED = ("used_arrivals", "used_bytes", "used_photos", "used_photo_bytes")
_RECORDS = sa.table("records", *map(sa.column, ("bureau", "id", "digest")))
_ARRIVALS = sa.table("arrivals", *map(sa.column, ("bureau", "id", "digest", "kind", "raw")))
_UNSHOWN = sa.table("unshown_photos", *map(sa.column, ("bureau", "id", "sha256")))


def upgrade() -> None:
    op.add_column("devices", sa.Column("used_on", sa.String(10), nullable=False, server_default=""))
    for name in USED:
        op.add_column("devices", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    op.add_column("photos", sa.Column("leaving_at", Utc(), nullable=True))
    op.create_table(
        "unshown_photos",
        sa.Column("bureau", sa.String(12), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("bureau", "id", "sha256"),
    )
    op.create_index("unshown_photos_by_sha256", "unshown_photos", ["bureau", "sha256"])
    connection = op.get_bind()
    if named := set(_named_by_others(connection)):
        rows = [{"bureau": bureau, "id": id, "sha256": name} for bureau, id, name in named]
        connection.execute(sa.insert(_UNSHOWN), rows)


def _named_by_others(connection: sa.Connection) -> Iterator[tuple[str, str, str]]:
    """The photos of each revision that its record does not show: bureau, id, digest."""
    same = sa.and_(_RECORDS.c.bureau == _ARRIVALS.c.bureau, _RECORDS.c.id == _ARRIVALS.c.id)
    wanted = sa.select(_ARRIVALS.c.bureau, _ARRIVALS.c.id, _ARRIVALS.c.raw).join(_RECORDS, same)
    others = sa.and_(_ARRIVALS.c.kind == "report", _ARRIVALS.c.digest != _RECORDS.c.digest)
    for row in connection.execute(wanted.where(others)).all():
        with suppress(
            wire.Unreadable, ValueError, LookupError, TypeError, AttributeError
        ):  # damaged by hand
            for photo in wire.parse_json(bytes(row.raw))["body"].get("photos", ()):
                yield row.bureau, row.id, photo["sha256"]
