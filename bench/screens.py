"""How quick the screens are while fifty photos go over EDGE: `python -m bench.screens`.

Chromium on the field app's web build, the real server, a road of 64 kbit/s and 300 ms. Timed is a
tap until the next screen stands in the page, the driver's own time included: with nothing to send,
and then with photos on the road.
"""

import sys
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from demo.programs import Program, reachable
from tests.journeys.conftest import free_port
from tests.journeys.slow_road import EDGE, far, filled, screen_changes
from tests.journeys.test_story import bureau_without_server
from tests.journeys.worker import field_app, worker

TIMES = 25  # there and back


def main() -> int:
    with TemporaryDirectory(prefix="xuncha-") as folder:
        idle, going = measured(Path(folder))
    print("| a tap until the next screen | changes | p50 ms | p95 ms |\n|---|---|---|---|")
    for name, took in (("nothing to send", idle), ("50 photos over EDGE", going)):
        p95 = quantiles(took, n=20)[-1]
        print(f"| {name} | {len(took)} | {1000 * median(took):.0f} | {1000 * p95:.0f} |")
    return 0


def measured(folder: Path) -> tuple[list[float], list[float]]:
    bureau, phones = bureau_without_server(folder), folder / "phones"
    with Program.server(bureau.settings) as server:
        reachable(bureau.settings.port, server)
        with (
            far(bureau.settings.port) as road,
            field_app(free_port(), road.road.address, phones) as address,
            worker(folder / "profile", address) as one,
        ):
            one.enrol(bureau.code())
            screen_changes(one, 3)  # warm
            idle = screen_changes(one, TIMES)
            filled(phones, one, reports=10, photos=5)
            road.open(**EDGE)
            one.phone.tap("sync")
            one.phone.tap("retry")
            one.phone.expect_text("overall", "还有 50 张照片", timeout_ms=30_000)
            one.phone.tap("back")
            going = screen_changes(one, TIMES)
            road.close()
    bureau.store.close()
    return idle, going


if __name__ == "__main__":
    sys.exit(main())
