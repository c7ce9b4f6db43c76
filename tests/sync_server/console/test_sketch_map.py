"""The map without tiles is to scale, and never invents a position."""

from itertools import combinations
from math import hypot

from sync_server.console.sketch_map import HEIGHT, WIDTH, MapPoint, SketchMap, sketch_map

HOME = (38.12340, 108.54310)
NORTH_100 = (HOME[0] + 100 / 111_320, HOME[1])


def drawn(accuracy: float = 8, *spots: MapPoint) -> SketchMap:
    found = sketch_map((*HOME, accuracy), spots)
    assert found is not None
    return found


def test_the_fix_stands_in_the_middle() -> None:
    assert drawn().fix is not None
    assert drawn().fix[:2] == (WIDTH / 2, HEIGHT / 2)  # type: ignore[index]  # just asserted


def test_a_compound_to_the_north_stands_above_at_its_distance() -> None:
    found = drawn(8, MapPoint(*NORTH_100, "样例苑", picked=True))
    metre = found.bar_px / found.bar_m
    mark = found.marks[0]
    assert mark.x == WIDTH / 2
    assert round((HEIGHT / 2 - mark.y) / metre) == 100
    assert found.away_m == 100


def test_the_circle_has_the_radius_of_the_accuracy() -> None:
    found = drawn(150)
    assert found.fix is not None
    assert round(found.fix[2] / (found.bar_px / found.bar_m)) == 150


def test_a_very_coarse_circle_still_fits_the_sheet_or_fills_it() -> None:
    found = drawn(400)
    assert found.fix is not None
    assert found.fix[2] <= HEIGHT / 2


def test_without_a_fix_the_compound_that_was_picked_is_the_middle() -> None:
    found = sketch_map(
        None, [MapPoint(*HOME, "样例苑", picked=True), MapPoint(*NORTH_100, "示范公寓")]
    )
    assert found is not None
    assert found.fix is None and found.away_m is None
    assert [mark.name for mark in found.marks] == ["样例苑", "示范公寓"]


def test_nothing_known_draws_nothing() -> None:
    assert sketch_map(None, []) is None
    assert sketch_map(None, [MapPoint(*HOME, "样例苑")]) is None


def test_labels_never_cover_each_other() -> None:
    spots = [MapPoint(HOME[0] + n * 1e-6, HOME[1], f"示例小区{n}") for n in range(6)]
    shown = [mark for mark in drawn(8, *spots).marks if mark.is_labelled]
    assert len(shown) > 1
    for one, other in combinations(shown, 2):
        same_side = one.anchor == other.anchor
        assert not same_side or abs(one.label_y - other.label_y) >= 16


def test_what_lies_off_the_sheet_is_pointed_at_with_its_distance() -> None:
    far = MapPoint(HOME[0], HOME[1] + 0.01, "远处")
    mark = next(mark for mark in drawn(8, far).marks if mark.name == "远处")
    assert mark.far_m is not None and 870 < mark.far_m < 880
    assert (mark.turn, mark.y) == (90, HEIGHT / 2)
    assert WIDTH - 20 < mark.x < WIDTH


def test_what_fits_the_sheet_is_not_called_far() -> None:
    assert drawn(8, MapPoint(*NORTH_100, "近处", picked=True)).marks[0].far_m is None


def test_the_scale_is_the_same_in_both_directions() -> None:
    east = MapPoint(HOME[0], HOME[1] + 0.001, "东", picked=True)
    found = drawn(8, east)
    metre = found.bar_px / found.bar_m
    mark = found.marks[0]
    metres = hypot(mark.x - WIDTH / 2, mark.y - HEIGHT / 2) / metre
    assert 87 < metres < 88  # 0.001° of longitude at 38.1° north
