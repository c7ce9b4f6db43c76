"""Reference data that the server sends to phones: a list is sent whole when it has changed."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field

from contract.value import Code, Flag, FreeText, Name, Value


class Building(Value):
    """One building by its local name (`3号楼`), with its units (`2单元`)."""

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
    """All compounds a phone may pick from; `version` changes with any of them. `edition` is the
    version of the `Reference` sent with them, "" from a server that has no such lists.
    `community_names`: 12-digit code → name."""

    version: Name
    edition: Name = ""
    community_names: dict[str, str] = Field(default_factory=dict)
    compounds: tuple[Compound, ...] = ()


class Plan(Value):
    """When and where to patrol: from `first` to `last`, both included; `compounds` by id, () for
    the whole grid. `form`, `shift`, `key_period` are codes of the lists `patrol_form`, `shift` and
    `key_period`."""

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
    """One thing that the bureau asks of whoever is on duty in the grid. `compound` and `building`
    say where, None for no particular place; `due` is the last day, None for no deadline."""

    id: Code
    title: Name
    note: FreeText = ""
    compound: Code | None = None
    building: Name | None = None
    due: date | None = None


class Notice(Value):
    """What the bureau tells its workers, issued by `office`. `until` is the last day on which it
    holds, None for no end."""

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
    """How many records the bureau has about a building, and in how many of them it came to a
    result (`cases.CONCLUDED`): numbers only, no text, photo or author. `building` None stands for
    the compound as a whole."""

    compound: Code
    building: Name | None = None
    count: int
    closed: int = 0


class LeadCounts(Value):
    """How many leads there are of the buildings that a phone may pick from. In a reply `buildings`
    are those whose numbers are others than in the version that the phone named (a count of 0 says
    that there are none any more), or all that have any where it `is_whole`. `version` is the
    bureau's word for what is then known, to be named in `HeldVersions.counts`."""

    version: Name = ""
    is_whole: Flag = False
    buildings: tuple[BuildingRecordCount, ...] = ()

    def renewed(self, news: "LeadCounts") -> Self:
        """These numbers with those of a reply."""
        held = (
            {} if news.is_whole else {(one.compound, one.building): one for one in self.buildings}
        )
        held |= {(one.compound, one.building): one for one in news.buildings}
        left = tuple(one for one in held.values() if one.count > 0)
        return self.changed(version=news.version, is_whole=True, buildings=left)


class Reference(Value):
    """The lists that a worker looks things up in. `version` names this edition of all of them, the
    compounds included. None in a reply means that the phone keeps what it has; an empty list
    replaces it. `leads` is of bureaus before `LeadCounts`. `utc_offset_min`: minutes by which the
    bureau's clocks are ahead of UTC."""

    version: Name
    plans: tuple[Plan, ...] | None = None
    tasks: tuple[Task, ...] | None = None
    notices: tuple[Notice, ...] | None = None
    institutions: tuple[Institution, ...] | None = None
    leads: tuple[BuildingRecordCount, ...] | None = None
    utc_offset_min: Annotated[int, Field(ge=-1_439, le=1_439)] | None = None

    def renewed(self, news: "Reference") -> Self:
        """These lists, each replaced by the one in `news` unless that is None."""
        came = {name: value for name, value in news if value is not None}
        return self.model_copy(update=came)
