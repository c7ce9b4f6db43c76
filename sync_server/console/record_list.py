"""The list that stands beside every lead: rail, chips, table and the links to the next pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sync_server.console.filters import Filter, FilterChoice, chips
from sync_server.console.listing import folders, photo_digests, row_line
from sync_server.console.sheet import Wording
from sync_server.store import inbox, photos
from sync_server.store.engine import Tx

SIZE = 30
LARGEST = 2**62  # of an order number; more would not fit the column


@dataclass(frozen=True, slots=True)
class View:
    """What the URL asks for: the filter, and the page by the key that it begins after."""

    filter: Filter
    before: int | None = None
    after: int | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "View":
        return cls(Filter.read(query), key(query.get("before")), key(query.get("after")))

    def url(self, path: str, **more: object) -> str:
        return self.filter.url(path, before=self.before, after=self.after, **more)


def key(written: str | None) -> int | None:
    """An order number from the URL, or None."""
    if not written or len(written) > 19 or not (written.isascii() and written.isdecimal()):
        return None
    return min(int(written), LARGEST)


def record_list(
    tx: Tx, view: View, only: str | None, now: datetime, reader: Wording
) -> dict[str, object]:
    """Everything that inbox.html needs but the lead itself."""
    filter, sought = view.filter, view.filter.sought(now, only)
    page = inbox.page(tx, sought, view.before, view.after, SIZE)
    digests = [digest for row in page.rows for digest in photo_digests(row)]
    there = photos.stored(tx, digests)
    rail = folders(filter, inbox.counts(tx, only), reader)
    newer = filter.url("/inbox", after=page.rows[0].seq) if page.newer and page.rows else ""
    older = filter.url("/inbox", before=page.rows[-1].seq) if page.older else ""
    names = {} if only is not None else inbox.community_names(tx)
    return {
        "room": "leads",
        "filter": filter,
        "folders": rail,
        "folder_word": next((each.word for each in rail if each.chosen), reader.say("rail.all")),
        "rows": [row_line(row, view, there, now, reader) for row in page.rows],
        "newer": newer,
        "older": older,
        "total": _total(inbox.total(tx, sought), reader),
        "chips": chips(filter, names, reader.say, reader.language),
        "search": _search(filter, reader),
        "clear": Filter(state=filter.state, flag=filter.flag).url("/inbox"),
    }


def _total(n: int, reader: Wording) -> str:
    if n > inbox.COUNT_MOST:
        return reader.say("list.total_most", n=inbox.COUNT_MOST)
    return reader.say("list.one") if n == 1 else reader.say("list.total", n=n)


def _search(filter: Filter, reader: Wording) -> FilterChoice | None:
    if not filter.q:
        return None
    word = reader.say("filter.search", words=filter.q)
    return FilterChoice(word, replace(filter, q="").url("/inbox"), True)
