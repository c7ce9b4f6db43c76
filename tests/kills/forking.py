"""Children forked from a warm parent: a life that is killed costs milliseconds, not an import."""

import os
import select
import signal
import time
import traceback
from collections.abc import Callable
from typing import Self

PATIENCE_S = 30
Say = Callable[[str], None]


class Child:
    """One forked process and the lines that it has said, each before it went on."""

    def __init__(self, life: Callable[[Say], None]) -> None:
        self._hears, says = os.pipe()
        self._said = bytearray()
        self.pid = os.fork()
        if not self.pid:
            _lived(life, says)
        os.close(says)

    @classmethod
    def ended(cls, life: Callable[[Say], None]) -> list[str]:
        """Runs a life to its natural end; returns what it said."""
        child = cls(life)
        child.gone()
        return child.lines()

    def hear(self, line: str) -> Self:
        """Waits until the child has said this line."""
        deadline = time.monotonic() + PATIENCE_S
        while f"{line}\n".encode() not in self._said:
            ready = select.select([self._hears], [], [], deadline - time.monotonic())[0]
            if not ready or not self._read():
                raise RuntimeError(f"no {line!r} of a child, only {self._said[-200:]!r}")
        return self

    def times(self, line: str) -> int:
        """How often it has said this so far."""
        while select.select([self._hears], [], [], 0)[0] and self._read():
            pass
        return self._said.decode().splitlines().count(line)

    def kill(self) -> list[str]:
        """SIGKILL now; returns all it had said. Raises RuntimeError when it had died before."""
        os.kill(self.pid, signal.SIGKILL)
        status = os.waitpid(self.pid, 0)[1]
        if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
            raise RuntimeError(f"a child died by itself: {status}")
        return self.lines()

    def gone(self) -> None:
        """Waits for its natural end; raises RuntimeError when it was no good one."""
        while self._read():
            pass
        if os.waitpid(self.pid, 0)[1]:
            raise RuntimeError("a child failed")

    def lines(self) -> list[str]:
        while self._read():
            pass
        os.close(self._hears)
        return self._said.decode().splitlines()

    def _read(self) -> bool:
        piece = os.read(self._hears, 65_536)
        self._said += piece
        return bool(piece)


def _lived(life: Callable[[Say], None], says: int) -> None:
    """The child's own: never returns."""
    status = 1

    def say(line: str) -> None:
        os.write(says, f"{line}\n".encode())

    try:
        life(say)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)
