"""Where masks and strip lie on a photo and how it is compressed, for every darkroom."""

from math import ceil, floor

from fieldapp.ports import Mask

MAX_BYTES = 300 * 1024
FRAME_QUALITY = 92  # high: the frame is compressed once more after masking
# JPEG qualities that are tried in turn. Below the last, letters on a signboard become less legible
# than by shrinking the image.
QUALITIES = (85, 78, 70, 62, 54)
SHRINK = 0.8
MIN_BLOCK, MAX_BLOCKS = 24, 8  # px of a mask's blocks (rule L6); blocks along a mask's longer side
STRIP_HEIGHT = 1 / 36  # of its letters, as a fraction of the longer side: legible on a phone
STRIP_LEFT, STRIP_WIDTH = 0.02, 0.96  # of the photo's width

Size = tuple[int, int]
Box = tuple[int, int, int, int]


def box_of(mask: Mask, size: Size) -> Box:
    """Left, top, right, bottom in px, rounded outwards: half a pixel may show part of a face."""
    width, height = size
    columns = sorted((mask.x * width, (mask.x + mask.w) * width))
    rows = sorted((mask.y * height, (mask.y + mask.h) * height))
    return (
        max(0, floor(columns[0])),
        max(0, floor(rows[0])),
        min(width, ceil(columns[1])),
        min(height, ceil(rows[1])),
    )


def blocks_of(box: Box) -> tuple[int, int] | None:
    """Columns and rows of blocks, which divide the mask evenly, so that none is smaller than
    MIN_BLOCK (a mask that is smaller itself becomes one block). None if it is outside."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    if width <= 0 or height <= 0:
        return None
    block = max(MIN_BLOCK, ceil(max(width, height) / MAX_BLOCKS))
    return max(1, width // block), max(1, height // block)


def strip_top(height: int, letters: float) -> int:
    """The first row of the strip, in px, for letters of that height."""
    return height - ceil(letters * 1.5)
