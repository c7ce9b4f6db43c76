"""Chains of rows: each is linked by a hash to the row before it, so that no change goes unseen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, select

from contract import wire
from sync_server.store.engine import Tx
from sync_server.store.readable import CANNOT_READ, ReadRow, UnreadableRow, readable_rows

GENESIS = "0" * 64  # what the first row is linked to
AT_ONCE = 1_000  # rows read together


@dataclass(frozen=True, slots=True)
class StoredLink:
    """What a row says of its place in the chain: its number, the hash of the row before, and its
    own; and `content`, the hash that belongs to what it says now, None if it cannot be read."""

    n: int
    before: str
    hash: str
    content: str | None


@dataclass(frozen=True, slots=True)
class Chain:
    """The rows of a table that are linked in the order of `n`, each naming the hash `before` it.
    `content` computes the hash that belongs to a row."""

    table: Table
    n: Column[Any]
    before: Column[Any]
    content: Callable[[Any], str]

    def head(self, tx: Tx) -> tuple[int, str] | None:
        """Number and hash of the last row; None if there is none."""
        last = select(self.n.label("n"), self.table.c.hash).where(self._here(tx))
        row = tx.run(last.order_by(self.n.desc()).limit(1)).one_or_none()
        return (row.n, row.hash) if row else None

    def next(self, tx: Tx) -> tuple[int, str]:
        """Number of the next row, and the hash that it is linked to. Claims the chain until the
        transaction ends, so that no two take the same number: the last claim of a transaction but
        that of the audit log."""
        tx.claim(self.table.name)
        n, hash = self.head(tx) or (0, GENESIS)
        return n + 1, hash

    def hash_at(self, tx: Tx, n: int) -> str | None:
        """The hash of row `n`; None if there is none."""
        here = select(self.table.c.hash).where(self._here(tx), self.n == n)
        found: str | None = tx.run(here).scalar_one_or_none()
        return found

    def links(self, tx: Tx) -> Iterator[StoredLink]:
        """All rows in order, AT_ONCE in memory at a time."""
        key = (self.n, self.before, self.table.c.hash)
        wanted = select(self.table).where(self._here(tx)).order_by(self.n).limit(AT_ONCE)
        rows = readable_rows(tx, wanted, key)
        while rows:
            links = [self._link(row) for row in rows]
            yield from links
            rows = readable_rows(tx, wanted.where(self.n > links[-1].n), key)

    def _link(self, row: ReadRow) -> StoredLink:
        named = (row.key if isinstance(row, UnreadableRow) else row)._mapping
        return StoredLink(
            named[self.n], named[self.before], named[self.table.c.hash], self._of(row)
        )

    def _of(self, row: ReadRow) -> str | None:
        if isinstance(row, UnreadableRow):
            return None
        try:
            return self.content(row)
        except (*CANNOT_READ, AttributeError, wire.Unreadable):
            return None

    def _here(self, tx: Tx) -> ColumnElement[bool]:
        return self.table.c.bureau == tx.bureau
