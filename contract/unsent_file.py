"""The file by which a phone's unsent parcels reach the bureau by hand, sealed to the bureau's key.

MARK, then a public key on the curve P-256 that was made for this file (POINT bytes, uncompressed),
then what AES-256-GCM made of the JSON of UnsentParcels for the place PLACE, as a phone seals all it
keeps: a byte 1, a nonce of 12 bytes, the ciphertext with its tag, over 1 and PLACE as well.
"""

from hashlib import sha256
from typing import Any

from contract.value import Name, Value

MARK = b"xuncha-unsent:1\n"
PLACE = "unsent"
POINT = 65  # bytes
MOST_BYTES = 8 * 1024 * 1024  # of a file: 3,000 reports
MOST_PARCELS = 3_000
SUFFIX = ".xuncha"


class UnsentParcels(Value):
    """What is in the file. `token` is the phone's own: it signs the file as it signs a call.
    `arrivals` are what a sync call would bring (`SyncRequest`), in the order of the outbox."""

    token: Name
    app: Name = ""
    arrivals: tuple[Any, ...] = ()


class NotSuchAFile(ValueError):
    """These bytes are no file of this kind."""


def key_of(shared: bytes, point: bytes, bureau: bytes) -> bytes:
    """The key of 32 bytes: SHA-256 over MARK, the secret (x-coordinate) that ECDH gives both sides,
    the file's own public key and the bureau's."""
    return sha256(MARK + shared + point + bureau).digest()


def packed(point: bytes, sealed: bytes) -> bytes:
    """The file's bytes."""
    return MARK + point + sealed


def unpacked(file: bytes) -> tuple[bytes, bytes]:
    """The public key in it, and what was sealed. Raises NotSuchAFile."""
    start = len(MARK) + POINT
    if not file.startswith(MARK) or not start < len(file) <= MOST_BYTES:
        raise NotSuchAFile
    return file[len(MARK) : start], file[start:]
