"""Reads csv files strictly: what cannot be decoded or split with certainty is refused."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator

from sync_server.importing.reading.table import Line, Table, cell_of, check_size
from sync_server.importing.row_error import RowError

DELIMITERS = ",\t;，；"
MOST_TITLE_ROWS = 10
MIN_HEADINGS = 2
BELIEVABLE = 0.7  # of the characters of a GB 18030 file that stand in GB 2312 too
_UTF16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def read_csv(raw: bytes, known: Callable[[str], bool]) -> Table:
    """The lines of a csv file; `known` says whether a text is a heading of the list."""
    text = _decoded(raw)
    delimiter = _delimiter(text, known)
    found: list[Line] = []
    width = cells = 0
    for number, parts in _parts(text, delimiter):
        cells += len(parts)
        check_size(len(found), cells)
        width = width or (len(parts) if sum(map(known, parts)) >= MIN_HEADINGS else 0)
        if width > 1 and any(_is_swallowed(part, delimiter, width) for part in parts):
            raise RowError("swallowed", line=number)
        found.append(Line(number, tuple(map(cell_of, parts))))
    return Table(tuple(found), even=True)


def _decoded(raw: bytes) -> str:
    if coding := _UTF16.get(raw[:2]):
        return _strictly(raw, coding)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if _is_broken_utf8(raw):
            line = raw[: error.start].count(b"\n") + 1
            found = raw[error.start : error.start + 4].hex(" ")
            raise RowError("encoding", found=found, line=line) from error
    text = _strictly(raw, "gb18030")
    wide = [c for c in text if not c.isascii()]
    if any(unicodedata.category(c) in ("Co", "Cn") for c in wide):
        raise RowError("encoding")
    if wide and len("".join(wide).encode("gb2312", "ignore")) / 2 < BELIEVABLE * len(wide):
        raise RowError("encoding")  # Big5 and others can be decoded as GB 18030, into nonsense
    return text


def _strictly(raw: bytes, coding: str) -> str:
    try:
        return raw.decode(coding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        found = raw[error.start : error.start + 4].hex(" ")
        raise RowError("encoding", found=found, line=line) from error


def _is_broken_utf8(raw: bytes) -> bool:
    """Whether more characters beyond ASCII are valid UTF-8 than not: then it is UTF-8 with a
    damaged place, and reading it as GB 18030 would give other characters."""
    text = raw.decode("utf-8", errors="replace")
    valid = sum(not c.isascii() and c != "\ufffd" for c in text)
    return valid >= text.count("\ufffd")


def _delimiter(text: str, known: Callable[[str], bool]) -> str:
    head = text.splitlines()[: MOST_TITLE_ROWS * 2]
    scores = {
        one: max((sum(map(known, _unquoted(line, one))) for line in head), default=0)
        for one in DELIMITERS
    }
    best = max(scores, key=lambda one: scores[one])
    return best if scores[best] >= MIN_HEADINGS else ","


def _unquoted(line: str, delimiter: str) -> list[str]:
    return [part.strip().strip('"') for part in line.split(delimiter)]


def _parts(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    last = 0
    while True:
        try:
            parts = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise RowError("broken_quotes", line=last + 1) from error
        yield last + 1, parts
        last = reader.line_num


def _is_swallowed(part: str, delimiter: str, width: int) -> bool:
    """Whether a cell of several lines holds a line with as many delimiters as a row."""
    lines = part.splitlines()
    return len(lines) > 1 and any(line.count(delimiter) >= width - 1 for line in lines)
