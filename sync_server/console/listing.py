"""The inbox as an officer sees it: the rail with its counts, and a table row for each record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sync_server.console.filters import Filter
from sync_server.console.moments import Moment, moment
from sync_server.console.sheet import Wording, people
from sync_server.console.state_badges import (
    FLAGS,
    STATES,
    Badge,
    StateLook,
    flag_badge,
    state_badge,
)
from sync_server.store.engine import DatabaseRow

USUAL = "SITE"
FOLDERS = ("10", "15", "20", "29", "disputed", "withdrawn", "all")


@dataclass(frozen=True, slots=True)
class FolderLink:
    name: str
    word: str
    url: str
    count: int
    look: StateLook | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class RowLine:
    """`there` of `photos` photos are safe at the bureau; the usual kind goes without saying."""

    id: str
    url: str
    number: str
    badges: tuple[Badge, ...]
    kind: str
    place: str
    disguises: str
    signs: str
    many: str
    seen: Moment
    photos: int
    there: int


def folders(filter: Filter, counts: Mapping[str, int], reader: Wording) -> list[FolderLink]:
    found = []
    for name in FOLDERS:
        alone = Filter(flag=name) if name in FLAGS else Filter(state=name if name in STATES else "")
        look = STATES.get(name) or FLAGS.get(name)
        word = reader.say(f"rail.{name}")
        chosen = filter.folder == name
        found.append(FolderLink(name, word, alone.url("/inbox"), counts.get(name, 0), look, chosen))
    return found


class Addressed(Protocol):
    """What goes along in a row's link, so that the list beside the lead stays the same."""

    def url(self, path: str) -> str: ...


def row_line(
    row: DatabaseRow, view: Addressed, there: Collection[str], now: datetime, reader: Wording
) -> RowLine:
    """`there` holds the digests of photos that are safe."""
    body = row.body
    digests = photo_digests(row)
    return RowLine(
        id=row.id,
        url=view.url(f"/records/{row.id}"),
        number=row.number,
        badges=badges(row, reader),
        kind="" if row.kind == USUAL else reader.word("obs_type", row.kind),
        place=row.place,
        disguises=reader.words("disguise", body.get("disguises", ())),
        signs=reader.words("sign", body.get("signs", ())),
        many=people(body.get("count_band"), reader),
        seen=moment(row.seen_at, now, reader.say),
        photos=len(digests),
        there=sum(digest in there for digest in digests),
    )


def badges(row: DatabaseRow, reader: Wording) -> tuple[Badge, ...]:
    """The state first; a withdrawn record says that instead of where it once stood."""
    if row.withdrawn_at is not None:
        return (flag_badge("withdrawn", reader.say),)
    state = state_badge(row.state, reader.language)
    return (state, flag_badge("disputed", reader.say)) if row.disputed else (state,)


def photo_digests(row: DatabaseRow) -> list[str]:
    return [photo["sha256"] for photo in row.body.get("photos", ())]
