"""Numbers as Markdown: the middle of several rounds with their spread, and whether a bar is met."""

import os
import platform
from collections.abc import Sequence
from statistics import median


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def middle(values: Sequence[float], digits: int = 0) -> str:
    """The median, and from where to where the rounds went when there were several."""
    said = f"{median(values):,.{digits}f}"
    if len(values) == 1:
        return said
    return f"{said} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def share(values: Sequence[float], part: float) -> float:
    """The value that so many of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def verdict(is_met: bool) -> str:
    return "met" if is_met else "**missed**"


def machine() -> str:
    """What kind of machine this is, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    python = platform.python_version()
    return f"{cores} cores, {memory:.0f} GB, Python {python}, load before {load:.1f}"
