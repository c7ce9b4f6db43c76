"""Splits a sync call by its brackets, so that one unreadable arrival holds up no other; and says
before any parsing whether a body is cheap enough to be read."""

import re
from itertools import pairwise

from contract.protocol import MAX_ARRIVALS
from contract.wire import Unreadable
from sync_server.problems import BatchTooLarge, TooLarge

# Strings, brackets and commas. Possessive quantifiers, so that no input makes it backtrack.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{},]', re.DOTALL)
_KEY = b'"arrivals"'
_LIST = re.compile(rb"\s*:\s*\[")
_OPENING, _CLOSING = b"[{", {b"]": b"[", b"}": b"{"}
DEEPEST = 10_000
# Every value of a body but the first stands behind one of these, and every escaped character.
COSTLY = (b",", b"[", b"{", b'"', b"\\")
# Fifty ordinary reports have 15,000 of them. One arrival of 64 KB can have no more than 65,536, so
# smaller batches always get through.
MOST_COSTLY = 100_000
LONG_NUMBER = re.compile(rb"[0-9]{40}")  # reading one takes the square of its length


def check_cost(raw: bytes) -> None:
    """Raises TooLarge for a body whose many small values or long numbers would take long to read.

    Counts, and does not parse: a comma inside a string counts as well.
    """
    left = MOST_COSTLY
    for sign in COSTLY:
        left -= raw.count(sign)
        if left < 0:
            raise TooLarge(f"at most {MOST_COSTLY} values: send fewer arrivals at once")
    if len(raw) > MOST_COSTLY and LONG_NUMBER.search(raw):
        raise TooLarge("a number of 40 digits: send fewer arrivals at once")


def split_body(raw: bytes) -> tuple[bytes, list[bytes]]:
    """Returns the envelope with an empty list of arrivals, and the bytes of each arrival.

    Looks at strings and brackets only: an arrival may be anything whose brackets are balanced.
    Raises Unreadable("not_json") if the brackets of the whole body are not, BatchTooLarge as soon
    as there is one arrival too many.
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
            if len(cuts) > MAX_ARRIVALS:
                raise BatchTooLarge(f"at most {MAX_ARRIVALS} arrivals")
        if len(inside) > DEEPEST:
            break
    raise Unreadable("not_json")
