"""Finished photos by digest, and uploads, open or ended."""

from sqlalchemy import Column, Index, Integer, String, Table, text

from sync_server.store.schema.columns import Utc, bureau_key, metadata

photos = Table(
    "photos",
    metadata,
    bureau_key(),
    Column("sha256", String(64), primary_key=True),
    Column("bytes", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("stored_at", Utc, nullable=False),
    Column("leaving_at", Utc),  # no report names it: deleted after this, unless one does by then
)

_OPEN = text("ended IS NULL")  # a phone has few open uploads, and thousands of ended ones
uploads = Table(
    "uploads",
    metadata,
    bureau_key(),
    Column("upload", String(40), primary_key=True),
    Column("device", String(40), nullable=False),
    Column("length", Integer, nullable=False),
    Column("sha256", String(64)),  # as announced; that of the finished bytes counts
    # The Upload-Metadata header as it was sent.
    Column("metadata", String(1000), nullable=False, server_default=""),
    Column("expires_at", Utc, nullable=False),
    Column("ended", String(64)),  # the photo's digest, once it is one
    Index("uploads_by_sha256", "bureau", "device", "sha256"),
    Index("uploads_open", "bureau", "device", sqlite_where=_OPEN, postgresql_where=_OPEN),
)
