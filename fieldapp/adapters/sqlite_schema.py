"""The notebook's tables, and the proof of which cipher sealed what is in them.

From the baseline on, the schema only grows: a migration that has shipped is never edited, a change
is a new one below it.
"""

from sqlite_utils import Database, Migrations

from fieldapp.ports import CannotOpen, Cipher

MIGRATIONS = Migrations("notebook")
PROOF, PROOF_PLACE = b"xuncha", "cipher_proof"
# `line` is the order in which parcels were enqueued, for a clock that jumps must not reorder the
# outbox; one whose receipt came has a `position` (of the ledger) and is kept for a while. Answers
# are counted for each duty post: a phone that changes hands meets one `seq` twice. Names that end
# in `_us` are microseconds since 1970 in UTC. BLOBs are sealed; cipher_proof has one row, which
# opens with the key that sealed all the others.
BASELINE = (
    "CREATE TABLE entries (id TEXT PRIMARY KEY, stage TEXT NOT NULL,"
    " seen_us INTEGER NOT NULL, body BLOB NOT NULL) STRICT",
    "CREATE INDEX entries_newest ON entries (seen_us, id)",
    "CREATE INDEX entries_by_stage ON entries (stage, seen_us, id)",
    "CREATE TABLE parcels (line INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE,"
    " kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, patrol TEXT NOT NULL,"
    " sealed_at TEXT NOT NULL, sealed_us INTEGER NOT NULL, raw BLOB NOT NULL,"
    " position INTEGER, receipted_us INTEGER) STRICT",
    "CREATE INDEX parcels_outbox ON parcels (patrol DESC, line) WHERE position IS NULL",
    "CREATE INDEX parcels_receipted ON parcels (receipted_us) WHERE position IS NOT NULL",
    "CREATE TABLE photos (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, sent INTEGER NOT NULL,"
    " due INTEGER NOT NULL, stored_at TEXT, forgotten INTEGER NOT NULL, patrol TEXT NOT NULL,"
    " idle_at TEXT) STRICT",
    "CREATE TABLE answers (seq INTEGER NOT NULL, report TEXT NOT NULL, body BLOB NOT NULL,"
    " PRIMARY KEY (report, seq)) STRICT",
    "CREATE TABLE memories (key TEXT PRIMARY KEY, text BLOB NOT NULL) STRICT",
    "CREATE TABLE cipher_proof (id INTEGER PRIMARY KEY CHECK (id = 1), proof BLOB NOT NULL) STRICT",
)


@MIGRATIONS()
def baseline(db: Database) -> None:
    """The tables of the first version."""
    for statement in BASELINE:
        db.execute(statement)


def migrate(db: Database, cipher: Cipher) -> None:
    """Applies what is pending in one transaction, and notes on a new notebook that this cipher
    seals it. Of two tabs that begin at once, one waits for the other and finds nothing to do.
    Writes nothing where nothing is pending: another tab may hold the write lock for long."""
    if not MIGRATIONS.pending(db):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        MIGRATIONS.apply(db)
        proof = cipher.seal(PROOF, PROOF_PLACE)
        db.execute("INSERT OR IGNORE INTO cipher_proof VALUES (1, ?)", [proof])
        db.commit()
    except BaseException:
        db.rollback()
        raise


def first_page() -> bytes:
    """The first page of a notebook's file, which says where each table begins."""
    db = Database(memory=True)
    try:
        MIGRATIONS.apply(db)
        content: bytes = db.conn.serialize()
    finally:
        db.close()
    return content[: int.from_bytes(content[16:18], "big")]


def was_sealed_by(db: Database, cipher: Cipher) -> bool:
    """True if this cipher sealed this notebook; False if its proof is gone, too."""
    found = db.execute("SELECT proof FROM cipher_proof").fetchone()
    try:
        return found is not None and cipher.open(bytes(found[0]), PROOF_PLACE) == PROOF
    except CannotOpen:
        return False
