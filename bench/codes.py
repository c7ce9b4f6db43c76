"""How long a phone takes to read the bureau's code: `python -m bench.codes`, on one core.

The field app's own scanner, on the pictures of its own test: an invitation with a fingerprint, in a
photo of a camera's size, and the same wall without one, which takes longest.
"""

import asyncio
import os
import sys
import time
from statistics import median, quantiles

from fieldapp.adapters.zbar_scanner import ZbarScanner
from tests.fieldapp.test_scanner import INVITED, a_code, in_a_photo, jpeg

SIZES = ((1280, 720), (1920, 1080), (4000, 3000))
TIMES = 30


def main() -> int:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print("| photo | code | p50 ms | p95 ms | of it CPU, p50 |\n|---|---|---|---|---|")
    for size in SIZES:
        code = a_code(scale=size[1] // 120)
        shown, bare = in_a_photo(code, size), in_a_photo(code.resize((1, 1)), size)
        for name, picture, said in (("read", shown, INVITED), ("none there", bare, None)):
            print(f"| {size[0]} × {size[1]} | {name} | {_timed(jpeg(picture), said)} |", flush=True)
    return 0


def _timed(picture: bytes, said: str | None) -> str:
    eyes, walls, works = ZbarScanner(), [], []
    for _ in range(TIMES):
        wall, work = time.perf_counter(), time.process_time()
        assert asyncio.run(eyes.scan(picture)) == said
        walls.append(1000 * (time.perf_counter() - wall))
        works.append(1000 * (time.process_time() - work))
    return f"{median(walls):.0f} | {quantiles(walls, n=20)[-1]:.0f} | {median(works):.0f}"


if __name__ == "__main__":
    sys.exit(main())
