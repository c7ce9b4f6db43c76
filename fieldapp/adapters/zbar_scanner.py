"""Reads QR codes by zbar, on this device alone: the code of a bureau's invitation."""

from fieldapp.adapters.pillow_images import open_image
from fieldapp.ports import Refused
from fieldapp.ports.background import in_background

NEGATIVE = bytes(reversed(range(256)))


def scanner() -> "ZbarScanner | None":
    """None on a device without zbar: there the app does not offer to scan."""
    try:
        import pyzbar.pyzbar  # noqa: F401  # importing it looks for the library
    except (ImportError, OSError):
        return None
    return ZbarScanner()


class ZbarScanner:
    """Port Scanner."""

    async def scan(self, jpeg: bytes) -> str | None:
        return await in_background(self._read, jpeg)

    def _read(self, jpeg: bytes) -> str | None:
        image = open_image(jpeg).convert("L")
        grey = image.tobytes()
        # A dark terminal shows the code light on dark, which zbar does not recognise.
        return _text_in(grey, image.size) or _text_in(grey.translate(NEGATIVE), image.size)


def _text_in(grey: bytes, size: tuple[int, int]) -> str | None:
    try:
        from pyzbar.pyzbar import ZBarSymbol, decode
    except (ImportError, OSError) as error:
        raise Refused("no_scanner") from error
    try:
        found = decode((grey, *size), symbols=[ZBarSymbol.QRCODE])
    except Exception as error:  # zbar is C: what it says of an odd picture is not foreseen
        raise Refused("no_scanner") from error
    return text_of(found)


def text_of(found: object) -> str | None:
    """The text of the first code that has one; None if there is none."""
    for code in found if isinstance(found, list | tuple) else ():
        content = getattr(code, "data", None)
        if isinstance(content, bytes | bytearray) and content:
            return content.decode(errors="replace")
    return None
