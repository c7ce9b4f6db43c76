"""Small JPEGs to send, and a phone that sends them by tus."""

import socket
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import httpx
from PIL import Image

from tests.sync_server.bureau import Handset
from tests.sync_server.serving import Server

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {"Content-Type": "application/offset+octet-stream"}


@cache
def a_jpeg(n: int = 1, size: tuple[int, int] = (240, 180), **saved: Any) -> bytes:
    """A JPEG, different for each number; `saved` are options of Pillow's `save`."""
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    picture.putpixel((0, 0), (n % 256, n // 256 % 256, 7))
    picture.paste((n * 37 % 256, n * 11 % 256, 60), (0, 0, size[0] // 2, size[1] // 2))
    out = BytesIO()
    picture.save(out, "JPEG", quality=90, **saved)
    return out.getvalue()


def digest(jpeg: bytes) -> str:
    return sha256(jpeg).hexdigest()


def checksum(piece: bytes) -> dict[str, str]:
    return {"Upload-Checksum": f"sha256 {b64encode(sha256(piece).digest()).decode()}"}


def announcing(sha: str) -> dict[str, str]:
    return {"Upload-Metadata": f"sha256 {b64encode(sha.encode()).decode()}"}


def where(created: httpx.Response) -> str:
    """The upload's address: `Location`, relative to where it was created."""
    return urljoin("/v1/photos/", created.headers["location"])


@dataclass(frozen=True, slots=True)
class Sender:
    """A phone that sends requests to `/v1/photos/`."""

    server: Server
    handset: Handset

    def ask(self, method: str, place: str, body: Any = None, **headers: str) -> httpx.Response:
        said = TUS | self.handset.headers | headers
        return self.server.client.request(method, place, content=body, headers=said)

    def create(self, jpeg: bytes, sha: str | None = "", **headers: str) -> httpx.Response:
        """Announces `sha`; None announces nothing, "" the true digest."""
        told = {"Upload-Length": str(len(jpeg))} | headers
        if sha is not None:
            told |= announcing(sha or digest(jpeg))
        return self.ask("POST", "/v1/photos/", **told)

    def begun(self, jpeg: bytes, sha: str | None = "") -> str:
        answer = self.create(jpeg, sha)
        assert answer.status_code == 201, answer.text
        return where(answer)

    def patch(self, place: str, offset: int, body: Any, **headers: str) -> httpx.Response:
        said = BYTES | {"Upload-Offset": str(offset)} | headers
        return self.ask("PATCH", place, body, **said)

    def reached(self, place: str) -> int:
        answer = self.ask("HEAD", place)
        assert answer.status_code == 200
        return int(answer.headers["upload-offset"])

    def sent(self, jpeg: bytes) -> httpx.Response:
        return self.patch(self.begun(jpeg), 0, jpeg)

    def at_once(self, jpeg: bytes, said: bytes = b"", /, **headers: str) -> httpx.Response:
        """Creates an upload with all its bytes: `jpeg` is announced, `said` or else `jpeg` sent."""
        told = BYTES | {"Upload-Length": str(len(jpeg))} | announcing(digest(jpeg)) | headers
        return self.ask("POST", "/v1/photos/", said or jpeg, **told)

    def line(self, method: str, place: str, length: int, **headers: str) -> socket.socket:
        """A connection of its own on which a request with a body of `length` bytes has begun; the
        test sends of it what it likes."""
        line = socket.create_connection(("127.0.0.1", self.server.port), timeout=10)
        said = {"Host": "127.0.0.1", "Content-Length": str(length), **TUS, **BYTES}
        said |= self.handset.headers | headers
        text = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        line.sendall(f"{method} {place} HTTP/1.1\r\n{text}\r\n".encode())
        return line
