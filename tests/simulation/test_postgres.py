"""Worlds on a real PostgreSQL are the same each time, too."""

import pytest

from tests.postgres import postgres
from tests.simulation.dice import plan
from tests.simulation.run import run

__all__ = ["postgres"]
pytestmark = pytest.mark.postgres


def test_a_world_replays_exactly(postgres: str) -> None:
    once, twice = (run(plan(10_002), postgres) for _ in range(2))
    assert (once.trace, once.broken) == (twice.trace, None)
