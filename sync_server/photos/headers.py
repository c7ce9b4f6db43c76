"""Parses the request headers of photo uploads: numbers, digests, metadata, checksums."""

import re
from base64 import b64decode
from binascii import Error
from dataclasses import dataclass
from hashlib import sha1, sha256
from hmac import compare_digest
from typing import Any

from fastapi import Request

from sync_server.problems import BadHeader

DIGEST = re.compile("[0-9a-f]{64}")
NUMBER = re.compile("[0-9]{1,12}")
LONGEST_METADATA = 1000
CHECKSUMS = {"sha256": 32, "sha1": 20}  # algorithm → bytes


def parse_number(request: Request, header: str) -> int:
    """The natural number in a header. Raises BadHeader."""
    value = request.headers.get(header, "")
    if not NUMBER.fullmatch(value):
        raise BadHeader(header)
    return int(value)


def parse_metadata(request: Request) -> str:
    """`Upload-Metadata`, normalized: pairs of a key and base64, or a key alone. It is returned to
    the client as it is; only the digest in it is used (see `announced_digest`). Raises BadHeader.
    """
    value = request.headers.get("upload-metadata", "")
    pairs = [pair.split() for pair in value.split(",") if pair.strip()]
    keys = [pair[0] for pair in pairs]
    fits = len(value) <= LONGEST_METADATA and value.isascii() and len(set(keys)) == len(keys)
    if not fits or any(len(pair) > 2 for pair in pairs):
        raise BadHeader("Upload-Metadata")
    for _, *values in pairs:
        _decode_base64("".join(values))
    return ",".join(" ".join(pair) for pair in pairs)


def announced_digest(metadata: str) -> str | None:
    """The digest in metadata (`sha256 <base64 of its 64 hexadecimal digits>`), or None. Raises
    BadHeader."""
    for pair in metadata.split(","):
        key, _, value = pair.partition(" ")
        if key == "sha256":
            digest = _decode_base64(value).decode("ascii", "replace")
            if not DIGEST.fullmatch(digest):
                raise BadHeader("Upload-Metadata")
            return digest
    return None


def parse_checksum(request: Request) -> "Checksum | None":
    """`Upload-Checksum: sha256 <base64>`, or None. Raises BadHeader."""
    if (header := request.headers.get("upload-checksum")) is None:
        return None
    kind, _, value = header.partition(" ")
    digest = _decode_base64(value)
    if len(digest) != CHECKSUMS.get(kind):
        raise BadHeader("Upload-Checksum")
    return Checksum(kind, digest)


@dataclass(frozen=True, slots=True)
class Checksum:
    """The checksum that a client announced for one body. sha1 is supported because tus requires it;
    it serves against damage only."""

    kind: str
    digest: bytes

    def new_hash(self) -> Any:
        """A hash object, to be updated with the body."""
        return sha256() if self.kind == "sha256" else sha1(usedforsecurity=False)

    def matches(self, hash: Any) -> bool:
        """Whether the hash of the body is the announced one."""
        return compare_digest(hash.digest(), self.digest)


def _decode_base64(value: str) -> bytes:
    try:
        return b64decode(value, validate=True)
    except (Error, ValueError) as error:
        raise BadHeader("not base64") from error
