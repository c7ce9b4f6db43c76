"""The sets of case states: each state is where its meaning puts it."""

from contract.cases import CLOSED, CONCLUDED, NOT_COUNTED, WORKER_MAY_EDIT, CaseState

# Whether a worker may edit, a result stands, the report counts for its building, and is closed.
MEANING: dict[str, tuple[bool, bool, bool, bool]] = {
    "10": (True, False, True, False),
    "15": (True, False, True, False),
    "20": (False, False, True, False),
    "25": (False, False, True, False),
    "29": (False, False, False, True),
    "30": (False, False, True, False),
    "40": (False, False, True, False),
    "50": (False, False, True, False),
    "55": (False, False, True, False),
    "60": (False, False, True, False),
    "70": (False, True, True, True),
    "71": (False, True, True, True),
    "72": (False, True, True, True),
    "73": (False, True, True, True),
    "80": (False, True, True, True),
    "90": (False, False, True, False),
    "99": (False, False, False, True),
}


def test_each_state_is_in_the_sets_of_its_meaning() -> None:
    found = {
        state.value: (
            state in WORKER_MAY_EDIT,
            state in CONCLUDED,
            state not in NOT_COUNTED,
            state in CLOSED,
        )
        for state in CaseState
    }
    assert found == MEANING


def test_a_code_of_the_wire_is_found_in_a_set() -> None:
    """Rows of the database and answers on the wire carry plain text, not members."""
    assert "15" in WORKER_MAY_EDIT and "29" in CLOSED
    assert "98" not in WORKER_MAY_EDIT | CLOSED
