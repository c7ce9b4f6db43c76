"""A patrol: form, shift, start, end and the compounds visited. No track (rule L8)."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contract.place import Fix
from contract.value import WHOLE, Code, Many, Name, Value, When


class Visit(Value):
    """One visited compound: its code, its name, and what was seen (a code of `obs_type`). A
    compound in which a lead was logged and nothing was seen elsewhere stands twice."""

    compound: Code
    name: Name = ""
    result: Code


class Alarm(Value):
    """A child was in danger (rule L15): when and where, nothing else. It never becomes a record."""

    at: When
    fix: Fix | None = None
    compound: Code | None = None


class Patrol(Value):
    """One patrol of one duty post; `ended_at` is None while it is under way. `form`, `shift` and
    `key_period` are codes of the lists `patrol_form`, `shift` and `key_period`. A server that does
    not know `alarms` yet keeps them as an unknown key."""

    id: UUID
    revision: Annotated[int, Field(ge=1, le=100_000, strict=True), WHOLE] = 1
    device: Code
    author: Code
    grid: Code | None = None
    form: Code = "ROUTINE"
    shift: Code = "DAY"
    key_period: Code | None = None
    started_at: When
    ended_at: When | None = None
    visits: Many[Visit] = ()
    alarms: Many[Alarm] = ()
