"""Duty posts, sessions, one-time codes, phones. Only `staff` may hold a person (rule L1)."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from sync_server.store.schema.columns import Utc, bureau_key, metadata

staff = Table(
    "staff",
    metadata,
    bureau_key(),
    Column("staff", String(40), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("name", String(100), nullable=False, default=""),
    Column("community", String(12)),
    Column("grid", String(40)),
    Column("password_hash", Text),
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until", Utc),
    Column("disabled_at", Utc),
    Column("last_answer", Integer, nullable=False, default=0, server_default="0"),
)

sessions = Table(
    "sessions",
    metadata,
    bureau_key(),
    Column("session", String(64), primary_key=True),  # SHA-256 of the cookie's secret
    Column("staff", String(40), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
)

enrolments = Table(
    "enrolments",
    metadata,
    bureau_key(),
    Column("code", String(64), primary_key=True),  # SHA-256 of the one-time code
    Column("staff", String(40), nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("used_at", Utc),
)

devices = Table(
    "devices",
    metadata,
    bureau_key(),
    Column("device", String(40), primary_key=True),
    Column("staff", String(40), nullable=False),
    Column("token", String(64), nullable=False),  # SHA-256 of the token
    Column("model", String(100), nullable=False, default=""),
    Column("position", Integer, nullable=False, default=0),  # and hash: its ledger's last link
    Column("hash", String(64), nullable=False),
    Column("app", String(100), nullable=False, default=""),
    Column("enrolled_at", Utc, nullable=False),
    Column("seen_at", Utc),
    Column("revoked_at", Utc),
    Index("devices_by_token", "token", unique=True),
)
