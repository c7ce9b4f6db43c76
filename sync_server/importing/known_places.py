"""Communities, grids and compounds that the bureau has, found by code or by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from contract.address import canonical_area, canonical_building, parse
from sync_server.importing.cells import folded
from sync_server.importing.list_rows import PLACES
from sync_server.importing.row_error import RowError

T = TypeVar("T")
EVERYBODY = ("全部", "全旗", "全县", "所有", "all")  # what a cell says that means no limit


@dataclass(frozen=True, slots=True)
class KnownPlaces:
    """Codes by name, for each list of places; buildings by their compound's code."""

    by_name: Mapping[str, Mapping[str, list[str]]]  # kind of list → name or code → codes
    buildings: Mapping[str, list[str]]

    @classmethod
    def of(cls, lists: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> "KnownPlaces":
        """From the rows of the lists PLACES: kind of list → code → row."""
        by_name: dict[str, dict[str, list[str]]] = {}
        buildings: dict[str, list[str]] = {}
        for kind in PLACES:
            found = by_name.setdefault(kind, {})
            for code, row in lists[kind].items():
                names = {code, canonical_area(row["name"])}
                for name in names | {
                    canonical_area(one) for one in _of_type(str, row.get("aliases"))
                }:
                    found.setdefault(name, []).append(code)
                houses = (one.get("name") for one in _of_type(dict, row.get("buildings")))
                buildings[code] = [name for name in houses if isinstance(name, str)]
        return cls(by_name, buildings)

    def code(self, column: str, kind: str, cell: str) -> str | None:
        """The code of the place of the list `kind` that a cell names by its code or name; None if
        empty. Raises RowError if there is none of that name, or more than one."""
        if not cell:
            return None
        names = self.by_name[kind]
        found = names.get(folded(cell)) or names.get(canonical_area(cell), [])
        if len(found) != 1:
            raise RowError("several" if found else "unknown_place", column, cell)
        return found[0]

    def of_address(self, address: str) -> tuple[str | None, str | None]:
        """The compound and the building that an address names; None for what is not known here."""
        reading = parse(address)
        area = canonical_area(reading.area)
        names = self.by_name["compounds"]
        found = [name for name in names if len(name) > 1 and name in area]
        best = max(found, key=len, default="")
        if not best or len(names[best]) != 1:
            return None, None
        [compound] = names[best]
        rest = reading.door.building or canonical_building(area.partition(best)[2])
        same = (b for b in self.buildings[compound] if rest and canonical_building(b) == rest)
        return compound, next(same, None)


def _of_type(kind: type[T], found: Any) -> list[T]:
    """The things of this type in a list; [] if it is none: what lies in the database may be older
    than our checks, and an import is how it is mended."""
    return [one for one in found if isinstance(one, kind)] if isinstance(found, list) else []
