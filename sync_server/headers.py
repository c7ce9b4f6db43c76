"""Reads the request headers of tus: what a client says is a number, a digest or a checksum."""

import re
from base64 import b64decode, b64encode
from binascii import Error

from fastapi import Request

from sync_server.problems import BadHeader

DIGEST = re.compile("[0-9a-f]{64}")
NUMBER = re.compile("[0-9]{1,12}")


def number(request: Request, header: str) -> int:
    """A header's natural number; raises BadHeader."""
    value = request.headers.get(header, "")
    if not NUMBER.fullmatch(value):
        raise BadHeader(header)
    return int(value)


def announced(request: Request) -> str | None:
    """The digest from `Upload-Metadata: sha256 <base64 of its 64 hexadecimal digits>`."""
    for pair in request.headers.get("upload-metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "sha256":
            digest = _unpacked(value).decode("ascii", "replace")
            if not DIGEST.fullmatch(digest):
                raise BadHeader("Upload-Metadata")
            return digest
    return None


def announcing(digest: str) -> str:
    """The same, as it is told again."""
    return f"sha256 {b64encode(digest.encode()).decode()}"


def checksum(request: Request) -> bytes | None:
    """What `Upload-Checksum: sha256 <base64 of 32 bytes>` promises of this body."""
    if (header := request.headers.get("upload-checksum")) is None:
        return None
    kind, _, value = header.partition(" ")
    digest = _unpacked(value)
    if kind != "sha256" or len(digest) != 32:
        raise BadHeader("Upload-Checksum")
    return digest


def _unpacked(value: str) -> bytes:
    try:
        return b64decode(value, validate=True)
    except (Error, ValueError) as error:
        raise BadHeader("not base64") from error
