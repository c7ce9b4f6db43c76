"""What goes home with a sync call: answers, reference data, and which photos are still wanted."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from contract.codelists import built_in
from contract.replies import Answer, SyncReply, SyncRequest, Wanted
from sync_server.intake import Delivery, Received
from sync_server.phones import Phone
from sync_server.store import pictures, places, trail
from sync_server.store.engine import Tx

MOST_ANSWERS = 100
MOST_SEQ = 2**31 - 1  # what the column holds


class Shelf(Protocol):
    """What a reply asks of the photo store."""

    def reached(self, upload: str) -> int: ...

    def holds(self, sha256: str) -> bool: ...


def news(tx: Tx, call: Delivery, asked: SyncRequest, received: Received, shelf: Shelf) -> SyncReply:
    """The whole reply to one sync call, except that the receipts were written before.

    A photo is said to be stored only where its file is: a phone deletes its own upon that word.
    """
    phone, now = call.phone, call.now
    rows = _answers(tx, phone, asked.cursor)
    stored = {one for one in pictures.stored(tx, asked.photos) if shelf.holds(one)}
    ground = places.for_phone(tx, phone.grid)
    lists = built_in()
    return SyncReply(
        receipts=received.receipts,
        refusals=received.refusals,
        stored=tuple(sorted(stored)),
        wanted=_wanted(tx, phone, [one for one in asked.photos if one not in stored], shelf, now),
        answers=tuple(_answer(row) for row in rows),
        cursor=rows[-1].seq if rows else min(asked.cursor, MOST_SEQ),
        more=len(rows) == MOST_ANSWERS,
        codelists=lists if lists.version != asked.held.codelists else None,
        places=ground if ground.version != asked.held.places else None,
        server_time=now,
    )


def _answers(tx: Tx, phone: Phone, cursor: int) -> Sequence[Any]:
    """What follows the cursor. One beyond our last answer comes from before our database was
    restored: then everything is told again, for else the next answers would be skipped."""
    rows = trail.answers_after(tx, phone.author, min(cursor, MOST_SEQ), MOST_ANSWERS)
    if cursor and not rows and trail.last_answer(tx, phone.author) < cursor:
        return trail.answers_after(tx, phone.author, 0, MOST_ANSWERS)
    return rows


def _wanted(
    tx: Tx, phone: Phone, missing: Iterable[str], shelf: Shelf, now: datetime
) -> tuple[Wanted, ...]:
    missing = list(missing)
    begun = pictures.under_way(tx, phone.device, missing, now) if missing else {}
    return tuple(
        Wanted(sha256=one, offset=shelf.reached(begun[one]), upload=f"/v1/photos/{begun[one]}")
        if one in begun
        else Wanted(sha256=one)
        for one in missing
    )


def _answer(row: Any) -> Answer:
    return Answer(
        seq=row.seq,
        report=row.report,
        at=row.at,
        state=row.state,
        reason=row.reason,
        comment=row.comment,
        by=row.by,
        place=row.place[:100],
        number=row.number,
    )
