"""The notebook's tables, one list of statements for each migration that has shipped."""

import sqlite3

from contract import wire

# A statement that shipped is never edited. `line` is the order of posting, for
# a clock that jumps must not reorder the outbox. Answers are counted per duty post: a phone that
# changes hands meets one `seq` twice.
TABLES = (
    "CREATE TABLE entries (id TEXT PRIMARY KEY, stage TEXT NOT NULL,"
    " seen_at INTEGER NOT NULL, body BLOB NOT NULL) STRICT",
    "CREATE INDEX entries_newest ON entries (seen_at, id)",
    "CREATE INDEX entries_by_stage ON entries (stage, seen_at, id)",
    "CREATE TABLE parcels (line INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE,"
    " kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL,"
    " sealed_at TEXT NOT NULL, sealed_us INTEGER NOT NULL, raw BLOB NOT NULL) STRICT",
    "CREATE TABLE pictures (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, sent INTEGER NOT NULL,"
    " due INTEGER NOT NULL, stored_at TEXT, forgotten INTEGER NOT NULL) STRICT",
    "CREATE TABLE answers (seq INTEGER NOT NULL, report TEXT NOT NULL, body BLOB NOT NULL,"
    " PRIMARY KEY (report, seq)) STRICT",
    "CREATE TABLE memories (key TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT",
)
# A parcel whose receipt came has a `position` (of the ledger) and is kept for a while.
SHELF = (
    "ALTER TABLE parcels ADD COLUMN patrol TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE parcels ADD COLUMN position INTEGER",
    "ALTER TABLE parcels ADD COLUMN shelved_us INTEGER",
    "ALTER TABLE pictures ADD COLUMN patrol TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE pictures ADD COLUMN idle_at TEXT",
    "CREATE INDEX outbox ON parcels (patrol DESC, line) WHERE position IS NULL",
    "CREATE INDEX shelf ON parcels (shelved_us) WHERE position IS NOT NULL",
)
# Sealed content is bytes. The one row of `lock` opens with the key that sealed all the others.
LOCK = (
    "CREATE TABLE lock (id INTEGER PRIMARY KEY CHECK (id = 1), proof BLOB NOT NULL) STRICT",
    "CREATE TABLE kept_memories (key TEXT PRIMARY KEY, text BLOB NOT NULL) STRICT",
    "INSERT INTO kept_memories SELECT key, CAST(text AS BLOB) FROM memories",
    "DROP TABLE memories",
    "ALTER TABLE kept_memories RENAME TO memories",
)


def name_patrols(conn: sqlite3.Connection) -> None:
    """What waited before parcels and pictures knew their patrol: else a withdrawal that is sealed
    now would overtake its report."""
    patrols = dict[str, str]()
    for name, body in conn.execute("SELECT id, body FROM entries").fetchall():
        report = wire.parse_json(body)["report"]
        patrols[name] = patrol = report.get("patrol") or ""
        for photo in report.get("photos") or ():
            conn.execute(
                "UPDATE pictures SET patrol = ? WHERE sha256 = ?", (patrol, photo["sha256"])
            )
    for line, kind, name in conn.execute("SELECT line, kind, id FROM parcels").fetchall():
        patrol = name if kind == "patrol" else patrols.get(name, "")
        conn.execute("UPDATE parcels SET patrol = ? WHERE line = ?", (patrol, line))
