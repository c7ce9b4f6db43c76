"""Takes a delivery apart by its brackets, so that one unreadable arrival holds up no other."""

import re
from itertools import pairwise

from contract.wire import Unreadable

# Strings and brackets; what lies between is numbers, commas and words. Possessive: one pass.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{},]', re.DOTALL)
_ARRIVALS = re.compile(rb'"arrivals"\s*:\s*\[')
_OPEN, _SHUT = b"[{", {b"]": b"[", b"}": b"{"}
DEEPEST = 10_000


def split(raw: bytes) -> tuple[bytes, list[bytes]]:
    """The envelope with no arrivals in it, and each arrival's own bytes.

    Looks at strings and brackets only, so an arrival may be anything that is bracketed whole.
    Raises Unreadable("not_json") when even that much cannot be told.
    """
    found = _ARRIVALS.search(raw)
    while found and not _is_on_top(raw, found.start()):
        found = _ARRIVALS.search(raw, found.end())
    if not found:
        raise Unreadable("not_json")
    cuts = _cuts(raw, found.end())
    pieces = [raw[a:b].strip() for a, b in pairwise(cuts)]
    arrivals = [piece.removeprefix(b",").strip() for piece in pieces]
    return raw[: found.end()] + raw[cuts[-1] :], [] if arrivals == [b""] else arrivals


def _is_on_top(raw: bytes, at: int) -> bool:
    """Whether `at` is a key of the outermost object, not inside a string or an arrival."""
    depth = 0
    for token in _TOKEN.finditer(raw):
        if token.start() >= at:
            return token.start() == at and depth == 1
        depth += (token[0] in _OPEN) - (token[0] in _SHUT)
    return False


def _cuts(raw: bytes, start: int) -> list[int]:
    """Where the elements of the list that begins at `start` begin, and where the list ends."""
    cuts, inside = [start], [b"["]
    for token in _TOKEN.finditer(raw, start):
        sign = token[0]
        if sign in _OPEN:
            inside.append(sign)
        elif sign in _SHUT:
            if inside.pop() != _SHUT[sign]:
                break
            if not inside:
                return [*cuts, token.start()]
        elif sign == b"," and len(inside) == 1:
            cuts.append(token.start())
        if len(inside) > DEEPEST:
            break
    raise Unreadable("not_json")
