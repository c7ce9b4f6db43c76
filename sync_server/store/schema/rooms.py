"""Floor and room of homes, which a case officer adds (rule L4): sealed, and in no other table."""

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text

from sync_server.store.schema.columns import Utc, bureau_key, metadata

# The last row of a record is what holds; those before it are what was corrected.
sealed_rooms = Table(
    "sealed_rooms",
    metadata,
    bureau_key(),
    Column("record", String(36), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("sealed", LargeBinary),  # under the arrivals' key; NULL once it was purged
    Column("reason", Text, nullable=False),
    Column("staff", String(40), nullable=False),
    Column("at", Utc, nullable=False),
)
