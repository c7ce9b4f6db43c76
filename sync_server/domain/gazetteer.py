"""The bureau's compounds by what they are called: a text gives a code if it can mean one alone."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, islice, product
from math import cos, hypot, radians

from contract.address import split_zone
from contract.far_fix import far_fix
from contract.place import AMBER_M, Fix

SHORTEST_BY_SOUND = 3  # Chinese signs: shorter names sound alike too often
ENDING = "小区"  # 样例苑 and 样例苑小区 are one compound where the bureau has one of them
# What may stand before a name without making it another one: 示例镇样例苑, but not 新样例苑.
_BEFORE = re.compile("(?:[省市旗县区镇乡]|街道|社区|[路街巷道](?:[0-9]+号)?)$")


CLEARLY_M = 30.0  # by how much the middle of another compound must be nearer, accuracy apart
CELL = 0.01  # degrees, about 1 km: further away no compound can be the nearer one
METRES_A_DEGREE = 111_195.0
Point = tuple[float, float]


def _silent(_: str) -> str:
    return ""


@dataclass(frozen=True)
class Gazetteer:
    """`by_name`: canonical name or alias → code, of names that one compound alone has; `by_sound`:
    likewise its pinyin, which `sound` makes; `communities`: code → community; `houses`: codes of
    villages and yards, where one building is one home; `units`: (code, building) → its units in
    canonical text, of the buildings that the bureau lists; `points`: code → latitude and longitude
    of its middle, degrees WGS-84; `spelled`: code → its names as they are searched, with their
    initials and their pinyin.
    """

    by_name: Mapping[str, str] = field(default_factory=dict)
    by_sound: Mapping[str, str] = field(default_factory=dict)
    communities: Mapping[str, str] = field(default_factory=dict)
    houses: frozenset[str] = frozenset()
    units: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    points: Mapping[str, Point] = field(default_factory=dict)
    spelled: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sound: Callable[[str], str] = _silent

    def resolved(self, area: str, community: str | None) -> tuple[str, str]:
        """The code that a canonical area text means and the stage or zone after the name (样例苑2期
        is the code of 样例苑, and 2期); ("", "") if it means none, or several. By its sound alone a
        name is known in its own community only: 样例苑 typed as 样立苑."""
        whole = self.by_name.get(area) or self._after_a_town(area)
        if code := whole or self._sounding(area, community):
            return code, ""
        name, zone = split_zone(area)
        code = self.by_name.get(name) or self._after_a_town(name) or self._sounding(name, community)
        return (code, zone) if code else ("", "")

    def named(self, word: str, most: int) -> list[str]:
        """The codes of the compounds that are meant by a word of a search, folded, no more than
        `most`: those that are called so, else those whose names begin with it, else those in whose
        names it is."""
        for pattern in (f"\n{word}\n", f"\n{word}", word) if word else ():
            if found := list(islice(self._with(pattern), most)):
                return found
        return []

    def entrances(self, codes: Iterable[str], building: str) -> frozenset[str]:
        """The units of those of these compounds' buildings of that name that have one alone."""
        listed = (self.units.get((code, building), frozenset()) for code in codes)
        return frozenset[str]().union(*(units for units in listed if len(units) == 1))

    def is_elsewhere(self, code: str, fix: Fix | None) -> bool:
        """Whether a fix says that another compound was picked: it is beyond this one and its own
        accuracy, or another one is clearly nearer. One that is off as GCJ-02 is says so only if it
        lies at another one, for so far away are neighbours to the east and west as well."""
        point = self.points.get(code)
        if fix is None or point is None or fix.datum != "WGS84" or fix.mock:
            return False
        sure = _metres(fix, point) - CLEARLY_M - (fix.radius_m or AMBER_M)
        if sure <= 0:  # nearly always
            return False
        far = far_fix(fix, *point)
        if far and not far.is_shifted:
            return True
        return any(_metres(fix, other) < sure for other in self._around(fix))

    def _with(self, pattern: str) -> Iterator[str]:
        """The codes of the compounds in whose names, a line each, this stands."""
        names, ends, codes = self._lines
        at = names.find(pattern)
        while at >= 0:
            n = bisect_right(ends, at)
            yield codes[n]
            at = names.find(pattern, ends[n])

    @cached_property
    def _lines(self) -> tuple[str, Sequence[int], Sequence[str]]:
        """All names in one text, which is searched sooner than each by itself; where those of each
        compound end; and the codes."""
        texts = ["".join(f"\n{name}" for name in sorted(names)) for names in self.spelled.values()]
        ends = list(accumulate(len(text) + 1 for text in texts))
        return "".join(f"{text}\n" for text in texts), ends, list(self.spelled)

    @cached_property
    def _cells(self) -> Mapping[tuple[int, int], Sequence[Point]]:
        found = defaultdict[tuple[int, int], list[Point]](list)
        for lat, lon in self.points.values():
            found[int(lat // CELL), int(lon // CELL)].append((lat, lon))
        return found

    def _around(self, fix: Fix) -> Iterator[Point]:
        row, column = int(fix.lat // CELL), int(fix.lon // CELL)
        for cell in product((row - 1, row, row + 1), (column - 1, column, column + 1)):
            yield from self._cells.get(cell, ())

    def _after_a_town(self, name: str) -> str:
        for at in range(1, len(name) - 1):
            if _BEFORE.search(name[:at]) and (code := self.by_name.get(name[at:])):
                return code
        return ""

    def _sounding(self, name: str, community: str | None) -> str:
        bare = name.removesuffix(ENDING)
        if sum(not c.isascii() for c in bare) < SHORTEST_BY_SOUND:
            return ""
        code = self.by_sound.get(self.sound(bare), "")
        return code if code and community in (None, self.communities.get(code)) else ""


def _metres(fix: Fix, point: Point) -> float:
    north = (fix.lat - point[0]) * METRES_A_DEGREE
    return hypot(north, (fix.lon - point[1]) * METRES_A_DEGREE * cos(radians(fix.lat)))
