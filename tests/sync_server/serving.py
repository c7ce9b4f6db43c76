"""Runs the server under uvicorn in a thread of the test, on a free port."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn

from contract import wire
from contract.protocol import PROTOCOL
from contract.wire import Json
from sync_server import serve
from sync_server.app import build_app
from sync_server.settings import Settings
from tests.sync_server.bureau import Handset


@dataclass(frozen=True, slots=True)
class Server:
    """A running server and a client that talks to it."""

    port: int
    client: httpx.Client

    def sync(self, handset: Handset, *things: Json, **envelope: Any) -> httpx.Response:
        """One sync call as a phone makes it."""
        said = {"protocol": PROTOCOL, "sent_at": "2026-11-20T20:00:00+08:00", **envelope}
        return self.raw_sync(handset, wire.canonical({**said, "arrivals": list(things)}))

    def raw_sync(self, handset: Handset, body: bytes, **headers: str) -> httpx.Response:
        return self.client.post("/v1/sync", content=body, headers=handset.headers | headers)


@contextmanager
def serving(settings: Settings, host: str = "127.0.0.1") -> Iterator[Server]:
    """Runs the server while the block runs, on this address of the machine itself."""
    changes = {"log_level": "error", "timeout_graceful_shutdown": 1} | serve.options(settings)
    asked = serve.config(build_app(settings), **changes)
    program = uvicorn.Server(asked)
    is_v6 = ":" in host
    with socket.socket(socket.AF_INET6 if is_v6 else socket.AF_INET) as door:
        door.bind((host, 0))
        port = door.getsockname()[1]
        thread = threading.Thread(target=program.run, args=([door],))
        thread.start()
        try:
            while not program.started:
                assert thread.is_alive()
                time.sleep(0.005)
            with httpx.Client(
                base_url=f"http://{f'[{host}]' if is_v6 else host}:{port}",
                trust_env=False,
                timeout=30,
            ) as client:
                yield Server(port, client)
        finally:
            program.should_exit = True
            thread.join()


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem; checks its media type and status."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = wire.parse_json(answer.content)
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]
