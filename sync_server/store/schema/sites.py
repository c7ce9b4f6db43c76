"""Sites: which records are of one place, and what people said about that."""

from sqlalchemy import JSON, BigInteger, Column, Float, Index, Integer, String, Table, Text, text

from sync_server.store.schema.columns import Utc, bureau_key, metadata

_LIVE = text("undone_at IS NULL")

# A place. Its name follows from its key (domain/site_key.py), so it is never given to another one.
sites = Table(
    "sites",
    metadata,
    bureau_key(),
    Column("site", String(16), primary_key=True),
    Column("area", String(120), nullable=False),  # a compound's code, or "~" and a text
    Column("door", String(200), nullable=False, default=""),  # empty: of one report without a key
    Column("fork", String(100), nullable=False, default=""),  # the institution, where several are
    Column("opened_at", Utc, nullable=False),
    # A person said that it is the same place as this one, which was not merged itself.
    Column("superseded_by", String(16)),
    Index("sites_by_successor", "bureau", "superseded_by"),
)

# Which site a record is of: the link without an end. Links are only ever added, and ended.
site_links = Table(
    "site_links",
    metadata,
    bureau_key(),
    Column("report", String(36), primary_key=True),
    Column("n", Integer, primary_key=True),  # of the report, from 1
    Column("site", String(16), nullable=False),
    # Of the site's key, and once more here: what is sought at a door is the newest reports.
    Column("area", String(120), nullable=False, server_default=""),
    Column("door", String(200), nullable=False, server_default=""),
    Column("firm", String(100), nullable=False, default=""),
    Column("rule", String(10), nullable=False),  # version of the rules by which it was made
    Column("evidence", JSON, nullable=False),  # [reason, weight] each
    Column("weight", Float, nullable=False),  # their sum: log-likelihood, natural
    Column("staff", String(40), nullable=False, default=""),  # empty: by the rules
    Column("at", Utc, nullable=False),
    Column("undone_at", Utc),
    Column("undone_by", String(40)),  # empty: by the rules, for the address was changed
    Index("site_links_by_site", "bureau", "site"),
    # With all that a search reads: at a million records it reads no row of the table.
    Index(
        "site_links_by_area",
        *("bureau", "area", "door", "report", "undone_at"),
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    ),
    Index(
        "site_links_by_door",
        *("bureau", "door", "report", "undone_at"),
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    ),
)

# What people said: two sites are the same, or are not; `report` is not of the site `other`.
site_rulings = Table(
    "site_rulings",
    metadata,
    bureau_key(),
    Column("n", BigInteger, primary_key=True),
    Column("verdict", String(10), nullable=False),
    Column("site", String(16), nullable=False),
    Column("other", String(16), nullable=False),
    Column("report", String(36)),
    Column("reason", Text, nullable=False, default=""),
    Column("staff", String(40), nullable=False),
    Column("at", Utc, nullable=False),
    Column("undone_at", Utc),
    Column("undone_by", String(40)),
    Index("site_rulings_by_site", "bureau", "site"),
    Index("site_rulings_by_other", "bureau", "other"),
    Index("site_rulings_by_report", "bureau", "report"),
)
