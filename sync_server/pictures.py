"""Whether a finished upload is a picture that may be kept: by its content, before it is decoded."""

import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from sync_server.problems import PhotoHasMetadata, PhotoNotJpeg, PhotoTooManyPixels

# What a JPEG may say about itself: how to read its samples, nothing about where or with what.
PLAIN = frozenset({"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"})
PLAIN |= frozenset({"progressive", "progression", "adobe", "adobe_transform"})


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture's size in pixels."""

    width: int
    height: int


def inspect(path: Path, most_pixels: int) -> Seen:
    """Reads the header, then the whole picture once; raises PhotoNotJpeg, PhotoTooManyPixels or
    PhotoHasMetadata (rule L6)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=["JPEG"]) as picture:
                _check(picture, most_pixels)
                picture.load()
                return Seen(*picture.size)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoTooManyPixels from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise PhotoNotJpeg(str(error)) from error


def _check(picture: Image.Image, most_pixels: int) -> None:
    if picture.width * picture.height > most_pixels:
        raise PhotoTooManyPixels(f"{picture.width} x {picture.height}")
    if set(picture.info) - PLAIN:
        raise PhotoHasMetadata(", ".join(sorted(map(str, set(picture.info) - PLAIN))))
