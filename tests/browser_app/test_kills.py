"""kill -9 of the whole browser right after what it has acknowledged: nothing of it is lost."""

import os
from pathlib import Path
from random import Random
from typing import Any

import pytest

from demo.programs import Program, reachable
from tests.browser_app.inside import Inside, source_of
from tests.browser_app.pocket_browser import playing, pocket_browser
from tests.journeys.conftest import Bureau
from tests.journeys.worker import needs_chromium

pytestmark = pytest.mark.browser
KILLS = int(os.environ.get("KILLS", "20"))
MOST_ACKNOWLEDGED = 120  # before a kill
DICE = Random(20260101)


class Log:
    """What one page has acknowledged before it was killed."""

    def __init__(self) -> None:
        self.rows = self.count = 0
        self.photos: list[int] = []

    def hear(self, text: str) -> None:
        words = text.split()
        if words[:2] == ["ack", "row"]:
            self.rows = int(words[2])
        elif words[:2] == ["ack", "photo"]:
            self.photos.append(int(words[2]))
        self.count += words[:1] == ["ack"]


def test_nothing_that_was_acknowledged_is_lost_by_a_kill(bureau: Bureau, tmp_path: Path) -> None:
    needs_chromium()
    log, bad = Log(), list[object]()
    with Program.server(bureau.settings) as server:
        reachable(bureau.settings.port, server)
        for turn in range(KILLS + 1):
            found = killed_after(
                bureau, tmp_path, log, 0 if turn == KILLS else DICE.randint(1, 120)
            )
            rows, is_short, lost, torn = found
            if is_short or lost or torn:
                bad.append((turn, found))
            log.rows = rows
    print(f"{KILLS} kills, {log.rows} rows and {len(log.photos)} photos acknowledged, bad: {bad}")
    assert not bad and log.rows >= KILLS and log.photos


def killed_after(bureau: Bureau, folder: Path, log: Log, acknowledged: int) -> list[Any]:
    """What a new page finds of all that was acknowledged before; then it writes, and is killed."""
    with playing() as play, pocket_browser(play, folder / "profile", bureau.address) as browser:
        inside = Inside(browser)
        inside.run(source_of("writing.py") + "\nnotebook, album = opened()")
        found = inside.run(f"found(notebook, album, {log.rows}, {log.photos})")
        rows = found[0]
        assert isinstance(rows, int)
        browser.page.on("console", lambda message: log.hear(message.text))
        if acknowledged:
            log.count = 0
            call = inside.send(f"await write(notebook, album, {rows + 1})")
            inside.wait(call, also=lambda: log.count >= acknowledged)
            browser.kill()
        return list(found)
