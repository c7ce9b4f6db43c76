"""Every role and every permission (L10), cell by cell."""

from contract.codelists import built_in
from sync_server.domain.roles import Permission, Role, permissions

TABLE = {
    #                SYNC SIGN READ EVER PHOT DECI CASE HAND TAKE AUDI ACCO OPEN ROOM
    Role.GRID: "      x    -    -    -    -    -    -    -    -    -    -    -    -",
    Role.COMMUNITY: " -    x    x    -    -    -    x    -    -    -    -    -    -",
    Role.SUPERVISOR: "-    x    x    x    x    x    x    x    x    -    -    -    -",
    Role.CASE_OFFICER: "-  x    x    x    x    -    x    x    x    -    -    -    x",
    Role.AUDITOR: "   -    x    -    -    -    -    -    -    -    x    -    -    -",
    Role.ADMIN: "     -    x    -    -    -    -    -    -    -    -    x    -    -",
    Role.DPO: "       -    x    -    -    -    -    -    -    -    x    -    x    -",
}


def test_a_role_may_what_the_table_says() -> None:
    for role, marks in TABLE.items():
        cells = zip(Permission, marks.split(), strict=True)
        assert permissions(role) == {may for may, mark in cells if mark == "x"}, role


def test_the_table_has_every_role_of_the_code_list() -> None:
    assert set(TABLE) == set(Role) == set(built_in().lists["role"])
