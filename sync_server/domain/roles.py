"""Roles (rule L10) and what each may do: one table of permissions."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The roles of rule L10."""

    GRID = "GRID"
    COMMUNITY = "COMMUNITY"
    SUPERVISOR = "SUPERVISOR"
    CASE_OFFICER = "CASE_OFFICER"
    AUDITOR = "AUDITOR"
    ADMIN = "ADMIN"
    DPO = "DPO"


class Permission(StrEnum):
    """What a page or an address requires."""

    SYNC = "sync"
    SIGN_IN = "sign_in"
    READ_RECORDS = "read_records"
    READ_EVERYWHERE = "read_everywhere"
    SEE_PHOTOS = "see_photos"
    DECIDE = "decide"
    HANDLE_CASES = "handle_cases"  # the steps that domain/cases.py has for the role
    HAND_OVER = "hand_over"
    TAKE_IN = "take_in"  # complaints, and tasks to grids
    READ_AUDIT = "read_audit"
    MANAGE_ACCOUNTS = "manage_accounts"
    OPEN_ARRIVALS = "open_arrivals"
    SEE_ROOMS = "see_rooms"  # floor and room of homes


_P = Permission
_READER = frozenset({_P.SIGN_IN, _P.READ_RECORDS, _P.READ_EVERYWHERE, _P.SEE_PHOTOS})
_OFFICER = _READER | {_P.HANDLE_CASES, _P.HAND_OVER, _P.TAKE_IN}
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.GRID: frozenset({_P.SYNC}),
    Role.COMMUNITY: frozenset({_P.SIGN_IN, _P.READ_RECORDS, _P.HANDLE_CASES}),
    Role.SUPERVISOR: _OFFICER | {_P.DECIDE},
    Role.CASE_OFFICER: _OFFICER | {_P.SEE_ROOMS},
    Role.AUDITOR: frozenset({_P.SIGN_IN, _P.READ_AUDIT}),
    Role.ADMIN: frozenset({_P.SIGN_IN, _P.MANAGE_ACCOUNTS}),
    Role.DPO: frozenset({_P.SIGN_IN, _P.READ_AUDIT, _P.OPEN_ARRIVALS}),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """One duty post, as sessions and use cases see it."""

    staff: str
    role: Role
    name: str = ""
    community: str | None = None
    grid: str | None = None


def permissions(role: Role) -> frozenset[Permission]:
    """What a role may do."""
    return PERMISSIONS[role]
