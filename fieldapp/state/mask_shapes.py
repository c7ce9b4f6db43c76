"""Masks as shapes: put around a point, moved, made larger or smaller, always inside the photo."""

from collections.abc import Sequence
from dataclasses import replace

from fieldapp.ports import Frame, Mask

FIRST = 0.14  # of the photo's longer side: a head across a narrow street
LEAST, MOST = 0.03, 1.0
STEP = 0.25  # of the mask's own side: three presses take it to the next head
LARGER = 1.3


def around(x: float, y: float, frame: Frame) -> Mask:
    """A square around a point, which is given in fractions of the photo."""
    side = FIRST * max(frame.width, frame.height)
    return _inside(Mask(x, y, 0, 0), side / frame.width, side / frame.height)


def moved(mask: Mask, right: int, down: int) -> Mask:
    """By so many steps."""
    x, y = mask.x + right * STEP * mask.w, mask.y + down * STEP * mask.h
    return _inside(replace(mask, x=x + mask.w / 2, y=y + mask.h / 2), mask.w, mask.h)


def scaled(mask: Mask, up: bool) -> Mask:
    """One size up or down, around its own middle."""
    by = LARGER if up else 1 / LARGER
    if min(mask.w, mask.h) * by < LEAST:
        return mask
    return _inside(
        replace(mask, x=mask.x + mask.w / 2, y=mask.y + mask.h / 2), mask.w * by, mask.h * by
    )


def mask_at(masks: Sequence[Mask], x: float, y: float) -> int | None:
    """Which mask a point is in; of several the smallest."""
    inside = [
        (mask.w * mask.h, n)
        for n, mask in enumerate(masks)
        if mask.x <= x <= mask.x + mask.w and mask.y <= y <= mask.y + mask.h
    ]
    return min(inside)[1] if inside else None


def _inside(middle: Mask, w: float, h: float) -> Mask:
    """`middle` has only its point; at the edge the mask is pushed back, never cut off."""
    w, h = min(w, MOST), min(h, MOST)
    return Mask(
        min(max(0.0, middle.x - w / 2), 1 - w), min(max(0.0, middle.y - h / 2), 1 - h), w, h
    )
