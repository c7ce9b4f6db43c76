"""What is known of photos: the finished ones by digest, and the uploads under way."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql

from sync_server.store.engine import HERE, MANY, Tx
from sync_server.store.prepared import Prepared
from sync_server.store.schema import photos, uploads

_KEPT = Prepared(
    select(photos.c.sha256, photos.c.bytes).where(
        photos.c.bureau == HERE, photos.c.sha256.in_(MANY)
    )
)
_OPEN = and_(
    uploads.c.bureau == HERE,
    uploads.c.device.in_(MANY),
    uploads.c.ended.is_(None),
    uploads.c.expires_at > bindparam("now"),
)
_OPEN_COUNTS = Prepared(
    select(uploads.c.device, func.count().label("under_way"))
    .where(_OPEN)
    .group_by(uploads.c.device)
)
_PHOTOS: BindParameter[Any] = bindparam("photos", expanding=True)
_UNDER_WAY = Prepared(
    select(uploads.c.device, uploads.c.sha256, uploads.c.upload).where(
        _OPEN, uploads.c.sha256.in_(_PHOTOS)
    )
)
# Put in order after it was read: asked for the order, SQLite reads all uploads of the bureau.
_BEGUN = Prepared(
    select(uploads).where(
        uploads.c.bureau == HERE,
        uploads.c.device.in_(MANY),
        uploads.c.sha256.in_(_PHOTOS),
        uploads.c.expires_at > bindparam("now"),
    )
)
_THIS = and_(uploads.c.bureau == HERE, uploads.c.upload == bindparam("which"))
_OVER = and_(uploads.c.bureau == HERE, uploads.c.expires_at <= bindparam("now"))
_UPLOAD, _FORGET = Prepared(select(uploads).where(_THIS)), Prepared(delete(uploads).where(_THIS))
_END = Prepared(update(uploads).where(_THIS).values(ended=bindparam("photo")))
_SWEEP = Prepared(delete(uploads).where(_OVER))
_NAMES = Prepared(select(uploads.c.upload).where(uploads.c.bureau == HERE))
_BEGIN = Prepared(insert(uploads))
# SQLite understands it as well.
_KEEP = Prepared(postgresql.insert(photos).on_conflict_do_nothing())


def kept(tx: Tx, digests: Collection[str]) -> dict[str, int]:
    """Which of these photos are finished: digest → bytes."""
    return {row.sha256: row.bytes for row in tx.many(_KEPT, digests)}


def stored(tx: Tx, digests: Collection[str]) -> frozenset[str]:
    """Which of these photos are finished."""
    return frozenset(kept(tx, digests))


def keep(tx: Tx, finished: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Finished photos by `sha256`, with `bytes`, `width` and `height`; one that comes twice, or is
    here already, is one. In one order everywhere: see `end`."""
    by_digest = {row["sha256"]: row for row in finished}
    rows = [{**row, "bureau": tx.bureau, "stored_at": now} for _, row in sorted(by_digest.items())]
    tx.put(_KEEP, rows)


def upload(tx: Tx, name: str) -> Any:
    """One upload, or None."""
    return next(iter(tx.here(_UPLOAD, which=name)), None)


def under_way(
    tx: Tx, devices: Collection[str], digests: Collection[str], now: datetime
) -> dict[tuple[str, str], str]:
    """These devices' open uploads of these photos: device and digest → upload."""
    if not digests:
        return {}
    rows = tx.here(_UNDER_WAY, many=list(devices), photos=list(digests), now=now)
    return {(row.device, row.sha256): row.upload for row in rows}


def open_counts(tx: Tx, devices: Collection[str], now: datetime) -> dict[str, int]:
    """How many uploads each of these devices has under way."""
    if not devices:
        return {}
    rows = tx.here(_OPEN_COUNTS, many=list(devices), now=now)
    return {row.device: row.under_way for row in rows}


def begun(
    tx: Tx, devices: Collection[str], digests: Collection[str], now: datetime
) -> dict[tuple[str, str, int], dict[str, Any]]:
    """Uploads of these photos by these devices, open or finished, by device, digest and length."""
    if not digests:
        return {}
    found = tx.here(_BEGUN, many=list(devices), photos=list(digests), now=now)
    rows = sorted(found, key=lambda row: row.upload, reverse=True)
    return {(row.device, row.sha256, row.length): row._asdict() for row in rows}


def begin(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """New uploads."""
    tx.put(_BEGIN, [{**row, "bureau": tx.bureau} for row in rows])


def end(tx: Tx, ended: Mapping[str, str]) -> None:
    """Uploads have become photos: upload → digest. In one order everywhere, so that of two groups
    with the same ones neither waits for the other."""
    rows = [{"which": name, "photo": digest} for name, digest in sorted(ended.items())]
    tx.put(_END, [{**row, "here": tx.bureau} for row in rows])


def forget(tx: Tx, name: str) -> None:
    """The upload is no more."""
    tx.here(_FORGET, which=name)


def sweep(tx: Tx, now: datetime) -> None:
    """Forgets all uploads whose time is over."""
    tx.here(_SWEEP, now=now)


def names(tx: Tx) -> frozenset[str]:
    """All uploads known."""
    return frozenset(row.upload for row in tx.here(_NAMES))
