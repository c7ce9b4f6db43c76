"""Where something was seen: the address as picked, and the GNSS fix as the phone gave it."""

from typing import Annotated

from pydantic import Field

from contract.address import Door, display
from contract.value import Code, Flag, FreeText, Name, Value, When
from contract.visible_text import has_visible

DECIMALS = 5  # of a degree, about 1 m: as precise as rule L8 allows a position to be
# Metres of accuracy up to which a fix is shown green, then amber. Between blocks of flats a phone
# errs by 9 m at the median and 28 m at the 95th percentile (docs/rules.md).
GREEN_M, AMBER_M = 20, 50


class Fix(Value):
    """One GNSS fix, kept exactly as the phone gave it: degrees in `datum`, never converted.

    `accuracy_m` is the 68 % radius in metres, None or 0 if unknown (see `radius_m`); `provider` and
    `datum` are codes of the lists `loc_provider` and `datum`; `mock` is the phone's own flag for a
    faked position; `at` is when the fix was taken.
    """

    lat: Annotated[float, Field(ge=-90, le=90, strict=True)]
    lon: Annotated[float, Field(ge=-180, le=180, strict=True)]
    accuracy_m: Annotated[float, Field(ge=0, le=1_000_000, strict=True)] | None = None
    provider: Code = "gps"
    datum: Code = "WGS84"
    mock: Flag = False
    at: When

    @property
    def radius_m(self) -> float | None:
        """The accuracy in metres; None if unknown, which platforms write as 0: no receiver is
        exact."""
        return self.accuracy_m or None


class Place(Value):
    """A place by its official names: community (12-digit code) > compound > building > unit.

    `floor` and `room` stay empty for homes (rule L4). `landmark`, at most 50 characters, describes
    a place where there is no compound to pick. `venue` is a code of the list `venue`.
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
    def in_words(self) -> str:
        """The place for people: 样例苑小区 3号楼2单元, with the landmark where no compound was
        picked; "" if nothing is known. A number gets its word, so that #3 and 02 are not #302.
        Parts of which nothing shows are left out."""
        parts = (self.building, self.unit, self.floor, self.room)
        door = Door(*(part if part and has_visible(part) else None for part in parts))
        area = self.compound_name if has_visible(self.compound_name) else self.landmark
        return display(area if has_visible(area) else "", door)
