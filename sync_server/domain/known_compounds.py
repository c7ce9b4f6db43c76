"""Which compound and building of the bureau's list an address names, however it is spelled.

A name is found anywhere in the text (样例苑对面). Records are told apart by domain/gazetteer.py,
which takes a whole name only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from contract.address import canonical_area, canonical_building, parse, split_zone

COMPOUND = "小区"


@dataclass(frozen=True, slots=True)
class KnownCompounds:
    """Codes by canonical name or other name; names of buildings by their compound's code."""

    by_name: Mapping[str, Sequence[str]]
    buildings: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, Sequence[str], Sequence[str]]]) -> Self:
        """From (code, names, buildings) of each compound; a name is also known without 小区, which
        few people say."""
        by_name: dict[str, list[str]] = {}
        buildings: dict[str, Sequence[str]] = {}
        for code, names, own in rows:
            known = set(map(canonical_area, names))
            for name in {code, *known, *(name.removesuffix(COMPOUND) for name in known)}:
                by_name.setdefault(name, []).append(code)
            buildings[code] = own
        return cls(by_name, buildings)

    def of_address(self, address: str) -> tuple[str | None, str | None]:
        """The compound and the building that an address names; None for what is not known here."""
        reading = parse(address)
        area = canonical_area(reading.area)
        found = [name for name in self.by_name if len(name) > 1 and name in area]
        best = max(found, key=len, default="")
        if not best or len(self.by_name[best]) != 1:
            return None, None
        [compound] = self.by_name[best]
        rest, number = area.partition(best)[2], reading.door.building
        wanted = canonical_building(split_zone(rest)[1] + number if number else rest)
        same = (b for b in self.buildings[compound] if wanted and canonical_building(b) == wanted)
        return compound, next(same, None)
