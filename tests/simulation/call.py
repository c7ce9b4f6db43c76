"""One request inside a server process: what a socket and uvicorn would do for the application."""

import asyncio
from typing import Any

from fastapi import FastAPI

Headers = list[tuple[bytes, bytes]]
HOUSE = {"server": ("bureau.example", 443), "client": ("192.0.2.1", 40_000), "scheme": "https"}


class Call:
    """One request inside a server process."""

    def __init__(self, method: str, path: str, headers: Headers) -> None:
        self.scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": headers,
            **HOUSE,
        }
        self.status: int | None = None
        self.headers: Headers = []
        self.body = b""
        self.task: asyncio.Task[None] | None = None
        self._whole = False
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    @property
    def over(self) -> bool:
        return self.task is None or self.task.done()

    def feed(self, piece: bytes) -> None:
        self._inbox.put_nowait({"type": "http.request", "body": piece, "more_body": True})

    def fed(self) -> None:
        self._inbox.put_nowait({"type": "http.request", "body": b"", "more_body": False})

    def hang_up(self) -> None:
        self._inbox.put_nowait({"type": "http.disconnect"})

    async def run(self, app: FastAPI) -> None:
        await app(self.scope, self._inbox.get, self._send)

    async def answered(self) -> None:
        """Until the server is done with it, in whatever way; `status` is None without an answer."""
        if self.task is not None:
            await asyncio.wait([self.task])
        if not self._whole:
            self.status = None

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        else:
            self.body += message["body"]
            self._whole = not message.get("more_body", False)
