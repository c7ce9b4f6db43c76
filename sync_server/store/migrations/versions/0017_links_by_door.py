"""Links hold the door of their site: what is found at a door is found without the sites."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LIVE = sa.text("undone_at IS NULL")
_LINKS, _SITES = (
    sa.table(name, *map(sa.column, ("bureau", "site", "area", "door")))
    for name in ("site_links", "sites")
)


def upgrade() -> None:
    for name, size in (("area", 120), ("door", 200)):
        column = sa.Column(name, sa.String(size), nullable=False, server_default="")
        op.add_column("site_links", column)
    same = sa.and_(_SITES.c.bureau == _LINKS.c.bureau, _SITES.c.site == _LINKS.c.site)
    told = {
        name: sa.select(_SITES.c[name]).where(same).scalar_subquery() for name in ("area", "door")
    }
    op.get_bind().execute(sa.update(_LINKS).values(told))
    for name, columns in (
        ("site_links_by_area", ["bureau", "area", "door", "report", "undone_at"]),
        ("site_links_by_door", ["bureau", "door", "report", "undone_at"]),
    ):
        op.create_index(name, "site_links", columns, sqlite_where=LIVE, postgresql_where=LIVE)
    op.drop_index("sites_by_door", "sites")
    op.drop_index("sites_by_door_alone", "sites")
