"""What the worker waits for on the phone, on one core: python -m bench.phone

The field app's own state, notebook, album and darkroom, with 5,000 reports in the notebook; its
screens on a page without a client; its courier against the real server over a road that counts.
"""

import argparse
import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from bench.phone_road import Trip, trips
from bench.phone_work import Watch, list_opened, notebook_of, photo_ready, sealed
from bench.running import ROOT, a_folder
from bench.tables import machine, share, table, verdict

LIST = 5_000
SEAL_MS, PHOTO_MS, LIST_MS = 60.0, 700.0, 300.0
IDLE_BYTES, TEXT_BYTES = 1024, 1229


def main() -> None:
    asked = _asked()
    print(machine(), flush=True)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    folder = a_folder(asked.dir)
    notebook_of(folder / "phone", asked.reports)
    times = {
        f"sealing, press to durable, {asked.reports:,} reports held": (
            asyncio.run(sealed(folder / "phone", asked.times)),
            SEAL_MS,
        ),
        "a 12 MP photo ready in the album": (photo_ready(folder, asked.photos), PHOTO_MS),
        f"opening the list, {asked.reports:,} reports held": (
            asyncio.run(list_opened(folder / "phone", asked.openings)),
            LIST_MS,
        ),
    }
    print(
        table(
            ("", "p50 ms", "p95 ms", "of it CPU, p50", "bar", ""),
            [_row(*one) for one in times.items()],
        )
    )
    print(flush=True)
    idle, text = trips(folder / "road")
    rows = [_counted("a sync with nothing to do", idle, IDLE_BYTES)]
    rows.append(_counted("a text-only report", text, TEXT_BYTES))
    print(table(("", "requests", "bytes up", "bytes down", "bar", ""), rows))


def _row(name: str, measured: tuple[Watch, float]) -> Sequence[str]:
    watch, bar = measured
    late = share(watch.wall, 0.95)
    said = (f"{share(watch.wall, 0.5):.1f}", f"{late:.1f}", f"{share(watch.cpu, 0.5):.1f}")
    bars = (f"p95 ≤ {bar:.0f}", verdict(late <= bar))
    return (f"{name} ({len(watch.wall)} times)", *said, *bars)


def _counted(name: str, trip: Trip, most: int) -> Sequence[str]:
    is_met = trip.requests <= 1 and trip.up + trip.down <= most
    bar = f"1 request, {most:,} bytes in all"
    return (name, str(trip.requests), str(trip.up), str(trip.down), bar, verdict(is_met))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.phone", description=__doc__)
    parser.add_argument("--reports", type=int, default=LIST, help="held in the notebook")
    parser.add_argument("--times", type=int, default=200, help="how often to seal")
    parser.add_argument("--photos", type=int, default=40, help="how many to make ready")
    parser.add_argument("--openings", type=int, default=20, help="of the list")
    parser.add_argument("--dir", type=Path, default=ROOT / "var/bench", help="on a real disk")
    return parser.parse_args()


if __name__ == "__main__":
    main()
