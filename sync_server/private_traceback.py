"""Tracebacks for the log without anything that a phone may have sent."""

from collections.abc import Iterator
from traceback import walk_tb


def private_traceback(error: BaseException) -> str:
    """The types of an exception and of those that led to it, the newest first, each with its frames
    (file, line, function), the innermost last.

    Messages, source lines and locals are left out: they may hold what was typed on a phone.
    """
    lines: list[str] = []
    for one in _chain(error):
        lines.append(f"{'caused by ' if lines else ''}{type(one).__name__}")
        for frame, line in walk_tb(one.__traceback__):
            lines.append(f"  {frame.f_code.co_filename}:{line} in {frame.f_code.co_name}")
    return "\n".join(lines)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """As Python itself would print it: the cause, else the context if it is not suppressed."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        context = None if error.__suppress_context__ else error.__context__
        error = error.__cause__ or context
