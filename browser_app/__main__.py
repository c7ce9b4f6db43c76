"""`python -m browser_app`: builds the app into build/app/, where the sync server finds it."""

import argparse
import sys
from pathlib import Path

from browser_app import assemble

ROOT = Path(__file__).parent.parent
OUT = ROOT / "build/app"


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m browser_app", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help="the folder, made anew")
    parser.add_argument("--quick", action="store_true", help="sources, nothing compressed")
    parser.add_argument("--if-older", action="store_true", help="only if a source is newer")
    asked = parser.parse_args()
    if asked.if_older and assemble.is_current(asked.out):
        return 0
    print(assemble.build(asked.out, quick=asked.quick))
    return 0


if __name__ == "__main__":
    sys.exit(main())
