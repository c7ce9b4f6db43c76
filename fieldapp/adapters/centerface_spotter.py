"""Finds faces by the neural network CenterFace, run by ncnn on this device, to cover them."""

from collections.abc import Iterator, Sequence
from math import ceil, exp, floor, sqrt
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from fieldapp.adapters.pillow_images import open_image
from fieldapp.ports import Frame, Mask, Refused

if TYPE_CHECKING:
    from ncnn import Extractor, Mat, Net

# px: the net gives one value for each CELL x CELL, and takes sides that are multiples of GRAIN.
CELL, GRAIN = 4, 32
MAX_PIXELS = 1_000_000  # of the image that the net gets; docs/benchmarks.md has the time it takes
MIN_SCORE = 0.2  # low: a needless mask costs one tap, a face that was sent cannot be taken back
MAX_OVERLAP = 0.3  # two boxes with a higher intersection over union are one face
MAX_BOXES = 2_000  # more than any street has; each is compared with all that are kept
BESIDE, ABOVE, BELOW = 0.3, 0.5, 0.25  # of the face's own size: how far the head reaches around it
# The net's first layers need by far the most memory: the image passes them in strips. Each strip
# has a margin of its neighbours' rows, as far as these layers look. In cells.
STRIP, MARGIN = 16, 2
INPUT, STEM = "in0", "6"  # the net's layers by name; STEM is the output of the first ones
# Layers in between. ncnn holds the interpreter's lock while it computes: asking for each of these
# in turn lets other threads run.
STOPS = ("12", "17", "23", "34", "46", "55", "67", "78", "97")
SCORE, SIZE, OFFSET = "out0", "out1", "out2"  # of a face; log of its size; its centre in the cell

Box = tuple[float, float, float, float]  # left, top, width, height in px of the net's image


class CenterfaceSpotter:
    """Port Spotter. A phone may lack ncnn: it is imported when it is needed. The net is loaded for
    each photo and freed afterwards."""

    def __init__(self, model: Path) -> None:
        """`model` without its suffixes .param and .bin; see assets/models/README.txt."""
        self._model = model
        self._lock = Lock()  # one net in memory at a time, however many photos are taken

    def spot(self, frame: Frame) -> Sequence[Mask]:
        with self._lock:
            try:
                return _find_heads(self._model, frame)
            except (ImportError, OSError, MemoryError, ArithmeticError) as error:
                raise Refused("no_spotter") from error


def _find_heads(model: Path, frame: Frame) -> list[Mask]:
    net = _load_net(model)
    width, height = size = _input_size(frame)
    stem = _run_stem(net, open_image(frame.jpeg).resize(size).tobytes(), width, height)
    run = net.create_extractor()
    _check(run.input(STEM, stem))
    for stop in STOPS:
        _extract(run, stop)
    score, *layers = (_extract(run, name) for name in (SCORE, SIZE, OFFSET))
    return [_head(box, width, height) for box in _distinct(_boxes(score, *layers))]


def _load_net(model: Path) -> "Net":
    """Computes in 32 bits, as in the benchmarks, also where the phone offers a coarser format."""
    import ncnn

    net = ncnn.Net()
    net.opt.use_vulkan_compute = net.opt.use_bf16_storage = False
    net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
    _check(net.load_param(f"{model}.param"))
    _check(net.load_model(f"{model}.bin"))
    return net


def _run_stem(net: "Net", rgb: bytes, width: int, height: int) -> "Mat":
    """The output of the first layers for the whole image, computed strip by strip."""
    import ncnn

    row, rows = 3 * width, height // CELL
    whole = None
    for top in range(0, rows, STRIP):
        first, last = max(0, top - MARGIN), min(rows, top + STRIP + MARGIN)
        strip = rgb[first * CELL * row : last * CELL * row]
        pixels = ncnn.Mat.from_pixels(strip, ncnn.Mat.PixelType.PIXEL_RGB, width, len(strip) // row)
        run = net.create_extractor()
        _check(run.input(INPUT, pixels))
        part = _extract(run, STEM)
        if whole is None:
            whole = ncnn.Mat(part.w, rows, part.c)
        _copy_rows(whole, top, part, top - first)
    return whole


def _copy_rows(whole: "Mat", top: int, strip: "Mat", margin: int) -> None:
    """Copies the rows of a strip, without its margins, to `top` of the whole."""
    rows = min(STRIP, whole.h - top)
    for layer in range(whole.c):
        target, source = _floats(whole, layer), _floats(strip, layer)
        target[top * whole.w :][: rows * whole.w] = source[margin * whole.w :][: rows * whole.w]


def _floats(layers: "Mat", layer: int) -> "memoryview[float]":
    """The values of one layer, row by row."""
    return memoryview(layers.channel(layer)).cast("B").cast("f")


def _extract(run: "Extractor", name: str) -> "Mat":
    code, layers = run.extract(name)
    _check(code)
    return layers


def _check(code: int) -> None:
    """Raises Refused ("no_spotter"). ncnn itself raises nothing: without memory, or with a broken
    model, it returns a code other than 0."""
    if code:
        raise Refused("no_spotter")


def _input_size(frame: Frame) -> tuple[int, int]:
    """Width and height of the net's image: at most MAX_PIXELS; a small photo is not enlarged beyond
    the next multiple of GRAIN."""
    scale = min(1.0, sqrt(MAX_PIXELS / (frame.width * frame.height)))
    rounding = floor if scale < 1 else ceil
    sides = (rounding(side * scale / GRAIN) for side in (frame.width, frame.height))
    width, height = (GRAIN * max(1, side) for side in sides)
    return width, height


def _boxes(score: "Mat", size: "Mat", offset: "Mat") -> Iterator[tuple[float, Box]]:
    """Score and box of each cell that shows a face. In `size` and `offset` the first channel is
    vertical, the second horizontal."""
    tall, wide = _floats(size, 0), _floats(size, 1)
    down, right = _floats(offset, 0), _floats(offset, 1)
    for n, found in enumerate(_floats(score, 0)):
        if found >= MIN_SCORE:
            row, column = divmod(n, score.w)
            w, h = CELL * exp(wide[n]), CELL * exp(tall[n])
            x, y = CELL * (column + 0.5 + right[n]), CELL * (row + 0.5 + down[n])
            yield found, (x - w / 2, y - h / 2, w, h)


def _distinct(boxes: Iterator[tuple[float, Box]]) -> list[Box]:
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
