"""The net is fine enough: every mistake still stands where it can be made, and some are made."""

from pathlib import Path

import pytest

from tests.simulation.bureau_mistakes import BUREAU
from tests.simulation.mistake import Mistake
from tests.simulation.mutations import catch
from tests.simulation.phone_mistakes import PHONE

ROOT = Path(__file__).parents[2]
MISTAKES = PHONE + BUREAU
MADE = ("one answer of a reply is not filed",)  # the quickest; the others by hand


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.what)
def test_a_mistake_can_still_be_made(mistake: Mistake) -> None:
    assert (ROOT / mistake.file).read_text().count(mistake.right) == 1


@pytest.mark.parametrize("what", MADE)
def test_a_mistake_is_caught(what: str) -> None:
    [mistake] = [one for one in MISTAKES if one.what == what]
    assert catch(mistake, 400).law


def test_the_table_names_no_other_mistake() -> None:
    table = (ROOT / "docs/reliability.md").read_text()
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    known = {f"| `{mistake.file}` | {mistake.what} |" for mistake in MISTAKES}
    assert rows
    for row in rows:
        assert any(row.startswith(one) for one in known), row
