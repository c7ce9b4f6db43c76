"""A patrol: form, shift, start, end and the compounds looked at. No track (rule L8)."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contract.place import Fix
from contract.value import Code, Name, Value, When


class Visit(Value):
    """One compound looked at and what came of it (a code of the list `obs_type`)."""

    compound: Code
    name: Name = ""
    result: Code


class Alarm(Value):
    """A child was in danger (rule L15): when and where, nothing else. It is never a lead."""

    at: When
    fix: Fix | None = None
    compound: Code | None = None


class Patrol(Value):
    """One round by one duty post; `ended_at` is empty while it is under way. A bureau that does
    not know `alarms` yet keeps them unread."""

    id: UUID
    revision: Annotated[int, Field(ge=1, le=100_000)] = 1
    device: Code
    author: Code
    grid: Code | None = None
    form: Code = "ROUTINE"
    shift: Code = "DAY"
    key_period: Code | None = None
    started_at: When
    ended_at: When | None = None
    visits: tuple[Visit, ...] = ()
    alarms: tuple[Alarm, ...] = ()
