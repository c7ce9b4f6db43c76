"""The steps from any notebook that ever shipped to the one of today, each taken once."""

from contextlib import suppress
from sqlite3 import IntegrityError, OperationalError

from sqlite_utils import Database, Migrations

from fieldapp.adapters import sqlite_rows as rows
from fieldapp.adapters import sqlite_tables
from fieldapp.ports import CannotOpen, Cipher

MIGRATIONS = Migrations("notebook")
PROOF = b"xuncha"
# What is sealed: the table, what a row's place is made of, the column.
CONTENT = (
    ("entries", "id", "body"),
    ("parcels", "digest", "raw"),
    ("answers", "report || '/' || seq", "body"),
    ("memories", "key", "text"),
)


@MIGRATIONS()
def tables(db: Database) -> None:
    for statement in sqlite_tables.TABLES:
        db.execute(statement)


@MIGRATIONS()
def shelf(db: Database) -> None:
    for statement in sqlite_tables.SHELF:
        db.execute(statement)
    sqlite_tables.name_patrols(db.conn)


def prepare(db: Database, cipher: Cipher) -> None:
    """Two tabs may begin at once: then one waits for the other and finds nothing left to do."""
    locking = _locking(cipher)
    if not db["lock"].exists():
        db.execute("BEGIN IMMEDIATE")
        try:
            MIGRATIONS.apply(db)
            locking.apply(db)
            db.commit()
        except BaseException:
            db.rollback()
            raise
    else:
        MIGRATIONS.apply(db)
    # No room, or another tab reads: then at the next start. Or that tab has noted it already.
    with suppress(OperationalError, IntegrityError):
        _scrubbing().apply(db)


def proves(db: Database, cipher: Cipher) -> bool:
    """Whether this cipher sealed this notebook."""
    (proof,) = db.execute("SELECT proof FROM lock").fetchone()
    try:
        return cipher.open(bytes(proof), "lock") == PROOF
    except CannotOpen:
        return False


def _locking(cipher: Cipher) -> Migrations:
    steps = Migrations("notebook lock")

    @steps()
    def lock(db: Database) -> None:
        """All content in one transaction: a kill leaves a notebook that is open or sealed."""
        for statement in sqlite_tables.LOCK:
            db.execute(statement)
        for table, key, column in CONTENT:
            found = db.execute(f"SELECT {key}, rowid, {column} FROM {table}").fetchall()  # noqa: S608  # fixed words
            for name, row, plain in found:
                sealed = cipher.seal(plain, rows.place(table, name))
                db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [sealed, row])  # noqa: S608  # fixed words
        db.execute("INSERT INTO lock VALUES (1, ?)", [cipher.seal(PROOF, "lock")])

    return steps


def _scrubbing() -> Migrations:
    """What was in the clear still lies in free pages, until the file is written anew."""
    steps = Migrations("notebook scrub")

    @steps(transactional=False)
    def scrub(db: Database) -> None:
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    return steps
