"""Baselines that know of distance alone: a fixed radius, as FixMyStreet has, and DBSCAN."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product
from math import cos, hypot, radians

from bench.clusters import Groups
from contract.place import Fix

METRES_A_DEGREE = 111_195.0
Point = tuple[float, float] | None


def points(fixes: Sequence[Fix | None]) -> list[Point]:
    """Metres east and north of one origin; None without a fix."""
    east = METRES_A_DEGREE * cos(radians(38.6))
    return [(f.lon * east, f.lat * METRES_A_DEGREE) if f else None for f in fixes]


class Grid:
    """Points by cells of one radius."""

    def __init__(self, radius: float) -> None:
        self._radius = radius
        self._cells = defaultdict[tuple[int, int], list[tuple[int, float, float]]](list)

    def add(self, n: int, point: tuple[float, float]) -> None:
        self._cells[self._cell(point)].append((n, *point))

    def around(self, point: tuple[float, float]) -> Iterator[tuple[float, int]]:
        """Distance and number of each point within the radius."""
        column, row = self._cell(point)
        for cell in product((column - 1, column, column + 1), (row - 1, row, row + 1)):
            for n, east, north in self._cells.get(cell, ()):
                if (away := hypot(east - point[0], north - point[1])) <= self._radius:
                    yield away, n

    def _cell(self, point: tuple[float, float]) -> tuple[int, int]:
        return int(point[0] // self._radius), int(point[1] // self._radius)


def by_radius(found: Sequence[Point], radius: float) -> list[int]:
    """Each report is of the nearest site within the radius of where it was first seen."""
    grid, labels = Grid(radius), []
    for n, point in enumerate(found):
        nearest = min(grid.around(point), default=None) if point else None
        labels.append(nearest[1] if nearest else n)
        if point and nearest is None:
            grid.add(n, point)
    return labels


def by_density(found: Sequence[Point], radius: float, least: int = 3) -> list[int]:
    """DBSCAN: points with `least` others within the radius, and what is within theirs."""
    grid, groups = Grid(radius), Groups(len(found))
    for n, point in enumerate(found):
        if point:
            grid.add(n, point)
    near = [[n for _, n in grid.around(point)] if point else [] for point in found]
    for n, others in enumerate(near):
        if len(others) > least:
            for other in others:
                if len(near[other]) > least or groups.of(other) == other:
                    groups.join(n, other)
    return groups.labels()
