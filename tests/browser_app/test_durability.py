"""A commit is on the disk when it has returned: flushes are counted, and seen as fdatasync."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from demo.programs import Program, reachable
from tests.browser_app.inside import Inside, source_of
from tests.browser_app.pocket_browser import PocketBrowser, playing, pocket_browser
from tests.journeys.conftest import Bureau
from tests.journeys.worker import needs_chromium

pytestmark = pytest.mark.browser
COMMITS = 50
COUNTED = f"""
import xuncha_page
before = xuncha_page.counts.flushes
for number in range({COMMITS}):
    notebook.remember("key", str(number))
xuncha_page.counts.flushes - before
"""


def test_each_commit_flushes_and_each_flush_is_a_sync_of_the_disk(
    bureau: Bureau, tmp_path: Path
) -> None:
    needs_chromium()
    with Program.server(bureau.settings) as server:
        reachable(bureau.settings.port, server)
        with playing() as play, pocket_browser(play, tmp_path / "p", bureau.address) as browser:
            inside = Inside(browser)
            inside.run(source_of("writing.py") + "\nnotebook, album = opened()")
            flushes, syncs = counted(browser, inside, tmp_path / "trace")
    assert flushes >= COMMITS  # one of the -wal for each commit
    assert syncs >= flushes


def counted(browser: PocketBrowser, inside: Inside, trace: Path) -> tuple[int, int]:
    """How many flushes Python's files did, and how many syncs the browser's processes did."""
    if not shutil.which("strace"):
        pytest.skip("no strace on this machine: apt-get install strace")
    numbers = [str(number) for number in browser.processes()]
    command = ["strace", "-f", "-e", "trace=fsync,fdatasync", "-o", str(trace)]
    watcher = subprocess.Popen([*command, *(f"-p{number}" for number in numbers)], stderr=-3)
    try:
        time.sleep(2)  # until it is attached to all of them
        flushes = inside.run(COUNTED)
        time.sleep(0.5)
    finally:
        watcher.terminate()
        watcher.wait()
    lines = trace.read_text().splitlines()
    return flushes, sum("sync(" in line and "resumed" not in line for line in lines)
