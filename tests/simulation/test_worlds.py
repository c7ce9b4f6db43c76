"""Seeded worlds: whatever happens to phones, road and bureau, nothing is lost and nothing twice."""

from pathlib import Path

import pytest

from tests.simulation.plan import plan
from tests.simulation.run import run

WORLDS = 100


@pytest.mark.parametrize("first", range(0, WORLDS, 25))
def test_nothing_is_lost_in_any_world(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + 25):
        came = run(plan(seed), tmp_path)
        assert came.broken is None, came.plan
