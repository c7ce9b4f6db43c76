"""Every role and every permission (L10), cell by cell."""

import pytest

from contract.codelists import built_in
from sync_server.domain.cases import MOVES, TRANSITIONS, moves
from sync_server.domain.roles import Permission, Role, permissions

TABLE = {
    #                SYNC SIGN READ EVER PHOT DECI AUDI ACCO
    Role.GRID: "      x    -    -    -    -    -    -    -",
    Role.COMMUNITY: " -    x    x    -    -    -    -    -",
    Role.SUPERVISOR: "-    x    x    x    x    x    -    -",
    Role.CASE_OFFICER: "-  x    x    x    x    -    -    -",
    Role.AUDITOR: "   -    x    -    -    -    -    x    -",
    Role.ADMIN: "     -    x    -    -    -    -    -    x",
    Role.DPO: "       -    x    -    -    -    -    x    -",
}


def test_a_role_may_what_the_table_says() -> None:
    for role, marks in TABLE.items():
        cells = zip(Permission, marks.split(), strict=True)
        assert permissions(role) == {may for may, mark in cells if mark == "x"}, role


def test_the_table_has_every_role_of_the_code_list() -> None:
    assert set(TABLE) == set(Role) == set(built_in().lists["role"])


def test_a_case_moves_between_known_states() -> None:
    states = set(built_in().lists["case_state"])
    assert set(TRANSITIONS) == states
    assert set().union(*TRANSITIONS.values()) <= states


def test_every_move_of_a_role_is_a_transition() -> None:
    for role, ways in MOVES.items():
        for before, after in ways:
            assert after in TRANSITIONS[before], role


@pytest.mark.parametrize("state", TRANSITIONS)
def test_a_grid_worker_only_answers_a_question(state: str) -> None:
    assert moves(Role.GRID, state) == (("10",) if state == "15" else ())


@pytest.mark.parametrize("role", [Role.COMMUNITY, Role.CASE_OFFICER, Role.AUDITOR, Role.ADMIN])
def test_the_first_room_is_the_supervisors(role: Role) -> None:
    assert moves(role, "10") == ()
    assert moves(Role.SUPERVISOR, "10") == ("15", "20", "29")
    assert moves(Role.SUPERVISOR, "15") == ("29",)
