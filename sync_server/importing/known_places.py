"""Communities, grids and compounds that the bureau has, found by code or by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from contract.address import canonical_area, canonical_building, parse
from sync_server.importing.headings import heading
from sync_server.importing.row_error import RowError


@dataclass(frozen=True, slots=True)
class KnownPlaces:
    """Codes by name, for each kind of place; compounds with their buildings as well."""

    by_name: Mapping[str, Mapping[str, list[str]]]
    buildings: Mapping[str, list[str]]

    @classmethod
    def of(cls, rows: Mapping[str, Iterable[Any]]) -> "KnownPlaces":
        """From the rows of communities, grids and compounds."""
        by_name: dict[str, dict[str, list[str]]] = {}
        buildings: dict[str, list[str]] = {}
        for kind, some in rows.items():
            found = by_name.setdefault(kind, {})
            for row in some:
                code = str(row[kind])
                spelt = {code, canonical_area(row["name"])}
                for name in spelt | {canonical_area(one) for one in row.get("aliases") or ()}:
                    found.setdefault(name, []).append(code)
                buildings[code] = [one["name"] for one in row.get("buildings") or ()]
        return cls(by_name, buildings)

    def code(self, column: str, kind: str, said: str) -> str | None:
        """The code of a place by its code or name; None for nothing. Raises Bad."""
        if not said:
            return None
        found = self.by_name[kind].get(said) or self.by_name[kind].get(canonical_area(said), [])
        if len(found) != 1:
            raise RowError(0, "several" if found else "unknown_place", heading(column), said)
        return found[0]

    def standing_at(self, address: str) -> tuple[str | None, str | None]:
        """Compound and building that an address names, as far as they are known here."""
        reading = parse(address)
        area = canonical_area(reading.area)
        names = self.by_name["compound"]
        hits = [name for name in names if len(name) > 1 and name in area]
        best = max(hits, key=len, default="")
        if not best or len(names[best]) != 1:
            return None, None
        [compound] = names[best]
        rest = reading.door.building or canonical_building(area.partition(best)[2])
        same = (b for b in self.buildings[compound] if rest and canonical_building(b) == rest)
        return compound, next(same, None)
