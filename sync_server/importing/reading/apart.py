"""Reads a file in a process of its own, with a limit of memory and of time: what a file makes of
them is not known before it is read."""

import resource
import subprocess
import sys
from pathlib import Path

from pydantic import TypeAdapter

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
    command = [sys.executable, "-m", "sync_server.importing.reading.apart", kind, str(file)]
    try:
        done = subprocess.run(  # noqa: S603 – our own module
            command, capture_output=True, timeout=MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise RowError("too_slow") from error
    if done.returncode == BAD_FILE:
        code, field, found, line = _ERROR.validate_json(done.stdout)
        raise RowError(str(code), str(field), str(found), int(line))
    if done.returncode:
        raise RowError("too_slow")
    return _TABLE.validate_json(done.stdout)


BAD_FILE = 3  # exit status


def main(kind: str, file: Path) -> int:
    """Writes the table, or the error, to stdout as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer, status = _TABLE.dump_json(read_file(kind, file)), 0
        if len(answer) > MOST_ANSWERED:
            raise RowError("too_many_cells", found=f"{len(answer)} B")
    except RowError as bad:
        answer = _ERROR.dump_json([bad.code, bad.field, bad.found, bad.line])
        status = BAD_FILE
    sys.stdout.buffer.write(answer)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
