"""Binds a store to the key of its arrivals, and seals what was kept in the clear before."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Column, Table, and_, insert, select, tuple_, update

from sync_server.store.arrival_key import ArrivalKey, UnfitKey, is_sealed, make_key, read_key
from sync_server.store.engine import DatabaseRow, Store, Tx
from sync_server.store.schema import arrival_keys, arrivals, quarantine

PAGE = 500
Keys = Sequence[Column[object]]
# What holds sent bytes, and the rest of its primary key.
SEALED: dict[Table, Keys] = {
    arrivals: (arrivals.c.device, arrivals.c.position),
    quarantine: (quarantine.c.digest, quarantine.c.device),
}


def with_key(store: Store, file: Path) -> Store:
    """The store, which can keep and open arrivals now. The first time the key is made. Raises
    UnfitKey if the file is gone, or holds another key than that of this bureau, and OSError; then
    the store is closed."""
    try:
        return Store(store.engine, store.bureau, _key(store, file))
    except BaseException:
        store.close()
        raise


def _key(store: Store, file: Path) -> ArrivalKey:
    with store.writing() as tx:
        tx.claim(arrival_keys.name)
        wanted = select(arrival_keys.c.fingerprint).where(arrival_keys.c.bureau == tx.bureau)
        known = tx.run(wanted).scalar_one_or_none()
        key = read_key(file) or (make_key(file) if known is None else None)
        if key is None or known not in (None, key.fingerprint):
            raise UnfitKey(file)
        if known is None:
            tx.run(insert(arrival_keys).values(bureau=tx.bureau, fingerprint=key.fingerprint))
    return key


def seal_old(store: Store) -> int:
    """Seals what was kept in the clear, and leaves nothing of it in a SQLite file. Returns how
    many rows there were."""
    count = sum(_seal_table(store, table, keys) for table, keys in SEALED.items())
    if count and store.engine.dialect.name == "sqlite":
        connection = store.engine.raw_connection()
        try:
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.cursor().execute(statement)
        finally:
            connection.close()
    return count


def _seal_table(store: Store, table: Table, keys: Keys) -> int:
    count, after = 0, None
    while True:
        with store.writing() as tx:
            rows = _page(tx, table, keys, after)
            plain = [row for row in rows if not is_sealed(row.raw)]
            for row in plain:
                here = and_(*(key == getattr(row, key.name) for key in keys))
                sealed = tx.arrival_key.sealed(row.raw, row.digest)
                tx.run(update(table).where(table.c.bureau == tx.bureau, here).values(raw=sealed))
        count += len(plain)
        if len(rows) < PAGE:
            return count
        after = tuple(getattr(rows[-1], key.name) for key in keys)


def _page(
    tx: Tx, table: Table, keys: Keys, after: tuple[object, ...] | None
) -> Sequence[DatabaseRow]:
    own = dict.fromkeys((*keys, table.c.digest, table.c.raw))  # each once
    wanted = select(*own).where(table.c.bureau == tx.bureau).order_by(*keys).limit(PAGE)
    if after is not None:
        wanted = wanted.where(tuple_(*keys) > tuple_(*after))
    return tx.run(wanted).all()
