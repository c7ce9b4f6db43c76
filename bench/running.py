"""The real server as a process of its own: started, watched from outside, ended."""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from contract.protocol import EnrolmentRequest
from sync_server.accounts.phones import enrol, new_code
from sync_server.domain.roles import Role
from sync_server.importing.seed import seed
from sync_server.settings import UNBOUNDED, Limits, Settings
from sync_server.store import staff as people
from sync_server.store.engine import Store

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
TICK = os.sysconf("SC_CLK_TCK")
PATIENCE_S = 60
COMMUNITY, GRID = "999900100001", "g03"


@dataclass(frozen=True, slots=True)
class Caller:
    """One enrolled phone: its names at the bureau and its secret."""

    device: str
    author: str
    token: str


@dataclass(frozen=True, slots=True)
class Running:
    """A server under load; `ready_s` is the time from its start to its first answer."""

    pid: int
    port: int
    ready_s: float

    def cpu_s(self) -> float:
        """User and system time of all its threads so far."""
        stat = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / TICK

    def peak_mb(self) -> float:
        """The most memory it ever held."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
        raise LookupError("VmHWM")


def a_folder(within: Path) -> Path:
    """A folder on a real disk: in memory a receipt would mean nothing. It is gone when the program
    ends and not before: for five minutes ext4 steps around the inodes of deleted files, which makes
    every new file slower."""
    within.mkdir(parents=True, exist_ok=True)
    if kind(within) == "tmpfs":
        raise SystemExit(f"{within} is in memory: name a folder on a disk")
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=within))
    atexit.register(shutil.rmtree, folder)
    return folder


def kind(folder: Path) -> str:
    """The file system that a folder lies on."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    here = folder.resolve()
    fitting = [mount for mount in mounts if here.is_relative_to(mount[1])]
    return max(fitting, key=lambda mount: len(mount[1]))[2]


def settled(folder: Path, database: str, callers: int) -> tuple[Settings, list[Caller]]:
    """A set-up bureau and so many phones, each of a duty post of its own."""
    limits = Limits(daily=UNBOUNDED)
    settings = Settings(database, folder / "photos", port=free_port(), limits=limits)
    store = Store.open(settings.database, settings.bureau)
    seed(store, ROOT / "demo/county.json", {})
    found = [_enrolled(store, n) for n in range(callers)]
    store.close()
    return settings, found


def _enrolled(store: Store, n: int) -> Caller:
    now, post = datetime.now(UTC), f"bench{n:03d}"
    with store.writing() as tx:
        if people.one(tx, post) is None:
            people.add(tx, staff=post, role=Role.GRID.value, community=COMMUNITY, grid=GRID)
        code = new_code(tx, post, now, 3600)
    said = enrol(store, EnrolmentRequest(code=code, model="bench"), now)
    return Caller(said.device, said.author, said.token)


@contextmanager
def running(settings: Settings) -> Iterator[Running]:
    """The program as it is deployed, until the block is left."""
    command = [sys.executable, "-m", "sync_server", "serve"]
    with started(command, settings.port, settings.environment()) as server:
        yield server


@contextmanager
def started(
    command: list[str], port: int, environment: dict[str, str], tree: Path = ROOT
) -> Iterator[Running]:
    """A server of one process that answers `/healthz`, until the block is left."""
    began = time.monotonic()
    program = subprocess.Popen(command, cwd=tree, env=os.environ | environment)
    try:
        while not _answers(port):
            if program.poll() is not None or time.monotonic() - began > PATIENCE_S:
                raise RuntimeError("the server does not answer")
            time.sleep(0.005)
        yield Running(program.pid, port, time.monotonic() - began)
    finally:
        program.send_signal(signal.SIGTERM)
        try:
            program.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=5) as probe:
            probe.sendall(b"GET /healthz HTTP/1.1\r\nHost: bureau\r\nConnection: close\r\n\r\n")
            return probe.recv(100).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
