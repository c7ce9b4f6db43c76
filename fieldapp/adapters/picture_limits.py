"""What counts as a picture, before any decoder sees it."""

from contract.jpeg_scans import scan_count

MAX_BYTES = 40 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 1600  # px of a developed photo
JPEG, PNG, RIFF, WEBP = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"WEBP"


def is_whole_picture(raw: bytes) -> bool:
    """Whether these bytes begin as a JPEG, PNG or WebP, and a JPEG's scans are all there: browsers
    paint what is missing grey."""
    if raw.startswith(JPEG):
        return scan_count(raw) > 0
    return raw.startswith(PNG) or (raw.startswith(RIFF) and raw[8:12] == WEBP)
