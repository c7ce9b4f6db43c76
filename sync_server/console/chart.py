"""The small map without tiles: a fix, how sure it is, and the compounds around it, to scale."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians

WIDTH, HEIGHT, MARGIN = 460, 240, 24
METRES_A_DEGREE = 111_320  # of latitude, WGS-84 mean
NEAR_M, FAR_M = 60, 1_200  # the half height of the sheet stays between these
MOST_SPOTS = 5  # the nearest
BARS = (5, 10, 20, 50, 100, 200, 500, 1_000, 2_000)
LETTER, LABEL_HEIGHT = 13, 16
EDGE = 14  # where what lies off the sheet is pointed at

Way = tuple[float, float]  # east and north, metres
Box = tuple[float, float, float]  # a label's left, right and base line
# North arrow above right, scale bar below left: no label may cover them.
FURNITURE: tuple[Box, ...] = (
    (WIDTH - 36, WIDTH, 28),
    (WIDTH - 36, WIDTH, 44),
    (0, WIDTH / 3 + 70, HEIGHT - 12),
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A compound's point in degrees; `picked` is the one the worker chose."""

    lat: float
    lon: float
    name: str
    picked: bool = False


Placed = tuple[Way, Spot]


@dataclass(frozen=True, slots=True)
class Mark:
    """`far_m` is set for a compound off the sheet: the mark then stands at the edge, in its
    direction, `turn` degrees clockwise from north."""

    x: float
    y: float
    name: str
    picked: bool
    label_x: float
    label_y: float
    anchor: str
    shown: bool
    far_m: int | None = None
    turn: int = 0


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


def _way(centre: tuple[float, float], spot: Spot) -> Way:
    """East and north in metres; flat, which is fine over a kilometre."""
    east = (spot.lon - centre[1]) * METRES_A_DEGREE * cos(radians(centre[0]))
    return east, (spot.lat - centre[0]) * METRES_A_DEGREE


def _half(accuracy: float, ways: list[Placed]) -> float:
    """Far enough to see the whole circle, well, and the compound that was picked."""
    wanted = [accuracy * 1.5, NEAR_M]
    wanted += [1.4 * hypot(*way) for way, spot in ways if spot.picked]
    return min(FAR_M, max(wanted))


def _marks(ways: list[Placed], scale: float) -> list[Mark]:
    """The points first, then their labels around all of them, the nearest choosing first."""
    points = [_point(way, scale) for way, _ in ways[:MOST_SPOTS]]
    taken = [*FURNITURE, (WIDTH / 2 - 8, WIDTH / 2 + 8, HEIGHT / 2 + 5)]  # the fix itself
    taken += [(x - 7, x + 7, y + 5) for x, y, _ in points]
    return [
        _mark(point, way, spot, taken) for point, (way, spot) in zip(points, ways, strict=False)
    ]


def _point(way: Way, scale: float) -> tuple[float, float, bool]:
    """Where it stands on the sheet, at the edge if it lies off it (True)."""
    east, south = way[0] * scale, -way[1] * scale
    over = max(abs(east) / (WIDTH / 2 - EDGE), abs(south) / (HEIGHT / 2 - EDGE), 1)
    return WIDTH / 2 + east / over, HEIGHT / 2 + south / over, over > 1


def _mark(point: tuple[float, float, bool], way: Way, spot: Spot, taken: list[Box]) -> Mark:
    x, y, is_far = point
    far = round(hypot(*way)) if is_far else None
    long = LETTER * (len(spot.name) + (4 if is_far else 0))
    anchor, edge, at = _room(x, y, long, taken) or ("", x, y)
    turn = round(degrees(atan2(way[0], way[1])))
    return Mark(x, y, spot.name, spot.picked, edge, at, anchor, bool(anchor), far, turn)


def _room(x: float, y: float, long: float, taken: list[Box]) -> tuple[str, float, float] | None:
    """A place for a label of this length beside a point, where it covers nothing: its anchor and
    where that stands. None for nowhere."""
    for down in (5, 21, -11):
        for anchor, edge, left in (("start", x + 10, x + 10), ("end", x - 10, x - 10 - long)):
            label = (left, left + long, y + down)
            inside = left >= 4 and left + long <= WIDTH - 4 and 12 <= y + down <= HEIGHT - 4
            if inside and all(_apart(label, other) for other in taken):
                taken.append(label)
                return anchor, edge, y + down
    return None


def _apart(one: Box, other: Box) -> bool:
    return one[1] < other[0] or other[1] < one[0] or abs(one[2] - other[2]) >= LABEL_HEIGHT
