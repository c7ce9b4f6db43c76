"""The lists that phones look things up in. Tasks are for a grid, never for a person (rule L1)."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from sync_server.store.schema.columns import Utc, bureau_key, metadata

plans = Table(
    "plans",
    metadata,
    bureau_key(),
    Column("plan", String(40), primary_key=True),
    Column("title", String(100), nullable=False),
    Column("form", String(40), nullable=False),
    Column("shift", String(40)),
    Column("key_period", String(40)),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("grid", String(40)),  # neither grid nor community: for everybody
    Column("community", String(12)),
    Column("compounds", JSON, nullable=False, default=list),
    Column("note", Text, nullable=False, default=""),
    CheckConstraint("first <= last", name="plans_end_after_they_begin"),
)

tasks = Table(
    "tasks",
    metadata,
    bureau_key(),
    Column("task", String(40), primary_key=True),
    Column("title", String(100), nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("grid", String(40)),
    Column("community", String(12)),
    Column("compound", String(40)),
    Column("building", String(100)),
    Column("due", Date),
)

notices = Table(
    "notices",
    metadata,
    bureau_key(),
    Column("notice", String(40), primary_key=True),
    Column("title", String(100), nullable=False),
    Column("text", Text, nullable=False, default=""),
    Column("issued", Date, nullable=False),
    Column("until", Date),
    Column("office", String(100), nullable=False, default=""),
    Column("urgent", Boolean, nullable=False, default=False),
    Column("grid", String(40)),
    Column("community", String(12)),
)

institutions = Table(
    "institutions",
    metadata,
    bureau_key(),
    Column("institution", String(40), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("initials", String(100), nullable=False, default=""),
    Column("code", String(18)),  # unified social credit code
    Column("licence", String(100), nullable=False, default=""),
    Column("kind", String(100), nullable=False, default=""),
    Column("address", String(100), nullable=False, default=""),
    Column("compound", String(40)),
    Column("building", String(100)),
    Column("source", String(100), nullable=False),
    Column("published", Date, nullable=False),
    # Rule L14: organisations that can be looked up where they were published.
    CheckConstraint("code IS NOT NULL OR licence <> ''", name="institutions_are_registered"),
    CheckConstraint("source <> ''", name="institutions_have_a_source"),
)

# How many records there are about each building, by its canonical form in place keys: changed with
# each record, and under which number, so that phones are sent what is new to them.
building_record_counts = Table(
    "building_record_counts",
    metadata,
    bureau_key(),
    Column("compound", String(40), primary_key=True),
    Column("building", String(100), primary_key=True),  # empty: of the whole compound
    Column("count", Integer, nullable=False),
    Column("closed", Integer, nullable=False),
    Column("changed", BigInteger, nullable=False, server_default="0"),
    Index("building_record_counts_by_change", "bureau", "changed"),
)

# Which version of each list an edition holds: a phone that names one is sent what changed since.
editions = Table(
    "editions",
    metadata,
    bureau_key(),
    Column("edition", String(16), primary_key=True),
    Column("parts", JSON, nullable=False),
    Column("made_at", Utc, nullable=False),
    Index("editions_by_age", "bureau", "made_at"),
)

# A list as it was before the last import: it can be taken back until the next one.
last_imports = Table(
    "last_imports",
    metadata,
    bureau_key(),
    Column("kind", String(40), nullable=False),
    Column("file", String(200), nullable=False),
    Column("at", Utc, nullable=False),
    Column("rows", JSON, nullable=False),
)
