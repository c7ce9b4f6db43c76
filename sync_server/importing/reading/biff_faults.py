"""Finds error cells and formulas without a value in a sheet of an xls file ([MS-CFB], [MS-XLS])."""

import struct
from collections.abc import Iterator

from sync_server.importing.reading.faults import Faults

_END = 0xFFFFFFFE  # marks that are no sector are this and above; below it FFFFFFFC, FFFFFFFD
_BOF, _EOF, _FORMULA, _BOOLERR, _BOUNDSHEET = 0x809, 0xA, 0x6, 0x205, 0x85
_NAMES = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!"}
_NAMES |= {0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def find(raw: bytes, index: int) -> Faults:
    """The faults of the sheet with this index. Raises ValueError if the file cannot be read."""
    try:
        book = _stream(raw, ("Workbook", "Book"))
        sheets = [body for kind, body in _records(book, 0) if kind == _BOUNDSHEET]
        starts = [struct.unpack_from("<I", body)[0] for body in sheets]
        faults = Faults()
        for kind, body in _records(book, starts[index]):
            _look_at(kind, body, faults)
        return faults
    except struct.error as error:
        raise ValueError("cut off") from error


def _look_at(kind: int, body: bytes, faults: Faults) -> None:
    if kind == _BOOLERR:
        row, column, _, code, is_error = struct.unpack_from("<HHHBB", body)
        if is_error:
            faults.lost[row, column] = _NAMES.get(code, "#")
    elif kind == _FORMULA:
        row, column, _, result, code, mark = struct.unpack_from("<HHHBxBxxxH", body)
        if mark == 0xFFFF and result == 2:
            faults.lost[row, column] = _NAMES.get(code, "#")


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, up to its end mark; charts inside have their own."""
    depth = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0 and kind == _EOF:
            return
        yield kind, book[at + 4 : at + 4 + size]
        at += 4 + size


def _stream(raw: bytes, names: tuple[str, ...]) -> bytes:
    """The bytes of a stream of a compound file."""
    if raw[:8] != bytes.fromhex("d0cf11e0a1b11ae1"):
        return raw  # Excel 4 and before: records without a compound file
    shift = 1 << struct.unpack_from("<H", raw, 30)[0]
    first_directory, cutoff = struct.unpack_from("<I4xI", raw, 48)
    table = _allocation(raw, shift)
    directory = b"".join(_chain(raw, table, first_directory, shift))
    root = b""
    for at in range(0, len(directory) - 127, 128):
        entry = directory[at : at + 128]
        length, kind = struct.unpack_from("<HB", entry, 64)
        name = entry[: max(0, length - 2)].decode("utf-16-le", "replace")
        start, size = struct.unpack_from("<II", entry, 116)
        if kind == 5:
            root = b"".join(_chain(raw, table, start, shift))
        if name in names:
            if size >= cutoff:
                return b"".join(_chain(raw, table, start, shift))[:size]
            return _small(raw, table, shift, (root, start, size))
    raise ValueError("no workbook")


def _small(raw: bytes, table: list[int], shift: int, what: tuple[bytes, int, int]) -> bytes:
    root, start, size = what
    first = struct.unpack_from("<I", raw, 60)[0]
    content = b"".join(_chain(raw, table, first, shift))
    small = list(struct.unpack(f"<{len(content) // 4}I", content))
    parts, seen = [], 0
    while start < len(small) and seen <= len(small):
        parts.append(root[start * 64 : start * 64 + 64])
        start, seen = small[start], seen + 1
    return b"".join(parts)[:size]


def _allocation(raw: bytes, size: int) -> list[int]:
    sectors = [n for n in struct.unpack_from("<109I", raw, 76) if n < _END - 2]
    following, left = struct.unpack_from("<II", raw, 68)
    while left and following < _END - 2 and len(sectors) * size <= len(raw):
        more = struct.unpack_from(f"<{size // 4}I", raw, (following + 1) * size)
        sectors += [n for n in more[:-1] if n < _END - 2]
        following, left = more[-1], left - 1
    parts = [raw[(n + 1) * size : (n + 2) * size] for n in sectors]
    return [n for part in parts for n in struct.unpack(f"<{len(part) // 4}I", part)]


def _chain(raw: bytes, table: list[int], start: int, size: int) -> Iterator[bytes]:
    seen = 0
    while start < len(table) and seen <= len(table):
        yield raw[(start + 1) * size : (start + 2) * size]
        start, seen = table[start], seen + 1
