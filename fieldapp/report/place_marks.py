"""What the worker has marked as the name of a place or a shop, kept as long as it is in use."""

from collections.abc import Iterable

from contract.rules import unused_marks
from fieldapp.report.entry import Entry


def with_marks(entry: Entry, pieces: Iterable[str]) -> Entry:
    marks = tuple(dict.fromkeys((*entry.report.place_names, *pieces)))
    return with_used_marks(entry.answered("place_names", marks))


def with_used_marks(entry: Entry) -> Entry:
    """Without the marks whose stretch is in no text any more."""
    unused = unused_marks(entry.report) if entry.report.place_names else frozenset()
    if not unused:
        return entry
    kept = tuple(mark for mark in entry.report.place_names if mark not in unused)
    return entry.answered("place_names", kept)
