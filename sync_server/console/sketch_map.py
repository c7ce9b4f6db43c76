"""A small map without tiles, to scale: a fix with its accuracy, and the compounds around it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians

WIDTH, HEIGHT, MARGIN = 460, 240, 24  # pixels
METRES_A_DEGREE = 111_320  # of latitude, WGS-84 mean
NEAR_M, FAR_M = 60, 1_200  # half of the map's height is between these
MOST_COMPOUNDS = 5  # the nearest
BARS = (5, 10, 20, 50, 100, 200, 500, 1_000, 2_000)  # metres that a scale bar may show
LETTER, LABEL_HEIGHT = 13, 16  # pixels
EDGE = 14  # pixels from the edge at which a compound off the map is marked

Offset = tuple[float, float]  # east and north, metres
LabelBox = tuple[float, float, float]  # a label's left, right and base line, pixels
# North arrow at the top right, scale bar at the bottom left: no label may cover them.
RESERVED: tuple[LabelBox, ...] = (
    (WIDTH - 36, WIDTH, 28),
    (WIDTH - 36, WIDTH, 44),
    (0, WIDTH / 3 + 70, HEIGHT - 12),
)


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A compound's point in degrees; `picked` is the one that the worker chose."""

    lat: float
    lon: float
    name: str
    picked: bool = False


@dataclass(frozen=True, slots=True)
class MapMark:
    """A compound's mark and label, in pixels. `far_m` is the distance in metres of a compound off
    the map: its mark is then at the edge, in its direction, `turn` degrees clockwise from north."""

    x: float
    y: float
    name: str
    picked: bool
    label_x: float
    label_y: float
    anchor: str
    is_labelled: bool
    far_m: int | None = None
    turn: int = 0


@dataclass(frozen=True, slots=True)
class SketchMap:
    """All in pixels, but `bar_m` and `away_m`, the distance from the fix to the picked compound.
    `fix` is x, y and the radius of its accuracy; `circles` are the like of each of several fixes
    that it was made of."""

    fix: tuple[float, float, float] | None
    marks: tuple[MapMark, ...]
    bar_px: float
    bar_m: int
    away_m: int | None
    circles: tuple[tuple[float, float, float], ...] = ()
    width: int = WIDTH
    height: int = HEIGHT


def sketch_map(
    fix: tuple[float, float, float] | None,
    points: Iterable[MapPoint],
    circles: Sequence[tuple[float, float, float]] = (),
) -> SketchMap | None:
    """`fix` is latitude, longitude and accuracy in metres; without one the picked point is in the
    middle. None if there is neither. `circles`: the fixes that it was made of, likewise."""
    known = list(points)
    centre = fix[:2] if fix else next(((p.lat, p.lon) for p in known if p.picked), None)
    if centre is None:
        return None
    nearest = sorted(((_offset(centre, p), p) for p in known), key=lambda at: hypot(*at[0]))
    seen = [(*_offset(centre, MapPoint(lat, lon, "")), metres) for lat, lon, metres in circles]
    reach = [hypot(east, north) + metres for east, north, metres in seen]
    half = _half_height(max([fix[2] * 1.5 if fix else 0, *reach]), nearest)
    scale = (HEIGHT / 2 - MARGIN) / half
    marks = _marks(nearest, scale)
    bar = max(m for m in BARS if m * scale <= WIDTH / 3 or m == BARS[0])
    away = next((round(hypot(*offset)) for offset, p in nearest if p.picked and fix), None)
    circle = (WIDTH / 2, HEIGHT / 2, max(4.0, fix[2] * scale)) if fix else None
    drawn = tuple(
        (WIDTH / 2 + east * scale, HEIGHT / 2 - north * scale, max(4.0, metres * scale))
        for east, north, metres in seen
    )
    return SketchMap(circle, tuple(marks), bar * scale, bar, away, drawn)


def _offset(centre: tuple[float, float], point: MapPoint) -> Offset:
    """From the centre to a point, on a plane: exact enough within a kilometre."""
    east = (point.lon - centre[1]) * METRES_A_DEGREE * cos(radians(centre[0]))
    return east, (point.lat - centre[0]) * METRES_A_DEGREE


def _half_height(reach: float, points: list[tuple[Offset, MapPoint]]) -> float:
    """Metres: enough to show the whole circles of accuracy and the picked compound."""
    wanted = [reach, NEAR_M]
    wanted += [1.4 * hypot(*offset) for offset, point in points if point.picked]
    return min(FAR_M, max(wanted))


def _marks(points: list[tuple[Offset, MapPoint]], scale: float) -> list[MapMark]:
    """Places all marks first, then their labels, the nearest compound's first."""
    shown = points[:MOST_COMPOUNDS]
    places = [_place(offset, scale) for offset, _ in shown]
    taken = [*RESERVED, (WIDTH / 2 - 8, WIDTH / 2 + 8, HEIGHT / 2 + 5)]  # the fix itself
    taken += [(x - 7, x + 7, y + 5) for x, y, _ in places]
    return [
        _mark(place, offset, point, taken)
        for place, (offset, point) in zip(places, shown, strict=True)
    ]


def _place(offset: Offset, scale: float) -> tuple[float, float, bool]:
    """x and y of a mark; at the edge, and True, for a point off the map."""
    east, south = offset[0] * scale, -offset[1] * scale
    over = max(abs(east) / (WIDTH / 2 - EDGE), abs(south) / (HEIGHT / 2 - EDGE), 1)
    return WIDTH / 2 + east / over, HEIGHT / 2 + south / over, over > 1


def _mark(
    place: tuple[float, float, bool], offset: Offset, point: MapPoint, taken: list[LabelBox]
) -> MapMark:
    x, y, is_far = place
    far = round(hypot(*offset)) if is_far else None
    length = LETTER * (len(point.name) + (4 if is_far else 0))
    anchor, label_x, label_y = _label_place(x, y, length, taken) or ("", x, y)
    turn = round(degrees(atan2(offset[0], offset[1])))
    labelled = bool(anchor)
    return MapMark(x, y, point.name, point.picked, label_x, label_y, anchor, labelled, far, turn)


def _label_place(
    x: float, y: float, length: float, taken: list[LabelBox]
) -> tuple[str, float, float] | None:
    """Where a label of this length fits beside a mark without covering anything: its SVG
    text-anchor, x and y; it is added to `taken`. None if it fits nowhere."""
    for down in (5, 21, -11):
        for anchor, edge, left in (("start", x + 10, x + 10), ("end", x - 10, x - 10 - length)):
            label = (left, left + length, y + down)
            inside = left >= 4 and left + length <= WIDTH - 4 and 12 <= y + down <= HEIGHT - 4
            if inside and all(_are_apart(label, other) for other in taken):
                taken.append(label)
                return anchor, edge, y + down
    return None


def _are_apart(one: LabelBox, other: LabelBox) -> bool:
    return one[1] < other[0] or other[1] < one[0] or abs(one[2] - other[2]) >= LABEL_HEIGHT
