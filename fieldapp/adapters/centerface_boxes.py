"""From the values of the neural network CenterFace to heads in a photo, whatever has run it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, sqrt

from fieldapp.ports import Frame, Mask

# px: the net gives one value for each CELL x CELL, and takes sides that are multiples of GRAIN.
CELL, GRAIN = 4, 32
MAX_PIXELS = 1_000_000  # of the image that the net gets; docs/benchmarks.md has the time it takes
MIN_SCORE = 0.2  # low: a needless mask costs one tap, a face that was sent cannot be taken back
MAX_OVERLAP = 0.3  # two boxes with a higher intersection over union are one face
MAX_BOXES = 2_000  # more than any street has; each is compared with all that are kept
BESIDE, ABOVE, BELOW = 0.3, 0.5, 0.25  # of the face's own size: how far the head reaches around it

Box = tuple[float, float, float, float]  # left, top, width, height in px of the net's image


@dataclass(frozen=True, slots=True)
class NetOutput:
    """The net's values, cell by cell and row by row: how likely a face is; the logarithms of its
    height and width; its centre in the cell, downwards and to the right."""

    score: Sequence[float]
    tall: Sequence[float]
    wide: Sequence[float]
    down: Sequence[float]
    right: Sequence[float]


def heads(output: NetOutput, size: tuple[int, int]) -> list[Mask]:
    """The heads in a net's image of this width and height in px, the most certain first."""
    return [_head(box, *size) for box in distinct(boxes(output, size[0] // CELL))]


def input_size(frame: Frame) -> tuple[int, int]:
    """Width and height of the net's image: at most MAX_PIXELS; a small photo is not enlarged beyond
    the next multiple of GRAIN."""
    scale = min(1.0, sqrt(MAX_PIXELS / (frame.width * frame.height)))
    rounding = floor if scale < 1 else ceil
    sides = (rounding(side * scale / GRAIN) for side in (frame.width, frame.height))
    width, height = (GRAIN * max(1, side) for side in sides)
    return width, height


def boxes(output: NetOutput, columns: int) -> Iterator[tuple[float, Box]]:
    """Score and box of each cell that shows a face."""
    for n, found in enumerate(output.score):
        if found >= MIN_SCORE:
            row, column = divmod(n, columns)
            w, h = CELL * exp(output.wide[n]), CELL * exp(output.tall[n])
            x, y = CELL * (column + 0.5 + output.right[n]), CELL * (row + 0.5 + output.down[n])
            yield found, (x - w / 2, y - h / 2, w, h)


def distinct(boxes: Iterator[tuple[float, Box]]) -> list[Box]:
    """Of boxes that overlap too much, the one with the highest score; the highest score first."""
    kept: list[Box] = []
    for _, box in sorted(boxes, reverse=True)[:MAX_BOXES]:
        if all(_overlap(box, other) <= MAX_OVERLAP for other in kept):
            kept.append(box)
    return kept


def _overlap(one: Box, other: Box) -> float:
    """Intersection over union, 0 to 1."""
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    tall = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    both = max(0.0, wide) * max(0.0, tall)
    return both / (one[2] * one[3] + other[2] * other[3] - both)


def _head(box: Box, width: int, height: int) -> Mask:
    """The head around a face (forehead to chin), as far as it is within the image."""
    left, top, wide, tall = box
    x, right = max(0.0, left - BESIDE * wide), min(width, left + (1 + BESIDE) * wide)
    y, bottom = max(0.0, top - ABOVE * tall), min(height, top + (1 + BELOW) * tall)
    return Mask(x / width, y / height, (right - x) / width, (bottom - y) / height)
