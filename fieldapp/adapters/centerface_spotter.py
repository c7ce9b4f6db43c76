"""Finds faces by the neural network CenterFace, run by ncnn on this device, to cover them."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from fieldapp.adapters.centerface_boxes import CELL, NetOutput, heads, input_size
from fieldapp.adapters.pillow_images import open_image
from fieldapp.ports import Frame, Mask, Refused
from fieldapp.ports.background import in_background

if TYPE_CHECKING:
    from ncnn import Extractor, Mat, Net

# The net's first layers need by far the most memory: the image passes them in strips. Each strip
# has a margin of its neighbours' rows, as far as these layers look. In cells.
STRIP, MARGIN = 16, 2
INPUT, STEM = "in0", "6"  # the net's layers by name; STEM is the output of the first ones
# Layers in between. ncnn holds the interpreter's lock while it computes: asking for each of these
# in turn lets other threads run.
STOPS = ("12", "17", "23", "34", "46", "55", "67", "78", "97")
SCORE, SIZE, OFFSET = "out0", "out1", "out2"  # of a face; log of its size; its centre in the cell


class CenterfaceSpotter:
    """Port Spotter. A phone may lack ncnn: it is imported when it is needed. The net is loaded for
    each photo and freed afterwards."""

    def __init__(self, model: Path) -> None:
        """`model` without its suffixes .param and .bin; see assets/models/README.txt."""
        self._model = model
        self._lock = Lock()  # one net in memory at a time, however many photos are taken

    async def spot(self, frame: Frame) -> Sequence[Mask]:
        return await in_background(self._spot, frame)

    def _spot(self, frame: Frame) -> Sequence[Mask]:
        with self._lock:
            try:
                return _find_heads(self._model, frame)
            except (ImportError, OSError, MemoryError, ArithmeticError) as error:
                raise Refused("no_spotter") from error


def _find_heads(model: Path, frame: Frame) -> list[Mask]:
    net = _load_net(model)
    width, height = size = input_size(frame)
    stem = _run_stem(net, open_image(frame.jpeg).resize(size).tobytes(), width, height)
    run = net.create_extractor()
    _check(run.input(STEM, stem))
    for stop in STOPS:
        _extract(run, stop)
    return heads(_output(run), size)


def _output(run: "Extractor") -> NetOutput:
    """In SIZE and OFFSET the first channel is vertical, the second horizontal. Copies: ncnn frees
    its layers when nobody holds them."""
    score, extent, offset = (_extract(run, name) for name in (SCORE, SIZE, OFFSET))
    return NetOutput(
        _floats(score, 0).tolist(),
        *(_floats(layers, channel).tolist() for layers in (extent, offset) for channel in (0, 1)),
    )


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
