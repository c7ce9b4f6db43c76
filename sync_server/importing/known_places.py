"""Communities, grids and compounds that the bureau has, found by code or by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contract.address import canonical_area
from sync_server.domain.known_compounds import KnownCompounds
from sync_server.importing.cells import folded
from sync_server.importing.list_rows import PLACES
from sync_server.importing.row_error import RowError

EVERYBODY = ("全部", "全旗", "全县", "所有", "all")  # what a cell says that means no limit


@dataclass(frozen=True, slots=True)
class KnownPlaces:
    """Codes by name, for each list of places; buildings by their compound's code, and the community
    of each grid by its code."""

    by_name: Mapping[str, Mapping[str, list[str]]]  # kind of list → name or code → codes
    buildings: Mapping[str, list[str]]
    communities: Mapping[str, str]

    @classmethod
    def of(cls, lists: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> "KnownPlaces":
        """From the rows of the lists PLACES: kind of list → code → row."""
        by_name: dict[str, dict[str, list[str]]] = {}
        buildings: dict[str, list[str]] = {}
        for kind in PLACES:
            found = by_name.setdefault(kind, {})
            for code, row in lists[kind].items():
                names = [row["name"], *row.get("aliases", ())]
                for name in {code, *map(canonical_area, names)}:
                    found.setdefault(name, []).append(code)
                buildings[code] = [one["name"] for one in row.get("buildings", ())]
        grids = {code: row["community"] for code, row in lists["grids"].items()}
        return cls(by_name, buildings, grids)

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
        return KnownCompounds(self.by_name["compounds"], self.buildings).of_address(address)
