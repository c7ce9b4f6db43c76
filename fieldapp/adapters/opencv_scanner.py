"""QR codes read by OpenCV, on this device alone: the code of a bureau's invitation."""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from fieldapp.ports import Refused

if TYPE_CHECKING:
    import numpy as np

    Grid = np.ndarray[Any, np.dtype[Any]]

LONGEST = 1_600  # px that it looks at: more takes longer and sees no better
NO_TEXT = "\ufffd"  # a code that holds no text, and so no invitation


def scanner() -> "OpencvScanner | None":
    """None on a phone without OpenCV: there, nobody is offered what cannot be. Loads nothing."""
    return OpencvScanner() if find_spec("cv2") else None


class OpencvScanner:
    """Port Scanner."""

    def scan(self, jpeg: bytes) -> str | None:
        try:
            return _read(jpeg)
        except (ImportError, OSError, MemoryError) as error:
            raise Refused("no_scanner") from error


def _read(jpeg: bytes) -> str | None:
    import cv2
    import numpy as np

    try:
        picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error as error:
        raise Refused("not_a_picture") from error
    if picture is None:
        raise Refused("not_a_picture")
    seen = _no_larger(picture)
    # A terminal with a dark ground shows the code light on dark, which a detector does not know.
    return _said(seen) or _said(255 - seen) or None


def _no_larger(picture: "Grid") -> "Grid":
    import cv2

    height, width = picture.shape
    scale = min(1.0, LONGEST / max(width, height))
    size = round(width * scale), round(height * scale)
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if scale < 1 else picture


def _said(picture: "Grid") -> str:
    import cv2

    try:
        return str(cv2.QRCodeDetector().detectAndDecode(picture)[0])
    except UnicodeDecodeError:
        return NO_TEXT
    except cv2.error:  # the detector stumbles over some pictures: it has seen no code
        return ""
