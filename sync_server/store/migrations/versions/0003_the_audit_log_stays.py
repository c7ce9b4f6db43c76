"""The audit log is only ever added to (rule L11): the database itself refuses the rest."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WAYS = ("UPDATE", "DELETE")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _postgresql()
    else:
        _sqlite()


def _sqlite() -> None:
    for way in WAYS:
        op.execute(
            f"CREATE TRIGGER audit_stays_{way.lower()} BEFORE {way} ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
        )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$"
    )
    for way in (*WAYS, "TRUNCATE"):
        each = "STATEMENT" if way == "TRUNCATE" else "ROW"
        op.execute(
            f"CREATE TRIGGER audit_stays_{way.lower()} BEFORE {way} ON audit"
            f" FOR EACH {each} EXECUTE FUNCTION audit_stays()"
        )
