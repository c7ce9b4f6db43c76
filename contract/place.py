"""Where something was seen: the address as picked, and the GNSS fix as the phone delivered it."""

from typing import Annotated

from pydantic import Field

from contract.value import Code, FreeText, Name, Value, When

DECIMALS = 5  # of a degree, about 1 m: what rule L8 allows of a position
GREEN_M, AMBER_M = 20, 50  # accuracy bands shown to the worker: docs/rules.md


class Fix(Value):
    """One GNSS reading, kept exactly as delivered (degrees in `datum`, never converted).

    `accuracy_m` is the 68 % radius in metres; `mock` is the system's own flag for a faked position.
    """

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    accuracy_m: Annotated[float, Field(ge=0, le=1_000_000)] | None = None
    provider: Code = "gps"
    datum: Code = "WGS84"
    mock: bool = False
    at: When


class Place(Value):
    """A place by its official names: community (12-digit code) > compound > building > unit.

    `floor` and `room` stay empty for homes (rule L4). `landmark` is the last resort, at most 50
    characters, for where there is no compound to pick.
    """

    community: Code | None = None
    grid: Code | None = None
    compound: Code | None = None
    compound_name: Name = ""
    building: Name | None = None
    unit: Name | None = None
    floor: Name | None = None
    room: Name | None = None
    landmark: FreeText = ""
    venue: Code | None = None

    @property
    def said(self) -> str:
        """The place in words as picked, 样例苑小区 3号楼2单元; else its landmark."""
        door = (self.building, self.unit, self.floor, self.room)
        inside = "".join(part for part in door if part)
        return " ".join(part for part in (self.compound_name or self.landmark, inside) if part)
