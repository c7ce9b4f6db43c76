"""Pages of a list that begin after the last row of the page before, by its day or time and its
number: what comes in meanwhile moves nothing from one page to the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from sync_server.store.readable import ReadRow, UnreadableRow

SIZE = 30  # rows a page
MOST_KEY = 100  # characters in the address
PARTED = "~"
D = TypeVar("D", date, datetime)


@dataclass(frozen=True, slots=True)
class KeyPage:
    """`rows` of this page; how many of them cannot be read; the addresses of the first page and of
    the next, "" where there is none."""

    rows: Sequence[Any]
    unreadable: int
    first: str
    next: str


def read_key(written: str | None, read: Callable[[str], D]) -> tuple[D, str] | None:
    """The row after which a page begins; None for the first page, or for what is no such row."""
    at, parted, name = (written or "")[:MOST_KEY].partition(PARTED)
    try:
        return (read(at), name.replace("\0", "")) if parted else None
    except ValueError:
        return None


def read_time(written: str) -> datetime:
    """A time as `page_of` writes it. Raises ValueError for one that no row has."""
    found = datetime.fromisoformat(written)
    if found.tzinfo is None or not 2000 <= found.year <= 2200:
        raise ValueError
    return found


def page_of(
    found: Sequence[ReadRow], url: Callable[[str], str], key: Callable[[Any], tuple[Any, str]]
) -> KeyPage:
    """A page of rows that were asked for one more than it holds. `url`: the address of the page
    after such a key, of the first for ""; `key`: of a row."""
    shown = found[:SIZE]
    rows = [row for row in shown if not isinstance(row, UnreadableRow)]
    has_more = len(found) > SIZE and bool(rows)
    following = ""
    if has_more:
        at, name = key(rows[-1])
        following = url(f"{at.isoformat()}{PARTED}{name}")
    return KeyPage(rows, len(shown) - len(rows), url(""), following)


def address(path: str, **asked: str) -> str:
    """The path with what of these is not empty."""
    said = urlencode({name: one for name, one in asked.items() if one})
    return f"{path}?{said}" if said else path
