"""Pictures out of bytes that anybody may have sent, by Pillow."""

from io import BytesIO
from struct import error as BrokenStruct

from PIL import Image, ImageOps, UnidentifiedImageError

from fieldapp.ports import Refused

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 40 * 1024 * 1024
MOST_PIXELS = 50_000_000
SIDE = 1600
# What Pillow raises at broken input, besides ValueError and OSError with their kin.
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


def opened(raw: bytes) -> Image.Image:
    """Upright, in plain colours, at most SIDE long, without a word about where it came from. Raises
    Refused ("not_a_picture")."""
    if len(raw) > MOST_BYTES:
        raise Refused("not_a_picture")
    try:
        with Image.open(BytesIO(raw), formats=FORMATS) as found:
            if found.width * found.height > MOST_PIXELS:  # read from the header, nothing decoded
                raise Refused("not_a_picture")
            return _upright(found)
    except BROKEN as error:
        raise Refused("not_a_picture") from error


def _upright(found: Image.Image) -> Image.Image:
    """Small before it is turned, and a JPEG is decoded at a fraction of its size at once. Pasted on
    a new image, for every way to strip a picture in place has left something behind before."""
    if (longest := max(found.size)) > SIDE:
        width, height = (max(1, side * SIDE // longest) for side in found.size)
        found.draft(None, (width, height))
    coloured = found if found.mode in {"RGB", "L"} else found.convert("RGBA")
    coloured.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    turned = ImageOps.exif_transpose(coloured)
    plain = Image.new("RGB", turned.size, "white")
    plain.paste(turned, mask=turned if turned.mode == "RGBA" else None)
    return plain
