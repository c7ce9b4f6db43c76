"""The two programs as they really run: processes of their own, ended by whoever started them."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from sync_server.settings import Settings

ROOT = Path(__file__).parent.parent
PATIENCE_S = 60


class Program:
    """One process, ended gently when its `with` block is left."""

    def __init__(self, arguments: list[str], **environment: str) -> None:
        self._arguments = [sys.executable, "-m", *arguments]
        self._environment = os.environ | environment

    @classmethod
    def server(cls, settings: Settings) -> Self:
        """The sync server, on settings.port."""
        return cls(["sync_server", "serve"], **settings.environment())

    @classmethod
    def field_app(cls, port: int, bureau: str, phones: Path) -> Self:
        """The field app as a web app; each browser profile is a phone under `phones`."""
        return cls(
            ["demo.field", "--port", str(port)],
            XUNCHA_SERVER=bureau,
            XUNCHA_PHONES=str(phones),
        )

    def running(self) -> bool:
        """Whether the process has not ended by itself."""
        return self._process.poll() is None

    def __enter__(self) -> Self:
        # A group of its own: Ctrl-C reaches this program once, through us.
        self._process = subprocess.Popen(
            self._arguments, cwd=ROOT, env=self._environment, process_group=0
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.end(signal.SIGTERM)

    def end(self, how: signal.Signals) -> None:
        """Ends the process now, gently or not; again is harmless."""
        self._process.send_signal(how)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def reachable(port: int, program: Program) -> None:
    """Waits until the program listens; raises RuntimeError when it ends before, or never does."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and program.running():
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"port {port} does not answer")
