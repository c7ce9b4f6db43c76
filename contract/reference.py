"""Reference data that the bureau sends to phones: the compounds of a grid, whole and versioned."""

from pydantic import Field

from contract.value import Code, Name, Value


class Building(Value):
    """One building as people there call it (`3号楼`), with its units (`2单元`)."""

    name: Name
    units: tuple[Name, ...] = ()


class Compound(Value):
    """A compound, street or hall to pick from. `lat`, `lon` in degrees WGS-84 (its centroid);
    `initials` are the pinyin initials of its name (样例苑 = yly); `venue` its usual venue code."""

    id: Code
    name: Name
    initials: Name = ""
    community: Code
    grid: Code | None = None
    lat: float | None = None
    lon: float | None = None
    venue: Code | None = None
    buildings: tuple[Building, ...] = ()


class Places(Value):
    """All compounds a phone may pick from; `version` changes with any of them."""

    version: Name
    community_names: dict[str, str] = Field(default_factory=dict)
    compounds: tuple[Compound, ...] = ()
