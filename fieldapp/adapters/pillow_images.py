"""Opens images of unknown origin within limits, by Pillow."""

from io import BytesIO
from struct import error as BrokenStruct

from PIL import Image, ImageOps, UnidentifiedImageError

from fieldapp.ports import Refused

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 40 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 1600
# What Pillow was seen to raise at broken input.
BROKEN = (
    OSError,
    ValueError,
    ArithmeticError,
    LookupError,
    TypeError,
    SyntaxError,
    EOFError,
    BrokenStruct,
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def open_image(raw: bytes) -> Image.Image:
    """An upright RGB image without metadata, its longest side at most MAX_SIDE px. Raises Refused
    ("not_a_picture") for anything but a whole image of FORMATS within MAX_BYTES and MAX_PIXELS."""
    if len(raw) > MAX_BYTES:
        raise Refused("not_a_picture")
    try:
        with Image.open(BytesIO(raw), formats=FORMATS) as found:
            if found.width * found.height > MAX_PIXELS:  # read from the header, nothing decoded
                raise Refused("not_a_picture")
            return _upright(found)
    except BROKEN as error:
        raise Refused("not_a_picture") from error


def _upright(found: Image.Image) -> Image.Image:
    """Shrinks before it turns, which costs less; a JPEG is decoded at a fraction of its size at
    once. Pastes the pixels on a new image, for each way to strip metadata in place has been found
    to leave something behind."""
    if (longest := max(found.size)) > MAX_SIDE:
        width, height = (max(1, side * MAX_SIDE // longest) for side in found.size)
        found.draft(None, (width, height))
    coloured = found if found.mode in {"RGB", "L"} else found.convert("RGBA")
    coloured.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    turned = ImageOps.exif_transpose(coloured)
    plain = Image.new("RGB", turned.size, "white")
    plain.paste(turned, mask=turned if turned.mode == "RGBA" else None)
    return plain
