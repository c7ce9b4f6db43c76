"""Processor time and memory of some processes, and a quota on how much they may use (cgroup v1)."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
GROUPS = Path("/sys/fs/cgroup/cpu")
PERIOD_US = 100_000


def cpu_s(numbers: Sequence[int]) -> float:
    """Seconds of processor time that these processes have used; without those that ended."""
    spent = 0
    for number in numbers:
        with suppress(OSError):
            stat = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            spent += int(stat[11]) + int(stat[12])
    return spent / TICK


def held_mb(number: int) -> float:
    """Memory that a process holds now, what it shares divided by those who share it; 0 if it has
    ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0


@contextmanager
def quota(numbers: Sequence[int], share: float) -> Iterator[None]:
    """These processes, and those that they begin, get this share of all processors. Raises OSError
    where one may not do that."""
    if share == 1:
        yield
        return
    group = GROUPS / f"xuncha-bench-{os.getpid()}"
    group.mkdir()
    limit = int(PERIOD_US * share * len(os.sched_getaffinity(0)))
    (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
    (group / "cpu.cfs_quota_us").write_text(str(limit))
    try:
        _move(numbers, group)
        yield
    finally:
        _move(map(int, (group / "cgroup.procs").read_text().split()), GROUPS)
        with suppress(OSError):
            group.rmdir()


def _move(numbers: Iterable[int], group: Path) -> None:
    for number in numbers:
        with suppress(OSError):  # it has ended meanwhile
            (group / "cgroup.procs").write_text(str(number))
