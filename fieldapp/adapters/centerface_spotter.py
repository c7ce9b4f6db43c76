"""Faces found by CenterFace through OpenCV, on this device alone, so that they can be covered."""

from collections.abc import Sequence
from math import ceil, floor, sqrt
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from fieldapp.ports import Frame, Mask, Refused

if TYPE_CHECKING:
    import numpy as np

    Grid = np.ndarray[Any, np.dtype[Any]]

CELL, GRAIN = 4, 32  # px: a cell of the net's answer, and what the sides it looks at are made of
MOST = 1_000_000  # px that it looks at, for each takes 250 bytes: docs/benchmarks.md has the price
SURE = 0.2  # a mask too many costs one tap, a face too many cannot be taken back
SAME = 0.3  # two boxes that share more than this of what they cover together are one face
BESIDE, ABOVE, BELOW = 0.3, 0.5, 0.25  # of the face's own size, out to the whole head
# How likely a face is, the log of its size, its place in the cell; eyes and mouth stay unread, but
# OpenCV 5 wants all or none.
LAYERS = ("537", "538", "539", "540")


class CenterfaceSpotter:
    """Port Spotter. OpenCV is a guest that a phone may lack: nothing is loaded before it is needed,
    and no net stays in memory afterwards."""

    def __init__(self, model: Path) -> None:
        self._model = model
        self._looking = Lock()  # one net at a time, however often the shutter is pressed

    def spot(self, frame: Frame) -> Sequence[Mask]:
        with self._looking:
            try:
                return _spotted(self._model.read_bytes(), frame)
            except (ImportError, OSError, MemoryError) as error:
                raise Refused("no_spotter") from error


def _spotted(model: bytes, frame: Frame) -> list[Mask]:
    """A new net for each picture: one that has seen another shape answers garbage."""
    import cv2
    import numpy as np

    width, height = size = _looked_at(frame)
    try:
        picture = cv2.imdecode(np.frombuffer(frame.jpeg, np.uint8), cv2.IMREAD_COLOR)
        if picture is None:
            raise Refused("not_a_picture")
        net = cv2.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))
        net.setInput(cv2.dnn.blobFromImage(picture, 1.0, size, swapRB=True))
        boxes, sure = _boxes(*net.forward(LAYERS)[:3])
        kept = cv2.dnn.NMSBoxes(boxes, sure, SURE, SAME)
    except cv2.error as error:  # no memory, or a model that is broken
        raise Refused("no_spotter") from error
    return [_head(boxes[n], width, height) for n in kept]


def _looked_at(frame: Frame) -> tuple[int, int]:
    """Never more than MOST; a small picture is looked at as it is."""
    scale = min(1.0, sqrt(MOST / (frame.width * frame.height)))
    rounding = floor if scale < 1 else ceil
    sides = (rounding(side * scale / GRAIN) for side in (frame.width, frame.height))
    width, height = (GRAIN * max(1, side) for side in sides)
    return width, height


def _boxes(likely: "Grid", size: "Grid", place: "Grid") -> tuple[list[list[float]], list[float]]:
    """Left, top, width, height in px of what was looked at. Each layer counts rows before columns,
    so do its pairs."""
    rows, columns = (likely[0, 0] >= SURE).nonzero()
    cells = rows, columns
    tall, wide = (CELL * 2.718281828 ** side[cells] for side in size[0])
    down, right = (0.5 + part[cells] for part in place[0])
    left, top = CELL * (columns + right) - wide / 2, CELL * (rows + down) - tall / 2
    boxes = [[float(side) for side in box] for box in zip(left, top, wide, tall, strict=True)]
    return boxes, [float(one) for one in likely[0, 0][cells]]


def _head(box: Sequence[float], width: int, height: int) -> Mask:
    """From a face, forehead to chin, to the head around it; what is outside the picture is not."""
    left, top, wide, tall = box
    x, right = max(0.0, left - BESIDE * wide), min(width, left + (1 + BESIDE) * wide)
    y, bottom = max(0.0, top - ABOVE * tall), min(height, top + (1 + BELOW) * tall)
    return Mask(x / width, y / height, (right - x) / width, (bottom - y) / height)
