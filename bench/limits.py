"""What the machine itself can do: the disk, the databases and bare HTTP, without our programs."""

import os
import secrets
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from bench.asking import Load
from bench.measuring import measured
from bench.running import Caller, free_port, started
from bench.tables import share
from bench.wares import Desk
from contract.protocol import LedgerHead

ROW = 2_000  # bytes: a report as it came and as it is shown
PHOTO = 300 * 1024
PAGE = 4096
MADE = 500  # contents made before the clock runs


def rate(work: Callable[[int], None], seconds: float) -> float:
    """How often a second `work(n)` is done."""
    began = time.monotonic()
    n = 0
    while (passed := time.monotonic() - began) < seconds:
        work(n)
        n += 1
    return n / passed


def synced_ms(folder: Path, seconds: float) -> float:
    """The median time of one fdatasync after a page was appended."""
    times: list[float] = []
    page = secrets.token_bytes(PAGE)
    with open(folder / "pages", "wb", buffering=0) as file:

        def once(_: int) -> None:
            file.write(page)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - began)

        rate(once, seconds)
    return share(times, 0.5) * 1000


def photos(folder: Path, seconds: float) -> float:
    """Files of 300 KB a second: written, synced, renamed."""
    jpeg = secrets.token_bytes(PHOTO)

    def once(n: int) -> None:
        part = folder / "part"
        with open(part, "wb", buffering=0) as file:
            file.write(jpeg)
            os.fsync(file.fileno())
        part.replace(folder / f"{n % 200}.jpg")

    return rate(once, seconds)


def sqlite_rows(folder: Path, together: int, seconds: float) -> float:
    """Rows a second, `together` in one commit that waits for the disk."""
    contents = [secrets.token_bytes(ROW) for _ in range(MADE)]
    database = sqlite3.connect(folder / f"raw{together}.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE kept (n INTEGER PRIMARY KEY, body BLOB NOT NULL)")

    def once(n: int) -> None:
        database.execute("BEGIN IMMEDIATE")
        rows = [(contents[(n + k) % MADE],) for k in range(together)]
        database.executemany("INSERT INTO kept (body) VALUES (?)", rows)
        database.execute("COMMIT")

    try:
        return together * rate(once, seconds)
    finally:
        database.close()


def postgres_commits(address: str, connections: int, seconds: float) -> float:
    """Commits of one row a second, over so many connections."""
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute("DROP TABLE IF EXISTS kept")
        admin.execute("CREATE TABLE kept (n bigserial PRIMARY KEY, body bytea NOT NULL)")
    contents = [secrets.token_bytes(ROW) for _ in range(MADE)]
    rates: list[float] = []

    def one() -> None:
        with psycopg.connect(address, autocommit=True) as own:

            def once(n: int) -> None:
                own.execute("INSERT INTO kept (body) VALUES (%s)", (contents[n % MADE],))

            rates.append(rate(once, seconds))

    threads = [threading.Thread(target=one) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(rates)


def bare_http(load: Load, seconds: float) -> float:
    """Requests a second of the same size to a server that does nothing with them."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.echo:app", "--port", str(port)]
    head = LedgerHead(position=1, hash="0" * 64)
    desks = [Desk(Caller("d0", "bench000", "t" * 43), head=head)] * load.connections
    with started([*command, "--log-level", "warning"], port, {}) as server:
        return measured(server, desks, load, seconds).rate
