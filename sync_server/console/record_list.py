"""The list beside each record: folders, filter, table, and links to the next pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sync_server.console.filters import Filter, FilterChoice, chips
from sync_server.console.listing import folders, listed_row, photo_digests
from sync_server.console.words import Wording
from sync_server.store import inbox, photos
from sync_server.store.engine import Tx

SIZE = 30  # records a page
LARGEST_NUMBER = 2**62  # a greater one would not fit the column records.seq


@dataclass(frozen=True, slots=True)
class ListView:
    """What the URL asks for: the filter, and the page: of records older than order number `before`,
    or newer than `after`, or the newest of all."""

    filter: Filter
    before: int | None = None
    after: int | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "ListView":
        return cls(
            Filter.read(query), order_number(query.get("before")), order_number(query.get("after"))
        )

    def url(self, path: str, **more: object) -> str:
        return self.filter.url(path, before=self.before, after=self.after, **more)


def order_number(written: str | None) -> int | None:
    """An order number from the URL; None for what is none."""
    if not written or len(written) > 19 or not (written.isascii() and written.isdecimal()):
        return None
    return min(int(written), LARGEST_NUMBER)


def record_list(
    tx: Tx, view: ListView, only_community: str | None, now: datetime, wording: Wording
) -> dict[str, object]:
    """The values of inbox.html but `title` and `record`. `only_community` is the one that the
    visitor may see, None for all."""
    filter, record_filter = view.filter, view.filter.record_filter(now, only_community)
    page = inbox.page(tx, record_filter, view.before, view.after, SIZE)
    stored = photos.stored(tx, [digest for row in page.rows for digest in photo_digests(row)])
    rail = folders(filter, inbox.counts(tx, only_community), wording)
    newest, oldest = [inbox.seq_of(page.rows[n]) if page.rows else None for n in (0, -1)]
    newer = filter.url("/inbox", after=newest) if page.newer and page.rows else ""
    older = filter.url("/inbox", before=oldest) if page.older else ""
    names = {} if only_community is not None else inbox.community_names(tx)
    return {
        "section": "records",
        "unshown": "",
        "filter": filter,
        "folders": rail,
        "folder_word": next((each.word for each in rail if each.chosen), wording.say("rail.all")),
        "rows": [listed_row(row, view, stored, now, wording) for row in page.rows],
        "newer": newer,
        "older": older,
        "total": _total(inbox.total(tx, record_filter), wording),
        "chips": chips(filter, names, wording.say, wording.language),
        "search": _search(filter, wording),
        "clear": Filter(state=filter.state, flag=filter.flag).url("/inbox"),
    }


def _total(n: int, wording: Wording) -> str:
    if n > inbox.COUNT_MOST:
        return wording.say("list.total_most", n=inbox.COUNT_MOST)
    return wording.say("list.one") if n == 1 else wording.say("list.total", n=n)


def _search(filter: Filter, wording: Wording) -> FilterChoice | None:
    if not filter.q:
        return None
    word = wording.say("filter.search", words=filter.q)
    return FilterChoice(word, replace(filter, q="").url("/inbox"), True)
