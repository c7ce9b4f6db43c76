"""How quick the screens are while fifty photos go over EDGE: `python -m bench.screens`.

Chromium on the field app's web build, the real server, a road of 64 kbit/s and 300 ms. Timed is a
tap until the next screen stands in the page, the driver's own time included: with nothing to send,
and then with photos on the road.
"""

import sys
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from tests.journeys.slow_road import fifty_photos_over_edge
from tests.journeys.worker import FINE

TIMES = 25  # there and back


def main() -> int:
    with (
        TemporaryDirectory(prefix="xuncha-") as folder,
        fifty_photos_over_edge(Path(folder), TIMES, FINE) as travelling,
    ):
        took = {"nothing to send": travelling.idle, "50 photos over EDGE": travelling.going}
    print("| a tap until the next screen | changes | p50 ms | p95 ms |\n|---|---|---|---|")
    for name, seconds in took.items():
        p95 = quantiles(seconds, n=20)[-1]
        print(f"| {name} | {len(seconds)} | {1000 * median(seconds):.0f} | {1000 * p95:.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
