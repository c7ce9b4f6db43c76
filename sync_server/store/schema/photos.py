"""Finished photos by digest, and uploads under way."""

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
)

_OPEN = text("ended IS NULL")  # a phone has few open ones, and thousands that are photos
uploads = Table(
    "uploads",
    metadata,
    bureau_key(),
    Column("upload", String(40), primary_key=True),
    Column("device", String(40), nullable=False),
    Column("length", Integer, nullable=False),
    Column("sha256", String(64)),  # as announced; the finished bytes decide
    # Upload-Metadata as it was said; it goes when the upload's time is over.
    Column("metadata", String(1000), nullable=False, server_default=""),
    Column("expires_at", Utc, nullable=False),
    Column("ended", String(64)),  # the digest once stored
    Index("uploads_by_sha256", "bureau", "device", "sha256"),
    Index("uploads_open", "bureau", "device", sqlite_where=_OPEN, postgresql_where=_OPEN),
)
