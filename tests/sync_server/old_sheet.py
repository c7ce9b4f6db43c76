"""Writes a minimal xls file ([MS-CFB], [MS-XLS]) with error cells: no library here writes them."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

_SECTOR = 512
_END, _FAT, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """An error that stands there (code 0x2A: #N/A), or the result of a formula."""

    code: int = 0x2A
    formula: bool = False


def xls(rows: Sequence[Sequence[str | ErrorCell]]) -> bytes:
    stream = _workbook(rows).ljust(4096, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    chain = [_FAT, _END, *range(3, 2 + sectors), _END]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(_SECTOR, b"\xff")
    directory = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, 2, len(stream))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0, 0)
    header += struct.pack("<I", _FREE) * 108
    body = stream.ljust(sectors * _SECTOR, b"\0")
    return header.ljust(_SECTOR, b"\xff") + table + directory.ljust(_SECTOR, b"\0") + body


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    links = struct.pack("<HBBIII", len(written), kind, 1, _FREE, _FREE, child)
    return written.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _workbook(rows: Sequence[Sequence[str | ErrorCell]]) -> bytes:
    start = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6))
    name = b"1"
    size = len(start) + 4 + 8 + len(name) + 4
    sheet = _record(0x85, struct.pack("<IBBBB", size, 0, 0, len(name), 0) + name)
    cells = b"".join(_cell(r, c, cell) for r, row in enumerate(rows) for c, cell in enumerate(row))
    own = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6)) + cells + _record(0x0A)
    return start + sheet + _record(0x0A) + own


def _cell(row: int, column: int, cell: str | ErrorCell) -> bytes:
    where = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, str):
        text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
        return _record(0x204, where + text)
    if cell.formula:
        result = struct.pack("<BBBBHH", 2, 0, cell.code, 0, 0, 0xFFFF)
        return _record(0x06, where + result + struct.pack("<HIH", 0, 0, 0))
    return _record(0x205, where + struct.pack("<BB", cell.code, 1))
