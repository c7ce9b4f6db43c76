"""Folders with their counts, and rows of the table, as inbox.html shows them."""

import logging
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contract.cases import CaseState
from contract.visible_text import has_visible
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
from sync_server.console.words import Wording
from sync_server.private_traceback import private_traceback
from sync_server.store.engine import DatabaseRow
from sync_server.store.readable import ReadRow, UnreadableRow

USUAL_KIND = "SITE"
DIGEST = re.compile(r"[0-9a-f]{64}")
FOLDERS = (
    CaseState.REPORTED,
    CaseState.RETURNED,
    CaseState.ACCEPTED,
    CaseState.REJECTED,
    "disputed",
    "withdrawn",
    "all",
)


@dataclass(frozen=True, slots=True)
class FolderLink:
    name: str
    word: str
    url: str
    count: int
    look: StateLook | None
    chosen: bool


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
    photos: int
    stored: int


def folders(filter: Filter, counts: Mapping[str, int], wording: Wording) -> list[FolderLink]:
    found = []
    for name in FOLDERS:
        alone = Filter(flag=name) if name in FLAGS else Filter(state=name if name in STATES else "")
        look = STATES.get(name) or FLAGS.get(name)
        word = wording.say(f"rail.{name}")
        chosen = filter.folder == name
        found.append(FolderLink(name, word, alone.url("/inbox"), counts.get(name, 0), look, chosen))
    return found


log = logging.getLogger("xuncha")


class LinkMaker(Protocol):
    """Makes a row's link, with the list's filter and page in it, so that the list beside the opened
    record stays as it is."""

    def url(self, path: str) -> str: ...


def listed_row(
    row: ReadRow, view: LinkMaker, stored: Collection[str], now: datetime, wording: Wording
) -> RecordRow:
    """The record's row; of one that cannot be shown a row that says so, with its number: whatever
    one record holds, the others are shown."""
    if isinstance(row, UnreadableRow):
        return unshown_row(row.key, view, wording)
    try:
        return record_row(row, view, stored, now, wording)
    except Exception as error:
        log.error("record %r cannot be shown: %s", row.number, private_traceback(error))
        return unshown_row(row, view, wording)


def unshown_row(row: DatabaseRow, view: LinkMaker, wording: Wording) -> RecordRow:
    """Needs `id` and `number` of the row, nothing else."""
    badge = flag_badge("unshown", wording.say)
    place = wording.say("list.unshown", number=row.number)
    url = view.url(f"/records/{row.id}")
    return RecordRow(row.id, url, row.number, (badge,), "", place, "", "", "", NO_TIME, 0, 0)


def record_row(
    row: DatabaseRow, view: LinkMaker, stored: Collection[str], now: datetime, wording: Wording
) -> RecordRow:
    """`stored` are the digests of finished photos."""
    body = row.body
    digests = photo_digests(row)
    return RecordRow(
        id=row.id,
        url=view.url(f"/records/{row.id}"),
        number=row.number,
        badges=badges(row, wording),
        kind="" if row.kind == USUAL_KIND else wording.word("obs_type", row.kind),
        place=row.place if has_visible(row.place) else "",
        disguises=wording.words("disguise", body.get("disguises", ())),
        signs=wording.words("sign", body.get("signs", ())),
        people=people(body.get("count_band"), wording),
        seen=shown_time(row.seen_at, now, wording.say),
        photos=len(digests),
        stored=sum(digest in stored for digest in digests),
    )


def badges(row: DatabaseRow, wording: Wording) -> tuple[Badge, ...]:
    """The record's state, and whether it is disputed; of a withdrawn one only that it is."""
    if row.withdrawn_at is not None:
        return (flag_badge("withdrawn", wording.say),)
    state = state_badge(row.state, wording.language)
    return (state, flag_badge("disputed", wording.say)) if row.disputed else (state,)


def photo_digests(row: ReadRow) -> list[str]:
    """The digests of the photos that the record names, finished or not; [] if its content cannot be
    read."""
    try:
        named = [] if isinstance(row, UnreadableRow) else row.body.get("photos", ())
        digests = [photo["sha256"] for photo in named]
    except (AttributeError, TypeError, LookupError):
        return []
    return [one for one in digests if isinstance(one, str) and DIGEST.fullmatch(one)]
