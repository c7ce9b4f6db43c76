"""A call made ahead, but for the link of the ledger that only the answer before it tells.

Zipped as a phone zips it; what changes stands at its end, so that the long front is zipped once.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from struct import pack

from bench.wares import Desk, posted
from contract.protocol import LedgerHead
from fieldapp.adapters import http_messages

BLANK = LedgerHead(position=2_147_483_000, hash="e" * 64)
FROM = b'"ledger":'
PLACE, HASH = b'"position":2147483000', b"e" * 64
GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LAST_STORED = 1  # a block of deflate that stands as it is


@dataclass(frozen=True, slots=True)
class Link:
    """The highest link that a phone holds, as bytes."""

    position: bytes
    hash: bytes

    @classmethod
    def of(cls, desk: Desk) -> "Link":
        if desk.head is None:
            raise ValueError("this phone has not heard its bureau yet")
        return cls(b"%d" % desk.head.position, desk.head.hash.encode())

    def after(self, reply: bytes) -> "Link":
        """The last link in a reply, or this one when it has none."""
        place, hash = reply.rfind(b'"position":') + 11, reply.rfind(b'"hash":"') + 8
        if hash < 8:
            return self
        return Link(
            reply[place : place + 10].split(b",")[0].split(b"}")[0], reply[hash : hash + 64]
        )


class Written:
    """One sync call of a phone, whole once its link is known."""

    def __init__(self, desk: Desk, parcels: Sequence[bytes], photos: Sequence[str] = ()) -> None:
        said = http_messages.encode_batch(replace(desk, head=BLANK).envelope(photos), parcels)
        cut = said.index(FROM)
        self._tail, self._desk = said[cut:], desk
        self._is_zipped = bool(http_messages.compress(said)[1])
        self._front, self._size, self._sum = said[:cut], cut, zlib.crc32(said[:cut])
        if self._is_zipped:
            zipper = zlib.compressobj(wbits=-zlib.MAX_WBITS)
            self._front = zipper.compress(self._front) + zipper.flush(zlib.Z_SYNC_FLUSH)

    def request(self, link: Link) -> bytes:
        """The bytes of the whole request."""
        tail = self._tail.replace(PLACE, b'"position":' + link.position).replace(HASH, link.hash)
        if not self._is_zipped:
            return posted(self._desk, self._front + tail, False)
        size, sum = self._size + len(tail), zlib.crc32(tail, self._sum)
        stored = pack("<BHH", LAST_STORED, len(tail), len(tail) ^ 0xFFFF) + tail
        return posted(self._desk, GZIP + self._front + stored + pack("<II", sum, size), True)
