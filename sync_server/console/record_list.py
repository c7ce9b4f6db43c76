"""The list beside each record: folders, filter, table, and links to the next pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sync_server.casework.case_rules import WorkDay, deadlines
from sync_server.console.deadlines import shown_deadline
from sync_server.console.far_fixes import far_rows
from sync_server.console.filters import Filter, FilterChoice, chips, due_bounds
from sync_server.console.listing import ListedWith, folders, listed_photos, listed_row
from sync_server.console.words import Wording
from sync_server.domain.clocks import local_day
from sync_server.sites.search import records_found
from sync_server.store import inbox, photos, site_records
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import ReadRow, UnreadableRow

SIZE = 30  # records a page
MOST_SITES = 5  # named above the list


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
    return min(int(written), inbox.LARGEST_NUMBER)


def searched(
    tx: Tx, filter: Filter, day: WorkDay, only_community: str | None
) -> inbox.RecordFilter:
    """The filter for the store, with the records that are meant by a number, a compound or a door
    in whichever spelling."""
    plain = filter.record_filter(day, only_community)
    found = records_found(tx, filter.q) if plain.words else ()
    return replace(plain, ids=found, words=() if found else plain.words)


def _listed_with(tx: Tx, rows: Sequence[ReadRow], day: WorkDay, wording: Wording) -> ListedWith:
    stored = photos.stored(tx, [digest for row in rows for digest in listed_photos(row)])
    waiting = [row for row in rows if not isinstance(row, UnreadableRow) and has_deadline(row)]
    begun = {row.id: row.first_at or row.received_at for row in waiting}
    found = deadlines(tx, begun, day)
    shown = {id: shown_deadline(one, day, wording) for id, one in found.items()}
    return ListedWith(stored, far_rows(tx, rows), shown)


def has_deadline(row: DatabaseRow) -> bool:
    """Whether something has to be done about a listed record in time."""
    return row.withdrawn_at is None and row.kind not in inbox.NO_DECISION


def record_list(
    tx: Tx, view: ListView, only_community: str | None, day: WorkDay, wording: Wording
) -> dict[str, object]:
    """The values of inbox.html but `title` and `record`. `only_community` is the one that the
    visitor may see, None for all."""
    filter, record_filter = view.filter, searched(tx, view.filter, day, only_community)
    page = inbox.page(tx, record_filter, view.before, view.after, SIZE)
    known = _listed_with(tx, page.rows, day, wording)
    rail = folders(filter, inbox.counts(tx, only_community, due_bounds(day)), wording)
    names = {} if only_community is not None else inbox.community_names(tx)
    return {
        "section": "records",
        "unshown": "",
        "no_holidays": _no_holidays(day, wording),
        "undo": None,
        "filter": filter,
        "folders": rail,
        "folder_word": next((each.word for each in rail if each.chosen), wording.say("rail.all")),
        "rows": [listed_row(row, view, known, day.now, wording) for row in page.rows],
        **_pages(filter, page),
        "total": _total(inbox.total(tx, record_filter), wording),
        "chips": chips(filter, names, wording.say, wording.language),
        "search": _search(filter, wording),
        "found_sites": _found_sites(tx, record_filter, only_community, wording),
        "clear": Filter(state=filter.state, flag=filter.flag).url("/inbox"),
    }


def _pages(filter: Filter, page: inbox.Page) -> dict[str, str]:
    """The links to `newer` and to `older` records; "" for none."""
    newest, oldest = [inbox.seq_of(page.rows[n]) if page.rows else None for n in (0, -1)]
    newer = filter.url("/inbox", after=newest) if page.newer and page.rows else ""
    return {"newer": newer, "older": filter.url("/inbox", before=oldest) if page.older else ""}


def _no_holidays(day: WorkDay, wording: Wording) -> str:
    """That a list of holidays is missing; "" while none is."""
    today = local_day(day.now)
    if not day.calendar.misses_next_year(today):
        return ""
    missed = today.year if today.year not in day.calendar.years else today.year + 1
    return wording.say("due.no_holidays", year=missed)


@dataclass(frozen=True, slots=True)
class FoundSite:
    """A place that a search found by its number, compound or door."""

    url: str
    words: str


def _found_sites(
    tx: Tx, found: inbox.RecordFilter, only_community: str | None, wording: Wording
) -> list[FoundSite]:
    """[] where nothing was searched, or words alone."""
    rows = site_records.sites_of(tx, found.ids, only_community, MOST_SITES) if found.ids else ()
    return [
        FoundSite(
            f"/sites/{row.site}",
            wording.say("list.site", place=row.place or wording.say("list.no_place"), n=row.leads),
        )
        for row in rows
    ]


def _total(n: int, wording: Wording) -> str:
    if n > inbox.COUNT_MOST:
        return wording.say("list.total_most", n=inbox.COUNT_MOST)
    return wording.say("list.one") if n == 1 else wording.say("list.total", n=n)


def _search(filter: Filter, wording: Wording) -> FilterChoice | None:
    if not filter.q:
        return None
    word = wording.say("filter.search", words=filter.q)
    return FilterChoice(word, replace(filter, q="").url("/inbox"), True)
