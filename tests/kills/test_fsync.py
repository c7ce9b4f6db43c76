"""A receipt, a photo's digest and the end of sealing are said only after the disk was told.

Seen in the calls of the real programs to the kernel; and each check is shown to fail on a copy of
the programs that does not wait for the disk.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from sync_server.settings import Settings
from tests.kills.traced import NotDurable, Trace, program, tracing
from tests.kills.warming import delivered
from tests.sync_server.bureau import Bureau, a_report, sent
from tests.sync_server.photographs import Sender, a_jpeg, digest
from tests.sync_server.serving import Server

ROOT = Path(__file__).parent.parent.parent
PROGRAMS = ("contract", "demo", "fieldapp", "sync_server", "tests")
PATIENCE_S = 60
# Programs that do not wait: the database's commits, then the files.
LAZY_DATABASE = (r"synchronous=FULL", "synchronous=OFF")
LAZY_FILES = (r"os\.(fsync|fdatasync)\(", "id(")


@dataclass(frozen=True, slots=True)
class Taken:
    """A bureau that took one report and one photo, as the kernel saw it."""

    trace: Trace
    report: str
    photo: str

    def receipt(self) -> bool:
        """Whether the last sync was over before it was said. Raises NotDurable."""
        word = self.trace.said("TCP", r"\"position\":", self.report)
        return self.trace.committed("bureau.db-wal", self.report, word).ended < word.began

    def stored(self) -> bool:
        """Whether the last sync was over before it was said. Raises NotDurable."""
        word = self.trace.said("TCP", f"photo-digest: {self.photo}")
        self.trace.kept(f"{self.photo}.jpg", word)
        return self.trace.committed("bureau.db-wal", self.photo, word).ended < word.began


@dataclass(frozen=True, slots=True)
class Sealed:
    """A phone that took one picture and sealed one report, as the kernel saw it."""

    trace: Trace
    report: str

    def picture(self) -> bool:
        """Whether the last sync was over before it was said. Raises NotDurable."""
        word = self.trace.said("pipe", "pictured")
        [name] = {call.words for call in self.trace.calls if call.name == "rename"}
        kept = self.trace.kept(re.findall(r'([0-9a-f]{64})"', name)[0], word)
        return kept.ended < word.began

    def seal(self) -> bool:
        """Whether the last sync was over before it was said. Raises NotDurable."""
        word = self.trace.said("pipe", f"sealed {self.report}")
        return self.trace.committed("notebook.db-wal", self.report, word).ended < word.began


def taken(folder: Path, source: Path) -> Taken:
    settings = Settings(database=f"sqlite:///{folder}/bureau.db", photos=folder / "photos")
    bureau = Bureau.open(settings)
    phone = bureau.enrol()
    bureau.store.close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = tracing(folder / "trace", sys.executable, "-m", "sync_server", "serve")
    environment = os.environ | settings.environment() | {"PORT": str(port)}
    report, jpeg = a_report(phone), a_jpeg()
    with (
        program(command, source, environment),
        httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            trust_env=False,
            timeout=30,
            headers={"Accept-Encoding": "identity"},
        ) as client,
    ):
        reached(client)
        server = Server(port, client)
        assert server.sync(phone, sent(report)).status_code == 200
        assert Sender(server, phone).sent(jpeg).status_code == 204
    return Taken(Trace.read(folder / "trace"), str(report.id), digest(jpeg))


def reached(client: httpx.Client) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if client.get("/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise TimeoutError("no server")


def sealed(folder: Path, source: Path) -> Sealed:
    settings = Settings(database=f"sqlite:///{folder}/bureau.db", photos=folder / "photos")
    delivered(settings, folder / "phone")
    command = [sys.executable, "-m", "tests.kills.once", str(folder / "phone")]
    done = subprocess.run(
        tracing(folder / "trace", *command), cwd=source, capture_output=True, text=True, check=True
    )
    return Sealed(Trace.read(folder / "trace"), done.stdout.split()[-1])


def careless(folder: Path, line: str, instead: str) -> Path:
    """A copy of the programs in which every such line is another one."""
    changed = 0
    for name in PROGRAMS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in folder.glob("[cdfs]*/**/*.py"):
        text, times = re.subn(line, instead, path.read_text())
        path.write_text(text)
        changed += times
    assert changed
    return folder


@pytest.fixture(scope="module")
def bureau_took(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    return taken(tmp_path_factory.mktemp("bureau"), ROOT)


@pytest.fixture(scope="module")
def phone_sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    return sealed(tmp_path_factory.mktemp("phone"), ROOT)


def test_a_receipt_leaves_after_its_commit_is_on_the_disk(bureau_took: Taken) -> None:
    assert bureau_took.receipt()


def test_a_photos_digest_is_said_after_file_name_and_row_are_on_the_disk(
    bureau_took: Taken,
) -> None:
    assert bureau_took.stored()


def test_a_picture_is_in_the_album_when_keeping_it_returns(phone_sealed: Sealed) -> None:
    assert phone_sealed.picture()


def test_a_report_is_on_the_disk_when_sealing_it_returns(phone_sealed: Sealed) -> None:
    assert phone_sealed.seal()


@pytest.mark.parametrize(
    ("lazy", "check"), [(LAZY_DATABASE, Taken.receipt), (LAZY_FILES, Taken.stored)]
)
def test_a_bureau_that_does_not_wait_is_found_out(
    tmp_path: Path, lazy: tuple[str, str], check: Callable[[Taken], bool]
) -> None:
    found = taken(tmp_path, careless(tmp_path / "copy", *lazy))
    with pytest.raises(NotDurable, match="not synced"):
        check(found)


@pytest.mark.parametrize(
    ("lazy", "check"), [(LAZY_DATABASE, Sealed.seal), (LAZY_FILES, Sealed.picture)]
)
def test_a_phone_that_does_not_wait_is_found_out(
    tmp_path: Path, lazy: tuple[str, str], check: Callable[[Sealed], bool]
) -> None:
    found = sealed(tmp_path, careless(tmp_path / "copy", *lazy))
    with pytest.raises(NotDurable, match="not synced"):
        check(found)
