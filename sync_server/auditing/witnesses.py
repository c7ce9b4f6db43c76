"""Reads witnesses, one JSON object a line, with any text around it: as phones give them, as they
stand in the journal, and as `audit head` prints them."""

from collections.abc import Iterable, Iterator

from contract import wire
from contract.anchor import Witness

LONGEST = 2_000  # characters of a line; a witness has about 250


def witnesses(lines: Iterable[str]) -> Iterator[tuple[int, Witness | None]]:
    """Number and witness of each line with a brace; None for one that cannot be read, or that names
    the end of no chain: it would agree with anything."""
    for number, line in enumerate(lines, 1):
        if "{" in line:
            yield number, _witness(line)


def _witness(line: str) -> Witness | None:
    start, end = line.index("{"), line.rfind("}") + 1
    try:
        if len(line) > LONGEST:
            return None
        found = wire.decode(Witness, line[start:end].encode(errors="replace"))
    except (wire.Unreadable, ValueError):
        return None
    return found if any(head for _, head in found.anchor) else None
