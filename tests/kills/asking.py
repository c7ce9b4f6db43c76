"""Runs a campaign as a process of its own: a test's process has threads, and is no one to fork."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 900


def campaign(name: str, kills: int, database: str = "") -> dict[str, int]:
    """The counts of its last line; fails when anything was lost, doubled or changed."""
    command = [sys.executable, "-m", "tests.kills", name, "--kills", str(kills)]
    command += ["--database", database] if database else []
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 0, done.stderr
    return {word: int(count) for word, count in re.findall(r"(\w+)=(\d+)", done.stdout)}
