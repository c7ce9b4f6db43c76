"""Splits a sync call by its brackets, so that one unreadable arrival holds up no other."""

import re
from itertools import pairwise

from contract.wire import Unreadable

# Strings, brackets and commas. Possessive quantifiers, so that no input makes it backtrack.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{},]', re.DOTALL)
_KEY = b'"arrivals"'
_LIST = re.compile(rb"\s*:\s*\[")
_OPENING, _CLOSING = b"[{", {b"]": b"[", b"}": b"{"}
DEEPEST = 10_000


def split_body(raw: bytes) -> tuple[bytes, list[bytes]]:
    """Returns the envelope with an empty list of arrivals, and the bytes of each arrival.

    Looks at strings and brackets only: an arrival may be anything whose brackets are balanced.
    Raises Unreadable("not_json") if the brackets of the whole body are not.
    """
    start = _arrivals_start(raw)
    cuts = _cuts(raw, start)
    pieces = [raw[a:b].strip() for a, b in pairwise(cuts)]
    arrivals = [piece.removeprefix(b",").strip() for piece in pieces]
    return raw[:start] + raw[cuts[-1] :], [] if arrivals == [b""] else arrivals


def _arrivals_start(raw: bytes) -> int:
    """The offset of the first arrival: after the key "arrivals" of the outermost object, not one
    inside a string or an arrival. One pass, however often that key occurs."""
    depth = 0
    for token in _TOKEN.finditer(raw):
        if depth == 1 and token[0] == _KEY and (opened := _LIST.match(raw, token.end())):
            return opened.end()
        depth += (token[0] in _OPENING) - (token[0] in _CLOSING)
    raise Unreadable("not_json")


def _cuts(raw: bytes, start: int) -> list[int]:
    """The offsets at which the elements of the list that begins at `start` begin, and at which the
    list ends."""
    cuts, inside = [start], [b"["]
    for token in _TOKEN.finditer(raw, start):
        sign = token[0]
        if sign in _OPENING:
            inside.append(sign)
        elif sign in _CLOSING:
            if inside.pop() != _CLOSING[sign]:
                break
            if not inside:
                return [*cuts, token.start()]
        elif sign == b"," and len(inside) == 1:
            cuts.append(token.start())
        if len(inside) > DEEPEST:
            break
    raise Unreadable("not_json")
