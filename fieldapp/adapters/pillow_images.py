"""Opens images of unknown origin within limits, by Pillow."""

from io import BytesIO
from struct import error as BrokenStruct

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from fieldapp.adapters.picture_limits import MAX_BYTES, MAX_PIXELS, MAX_SIDE
from fieldapp.adapters.pillow_scans import covers_picture
from fieldapp.ports import Refused

FORMATS = ("JPEG", "PNG", "WEBP")
JPEGS = ("JPEG", "MPO")  # an MPO is a JPEG with more pictures behind it
OPAQUE = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}  # mode: colours, as a profile names them
CLEAR = {"RGBA": "RGB", "LA": "L"}  # mode with transparency: the one without
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
    ("not_a_picture") for anything but a whole image of FORMATS within MAX_BYTES and MAX_PIXELS.

    A JPEG whose coded pixels end early is not whole, even with an end mark behind them: its decoder
    would warn and paint the rest grey."""
    if len(raw) > MAX_BYTES:
        raise Refused("not_a_picture")
    try:
        with Image.open(BytesIO(raw), formats=FORMATS) as found:
            if found.width * found.height > MAX_PIXELS:  # read from the header, nothing decoded
                raise Refused("not_a_picture")
            if found.format in JPEGS and not covers_picture(raw):
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
    image = _eight_bits(found)
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    turned = _in_srgb(ImageOps.exif_transpose(image), found.info.get("icc_profile"))
    plain = Image.new("RGB", turned.size, "white")
    plain.paste(turned, mask=turned if turned.mode == "RGBA" else None)
    return plain


def _eight_bits(found: Image.Image) -> Image.Image:
    """In a mode that can be shrunk. Grey of 16 bits is scaled: Pillow would cut it off at 255."""
    if found.mode.startswith("I"):
        return found.convert("I").point(lambda grey: grey * (1 / 257)).convert("L")
    return found if found.mode in OPAQUE or found.mode in CLEAR else found.convert("RGBA")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """In RGB, RGBA or L, with the colours that the image's own profile says."""
    opaque = image.convert(CLEAR[image.mode]) if image.mode in CLEAR else image
    drawn = _by_profile(opaque, profile) if profile else None
    if drawn is None:
        return image if image.mode in {"RGB", "L"} else image.convert("RGBA")
    if image.mode in CLEAR:
        drawn.putalpha(image.getchannel("A"))
    return drawn


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """None if the profile cannot be read or is for other colours than the image has, which browsers
    ignore as well; and where Pillow was built without Little CMS."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if source.profile.xcolor_space.strip() != OPAQUE[image.mode]:
            return None
        wanted = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
        return ImageCms.profileToProfile(image, source, wanted, outputMode="RGB")
    except (ImageCms.PyCMSError, ImportError, *BROKEN):
        return None
