"""A revoked phone in worlds made for it: nothing it held is lost, wherever it is cut short."""

import pytest

from tests.simulation.disk import Death, How
from tests.simulation.plan import At, Do, Plan, Step
from tests.simulation.road import Fault, Trouble
from tests.simulation.run import Came, run
from tests.simulation.versions import Age

LATER = 20.0  # seconds: past the ten in which a seal may be undone
SEAL = Step(Do.SEAL, LATER, n=3)
REVOKE, GO = Step(Do.REVOKE, LATER), Step(Do.GO, LATER)
EMPTIED = "revoked phone emptied"


def lived(*steps: Step) -> Came:
    came = run(Plan(7, ("wg1",), steps))
    assert came.broken is None, came.broken
    return came


def test_a_revoked_phone_hands_over_and_is_emptied() -> None:
    came = lived(SEAL, Step(Do.PATROL, LATER), SEAL, REVOKE, GO, SEAL, GO)
    assert (came.faults[EMPTIED], came.lost) == (1, 0)


def test_who_enrols_anew_before_the_phone_hears_of_it_keeps_everything() -> None:
    assert lived(SEAL, REVOKE, Step(Do.ENROL, LATER), GO).faults[EMPTIED] == 0


def test_what_a_restored_bureau_lost_is_handed_over_as_well() -> None:
    """It was receipted before; only the phone has it now."""
    restored = (Step(Do.KEEP_BUREAU, LATER), SEAL, GO, Step(Do.RESTORE_BUREAU, 100.0))
    assert lived(*restored, REVOKE, GO).faults[EMPTIED] == 1


def test_a_bureau_restored_from_before_the_revocation_takes_the_phone_back() -> None:
    kept = (SEAL, Step(Do.KEEP_BUREAU, LATER), REVOKE)
    assert lived(*kept, Step(Do.RESTORE_BUREAU, LATER), GO).faults[EMPTIED] == 0


@pytest.mark.parametrize("side", [Do.AGE, Do.AGE_BUREAU])
def test_where_one_side_knows_of_no_farewell_everything_is_kept(side: Do) -> None:
    came = lived(Step(side, LATER, age=Age.FIRST), SEAL, REVOKE, GO, GO, Step(Do.ENROL, LATER), GO)
    assert came.faults[EMPTIED] == 0


def test_twins_are_emptied_each_by_its_own_word() -> None:
    twin = Step(Do.GO, LATER, phone=1)
    assert lived(SEAL, Step(Do.CLONE, LATER), REVOKE, GO, twin).faults[EMPTIED] == 2


@pytest.mark.parametrize("power", [False, True])
@pytest.mark.parametrize("how", list(How))
@pytest.mark.parametrize("nth", range(1, 17))
def test_killed_at_any_write_of_its_end_it_is_emptied_and_nothing_is_lost(
    nth: int, how: How, power: bool
) -> None:
    death = Death(nth, how, power)
    came = lived(SEAL, REVOKE, Step(Do.GO, LATER, death=death, at=At.WRITE), GO)
    assert came.faults[EMPTIED] >= 1


@pytest.mark.parametrize("nth", range(1, 40, 2))
def test_killed_at_any_await_of_its_last_trip_nothing_is_lost(nth: int) -> None:
    step = Step(Do.GO, LATER, death=Death(nth), at=At.AWAIT)
    assert lived(SEAL, SEAL, REVOKE, step, GO).faults[EMPTIED] == 1


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("nth", [0, 1, 2])
def test_whatever_the_road_does_to_its_last_trip_nothing_is_lost(fault: Fault, nth: int) -> None:
    trouble = Trouble(fault, nth, at=100, seconds=5.0)
    came = lived(SEAL, SEAL, REVOKE, Step(Do.GO, LATER, troubles=(trouble,)), GO)
    assert came.faults[EMPTIED] == 1
