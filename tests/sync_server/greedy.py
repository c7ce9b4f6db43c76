"""A module to be run apart that takes more than it may: memory, time, or room on the disk; or tells
what it knows of its surroundings."""

import os
import sys
from pathlib import Path

from sync_server.apart import limit_this_process

TOO_MUCH = 7  # exit status


def main(what: str, path: str = "") -> int:
    limit_this_process(memory=256 << 20, seconds=1)
    try:
        if what == "memory":
            bytearray(1 << 30)
        elif what == "file":
            Path(path).write_bytes(b"x" * 1000)
        while what == "time":
            pass
    except (MemoryError, OSError):
        return TOO_MUCH
    sys.stdout.write("\n".join(os.environ))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
