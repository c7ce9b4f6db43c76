"""QR codes read by zbar, on this device alone: the code of a bureau's invitation."""

from fieldapp.adapters.pillow_pictures import opened
from fieldapp.ports import Refused

NEGATIVE = bytes(reversed(range(256)))


def scanner() -> "ZbarScanner | None":
    """None on a device without zbar: there, nobody is offered what cannot be."""
    try:
        import pyzbar.pyzbar  # noqa: F401  # it looks for the library while it is imported
    except (ImportError, OSError):
        return None
    return ZbarScanner()


class ZbarScanner:
    """Port Scanner."""

    def scan(self, jpeg: bytes) -> str | None:
        picture = opened(jpeg).convert("L")
        grey = picture.tobytes()
        # A terminal with a dark ground shows the code light on dark, which zbar does not know.
        return _said(grey, picture.size) or _said(grey.translate(NEGATIVE), picture.size)


def _said(grey: bytes, size: tuple[int, int]) -> str | None:
    try:
        from pyzbar.pyzbar import ZBarSymbol, decode
    except (ImportError, OSError) as error:
        raise Refused("no_scanner") from error
    found = decode((grey, *size), symbols=[ZBarSymbol.QRCODE])
    return found[0].data.decode(errors="replace") if found else None
