"""Runs modules of ours in processes of their own, within limits of memory and time: what a
stranger's file makes of them is not known before it is read."""

import os
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
NICENESS = 10  # whoever waits for a phone's call goes first


class OverLimit(Exception):
    """It took more memory or time than it may."""


class TooLate(OverLimit):
    """So much time went by. On a busy machine that says nothing of the file: a module's own limit
    is of the processor's time."""


def run_apart(
    module: str, *arguments: str, given: bytes = b"", seconds: float
) -> tuple[int, bytes]:
    """Exit status and stdout of `python -m module`, to whose stdin `given` is written. Raises
    TooLate after so many seconds, OverLimit when a signal ended it. It knows nothing of our
    environment, which may hold the database's password; paths among the arguments must be
    absolute."""
    command = [sys.executable, "-m", module, *arguments]
    try:
        done = subprocess.run(  # noqa: S603 – our own module
            command,
            input=given,
            capture_output=True,
            timeout=seconds,
            check=False,
            cwd=ROOT,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise TooLate from error
    if done.returncode < 0:
        raise OverLimit(f"signal {-done.returncode}")
    return done.returncode, done.stdout


def limit_this_process(memory: int, seconds: int) -> None:
    """The first thing such a module does: bytes of address space, seconds of one core. It writes no
    file, not even a core."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
