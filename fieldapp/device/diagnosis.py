"""A text for support about this phone: versions, counts, sizes, how the last rounds ended.

No content: nothing that a worker wrote, chose or photographed, no place, no name, no key. Beside
it, the bureau's anchors that this phone keeps, for whoever checks the bureau's audit log.
"""

import platform
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from contract.protocol import PROTOCOL
from contract.report import FORM_VERSION
from fieldapp import __version__
from fieldapp.memory.memory import Memory
from fieldapp.ports import Album, Notebook
from fieldapp.report.entry import Stage

PARTS = ("flet", "httpx", "pillow", "pydantic", "sqlite-utils")


def diagnosis_text(notebook: Notebook, album: Album, memory: Memory, now: datetime) -> str:
    """Lines of `name: value`, the same in every language. Blocking: run in a thread."""
    lines = [*_versions(), *_counts(notebook), ("album_bytes", str(album.used_bytes()))]
    lines += [*_state(memory), ("now", now.isoformat(timespec="seconds")), *_rounds(memory)]
    return "\n".join(f"{name}: {value}" for name, value in lines)


def witness_lines(memory: Memory) -> str:
    """All of the bureau's anchors that are kept here, one JSON object a line, as the bureau's
    `audit verify --witness` reads them; "" if there are none. Blocking."""
    return "".join(f"{one.line()}\n" for one in memory.witnesses())


def _versions() -> Iterator[tuple[str, str]]:
    yield "app", __version__
    yield "protocol", f"{PROTOCOL} form {FORM_VERSION}"
    yield "python", platform.python_version()
    yield "sqlite", sqlite3.sqlite_version
    for part in PARTS:
        try:
            yield part, version(part)
        except PackageNotFoundError:  # a phone may ship a package without its metadata
            yield part, "?"


def _counts(notebook: Notebook) -> Iterator[tuple[str, str]]:
    counts, photos = notebook.counts(), notebook.photos()
    for stage in Stage:
        yield f"reports_{stage.value.lower()}", str(counts[stage])
    yield "outbox", str(notebook.waiting())
    yield "kept", str(len(notebook.receipted()))
    yield "answers", str(len(notebook.answers()))
    yield "photos", str(len(photos))
    yield "photos_to_go", str(sum(one.due and not one.stored for one in photos))
    yield "photos_bytes", str(sum(one.size for one in photos))


def _state(memory: Memory) -> Iterator[tuple[str, str]]:
    position, _ = memory.ledger()
    settings = memory.settings()
    yield "enrolled", "yes" if memory.identity() else "no"
    yield "compounds", str(len(memory.places().compounds))
    yield "answers_heard", str(memory.cursor())
    yield "ledger", f"{position} {'broken' if memory.ledger_broken() else 'sound'}"
    yield "witnesses", str(len(memory.witnesses()))
    yield "settings", f"{settings.language} {settings.theme}"


def _rounds(memory: Memory) -> Iterator[tuple[str, str]]:
    for streak in memory.round_streaks():
        when = f"{streak.since:%m-%dT%H:%M} {streak.last:%m-%dT%H:%M} x{streak.times}"
        yield "round", f"{when} {streak.why or 'ok'}"
