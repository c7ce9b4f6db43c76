"""Rows of photos: the finished ones by digest, and uploads, open or ended. Their bytes are in
photo_folder.py."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql

from sync_server.store.engine import THESE, THIS_BUREAU, Tx
from sync_server.store.prepared import PreparedStatement
from sync_server.store.schema import photos, uploads

_SIZES = PreparedStatement(
    select(photos.c.sha256, photos.c.bytes).where(
        photos.c.bureau == THIS_BUREAU, photos.c.sha256.in_(THESE)
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
# PostgreSQL's ON CONFLICT DO NOTHING; SQLite understands it as well.
_ADD = PreparedStatement(postgresql.insert(photos).on_conflict_do_nothing())


def sizes(tx: Tx, digests: Collection[str]) -> dict[str, int]:
    """The sizes in bytes of those of these photos that are finished, by digest."""
    return {row.sha256: row.bytes for row in tx.rows_of(_SIZES, digests)}


def stored(tx: Tx, digests: Collection[str]) -> frozenset[str]:
    """Which of these photos are finished."""
    return frozenset(sizes(tx, digests))


def add(tx: Tx, finished: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """New finished photos: `sha256`, `bytes`, `width` and `height`. One that is given twice or
    known already is added once. In one order everywhere: see `end_uploads`."""
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
