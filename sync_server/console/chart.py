"""The small map without tiles: a fix, how sure it is, and the compounds around it, to scale."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, hypot, radians

WIDTH, HEIGHT, MARGIN = 460, 240, 24
METRES_A_DEGREE = 111_320  # of latitude, WGS-84 mean
NEAR_M, FAR_M = 60, 1_200  # the half height of the sheet stays between these
MOST_SPOTS = 7
BARS = (5, 10, 20, 50, 100, 200, 500, 1_000, 2_000)
LETTER, LABEL_HEIGHT = 13, 16


@dataclass(frozen=True, slots=True)
class Spot:
    """A compound's point in degrees; `picked` is the one the worker chose."""

    lat: float
    lon: float
    name: str
    picked: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float
    name: str
    picked: bool
    label_x: float
    label_y: float
    anchor: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """All in pixels of the sheet; `away_m` from the fix to the compound that was picked."""

    fix: tuple[float, float, float] | None
    marks: tuple[Mark, ...]
    bar_px: float
    bar_m: int
    away_m: int | None
    width: int = WIDTH
    height: int = HEIGHT


def chart(fix: tuple[float, float, float] | None, spots: Iterable[Spot]) -> Chart | None:
    """`fix` is latitude, longitude and accuracy in metres. None where nothing has a place."""
    known = list(spots)
    centre = fix[:2] if fix else next(((s.lat, s.lon) for s in known if s.picked), None)
    if centre is None:
        return None
    ways = sorted(((_way(centre, spot), spot) for spot in known), key=lambda at: hypot(*at[0]))
    half = _half(fix[2] if fix else 0, ways)
    scale = (HEIGHT / 2 - MARGIN) / half
    marks = _marks(ways, scale)
    bar = max(m for m in BARS if m * scale <= WIDTH / 3 or m == BARS[0])
    away = next((round(hypot(*way)) for way, spot in ways if spot.picked and fix), None)
    point = (WIDTH / 2, HEIGHT / 2, max(4.0, fix[2] * scale)) if fix else None
    return Chart(point, tuple(marks), bar * scale, bar, away)


def _way(centre: tuple[float, float], spot: Spot) -> tuple[float, float]:
    """East and north in metres; flat, which is fine over a kilometre."""
    east = (spot.lon - centre[1]) * METRES_A_DEGREE * cos(radians(centre[0]))
    return east, (spot.lat - centre[0]) * METRES_A_DEGREE


def _half(accuracy: float, ways: list[tuple[tuple[float, float], Spot]]) -> float:
    """Far enough to see the whole circle, the compound picked and its nearest neighbour."""
    others = [way for way, spot in ways if not spot.picked]
    wanted = [accuracy * 1.2, NEAR_M]
    wanted += [_needs(way) for way, spot in ways if spot.picked]
    wanted += [_needs(way) for way in others[:1]]
    return min(FAR_M, max(wanted))


def _needs(way: tuple[float, float]) -> float:
    """The half height of a sheet that shows this point; the sheet is wider than high."""
    return 1.1 * max(abs(way[1]), abs(way[0]) * (HEIGHT / 2 - MARGIN) / (WIDTH / 2 - MARGIN))


def _marks(ways: list[tuple[tuple[float, float], Spot]], scale: float) -> list[Mark]:
    taken = [(WIDTH / 2 - 8, WIDTH / 2 + 8, HEIGHT / 2 + 5)]  # the fix itself
    marks: list[Mark] = []
    for (east, north), spot in ways[: MOST_SPOTS * 2]:
        x, y = WIDTH / 2 + east * scale, HEIGHT / 2 - north * scale
        if 8 <= x <= WIDTH - 8 and 8 <= y <= HEIGHT - 8 and len(marks) < MOST_SPOTS:
            marks.append(_mark(x, y, spot, taken))
    return marks


def _mark(x: float, y: float, spot: Spot, taken: list[tuple[float, float, float]]) -> Mark:
    long = len(spot.name) * LETTER
    to_right = x + 10 + long <= WIDTH - 4
    left = x + 10 if to_right else x - 10 - long
    for down in (5, 21, -11):
        label = (left, left + long, y + down)
        if all(_apart(label, other) for other in taken) and 12 <= y + down <= HEIGHT - 4:
            taken.append(label)
            break
    else:
        down, label = 5, None
    anchor = "start" if to_right else "end"
    edge = x + 10 if to_right else x - 10
    return Mark(x, y, spot.name, spot.picked, edge, y + down, anchor, label is not None)


def _apart(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    return one[1] < other[0] or other[1] < one[0] or abs(one[2] - other[2]) >= LABEL_HEIGHT
