"""Reference data that the bureau sends to phones: each list whole, when it changed."""

from datetime import date
from typing import Self

from pydantic import Field

from contract.value import Code, FreeText, Name, Value


class Building(Value):
    """One building as people there call it (`3号楼`), with its units (`2单元`)."""

    name: Name
    units: tuple[Name, ...] = ()


class Compound(Value):
    """A compound, street or hall to pick from. `lat`, `lon` in degrees WGS-84 (its centroid);
    `initials` are the pinyin initials of its name (样例苑 = yly), `aliases` its other names;
    `venue` its usual venue code."""

    id: Code
    name: Name
    initials: Name = ""
    aliases: tuple[Name, ...] = ()
    community: Code
    grid: Code | None = None
    lat: float | None = None
    lon: float | None = None
    venue: Code | None = None
    buildings: tuple[Building, ...] = ()


class Places(Value):
    """All compounds a phone may pick from; `version` changes with any of them. `edition` is that
    of the lists that came with them; empty from a bureau that has no other lists."""

    version: Name
    edition: Name = ""
    community_names: dict[str, str] = Field(default_factory=dict)
    compounds: tuple[Compound, ...] = ()


class Plan(Value):
    """When and where to patrol: from `first` to `last`, both included; `compounds` by id, none for
    the whole grid. `form`, `shift`, `key_period` are codes of the lists of that name."""

    id: Code
    title: Name
    form: Code = "ROUTINE"
    shift: Code | None = None
    key_period: Code | None = None
    first: date
    last: date
    compounds: tuple[Code, ...] = ()
    note: FreeText = ""


class Task(Value):
    """One thing that the bureau asks of whoever is on duty in the grid, at a place if it has one;
    `due` is the last day."""

    id: Code
    title: Name
    note: FreeText = ""
    compound: Code | None = None
    building: Name | None = None
    due: date | None = None


class Notice(Value):
    """What the bureau tells its workers, issued by an office; `until` is the last day it counts."""

    id: Code
    title: Name
    text: FreeText = ""
    issued: date
    until: date | None = None
    office: Name = ""
    urgent: bool = False


class Institution(Value):
    """A licensed organisation as an authority published it: rule L14 asks for the unified social
    credit code or the licence number, the source and its date. `initials` as of a compound."""

    id: Code
    name: Name
    initials: Name = ""
    code: Code | None = None
    licence: Name = ""
    kind: Name = ""
    address: Name = ""
    compound: Code | None = None
    building: Name | None = None
    source: Name
    published: date


class BuildingRecordCount(Value):
    """How many leads the bureau has about a building, and how many of them it has closed: no text,
    no picture, no hand. Without a building: about the compound itself."""

    compound: Code
    building: Name | None = None
    count: int
    closed: int = 0


class Reference(Value):
    """The lists that a worker looks things up in; `version` names this edition of all of them, the
    compounds included. In a reply, a list that is not there stays as the phone holds it."""

    version: Name
    plans: tuple[Plan, ...] | None = None
    tasks: tuple[Task, ...] | None = None
    notices: tuple[Notice, ...] | None = None
    institutions: tuple[Institution, ...] | None = None
    leads: tuple[BuildingRecordCount, ...] | None = None

    def renewed(self, news: "Reference") -> Self:
        """These lists with the newer ones in their places."""
        came = {name: value for name, value in news if value is not None}
        return self.model_copy(update=came)
