"""Faces found by CenterFace through ncnn, on this device alone, so that they can be covered."""

from collections.abc import Iterator, Sequence
from math import ceil, exp, floor, sqrt
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from fieldapp.adapters.pillow_pictures import opened
from fieldapp.ports import Frame, Mask, Refused

if TYPE_CHECKING:
    from ncnn import Extractor, Mat, Net

CELL, GRAIN = 4, 32  # px: a cell of the net's answer, and what the sides it looks at are made of
MOST = 1_000_000  # px that it looks at: docs/benchmarks.md has the price
SURE = 0.2  # a mask too many costs one tap, a face too many cannot be taken back
SAME = 0.3  # two boxes that share more than this of what they cover together are one face
MANY = 2_000  # boxes: no street has so many, and each is held against all that are kept
BESIDE, ABOVE, BELOW = 0.3, 0.5, 0.25  # of the face's own size, out to the whole head
# The net's first layers are its largest by far: the picture passes them in strips, each with a seam
# of its neighbours', which is as far as these layers see. In cells.
STRIP, SEAM = 16, 2
PICTURE, STEM = "in0", "6"
# Small layers on the way. ncnn keeps the interpreter while it works: at these all else has a turn.
STOPS = ("12", "17", "23", "34", "46", "55", "67", "78", "97")
LIKELY, SIZE, PLACE = "out0", "out1", "out2"  # of a face; the log of its size; where in the cell

Box = tuple[float, float, float, float]  # left, top, width, height in px of what was looked at


class CenterfaceSpotter:
    """Port Spotter. ncnn is a guest that a phone may lack: nothing is loaded before it is needed,
    and no net stays in memory afterwards."""

    def __init__(self, model: Path) -> None:
        """`model`.param and `model`.bin, see assets/models/README.txt."""
        self._model = model
        self._looking = Lock()  # one net at a time, however often the shutter is pressed

    def spot(self, frame: Frame) -> Sequence[Mask]:
        with self._looking:
            try:
                return _spotted(self._model, frame)
            except (ImportError, OSError, MemoryError, ArithmeticError) as error:
                raise Refused("no_spotter") from error


def _spotted(model: Path, frame: Frame) -> list[Mask]:
    net = _net(model)
    width, height = size = _looked_at(frame)
    stem = _stem(net, opened(frame.jpeg).resize(size).tobytes(), width, height)
    passing = net.create_extractor()
    _done(passing.input(STEM, stem))
    for stop in STOPS:
        _taken(passing, stop)
    likely, *layers = (_taken(passing, name) for name in (LIKELY, SIZE, PLACE))
    return [_head(box, width, height) for box in _apart(_boxes(likely, *layers))]


def _net(model: Path) -> "Net":
    """In the arithmetic that it was measured in, wherever the phone knows a rougher one."""
    import ncnn

    net = ncnn.Net()
    net.opt.use_vulkan_compute = net.opt.use_bf16_storage = False
    net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
    _done(net.load_param(f"{model}.param"))
    _done(net.load_model(f"{model}.bin"))
    return net


def _stem(net: "Net", rgb: bytes, width: int, height: int) -> "Mat":
    """What the first layers say of the picture, strip by strip."""
    import ncnn

    row, rows = 3 * width, height // CELL
    whole = None
    for top in range(0, rows, STRIP):
        first, last = max(0, top - SEAM), min(rows, top + STRIP + SEAM)
        strip = rgb[first * CELL * row : last * CELL * row]
        seen = ncnn.Mat.from_pixels(strip, ncnn.Mat.PixelType.PIXEL_RGB, width, len(strip) // row)
        passing = net.create_extractor()
        _done(passing.input(PICTURE, seen))
        found = _taken(passing, STEM)
        if whole is None:
            whole = ncnn.Mat(found.w, rows, found.c)
        _put(whole, top, found, top - first)
    return whole


def _put(whole: "Mat", top: int, strip: "Mat", seam: int) -> None:
    """The rows of a strip, without its seams, to where they belong."""
    rows = min(STRIP, whole.h - top)
    for layer in range(whole.c):
        there, here = _numbers(whole, layer), _numbers(strip, layer)
        there[top * whole.w :][: rows * whole.w] = here[seam * whole.w :][: rows * whole.w]


def _numbers(layers: "Mat", layer: int) -> "memoryview[float]":
    """One layer, row by row."""
    return memoryview(layers.channel(layer)).cast("B").cast("f")


def _taken(passing: "Extractor", name: str) -> "Mat":
    code, layers = passing.extract(name)
    _done(code)
    return layers


def _done(code: int) -> None:
    """ncnn raises nothing: without memory, or with a broken model, it answers with a number."""
    if code:
        raise Refused("no_spotter")


def _looked_at(frame: Frame) -> tuple[int, int]:
    """Never more than MOST; a small picture is looked at as it is."""
    scale = min(1.0, sqrt(MOST / (frame.width * frame.height)))
    rounding = floor if scale < 1 else ceil
    sides = (rounding(side * scale / GRAIN) for side in (frame.width, frame.height))
    width, height = (GRAIN * max(1, side) for side in sides)
    return width, height


def _boxes(likely: "Mat", size: "Mat", place: "Mat") -> Iterator[tuple[float, Box]]:
    """Of each layer that says two things the first is of rows, the second of columns."""
    tall, wide = _numbers(size, 0), _numbers(size, 1)
    down, right = _numbers(place, 0), _numbers(place, 1)
    for n, sure in enumerate(_numbers(likely, 0)):
        if sure >= SURE:
            row, column = divmod(n, likely.w)
            w, h = CELL * exp(wide[n]), CELL * exp(tall[n])
            x, y = CELL * (column + 0.5 + right[n]), CELL * (row + 0.5 + down[n])
            yield sure, (x - w / 2, y - h / 2, w, h)


def _apart(boxes: Iterator[tuple[float, Box]]) -> list[Box]:
    """Of boxes that are of one face the surest; the surest face first."""
    kept: list[Box] = []
    for _, box in sorted(boxes, reverse=True)[:MANY]:
        if all(_shared(box, other) <= SAME for other in kept):
            kept.append(box)
    return kept


def _shared(one: Box, other: Box) -> float:
    """How much of what two boxes cover together both cover."""
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    tall = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    both = max(0.0, wide) * max(0.0, tall)
    return both / (one[2] * one[3] + other[2] * other[3] - both)


def _head(box: Box, width: int, height: int) -> Mask:
    """From a face, forehead to chin, to the head around it; what is outside the picture is not."""
    left, top, wide, tall = box
    x, right = max(0.0, left - BESIDE * wide), min(width, left + (1 + BESIDE) * wide)
    y, bottom = max(0.0, top - ABOVE * tall), min(height, top + (1 + BELOW) * tall)
    return Mask(x / width, y / height, (right - x) / width, (bottom - y) / height)
