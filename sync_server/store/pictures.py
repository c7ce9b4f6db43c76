"""What is known of photos: the finished ones by digest, and the uploads under way."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, func, insert, select, update

from sync_server.store.engine import Tx
from sync_server.store.schema import photos, uploads


def kept(tx: Tx, digests: Collection[str]) -> dict[str, int]:
    """Which of these photos are finished: digest → bytes."""
    here = and_(photos.c.bureau == tx.bureau, photos.c.sha256.in_(digests))
    rows = tx.run(select(photos.c.sha256, photos.c.bytes).where(here)) if digests else ()
    return {row.sha256: row.bytes for row in rows}


def stored(tx: Tx, digests: Sequence[str]) -> frozenset[str]:
    """Which of these photos are finished."""
    here = and_(photos.c.bureau == tx.bureau, photos.c.sha256.in_(digests))
    return frozenset(tx.run(select(photos.c.sha256).where(here)).scalars())


def keep(tx: Tx, finished: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Finished photos by `sha256`, with `bytes`, `width` and `height`; one that comes twice, or is
    here already, is one."""
    by_digest = {row["sha256"]: row for row in finished}
    tx.claim(f"photo/{digest}" for digest in by_digest)
    new = [row for digest, row in by_digest.items() if digest not in kept(tx, by_digest)]
    if new:
        tx.run(insert(photos), [{**row, "bureau": tx.bureau, "stored_at": now} for row in new])


def upload(tx: Tx, name: str) -> Row[Any] | None:
    """One upload."""
    return tx.run(select(uploads).where(_this(tx, name))).one_or_none()


def under_way(tx: Tx, device: str, digests: Sequence[str], now: datetime) -> dict[str, str]:
    """This device's open uploads of these photos: digest → upload."""
    here = and_(_open(tx, [device], now), uploads.c.sha256.in_(digests))
    return {row.sha256: row.upload for row in tx.run(select(uploads).where(here))}


def open_counts(tx: Tx, devices: Collection[str], now: datetime) -> dict[str, int]:
    """How many uploads each of these devices has under way."""
    counted = select(uploads.c.device, func.count().label("under_way"))
    rows = tx.run(counted.where(_open(tx, devices, now)).group_by(uploads.c.device))
    return {row.device: int(row.under_way) for row in rows}


def begun(
    tx: Tx, devices: Collection[str], digests: Collection[str], now: datetime
) -> dict[tuple[str, str, int], dict[str, Any]]:
    """Uploads of these photos by these devices, open or finished, by device, digest and length."""
    if not digests:
        return {}
    here = and_(
        uploads.c.bureau == tx.bureau,
        uploads.c.device.in_(devices),
        uploads.c.sha256.in_(digests),
        uploads.c.expires_at > now,
    )
    rows = tx.run(select(uploads).where(here).order_by(uploads.c.upload.desc()))
    return {(row.device, row.sha256, row.length): dict(row._mapping) for row in rows}


def begin(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """New uploads."""
    if rows:
        tx.run(insert(uploads), [{**row, "bureau": tx.bureau} for row in rows])


def end(tx: Tx, ended: Mapping[str, str]) -> None:
    """Uploads have become photos: upload → digest."""
    this = and_(uploads.c.bureau == tx.bureau, uploads.c.upload == bindparam("which"))
    rows = [{"which": name, "what": digest} for name, digest in ended.items()]
    if rows:
        tx.run(update(uploads).where(this).values(ended=bindparam("what")), rows)


def forget(tx: Tx, name: str) -> None:
    """The upload is no more."""
    tx.run(delete(uploads).where(_this(tx, name)))


def sweep(tx: Tx, now: datetime) -> None:
    """Forgets all uploads whose time is over."""
    tx.run(delete(uploads).where(uploads.c.bureau == tx.bureau, uploads.c.expires_at <= now))


def names(tx: Tx) -> frozenset[str]:
    """All uploads known."""
    return frozenset(
        tx.run(select(uploads.c.upload).where(uploads.c.bureau == tx.bureau)).scalars()
    )


def _open(tx: Tx, devices: Collection[str], now: datetime) -> Any:
    return and_(
        uploads.c.bureau == tx.bureau,
        uploads.c.device.in_(devices),
        uploads.c.ended.is_(None),
        uploads.c.expires_at > now,
    )


def _this(tx: Tx, name: str) -> Any:
    return and_(uploads.c.bureau == tx.bureau, uploads.c.upload == name)
