"""Reads the request headers of tus: what a client says is a number, a digest or a checksum."""

import re
from base64 import b64decode
from binascii import Error
from dataclasses import dataclass
from hashlib import sha1, sha256
from hmac import compare_digest
from typing import Any

from fastapi import Request

from contract.protocol import MAX_PHOTOS_TOGETHER
from sync_server.problems import BadHeader

DIGEST = re.compile("[0-9a-f]{64}")
NUMBER = re.compile("[0-9]{1,12}")
SIZE = re.compile("[1-9][0-9]{0,8}")
LONGEST_METADATA = 1000
CHECKSUMS = {"sha256": 32, "sha1": 20}  # bytes


def parse_number(request: Request, header: str) -> int:
    """A header's natural number; raises BadHeader."""
    value = request.headers.get(header, "")
    if not NUMBER.fullmatch(value):
        raise BadHeader(header)
    return int(value)


def parse_photos(request: Request) -> list[tuple[str, int]]:
    """`Photos: <digest>=<bytes>, …`: the photos that one body holds, in their order. Raises
    BadHeader, also for a photo that is named twice."""
    pairs = [pair.strip().partition("=") for pair in request.headers.get("photos", "").split(",")]
    is_sound = all(DIGEST.fullmatch(name) and SIZE.fullmatch(size) for name, _, size in pairs)
    if (
        not is_sound
        or len({name for name, *_ in pairs}) < len(pairs)
        or len(pairs) > MAX_PHOTOS_TOGETHER
    ):
        raise BadHeader("Photos")
    return [(name, int(size)) for name, _, size in pairs]


def parse_metadata(request: Request) -> str:
    """`Upload-Metadata` in one spelling: pairs of a key and base64, or a key alone. What a client
    says of a file is told it again, and believed in one point: see `announced`. Raises BadHeader.
    """
    said = request.headers.get("upload-metadata", "")
    pairs = [pair.split() for pair in said.split(",") if pair.strip()]
    keys = [pair[0] for pair in pairs]
    fits = len(said) <= LONGEST_METADATA and said.isascii() and len(set(keys)) == len(keys)
    if not fits or any(len(pair) > 2 for pair in pairs):
        raise BadHeader("Upload-Metadata")
    for _, *values in pairs:
        _unpacked("".join(values))
    return ",".join(" ".join(pair) for pair in pairs)


def announced_digest(metadata: str) -> str | None:
    """The digest in it: `sha256 <base64 of its 64 hexadecimal digits>`. Raises BadHeader."""
    for pair in metadata.split(","):
        key, _, value = pair.partition(" ")
        if key == "sha256":
            digest = _unpacked(value).decode("ascii", "replace")
            if not DIGEST.fullmatch(digest):
                raise BadHeader("Upload-Metadata")
            return digest
    return None


def parse_checksum(request: Request) -> "Checksum | None":
    """What `Upload-Checksum: sha256 <base64>` promises of this body; raises BadHeader."""
    if (header := request.headers.get("upload-checksum")) is None:
        return None
    kind, _, value = header.partition(" ")
    digest = _unpacked(value)
    if len(digest) != CHECKSUMS.get(kind):
        raise BadHeader("Upload-Checksum")
    return Checksum(kind, digest)


@dataclass(frozen=True, slots=True)
class Checksum:
    """A promise about one body. sha1 is there because tus asks for it, against damage only."""

    kind: str
    digest: bytes

    def begun(self) -> Any:
        """A hash to feed with the body as it comes."""
        return sha256() if self.kind == "sha256" else sha1(usedforsecurity=False)

    def kept(self, seen: Any) -> bool:
        """Whether the body was what was promised."""
        return compare_digest(seen.digest(), self.digest)


def _unpacked(value: str) -> bytes:
    try:
        return b64decode(value, validate=True)
    except (Error, ValueError) as error:
        raise BadHeader("not base64") from error
