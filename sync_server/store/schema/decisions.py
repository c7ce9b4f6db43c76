"""Steps of cases, answers to workers, holidays, the audit log, and counts that will be its rows."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Index, Integer, String, Table, Text

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
    # Its number among all steps of the bureau, the hash of the step before, and its own.
    Column("seq", BigInteger, nullable=False, server_default="0"),
    Column("prev", String(64), nullable=False, server_default=""),
    Column("hash", String(64), nullable=False, server_default=""),
    Column("same_as", String(40)),  # the number of the record that this one repeats
    Column("kind", String(20), nullable=False, default="move", server_default="move"),
    Column("said", JSON),  # with this kind of step: to whom, to which department, what was checked
    Index("case_events_by_seq", "bureau", "seq", unique=True),
    Index("case_events_by_move", "bureau", "before", "after"),
)


def _what_is_answered() -> tuple[Column[Any], ...]:
    return (
        Column("report", String(36), nullable=False),
        Column("at", Utc, nullable=False),
        Column("state", String(2), nullable=False),
        Column("reason", String(40)),
        Column("comment", Text, nullable=False, default=""),
        Column("by", String(20), nullable=False),
        Column("place", String(200), nullable=False, default=""),
        Column("number", String(40)),
        Column("about", String(20), nullable=False, default="report", server_default="report"),
        Column("same_as", String(40)),  # the number of the record that this one repeats, or follows
        Column("object_until", Date),  # the last day on which the worker may object to it
    )


answers = Table(
    "answers",
    metadata,
    bureau_key(),
    Column("author", String(40), primary_key=True),
    Column("seq", Integer, primary_key=True),  # gap-free for each duty post: see store/answers.py
    *_what_is_answered(),
)

# Answers that no reply may carry yet: until `release_at` they can be taken back without a trace.
held_answers = Table(
    "held_answers",
    metadata,
    bureau_key(),
    Column("author", String(40), primary_key=True),
    Column("step", BigInteger, primary_key=True),  # the `seq` of its case_events row: their order
    Column("release_at", Utc, nullable=False),
    *_what_is_answered(),
)

# What is proposed for answers in place of the built-in phrases; the last version of each counts.
phrases = Table(
    "phrases",
    metadata,
    bureau_key(),
    Column("slot", String(60), primary_key=True),  # a state and a reason: see domain/phrases.py
    Column("language", String(2), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("text", Text),  # a phrase in each line; NULL for the built-in ones again
    Column("staff", String(40), nullable=False),
    Column("at", Utc, nullable=False),
)

# Days that are not what their weekday says, in place of the published ones of the same years.
holidays = Table(
    "holidays",
    metadata,
    bureau_key(),
    Column("holiday", String(10), primary_key=True),  # the day, 2026-10-01
    Column("works", Boolean, nullable=False),
    Column("title", String(100), nullable=False),
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

# What happens too often for a row each time: how often again since the last row that says so.
audit_repeats = Table(
    "audit_repeats",
    metadata,
    bureau_key(),
    Column("what", String(40), primary_key=True),
    Column("staff", String(40), primary_key=True),
    Column("subject", String(100), primary_key=True),
    Column("since", Utc, nullable=False),
    Column("count", Integer, nullable=False),
)
