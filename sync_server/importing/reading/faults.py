"""Cells of a spreadsheet that calamine gives as empty though something stands there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers.expat import ExpatError, ParserCreate

from sync_server.importing.row_error import RowError

Where = tuple[int, int]  # row, column, from 0
MOST_XML = 300 * 1024 * 1024  # bytes of one part, unzipped
_PIECE = 1 << 16


@dataclass(slots=True)
class Faults:
    """`lost`: errors and formulas without a value, with what stands there. `padded`: numbers that
    a format shows with leading zeros, with how many digits. `merged`: ranges of cells."""

    lost: dict[Where, str] = field(default_factory=dict)
    padded: dict[Where, int] = field(default_factory=dict)
    merged: list[tuple[Where, Where]] = field(default_factory=list)


@dataclass(slots=True)
class XmlHandlers:
    """What is called for each element, its end, and each text. Names are without prefix."""

    start: Callable[[str, dict[str, str]], None]
    end: Callable[[str], None] = lambda name: None
    text: Callable[[str], None] = lambda text: None


def scan_xml(stream: IO[bytes], handlers: XmlHandlers) -> None:
    """Reads a part piece by piece. Raises RowError if it is no XML, too large, or has a document
    type, which could name files or grow without end."""
    parser = ParserCreate()
    parser.buffer_text = True

    def refuse(*_: Any) -> None:
        raise RowError("unreadable", found="DOCTYPE")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: handlers.start(
        _bare(name), {_bare(key): value for key, value in attributes.items()}
    )
    parser.EndElementHandler = lambda name: handlers.end(_bare(name))
    parser.CharacterDataHandler = handlers.text
    try:
        for piece, is_last in _pieces(stream):
            parser.Parse(piece, is_last)
    except ExpatError as error:
        raise RowError("unreadable", found="XML") from error


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


def _pieces(stream: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
    read = 0
    while piece := stream.read(_PIECE):
        read += len(piece)
        if read > MOST_XML:
            raise RowError("too_large")
        yield piece, False
    yield b"", True
