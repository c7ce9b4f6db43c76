"""What every world begins with: a migrated bureau with two duty posts, small pictures, a folder in
memory where the machine has one."""

import shutil
import tempfile
from collections.abc import Collection
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image
from sqlalchemy import select, text

from sync_server.store.arrivals import quarantined
from sync_server.store.engine import THIS_BUREAU, Store
from sync_server.store.prepared import PreparedStatement
from sync_server.store.schema import arrivals, metadata
from tests.simulation.machine import FILE
from tests.sync_server.bureau import equip

SHM = Path("/dev/shm")  # noqa: S108  # a folder in memory: fsync costs nothing there
CODE = "0001"
_ARRIVED = PreparedStatement(select(arrivals.c.digest).where(arrivals.c.bureau == THIS_BUREAU))
SIDES = (16, 48, 160)  # pixels: pictures of about 1, 3 and 25 KB


def a_folder() -> Path:
    """A new folder for worlds; who asks removes it."""
    return Path(tempfile.mkdtemp(prefix="xuncha-sim-", dir=SHM if SHM.is_dir() else None))


@cache
def template() -> bytes:
    """A bureau's SQLite file with its tables and its ground."""
    folder = a_folder()
    try:
        file = folder / FILE
        store = Store.open(f"sqlite:///{file}", CODE)
        with store.writing() as tx:
            equip(tx)
        store.close()
        return file.read_bytes()
    finally:
        shutil.rmtree(folder)


def lay_out(root: Path) -> None:
    """A bureau of this template's kind in `root`."""
    root.mkdir(parents=True)
    (root / FILE).write_bytes(template())


@lru_cache(maxsize=4096)
def a_picture(n: int) -> bytes:
    """Noise, as small as it may be: every number is another JPEG."""
    side = SIDES[n % len(SIDES)]
    image = Image.frombytes("L", (side, side), Random(n).randbytes(side * side))
    out = BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def copied(folder: Path, to: Path) -> Path:
    """A folder of some machine, once more."""
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("*-shm"))
    return to


def rows(store: Store, names: Collection[str] = ()) -> dict[str, list[dict[str, Any]]]:
    """Everything of one bureau, or these tables: its backup where the database is no file."""
    found = {}
    with store.reading() as tx:
        for table in metadata.sorted_tables:
            if names and table.name not in names:
                continue
            wanted = table.select().where(table.c.bureau == tx.bureau)
            found[table.name] = [dict(row._mapping) for row in tx.run(wanted)]
    return found


def arrived(store: Store) -> set[str]:
    """The digests of all arrivals."""
    with store.reading() as tx:
        return {row.digest for row in tx.rows(_ARRIVED)}


def put_aside(store: Store) -> set[str]:
    """The digests of all that lies in quarantine."""
    with store.reading() as tx:
        return {row.digest for row in quarantined(tx)}


def put_back(store: Store, kept: dict[str, list[dict[str, Any]]]) -> None:
    """The bureau as it was; without `kept` rows nothing of it is left."""
    with store.writing() as tx:
        tx.run(text("SET LOCAL session_replication_role = replica"))  # past what guards the logs
        for table in metadata.sorted_tables:
            tx.run(table.delete().where(table.c.bureau == tx.bureau))
            if some := kept.get(table.name):
                tx.run(table.insert(), some)


@cache
def opened(postgres: str, code: str) -> Store:
    """A bureau on PostgreSQL; the tables are made once."""
    return (
        Store.open(postgres, code) if code == CODE else Store(opened(postgres, CODE).engine, code)
    )


def set_up(postgres: str, code: str) -> None:
    """Its ground and its duty posts."""
    store = opened(postgres, code)
    with store.writing() as tx:
        equip(tx)
