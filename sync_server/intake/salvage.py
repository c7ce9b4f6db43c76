"""Takes a delivery apart by its brackets, so that one unreadable arrival holds up no other."""

import re
from itertools import pairwise

from contract.wire import Unreadable

# Strings and brackets; what lies between is numbers, commas and words. Possessive: one pass.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{},]', re.DOTALL)
_KEY = b'"arrivals"'
_LIST = re.compile(rb"\s*:\s*\[")
_OPEN, _SHUT = b"[{", {b"]": b"[", b"}": b"{"}
DEEPEST = 10_000


def split_body(raw: bytes) -> tuple[bytes, list[bytes]]:
    """The envelope with no arrivals in it, and each arrival's own bytes.

    Looks at strings and brackets only, so an arrival may be anything that is bracketed whole.
    Raises Unreadable("not_json") when even that much cannot be told.
    """
    start = _list_on_top(raw)
    cuts = _cuts(raw, start)
    pieces = [raw[a:b].strip() for a, b in pairwise(cuts)]
    arrivals = [piece.removeprefix(b",").strip() for piece in pieces]
    return raw[:start] + raw[cuts[-1] :], [] if arrivals == [b""] else arrivals


def _list_on_top(raw: bytes) -> int:
    """Where the list of arrivals begins: a key of the outermost object, not one inside a string or
    an arrival. One pass, however often the word stands there."""
    depth = 0
    for token in _TOKEN.finditer(raw):
        if depth == 1 and token[0] == _KEY and (opened := _LIST.match(raw, token.end())):
            return opened.end()
        depth += (token[0] in _OPEN) - (token[0] in _SHUT)
    raise Unreadable("not_json")


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
