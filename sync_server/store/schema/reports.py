"""What phones sent (arrivals, append-only), and what it merges into (records, patrols)."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from sync_server.store.schema.columns import Utc, bureau_key, metadata

counters = Table(
    "counters",
    metadata,
    bureau_key(),
    Column("name", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

arrivals = Table(
    "arrivals",
    metadata,
    bureau_key(),
    Column("device", String(40), primary_key=True),
    Column("position", Integer, primary_key=True),  # in this device's ledger
    Column("digest", String(64), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("id", String(36), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("number", String(40), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("skew_s", Integer, nullable=False, default=0),  # phone clock minus ours, seconds
    UniqueConstraint("bureau", "number", name="arrivals_numbered_once"),
    # Two phones may send the same bytes; each gets a receipt. Ids grow with time, so no index of
    # this table is written at random places and the millionth arrival costs what the first did.
    Index("arrivals_once", "bureau", "id", "digest", "device", unique=True),
)

quarantine = Table(
    "quarantine",
    metadata,
    bureau_key(),
    Column("digest", String(64), primary_key=True),
    Column("device", String(40), primary_key=True),
    Column("code", String(40), nullable=False),
    Column("field", String(100), nullable=False, default=""),
    Column("raw", LargeBinary, nullable=False),
    Column("received_at", Utc, nullable=False),
)

records = Table(
    "records",
    metadata,
    bureau_key(),
    Column("id", String(36), primary_key=True),
    Column("seq", BigInteger, nullable=False),  # order of first arrival: the inbox is paged by it
    Column("number", String(40), nullable=False),  # of the first receipt: people quote it
    Column("kind", String(20), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("rivals", JSON, nullable=False, default=list),  # other digests under this revision
    Column("disputed", Boolean, nullable=False, default=False),
    Column("withdrawn_at", Utc),
    Column("state", String(2), nullable=False),
    Column("author", String(40), nullable=False),
    Column("device", String(40), nullable=False),
    Column("grid", String(40)),
    Column("community", String(12)),
    Column("place_key", String(200), nullable=False, default=""),
    Column("place", String(200), nullable=False, default=""),  # as shown to people
    Column("place_folded", Text, nullable=False, server_default=""),  # as it is searched
    Column("shift", String(40), nullable=False, default=""),
    Column("seen_at", Utc, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("changed_at", Utc, nullable=False),
    Column("skew_s", Integer, nullable=False, default=0),
    Column("body", JSON, nullable=False),
    Index("records_by_seq", "bureau", "seq", unique=True),
    Index("records_by_state", "bureau", "state", "seq"),
    Index("records_by_author", "bureau", "author", "seq"),
)

record_photos = Table(
    "record_photos",
    metadata,
    bureau_key(),
    Column("id", String(36), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("n", Integer, nullable=False),
    Index("record_photos_by_sha256", "bureau", "sha256"),
)

patrols = Table(
    "patrols",
    metadata,
    bureau_key(),
    Column("id", String(36), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("author", String(40), nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("body", JSON, nullable=False),
)

suggestions = Table(
    "suggestions",
    metadata,
    bureau_key(),
    Column("id", String(36), primary_key=True),
    Column("author", String(40), nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("text", Text, nullable=False),
)
