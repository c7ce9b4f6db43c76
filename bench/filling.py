"""A bureau that has been at work for years: so many records, written as its own tables hold them.

Some reports are delivered to the real server; the rows that it made of them are the patterns, and
what must differ from row to row is made anew: names, digests, numbers, and the ledgers' links.
"""

import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, create_engine, insert, make_url, select, update

from bench.asking import Ask
from bench.load import Line
from bench.running import Caller, Running
from bench.wares import KINDS, RECEIPT, Desk, parcels
from contract.ids import uuid7
from contract.protocol import GENESIS, link_hash
from sync_server.store.schema import arrivals, counters, devices, records, staff

PHONES = 100
CHUNK = 5_000
APART = timedelta(seconds=20)
Row = dict[str, Any]
FAST = ("synchronous=OFF", "cache_size=-1000000", "wal_autocheckpoint=20000")


def delivered(server: Running, caller: Caller) -> None:
    """One report of each kind, through the front door."""
    call = Desk(caller).call([raw for _, raw in islice(parcels(caller), KINDS)])
    line = Line(server.port, iter([Ask((call,), b"200", RECEIPT, KINDS, KINDS)]))
    line.socket.setblocking(True)
    line.next()
    while not line.pull():
        pass
    line.socket.close()


def filled(address: str, caller: Caller, many: int) -> float:
    """Multiplies what this phone delivered; returns the seconds it took."""
    began = time.monotonic()
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            for pragma in FAST:
                connection.exec_driver_sql(f"PRAGMA {pragma}")
        _multiplied(connection, caller, many)
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    os.sync()  # else the first rounds would pay for all these rows
    return time.monotonic() - began


def _multiplied(connection: Connection, caller: Caller, many: int) -> None:
    pattern = _Patterns.read(connection, caller)
    rows = _rows(pattern, many)
    while chunk := list(islice(rows, CHUNK)):
        connection.execute(insert(arrivals), [arrival for arrival, _ in chunk])
        connection.execute(insert(records), [record for _, record in chunk])
        connection.commit()
    connection.execute(insert(staff), [phone.post for phone in pattern.phones])
    connection.execute(insert(devices), [phone.row() for phone in pattern.phones])
    here = counters.c.name == "receipt"
    connection.execute(update(counters).where(here).values(value=pattern.last + many))
    connection.commit()


@dataclass(slots=True)
class _Phone:
    """One of the phones that delivered all this, and the head of its ledger."""

    post: Row
    device: Row
    position: int = 0
    hash: str = GENESIS

    def row(self) -> Row:
        return self.device | {"position": self.position, "hash": self.hash}


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The rows to multiply; `last` is the last number that was given."""

    pairs: list[tuple[Row, Row]]
    phones: list[_Phone]
    last: int

    @classmethod
    def read(cls, connection: Connection, caller: Caller) -> "_Patterns":
        def of(table: Table, name: str, value: str) -> list[Row]:
            found = connection.execute(select(table).where(table.c[name] == value))
            return [dict(row._mapping) for row in found]

        kept = {row["id"]: row for row in of(records, "device", caller.device)}
        pairs = [(row, kept[row["id"]]) for row in of(arrivals, "device", caller.device)]
        [device], [post] = of(devices, "device", caller.device), of(staff, "staff", caller.author)
        [counter] = of(counters, "name", "receipt")
        phones = [_phone(device, post, n) for n in range(PHONES)]
        return cls(pairs, phones, counter["value"])


def _phone(device: Row, post: Row, n: int) -> _Phone:
    name = f"filler{n:02d}"
    row = {"device": f"d{secrets.token_hex(6)}", "staff": name, "token": secrets.token_hex(32)}
    return _Phone(post | {"staff": name}, device | row)


def _rows(pattern: _Patterns, many: int) -> Iterator[tuple[Row, Row]]:
    began = datetime.now(UTC) - many * APART
    for n in range(many):
        arrival, record = pattern.pairs[n % len(pattern.pairs)]
        phone, at = pattern.phones[n % PHONES], began + n * APART
        yield _row(arrival, record, phone, (pattern.last + 1 + n, at))


def _row(arrival: Row, record: Row, phone: _Phone, place: tuple[int, datetime]) -> tuple[Row, Row]:
    seq, at = place
    name = str(uuid7(at, secrets.token_bytes(10)))
    device, author = phone.device["device"], phone.post["staff"]
    raw = arrival["raw"].replace(arrival["id"].encode(), name.encode())
    raw = raw.replace(arrival["device"].encode(), device.encode())
    raw = raw.replace(record["author"].encode(), author.encode())
    digest, number = sha256(raw).hexdigest(), f"{arrival['number'].rpartition('-')[0]}-{seq:06d}"
    phone.position += 1
    phone.hash = link_hash(phone.hash, phone.position, digest, number)
    same = {"id": name, "device": device, "digest": digest, "number": number, "received_at": at}
    entered = {"raw": raw, "position": phone.position, "hash": phone.hash}
    body = record["body"] | {"id": name, "device": device, "author": author}
    shown = {"seq": seq, "author": author, "changed_at": at, "seen_at": at, "body": body}
    return arrival | same | entered, record | same | shown
