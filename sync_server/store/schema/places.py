"""The bureau's name, its communities, grids and compounds."""

from sqlalchemy import JSON, Column, Float, String, Table

from sync_server.store.schema.columns import bureau_key, metadata

bureaus = Table("bureaus", metadata, bureau_key(), Column("name", String(100), nullable=False))

communities = Table(
    "communities",
    metadata,
    bureau_key(),
    Column("community", String(12), primary_key=True),
    Column("name", String(100), nullable=False),
)

grids = Table(
    "grids",
    metadata,
    bureau_key(),
    Column("grid", String(40), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("community", String(12), nullable=False),
)

compounds = Table(
    "compounds",
    metadata,
    bureau_key(),
    Column("compound", String(40), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("initials", String(40), nullable=False, default=""),
    Column("aliases", JSON, nullable=False, default=list, server_default="[]"),
    Column("community", String(12), nullable=False),
    Column("grid", String(40)),
    Column("lat", Float),
    Column("lon", Float),
    Column("venue", String(40)),
    Column("buildings", JSON, nullable=False, default=list),
)
