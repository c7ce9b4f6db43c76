"""Some worlds of `make simulate`, in a process of their own; CI lives through many more."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("engine", "seeds"),
    [
        ("sqlite", "0-49"),
        (
            "sqlite",
            "58423",
        ),  # a picture came after its report, and was left when that was rolled back
        pytest.param("postgres", "10000-10024", marks=pytest.mark.postgres),
    ],
)
def test_nothing_is_lost_in_any_world(engine: str, seeds: str) -> None:
    command = [sys.executable, "-m", "tests.simulation", seeds, "--engine", engine, "--jobs=1"]
    calm = {**os.environ, "PYTHONHASHSEED": "0"}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=calm)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "lost 0, doubled 0" in ran.stdout
