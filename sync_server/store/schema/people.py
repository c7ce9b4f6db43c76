"""Duty posts, sessions, one-time codes, phones. Only `staff` may hold a person (rule L1)."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

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
    Column("failures", Integer, nullable=False, default=0),  # and locked_until: no longer used,
    Column("locked_until", Utc),  # see `tries`
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
    Column("code", String(64), primary_key=True),  # scrypt of the whole one-time code
    Column("staff", String(40), nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("used_at", Utc),
    Column("public", String(8), nullable=False, default="", server_default=""),  # its first digits
    Column("wrong", Integer, nullable=False, default=0, server_default="0"),  # guesses at it
    Index("enrolments_by_public", "bureau", "public"),
)

# To which phones seal what leaves them as a file: contract/unsent_file.py.
bureau_keys = Table(
    "bureau_keys",
    metadata,
    bureau_key(),
    Column("private", LargeBinary, nullable=False),  # 32 bytes, sealed under the arrival key
    Column("public", String(100), nullable=False),  # in Base64
)

# Browsers from which a duty post has signed in: who guesses elsewhere does not slow them down.
browsers = Table(
    "browsers",
    metadata,
    bureau_key(),
    Column("browser", String(64), primary_key=True),  # SHA-256 of the cookie's secret
    Column("staff", String(40), primary_key=True),
    Column("seen_at", Utc, nullable=False),
)

# Which duty post has which record open: for a minute, and in no log.
open_pages = Table(
    "open_pages",
    metadata,
    bureau_key(),
    Column("record", String(36), primary_key=True),
    Column("staff", String(40), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("at", Utc, nullable=False),
)

# Wrong passwords and codes, by what they are counted for: a SHA-256 of network and account.
tries = Table(
    "tries",
    metadata,
    bureau_key(),
    Column("subject", String(64), primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("until", Utc),  # when the next try is allowed
    Column("last_at", Utc, nullable=False),
    Index("tries_by_age", "bureau", "last_at"),
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
    Column("emptied_at", Utc),  # revoked, it said that nothing more will come
    # What it left here on one day (of China): see accounts/quota.py.
    Column("used_on", String(10), nullable=False, default="", server_default=""),
    Column("used_arrivals", Integer, nullable=False, default=0, server_default="0"),
    Column("used_bytes", Integer, nullable=False, default=0, server_default="0"),
    Column("used_photos", Integer, nullable=False, default=0, server_default="0"),
    Column("used_photo_bytes", Integer, nullable=False, default=0, server_default="0"),
    Index("devices_by_token", "token", unique=True),
)
