"""Power cuts at any write, on a disk that loses what was not flushed: the browser's file system,
its notebook and its album keep all that they have acknowledged, and halve nothing."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SEEDS = int(os.environ.get("KILLS", "20")) // 4


def test_power_cuts_lose_nothing_that_was_acknowledged(built: Path) -> None:
    node = shutil.which("node")
    if not node:
        pytest.skip("no node on this machine: apt-get install nodejs")
    world = HERE / "inside_page/world.py"
    command = [node, str(HERE / "lossy_disk.mjs"), str(built), str(world), str(SEEDS)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr[-3_000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["flaws"] == []
    assert found["lives"] > SEEDS and found["writes"] > 500 * SEEDS
