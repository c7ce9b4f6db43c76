"""All tables of the first version, and the triggers that keep the audit log as it was written.

This file stays as it is: each later change of a table is a migration of its own after this one.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from sync_server.store.schema.columns import Utc

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _people_and_phones()
    _places()
    _lists()
    _arrivals()
    _records()
    _photos()
    _decisions()
    _audit_log()
    _keep_audit_log()


def _column(name: str, kind: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **options)


def _optional(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _table(name: str, key: list[str], *columns: sa.schema.SchemaItem) -> None:
    """A table whose key begins with the bureau's code."""
    bureau = _column("bureau", sa.String(12))
    op.create_table(name, bureau, *columns, sa.PrimaryKeyConstraint("bureau", *key))


# Several columns a line, so that a table can be seen at a glance.
# fmt: off
def _people_and_phones() -> None:
    """Duty posts, their sessions and phones. `staff` is the one table with persons (rule L1)."""
    _table("staff", ["staff"],
        _column("staff", sa.String(40)), _column("role", sa.String(20)),
        _column("name", sa.String(100)), _optional("community", sa.String(12)),
        _optional("grid", sa.String(40)), _optional("password_hash", sa.Text()),
        _column("failures", sa.Integer()), _optional("locked_until", Utc()),
        _optional("disabled_at", Utc()), _column("last_answer", sa.Integer(), server_default="0"))
    _table("sessions", ["session"],
        _column("session", sa.String(64)), _column("staff", sa.String(40)),
        _column("csrf", sa.String(64)), _column("opened_at", Utc()), _column("seen_at", Utc()))
    _table("enrolments", ["code"],
        _column("code", sa.String(64)), _column("staff", sa.String(40)),
        _column("expires_at", Utc()), _optional("used_at", Utc()))
    _table("devices", ["device"],
        _column("device", sa.String(40)), _column("staff", sa.String(40)),
        _column("token", sa.String(64)), _column("model", sa.String(100)),
        _column("position", sa.Integer()), _column("hash", sa.String(64)),
        _column("app", sa.String(100)), _column("enrolled_at", Utc()), _optional("seen_at", Utc()),
        _optional("revoked_at", Utc()))
    op.create_index("devices_by_token", "devices", ["token"], unique=True)


def _places() -> None:
    """Communities, grids and compounds, and the counters of receipts and of changes to these."""
    _table("bureaus", [],
        _column("name", sa.String(100)))
    _table("communities", ["community"],
        _column("community", sa.String(12)), _column("name", sa.String(100)))
    _table("grids", ["grid"],
        _column("grid", sa.String(40)), _column("name", sa.String(100)),
        _column("community", sa.String(12)))
    _table("compounds", ["compound"],
        _column("compound", sa.String(40)), _column("name", sa.String(100)),
        _column("initials", sa.String(40)), _column("aliases", sa.JSON(), server_default="[]"),
        _column("community", sa.String(12)), _optional("grid", sa.String(40)),
        _optional("lat", sa.Float()), _optional("lon", sa.Float()),
        _optional("venue", sa.String(40)), _column("buildings", sa.JSON()))
    _table("counters", ["name"],
        _column("name", sa.String(40)), _column("value", sa.BigInteger()))


def _lists() -> None:
    """The lists that phones look things up in, and which version of each an edition was made of."""
    _table("plans", ["plan"],
        _column("plan", sa.String(40)), _column("title", sa.String(100)),
        _column("form", sa.String(40)), _optional("shift", sa.String(40)),
        _optional("key_period", sa.String(40)), _column("first", sa.Date()),
        _column("last", sa.Date()), _optional("grid", sa.String(40)),
        _optional("community", sa.String(12)), _column("compounds", sa.JSON()),
        _column("note", sa.Text()),
        sa.CheckConstraint("first <= last", name="plans_end_after_they_begin"))
    _table("tasks", ["task"],
        _column("task", sa.String(40)), _column("title", sa.String(100)),
        _column("note", sa.Text()), _optional("grid", sa.String(40)),
        _optional("community", sa.String(12)), _optional("compound", sa.String(40)),
        _optional("building", sa.String(100)), _optional("due", sa.Date()))
    _table("notices", ["notice"],
        _column("notice", sa.String(40)), _column("title", sa.String(100)),
        _column("text", sa.Text()), _column("issued", sa.Date()), _optional("until", sa.Date()),
        _column("office", sa.String(100)), _column("urgent", sa.Boolean()),
        _optional("grid", sa.String(40)), _optional("community", sa.String(12)))
    _table("institutions", ["institution"],
        _column("institution", sa.String(40)), _column("name", sa.String(100)),
        _column("initials", sa.String(100)), _optional("code", sa.String(18)),
        _column("licence", sa.String(100)), _column("kind", sa.String(100)),
        _column("address", sa.String(100)), _optional("compound", sa.String(40)),
        _optional("building", sa.String(100)), _column("source", sa.String(100)),
        _column("published", sa.Date()),
        sa.CheckConstraint("source <> ''", name="institutions_have_a_source"),
        sa.CheckConstraint("code IS NOT NULL OR licence <> ''", name="institutions_are_registered"))
    _table("building_record_counts", ["compound", "building"],
        _column("compound", sa.String(40)), _column("building", sa.String(100)),
        _column("count", sa.Integer()), _column("closed", sa.Integer()))
    _table("editions", ["edition"],
        _column("edition", sa.String(16)), _column("parts", sa.JSON()), _column("made_at", Utc()))
    op.create_index("editions_by_age", "editions", ["bureau", "made_at"])


def _arrivals() -> None:
    """Everything that phones sent, and what of it could not be read."""
    _table("arrivals", ["device", "position"],
        _column("device", sa.String(40)), _column("position", sa.Integer()),
        _column("digest", sa.String(64)), _column("kind", sa.String(20)),
        _column("id", sa.String(36)), _column("revision", sa.Integer()),
        _column("number", sa.String(40)), _column("hash", sa.String(64)),
        _column("outcome", sa.String(20)), _column("raw", sa.LargeBinary()),
        _column("received_at", Utc()), _column("skew_s", sa.Integer()),
        sa.UniqueConstraint("bureau", "number", name="arrivals_numbered_once"))
    op.create_index("arrivals_once", "arrivals", ["bureau", "id", "digest", "device"], unique=True)
    _table("quarantine", ["digest", "device"],
        _column("digest", sa.String(64)), _column("device", sa.String(40)),
        _column("code", sa.String(40)), _column("field", sa.String(100)),
        _column("raw", sa.LargeBinary()), _column("received_at", Utc()))


def _records() -> None:
    """What arrivals merge into."""
    _table("records", ["id"],
        _column("id", sa.String(36)), _column("seq", sa.BigInteger()),
        _column("number", sa.String(40)), _column("kind", sa.String(20)),
        _column("revision", sa.Integer()), _column("digest", sa.String(64)),
        _column("rivals", sa.JSON()), _column("disputed", sa.Boolean()),
        _optional("withdrawn_at", Utc()), _column("state", sa.String(2)),
        _column("author", sa.String(40)), _column("device", sa.String(40)),
        _optional("grid", sa.String(40)), _optional("community", sa.String(12)),
        _column("place_key", sa.String(200)), _column("place", sa.String(200)),
        _column("shift", sa.String(40)), _column("seen_at", Utc()), _column("received_at", Utc()),
        _column("changed_at", Utc()), _column("skew_s", sa.Integer()), _column("body", sa.JSON()))
    op.create_index("records_by_author", "records", ["bureau", "author", "seq"])
    op.create_index("records_by_seq", "records", ["bureau", "seq"], unique=True)
    op.create_index("records_by_state", "records", ["bureau", "state", "seq"])
    _table("record_photos", ["id", "sha256"],
        _column("id", sa.String(36)), _column("sha256", sa.String(64)), _column("n", sa.Integer()))
    op.create_index("record_photos_by_sha256", "record_photos", ["bureau", "sha256"])
    _table("patrols", ["id"],
        _column("id", sa.String(36)), _column("revision", sa.Integer()),
        _column("digest", sa.String(64)), _column("author", sa.String(40)),
        _column("started_at", Utc()), _column("body", sa.JSON()))
    _table("suggestions", ["id"],
        _column("id", sa.String(36)), _column("author", sa.String(40)),
        _column("received_at", Utc()), _column("text", sa.Text()))


def _photos() -> None:
    """Finished photos by digest, and uploads under way."""
    _table("photos", ["sha256"],
        _column("sha256", sa.String(64)), _column("bytes", sa.Integer()),
        _column("width", sa.Integer()), _column("height", sa.Integer()),
        _column("stored_at", Utc()))
    _table("uploads", ["upload"],
        _column("upload", sa.String(40)), _column("device", sa.String(40)),
        _column("length", sa.Integer()), _optional("sha256", sa.String(64)),
        _column("metadata", sa.String(1000), server_default=""), _column("expires_at", Utc()),
        _optional("ended", sa.String(64)))
    op.create_index("uploads_by_sha256", "uploads", ["bureau", "device", "sha256"])
    still_open = sa.text("ended IS NULL")
    op.create_index(
        "uploads_open", "uploads", ["bureau", "device"],
        sqlite_where=still_open, postgresql_where=still_open,
    )


def _decisions() -> None:
    """Steps of cases, and the answers that go home to workers."""
    _table("case_events", ["id", "n"],
        _column("id", sa.String(36)), _column("n", sa.Integer()), _column("before", sa.String(2)),
        _column("after", sa.String(2)), _optional("reason", sa.String(40)),
        _column("comment", sa.Text()), _column("staff", sa.String(40)),
        _column("role", sa.String(20)), _column("at", Utc()))
    _table("answers", ["author", "seq"],
        _column("author", sa.String(40)), _column("seq", sa.Integer()),
        _column("report", sa.String(36)), _column("at", Utc()), _column("state", sa.String(2)),
        _optional("reason", sa.String(40)), _column("comment", sa.Text()),
        _column("by", sa.String(20)), _column("place", sa.String(200)),
        _optional("number", sa.String(40)))


def _audit_log() -> None:
    _table("audit", ["n"],
        _column("n", sa.BigInteger()), _column("at", Utc()), _column("staff", sa.String(40)),
        _column("what", sa.String(40)), _column("subject", sa.String(100)),
        _column("reason", sa.Text()), _column("before", sa.String(64)),
        _column("hash", sa.String(64)))


# fmt: on
def _keep_audit_log() -> None:
    """Rule L11: the database itself refuses to change or delete a row of the audit log."""
    if op.get_bind().dialect.name == "postgresql":
        _keep_audit_log_postgresql()
    else:
        _keep_audit_log_sqlite()


def _keep_audit_log_sqlite() -> None:
    for statement in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_stays_{statement.lower()} BEFORE {statement} ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
        )


def _keep_audit_log_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$"
    )
    for statement in ("UPDATE", "DELETE", "TRUNCATE"):
        each = "STATEMENT" if statement == "TRUNCATE" else "ROW"
        op.execute(
            f"CREATE TRIGGER audit_stays_{statement.lower()} BEFORE {statement} ON audit"
            f" FOR EACH {each} EXECUTE FUNCTION audit_stays()"
        )
