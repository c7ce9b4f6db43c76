"""What phones sent (arrivals, append-only), and what it merges into (records, patrols)."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
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

# Tells under which key `raw` of arrivals and quarantine is sealed; the key itself is in a file.
arrival_keys = Table(
    "arrival_keys", metadata, bureau_key(), Column("fingerprint", String(64), nullable=False)
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
    Column("first_at", Utc),  # when its first revision came
    # The day of its deadline, for lists; None before the first step, and while there is none. What
    # counts is domain/clocks.py: this is written anew when a step, a holiday or a level changes it.
    Column("due_on", Date),
    # The number of the record that leads its case, if that is another one; by its steps.
    Column("follows", String(40)),
    Index("records_by_leader", "bureau", "follows"),
    Index("records_by_due", "bureau", "due_on"),
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

# Photos of revisions that a record does not show: kept like the others, nobody may collect them.
unshown_photos = Table(
    "unshown_photos",
    metadata,
    bureau_key(),
    Column("id", String(36), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Index("unshown_photos_by_sha256", "bureau", "sha256"),
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
    Index("patrols_by_start", "bureau", "started_at"),
)

# Calls for help (rule L15): when and where, and which duty post at the bureau took them up.
alarms = Table(
    "alarms",
    metadata,
    bureau_key(),
    Column("patrol", String(36), primary_key=True),
    Column("n", Integer, primary_key=True),  # in the patrol, from 1
    Column("at", Utc, nullable=False),
    Column("grid", String(40)),
    Column("community", String(12)),
    Column("compound", String(40)),
    Column("fix", JSON),
    Column("received_at", Utc, nullable=False),
    Column("seen_at", Utc),
    Column("seen_by", String(40)),
)

suggestions = Table(
    "suggestions",
    metadata,
    bureau_key(),
    Column("id", String(36), primary_key=True),
    Column("author", String(40), nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("text", Text, nullable=False),
    Column("answered_at", Utc),
    Column("answered_by", String(40)),
    Column("answer", Text, nullable=False, default="", server_default=""),
)
