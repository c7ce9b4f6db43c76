"""Rows of photos: the finished ones by digest, and uploads, open or ended. Their bytes are in
photo_folder.py."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql

from sync_server.store.engine import THESE, THIS_BUREAU, Tx
from sync_server.store.prepared import PreparedStatement
from sync_server.store.schema import photos, record_photos, records, unshown_photos, uploads

_SIZES = PreparedStatement(
    select(photos.c.sha256, photos.c.bytes).where(
        photos.c.bureau == THIS_BUREAU,
        photos.c.sha256.in_(THESE),
        photos.c.leaving_at.is_(None),
    )
)
_OPEN = and_(
    uploads.c.bureau == THIS_BUREAU,
    uploads.c.device.in_(THESE),
    uploads.c.ended.is_(None),
    uploads.c.expires_at > bindparam("now"),
)
_OPEN_COUNTS = PreparedStatement(
    select(uploads.c.device, func.count().label("open")).where(_OPEN).group_by(uploads.c.device)
)
_PHOTOS: BindParameter[Any] = bindparam("photos", expanding=True)
_OPEN_UPLOADS = PreparedStatement(
    select(uploads.c.device, uploads.c.sha256, uploads.c.upload).where(
        _OPEN, uploads.c.sha256.in_(_PHOTOS)
    )
)
# Sorted after it was read: with an ORDER BY, SQLite would read all uploads of the bureau.
_KNOWN_UPLOADS = PreparedStatement(
    select(uploads).where(
        uploads.c.bureau == THIS_BUREAU,
        uploads.c.device.in_(THESE),
        uploads.c.sha256.in_(_PHOTOS),
        uploads.c.expires_at > bindparam("now"),
    )
)
_THIS = and_(uploads.c.bureau == THIS_BUREAU, uploads.c.upload == bindparam("which"))
_EXPIRED = and_(uploads.c.bureau == THIS_BUREAU, uploads.c.expires_at <= bindparam("now"))
_UPLOAD, _DELETE_UPLOAD = (
    PreparedStatement(select(uploads).where(_THIS)),
    PreparedStatement(delete(uploads).where(_THIS)),
)
_END_UPLOAD = PreparedStatement(update(uploads).where(_THIS).values(ended=bindparam("photo")))
_DELETE_EXPIRED = PreparedStatement(delete(uploads).where(_EXPIRED))
_UPLOAD_IDS = PreparedStatement(select(uploads.c.upload).where(uploads.c.bureau == THIS_BUREAU))
_ADD_UPLOADS = PreparedStatement(insert(uploads))
# PostgreSQL's ON CONFLICT; SQLite understands it as well. One that was leaving stays.
_INSERT = postgresql.insert(photos)
_ADD = PreparedStatement(
    _INSERT.on_conflict_do_update(
        index_elements=[photos.c.bureau, photos.c.sha256],
        set_={"leaving_at": None, "stored_at": _INSERT.excluded.stored_at},
        where=photos.c.leaving_at.is_not(None),
    )
)
_NAMED = or_(
    *(
        exists().where(table.c.bureau == photos.c.bureau, table.c.sha256 == photos.c.sha256)
        for table in (record_photos, unshown_photos)
    )
)


def sizes(tx: Tx, digests: Collection[str]) -> dict[str, int]:
    """The sizes in bytes of those of these photos that are finished, by digest; without those that
    are leaving."""
    return {row.sha256: row.bytes for row in tx.rows_of(_SIZES, digests)}


def stored(tx: Tx, digests: Collection[str]) -> frozenset[str]:
    """Which of these photos are finished."""
    return frozenset(sizes(tx, digests))


def add(tx: Tx, finished: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """New finished photos: `sha256`, `bytes`, `width` and `height`. One that is given twice or
    known already is added once; one that was leaving stays. In one order everywhere: see
    `end_uploads`."""
    by_digest = {row["sha256"]: row for row in finished}
    rows = [{**row, "bureau": tx.bureau, "stored_at": now} for _, row in sorted(by_digest.items())]
    tx.run_each(_ADD, rows)


def upload(tx: Tx, name: str) -> Any:
    """The upload with this id, or None."""
    return next(iter(tx.rows(_UPLOAD, which=name)), None)


def open_uploads(
    tx: Tx, devices: Collection[str], digests: Collection[str], now: datetime
) -> dict[tuple[str, str], str]:
    """Ids of these devices' open uploads of these photos, by device and digest."""
    if not digests:
        return {}
    rows = tx.rows(_OPEN_UPLOADS, these=list(devices), photos=list(digests), now=now)
    return {(row.device, row.sha256): row.upload for row in rows}


def open_upload_counts(tx: Tx, devices: Collection[str], now: datetime) -> dict[str, int]:
    """How many uploads each of these devices has open; a device with none is left out."""
    if not devices:
        return {}
    rows = tx.rows(_OPEN_COUNTS, these=list(devices), now=now)
    return {row.device: row.open for row in rows}


def known_uploads(
    tx: Tx, devices: Collection[str], digests: Collection[str], now: datetime
) -> dict[tuple[str, str, int], dict[str, Any]]:
    """Unexpired uploads of these photos by these devices, open or ended, by device, digest and
    length in bytes; of several the one with the least id."""
    if not digests:
        return {}
    found = tx.rows(_KNOWN_UPLOADS, these=list(devices), photos=list(digests), now=now)
    rows = sorted(found, key=lambda row: row.upload, reverse=True)
    return {(row.device, row.sha256, row.length): row._asdict() for row in rows}


def add_uploads(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """New uploads: `upload`, `device`, `length`, `sha256`, `metadata`, `expires_at`, `ended`."""
    tx.run_each(_ADD_UPLOADS, [{**row, "bureau": tx.bureau} for row in rows])


def end_uploads(tx: Tx, ended: Mapping[str, str]) -> None:
    """These uploads have become photos: upload → digest. In one order everywhere, so that of two
    transactions with the same uploads neither waits for the other."""
    rows = [{"which": name, "photo": digest} for name, digest in sorted(ended.items())]
    tx.run_each(_END_UPLOAD, [{**row, "this_bureau": tx.bureau} for row in rows])


def delete_upload(tx: Tx, name: str) -> None:
    """Deletes an upload."""
    tx.rows(_DELETE_UPLOAD, which=name)


def delete_expired(tx: Tx, now: datetime) -> None:
    """Deletes all uploads that expired before `now`."""
    tx.rows(_DELETE_EXPIRED, now=now)


def upload_ids(tx: Tx) -> frozenset[str]:
    """The ids of all uploads."""
    return frozenset(row.upload for row in tx.rows(_UPLOAD_IDS))


def named_by(
    tx: Tx, authors: Collection[str], digests: Collection[str | None]
) -> set[tuple[str, str]]:
    """Which of these photos the shown revisions of these duty posts' records name: (post, digest).
    What was taken back names none."""
    if not authors:
        return set()
    here = and_(record_photos.c.bureau == tx.bureau, record_photos.c.sha256.in_(digests))
    same = and_(records.c.bureau == tx.bureau, records.c.id == record_photos.c.id)
    wanted = select(records.c.author, record_photos.c.sha256).join(records, same)
    theirs = and_(records.c.author.in_(authors), records.c.withdrawn_at.is_(None))
    return {(row.author, row.sha256) for row in tx.run(wanted.where(here, theirs))}


def unnamed(tx: Tx, stored_before: datetime) -> Sequence[str]:
    """The photos stored before then that no revision of any report names. Reads all photos."""
    here = and_(photos.c.bureau == tx.bureau, photos.c.stored_at < stored_before)
    wanted = select(photos.c.sha256).where(here, photos.c.leaving_at.is_(None), ~_NAMED)
    return tx.run(wanted).scalars().all()


def set_leaving(tx: Tx, digests: Collection[str], now: datetime) -> None:
    """From now on phones that ask about these photos are told that they are wanted."""
    here = and_(photos.c.bureau == tx.bureau, photos.c.sha256.in_(digests))
    tx.run(update(photos).where(here, ~_NAMED).values(leaving_at=now))


def delete_leaving(tx: Tx, since: datetime) -> Sequence[str]:
    """Deletes the rows of photos that have been leaving since then and that still no report names;
    returns their digests. One that a report names by now stays."""
    leaving = and_(photos.c.bureau == tx.bureau, photos.c.leaving_at <= since)
    tx.run(update(photos).where(leaving, _NAMED).values(leaving_at=None))
    return tx.run(delete(photos).where(leaving).returning(photos.c.sha256)).scalars().all()
