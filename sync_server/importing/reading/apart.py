"""Reads a file in a process of its own (sync_server/apart.py)."""

import sys
from pathlib import Path

from pydantic import TypeAdapter

from sync_server.apart import OverLimit, limit_this_process, run_apart
from sync_server.importing.reading.read_file import read_file
from sync_server.importing.reading.table import Table
from sync_server.importing.row_error import RowError

MOST_MEMORY = 768 * 1024 * 1024  # bytes of address space
MOST_ANSWERED = 128 * 1024 * 1024  # bytes of all cells
MOST_SECONDS = 60
_TABLE = TypeAdapter(Table)
_ERROR: TypeAdapter[list[str | int]] = TypeAdapter(list[str | int])


def read_apart(kind: str, file: Path) -> Table:
    """As `read_file`; raises RowError("too_slow") if it takes more than it may."""
    try:
        status, told = run_apart(
            "sync_server.importing.reading.apart",
            kind,
            str(file.absolute()),
            seconds=MOST_SECONDS,
        )
    except OverLimit as error:
        raise RowError("too_slow") from error
    if status == BAD_FILE:
        code, field, found, line = _ERROR.validate_json(told)
        raise RowError(str(code), str(field), str(found), int(line))
    if status:
        raise RowError("too_slow")
    return _TABLE.validate_json(told)


BAD_FILE = 3  # exit status


def main(kind: str, file: Path) -> int:
    """Writes the table, or the error, to stdout as JSON."""
    limit_this_process(MOST_MEMORY, MOST_SECONDS)
    try:
        answer, status = _TABLE.dump_json(read_file(kind, file)), 0
        if len(answer) > MOST_ANSWERED:
            raise RowError("too_many_cells", found=f"{len(answer)} B")
    except Exception as error:
        bad = error if isinstance(error, RowError) else _unforeseen(error)
        answer = _ERROR.dump_json([bad.code, bad.field, bad.found, bad.line])
        status = BAD_FILE
    sys.stdout.buffer.write(answer)
    return status


def _unforeseen(error: Exception) -> RowError:
    """A reader stumbled over what it did not expect. Raises MemoryError as it is."""
    if isinstance(error, MemoryError):
        raise error
    return RowError("unreadable", found=type(error).__name__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
