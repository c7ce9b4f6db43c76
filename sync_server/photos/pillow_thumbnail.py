"""Draws a photo small, by Pillow, in a process of its own (sync_server/apart.py): a JPEG comes on
stdin, another one goes to stdout."""

import sys
from io import BytesIO

from PIL import Image

from sync_server.apart import limit_this_process

MOST_SIDE = 480  # px: a tile of the console is 124 px wide on screen, 5.5 cm in print
QUALITY = 80
# A decoder keeps all coefficients of a progressive picture: of 25 million pixels 360 MB.
# In 20 scans they take 0.5 s of a core, in 170 2.8 s.
MOST_MEMORY = 512 * 1024 * 1024  # bytes of address space
MOST_SECONDS = 5
NO_PICTURE = 3  # exit status


def drawn(photo: bytes) -> bytes:
    """A new JPEG of what the photo shows, at most MOST_SIDE px wide and high; nothing else of it is
    in it. Raises whatever Pillow raises at a broken one."""
    with Image.open(BytesIO(photo), formats=("JPEG",)) as found:
        found.thumbnail((MOST_SIDE, MOST_SIDE))  # decodes at a fraction of the size at once
        plain = Image.new("RGB", found.size)
        plain.paste(found.convert("RGB"))
    out = BytesIO()
    plain.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def main() -> int:
    """Writes the small picture to stdout."""
    limit_this_process(MOST_MEMORY, MOST_SECONDS)
    try:
        small = drawn(sys.stdin.buffer.read())
    except Exception:
        return NO_PICTURE
    sys.stdout.buffer.write(small)
    return 0


if __name__ == "__main__":
    sys.exit(main())
