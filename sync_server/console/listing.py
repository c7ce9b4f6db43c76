"""Folders with their counts, and rows of the table, as inbox.html shows them."""

import logging
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from contract.cases import CONCLUDED, CaseState
from contract.visible_text import has_visible
from sync_server.console.deadlines import ShownDeadline
from sync_server.console.filters import Filter
from sync_server.console.report_lines import people
from sync_server.console.state_badges import (
    FLAGS,
    STATES,
    Badge,
    StateLook,
    flag_badge,
    state_badge,
)
from sync_server.console.times import NO_TIME, ShownTime, shown_time
from sync_server.console.words import Wording, sentences
from sync_server.private_traceback import private_traceback
from sync_server.store.engine import DatabaseRow
from sync_server.store.readable import ReadRow, UnreadableRow

USUAL_KIND = "SITE"
DIGEST = re.compile(r"[0-9a-f]{64}")
WAITING = (CaseState.REPORTED, "due_today", "late", CaseState.RETURNED)
UNDER_WAY = (
    CaseState.ACCEPTED,
    CaseState.MERGED,
    CaseState.ASSIGNED,
    CaseState.VERIFYING,
    CaseState.HANDLING,
    CaseState.HANDED_OVER,
    CaseState.FEEDBACK,
    CaseState.OBJECTED,
    "joint",
)
OVER = (CaseState.REJECTED, *sorted(CONCLUDED), "disputed", "withdrawn", "all")
GROUPS = {"waiting": WAITING, "under_way": UNDER_WAY, "over": OVER}
URGENT = ("due_today", "late", "joint")  # red when there are any
# Shown only while there is something in them, and while they are open.
OFTEN_EMPTY = frozenset({*UNDER_WAY, *CONCLUDED} - {CaseState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class FolderLink:
    name: str
    word: str
    url: str
    count: int
    look: StateLook | None
    chosen: bool
    group: str = ""  # the heading above it; "" for one that follows another of its group


@dataclass(frozen=True, slots=True)
class RecordRow:
    """`stored` of `photos` photos have arrived. `kind` is empty for the usual one; `people` says
    how many were seen."""

    id: str
    url: str
    number: str
    badges: tuple[Badge, ...]
    kind: str
    place: str
    disguises: str
    signs: str
    people: str
    seen: ShownTime
    received: ShownTime
    photos: int
    stored: int
    due: ShownDeadline | None = None


def folders(filter: Filter, counts: Mapping[str, int], wording: Wording) -> list[FolderLink]:
    """The links of the rail, in groups; a state that no record is in is left out."""
    found = []
    for group, names in GROUPS.items():
        shown = [_folder(name, filter, counts, wording) for name in names]
        shown = [one for one in shown if one.count or one.chosen or one.name not in OFTEN_EMPTY]
        heading = "" if group == "waiting" else wording.say(f"rail.group.{group}")
        found += [replace(one, group="" if n else heading) for n, one in enumerate(shown)]
    return found


def _folder(name: str, filter: Filter, counts: Mapping[str, int], wording: Wording) -> FolderLink:
    alone = Filter(flag=name) if name in FLAGS else Filter(state=name if name in STATES else "")
    look = STATES.get(name) or FLAGS.get(name)
    own = f"rail.{name}"
    word = wording.say(own) if own in sentences() else wording.word("case_state", name)
    chosen = filter.folder == name
    return FolderLink(name, word, alone.url("/inbox"), counts.get(name, 0), look, chosen)


log = logging.getLogger("xuncha")


@dataclass(frozen=True, slots=True)
class ListedWith:
    """What rows show beside their records: `stored`, the digests of finished photos, and `far`, the
    ids of records whose fix is far from the chosen compound, and `due`, deadlines by id."""

    stored: Collection[str]
    far: Collection[str]
    due: Mapping[str, ShownDeadline | None]


class LinkMaker(Protocol):
    """Makes a row's link, with the list's filter and page in it, so that the list beside the opened
    record stays as it is."""

    def url(self, path: str) -> str: ...


def listed_row(
    row: ReadRow, view: LinkMaker, known: ListedWith, now: datetime, wording: Wording
) -> RecordRow:
    """The record's row; of one that cannot be shown a row that says so, with its number: whatever
    one record holds, the others are shown."""
    if isinstance(row, UnreadableRow):
        return unshown_row(row.key, view, wording)
    try:
        return record_row(row, view, known, now, wording)
    except Exception as error:
        log.error("record %r cannot be shown: %s", row.number, private_traceback(error))
        return unshown_row(row, view, wording)


def unshown_row(row: DatabaseRow, view: LinkMaker, wording: Wording) -> RecordRow:
    """Needs `id` and `number` of the row, nothing else."""
    badge = flag_badge("unshown", wording.say)
    place = wording.say("list.unshown", number=row.number)
    url = view.url(f"/records/{row.id}")
    return RecordRow(
        row.id, url, row.number, (badge,), "", place, "", "", "", NO_TIME, NO_TIME, 0, 0
    )


def record_row(
    row: DatabaseRow, view: LinkMaker, known: ListedWith, now: datetime, wording: Wording
) -> RecordRow:
    far = (flag_badge("far", wording.say),) if row.id in known.far else ()
    digests = photo_digests(row.photos)
    return RecordRow(
        id=row.id,
        url=view.url(f"/records/{row.id}"),
        number=row.number,
        badges=(*badges(row, wording), *far),
        kind="" if row.kind == USUAL_KIND else wording.word("obs_type", row.kind),
        place=row.place if has_visible(row.place) else "",
        disguises=wording.words("disguise", row.disguises or ()),
        signs=wording.words("sign", row.signs or ()),
        people=people(row.count_band, wording),
        seen=shown_time(row.seen_at, now, wording.say),
        received=shown_time(row.first_came, now, wording.say),
        photos=len(digests),
        stored=sum(digest in known.stored for digest in digests),
        due=known.due.get(row.id),
    )


def badges(row: DatabaseRow, wording: Wording) -> tuple[Badge, ...]:
    """The record's state, and whether it is disputed; of a withdrawn one only that it is."""
    if row.withdrawn_at is not None:
        return (flag_badge("withdrawn", wording.say),)
    state = state_badge(row.state, wording.language)
    return (state, flag_badge("disputed", wording.say)) if row.disputed else (state,)


def listed_photos(row: ReadRow) -> list[str]:
    """The digests of the photos of a listed record; [] if it cannot be read."""
    return [] if isinstance(row, UnreadableRow) else photo_digests(row.photos)


def photo_digests(named: Any) -> list[str]:
    """The digests of a report's `photos`, finished or not; [] if these cannot be read."""
    try:
        digests = [photo["sha256"] for photo in named or ()]
    except (AttributeError, TypeError, LookupError):
        return []
    return [one for one in digests if isinstance(one, str) and DIGEST.fullmatch(one)]
