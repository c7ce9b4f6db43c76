"""Photos of a record, and those that came with reports for tasks about it (核实照片): masked on the
phone like all others, for nothing else takes photos."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from sync_server.console.context import ConsoleContext
from sync_server.console.record_parts import ProofPhotos, Tile, report_of, tiles
from sync_server.console.record_view import sender
from sync_server.console.site_view import ReadLead
from sync_server.console.times import shown_time
from sync_server.console.words import Wording
from sync_server.private_traceback import private_traceback
from sync_server.store import photos, records, tasks
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import UnreadableRow

log = logging.getLogger("xuncha")
MOST_REPORTS = 10  # whose photos stand on one page


def tiles_of(
    console: ConsoleContext, tx: Tx, row: DatabaseRow, now: datetime, wording: Wording
) -> list[Tile]:
    """A tile for each photo of a record, finished or not."""
    lead = ReadLead(row, report_of(row))
    return tiles_of_each(console, tx, [lead], now, wording)[row.id]


def tiles_of_each(
    console: ConsoleContext, tx: Tx, leads: Sequence[ReadLead], now: datetime, wording: Wording
) -> dict[str, list[Tile]]:
    """The same for several records, by their ids."""
    digests = [photo.sha256 for one in leads for photo in one.report.photos]
    stored = photos.stored(tx, digests)
    uploads = photos.open_uploads(tx, {one.row.device for one in leads}, digests, now)
    received = {key: console.photos.reached(upload) for key, upload in uploads.items()}
    found = {}
    for one in leads:
        keys = {photo.sha256: (one.row.device, photo.sha256) for photo in one.report.photos}
        own = {sha256: received[key] for sha256, key in keys.items() if key in received}
        found[one.row.id] = tiles(one.report, stored, own, wording)
    return found


def proof_photos(
    console: ConsoleContext, tx: Tx, record: str, now: datetime, wording: Wording
) -> list[ProofPhotos]:
    """The photos of reports that stand and were made for tasks about this record, the newest
    report first; without those that have none, or cannot be shown."""
    made = tasks.made_for_record(tx, record)
    results = tasks.results_of(tx, [task.task for task in made])
    done = [one for each in results.values() for one in each if not one.void and not one.reason]
    newest = sorted(done, key=lambda one: one.at, reverse=True)[:MOST_REPORTS]
    return [proof for id in newest for proof in _of_report(console, tx, id.id, now, wording)]


def _of_report(
    console: ConsoleContext, tx: Tx, id: str, now: datetime, wording: Wording
) -> Iterator[ProofPhotos]:
    row = records.one_to_show(tx, id)
    if row is None or isinstance(row, UnreadableRow):
        return
    try:
        found = tiles_of(console, tx, row, now, wording)
    except ValueError as error:
        log.error("record %r cannot be shown: %s", row.number, private_traceback(error))
        return
    if found:
        seen = shown_time(row.seen_at, now, wording.say)
        yield ProofPhotos(row.id, row.number, sender(tx, row, wording), seen, found)
