"""`python -m tests.kills.once folder`: a phone that takes one picture and seals one report."""

import os
import sys
from pathlib import Path

from demo.pocket import Pocket
from tests.kills.lives import seal


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    seal(Pocket(Path(sys.argv[1])), say, pictures=1)
