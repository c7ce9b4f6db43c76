"""Sets the hand-over form by typst, in a process of its own (sync_server/apart.py): its data come
on stdin as JSON, the PDF goes to stdout. No network, no font of the system, no clock."""

import sys
from pathlib import Path

import typst

from sync_server.apart import ROOT, limit_this_process

TEMPLATE = Path(__file__).with_name("handover.typ")
FONTS = ROOT / "assets" / "assets" / "fonts"  # those of the field app; typst reads no WOFF2
FACE = "Noto Sans SC"
MOST_MEMORY = 1024 * 1024 * 1024  # bytes of address space; nine photos take 300 MB of it
MOST_SECONDS = 10
NO_PDF = 3  # exit status


def drawn(data: bytes, timestamp: int) -> bytes:
    """The form with these data. `timestamp`: its time as metadata, in seconds since 1970. Raises
    what typst raises."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    if FACE not in fonts.families():  # without it every character would be a box
        raise FileNotFoundError(FONTS)
    return typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=fonts,
        format="pdf",
        sys_inputs={"form": data.decode()},
        pdf_standards="ua-1",
        timestamp=timestamp,
    )


def main(timestamp: int) -> int:
    """Writes the PDF to stdout."""
    limit_this_process(MOST_MEMORY, MOST_SECONDS)
    try:
        pdf = drawn(sys.stdin.buffer.read(), timestamp)
    except Exception as error:
        print(type(error).__name__, error, file=sys.stderr)
        return NO_PDF
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
