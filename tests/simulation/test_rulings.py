"""What people said about sites outlives revisions, crashes and restored backups."""

import pytest

from sync_server.sites import linking, rulings
from tests.simulation.plan import Do, Plan, Step
from tests.simulation.run import run
from tests.simulation.swapping import swapped

OUT, SAME, BACK = 0, 1, 4  # what Do.RULE does by its `n`
SEALED = (*(Step(Do.SEAL, n=n) for n in (1, 7, 13, 3)), Step(Do.GO, gap=30.0))
RULED = (Step(Do.RULE, n=OUT, gap=30.0), Step(Do.RULE, n=SAME + 5 * 6))
LATER = (Step(Do.EDIT, n=2), Step(Do.EDIT, n=3), Step(Do.EDIT, n=0), Step(Do.GO, gap=30.0))
RESTORED = (Step(Do.KEEP_BUREAU), Step(Do.RULE, n=BACK), Step(Do.RESTORE_BUREAU, gap=5.0))


def lived(*steps: Step) -> str | None:
    """The law that broke."""
    broken = run(Plan(seed=1, posts=("wg1",), steps=steps)).broken
    return str(broken) if broken else None


def test_a_split_outlives_later_revisions_and_a_restored_backup() -> None:
    assert lived(*SEALED, *RULED, *RESTORED, *LATER) is None


@pytest.mark.parametrize(("room", "name"), [(linking, "_apart"), (rulings, "_settle")])
def test_a_world_notices_when_a_ruling_does_nothing(room: object, name: str) -> None:
    with swapped(room, **{name: lambda *_: {}}):
        broken = lived(*SEALED, *RULED, *LATER) or ""
    assert broken.startswith("a lead is not of the site of its door")
