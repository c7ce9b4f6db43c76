"""Steps of cases, answers to workers, and the audit log."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from sync_server.store.schema.columns import Utc, bureau_key, metadata

case_events = Table(
    "case_events",
    metadata,
    bureau_key(),
    Column("id", String(36), primary_key=True),  # the record's: each record has one case
    Column("n", Integer, primary_key=True),
    Column("before", String(2), nullable=False),
    Column("after", String(2), nullable=False),
    Column("reason", String(40)),
    Column("comment", Text, nullable=False, default=""),
    Column("staff", String(40), nullable=False),
    Column("role", String(20), nullable=False),
    Column("at", Utc, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    bureau_key(),
    Column("author", String(40), primary_key=True),
    Column("seq", Integer, primary_key=True),  # gap-free for each duty post: see store/answers.py
    Column("report", String(36), nullable=False),
    Column("at", Utc, nullable=False),
    Column("state", String(2), nullable=False),
    Column("reason", String(40)),
    Column("comment", Text, nullable=False, default=""),
    Column("by", String(20), nullable=False),
    Column("place", String(200), nullable=False, default=""),
    Column("number", String(40)),
)

audit = Table(
    "audit",
    metadata,
    bureau_key(),
    Column("n", BigInteger, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("staff", String(40), nullable=False),
    Column("what", String(40), nullable=False),
    Column("subject", String(100), nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    Column("before", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
