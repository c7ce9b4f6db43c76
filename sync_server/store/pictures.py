"""What is known of photos: the finished ones by digest, and the uploads under way."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, select, update

from sync_server.store.engine import Tx
from sync_server.store.schema import photos, uploads


def photo(tx: Tx, sha256: str) -> Row[Any] | None:
    """A finished photo."""
    here = and_(photos.c.bureau == tx.bureau, photos.c.sha256 == sha256)
    return tx.run(select(photos).where(here)).one_or_none()


def stored(tx: Tx, digests: Sequence[str]) -> frozenset[str]:
    """Which of these photos are finished."""
    here = and_(photos.c.bureau == tx.bureau, photos.c.sha256.in_(digests))
    return frozenset(tx.run(select(photos.c.sha256).where(here)).scalars())


def keep(tx: Tx, sha256: str, size: tuple[int, int, int], now: datetime) -> None:
    """A finished photo of `size` = bytes, width, height; the same one twice is one."""
    tx.claim([f"photo/{sha256}"])
    if photo(tx, sha256) is None:
        bytes_, width, height = size
        row = {"sha256": sha256, "bytes": bytes_, "width": width, "height": height}
        tx.run(insert(photos).values(bureau=tx.bureau, stored_at=now, **row))


def upload(tx: Tx, name: str) -> Row[Any] | None:
    """One upload."""
    return tx.run(select(uploads).where(_this(tx, name))).one_or_none()


def under_way(tx: Tx, device: str, digests: Sequence[str], now: datetime) -> dict[str, str]:
    """This device's open uploads of these photos: digest → upload."""
    here = and_(_open(tx, device, now), uploads.c.sha256.in_(digests))
    return {row.sha256: row.upload for row in tx.run(select(uploads).where(here))}


def open_count(tx: Tx, device: str, now: datetime) -> int:
    """How many uploads this device has under way."""
    counted = select(func.count()).select_from(uploads).where(_open(tx, device, now))
    return int(tx.run(counted).scalar_one())


def begun(tx: Tx, device: str, sha256: str, length: int, now: datetime) -> Row[Any] | None:
    """This device's upload of this very photo, open or finished."""
    here = and_(
        uploads.c.bureau == tx.bureau,
        uploads.c.device == device,
        uploads.c.sha256 == sha256,
        uploads.c.length == length,
        uploads.c.expires_at > now,
    )
    return tx.run(select(uploads).where(here).order_by(uploads.c.upload).limit(1)).one_or_none()


def begin(tx: Tx, **row: object) -> None:
    """A new upload."""
    tx.run(insert(uploads).values(bureau=tx.bureau, **row))


def end(tx: Tx, name: str, sha256: str) -> None:
    """The upload has become a photo."""
    tx.run(update(uploads).where(_this(tx, name)).values(ended=sha256))


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


def _open(tx: Tx, device: str, now: datetime) -> Any:
    return and_(
        uploads.c.bureau == tx.bureau,
        uploads.c.device == device,
        uploads.c.ended.is_(None),
        uploads.c.expires_at > now,
    )


def _this(tx: Tx, name: str) -> Any:
    return and_(uploads.c.bureau == tx.bureau, uploads.c.upload == name)
