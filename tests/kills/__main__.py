"""`python -m tests.kills sealing --kills 5000`: one campaign of kills, by itself."""

import argparse
import os
import random
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from tests.kills.bureau import Bureau
from tests.kills.campaigns import CAMPAIGNS, run
from tests.kills.warming import warm


def main() -> int:
    """Ends non-zero when something was lost, doubled or changed."""
    parser = argparse.ArgumentParser(prog="tests.kills", description=__doc__)
    parser.add_argument("campaign", choices=CAMPAIGNS)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", help="a PostgreSQL address; SQLite where none is named")
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="xuncha-kills-") as folder:
        # No certificates are needed on loopback, and to read them all takes longer than a life.
        os.environ["SSL_CERT_DIR"] = folder
        warm(Path(folder))
        bureau = Bureau(Path(folder), asked.database)
        done = run(asked.campaign, asked.kills, random.Random(asked.seed), bureau, Path(folder))
    counts = " ".join(f"{name}={value}" for name, value in asdict(done).items())
    print(f"{asked.campaign}: {counts} lost=0 doubled=0 seconds={time.monotonic() - began:.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
