"""A short walk of the monkey at each run; `make monkey STEPS=10000` is the long one."""

from pathlib import Path

import pytest

from fieldapp.report.entry import Stage
from tests.builders import an_entry
from tests.monkey import promises
from tests.monkey.walk import Monkey

STEPS, SEED = 500, 7
SEEN = {"/", "/place", "/place/seen", "/reports", "/settings", "/sync"}


@pytest.mark.asyncio
async def test_a_monkey_finds_no_crash_no_dead_end_and_loses_no_draft(tmp_path: Path) -> None:
    monkey = Monkey(tmp_path, SEED)
    await monkey.walk(STEPS)
    assert set(monkey.been) >= SEEN, monkey.been
    assert {"add", "seal", "back", "report"} <= set(monkey.pressed)
    assert {Stage.DRAFT, Stage.SEALED} <= monkey.stages


def test_a_draft_that_vanishes_is_noticed() -> None:
    before = {"a": "DRAFT", "b": "SEALED", "c": promises.EMPTY}
    promises.nothing_vanished(before, {"b": "SEALED"}, dropped=True)
    with pytest.raises(AssertionError):
        promises.nothing_vanished(before, {"b": "SEALED"}, dropped=False)
    with pytest.raises(AssertionError):
        promises.nothing_vanished(before, {"a": "DRAFT"}, dropped=True)


@pytest.mark.asyncio
async def test_what_was_not_written_down_is_noticed(tmp_path: Path) -> None:
    monkey = Monkey(tmp_path, SEED)
    await monkey.start()
    draft = an_entry()
    monkey.phone.state.draft.entry = draft
    with pytest.raises(AssertionError):
        promises.the_draft_is_written_down(monkey.phone)
    monkey.phone.notebook.write(draft.changed(stage=Stage.SEALED))
    with pytest.raises(AssertionError):
        promises.what_is_sealed_waits_or_is_known(monkey.phone)
    await monkey.stop()
