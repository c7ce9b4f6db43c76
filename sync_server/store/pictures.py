"""Which photos are stored, and which uploads are under way."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, select, update

from sync_server.store.engine import Tx
from sync_server.store.schema import photos, uploads

REFUSED = "-"  # stands in `uploads.ended` when the finished picture was not taken


def stored(tx: Tx, digests: Iterable[str]) -> set[str]:
    """Which of these digests are stored."""
    here = and_(photos.c.bureau == tx.bureau, photos.c.sha256.in_(list(digests)))
    return set(tx.run(select(photos.c.sha256).where(here)).scalars())


def keep(tx: Tx, sha256: str, **row: object) -> None:
    """A finished photo; the same one again changes nothing."""
    tx.claim(f"photo/{sha256}")
    if sha256 not in stored(tx, [sha256]):
        tx.run(insert(photos).values(bureau=tx.bureau, sha256=sha256, **row))


def begin(tx: Tx, **row: object) -> None:
    """A new upload."""
    tx.run(insert(uploads).values(bureau=tx.bureau, **row))


def upload(tx: Tx, device: str, name: str) -> Row[Any] | None:
    """An upload of this device, whatever its state."""
    here = and_(_this(tx, name), uploads.c.device == device)
    return tx.run(select(uploads).where(here)).one_or_none()


def open_uploads(tx: Tx, device: str, digests: Iterable[str], now: datetime) -> dict[str, str]:
    """The device's unfinished uploads of these announced digests: digest → upload."""
    here = and_(
        uploads.c.bureau == tx.bureau,
        uploads.c.device == device,
        uploads.c.sha256.in_(list(digests)),
        uploads.c.ended.is_(None),
        uploads.c.expires_at > now,
    )
    return {row.sha256: row.upload for row in tx.run(select(uploads).where(here))}


def count_open(tx: Tx, device: str, now: datetime) -> int:
    """How many uploads a device has under way."""
    here = and_(
        uploads.c.bureau == tx.bureau,
        uploads.c.device == device,
        uploads.c.ended.is_(None),
        uploads.c.expires_at > now,
    )
    return int(tx.run(select(func.count()).select_from(uploads).where(here)).scalar_one())


def end(tx: Tx, name: str, ended: str) -> None:
    """The upload is finished (`ended` is the digest) or REFUSED."""
    tx.run(update(uploads).where(_this(tx, name)).values(ended=ended))


def forget(tx: Tx, name: str) -> None:
    """The upload was given up."""
    tx.run(delete(uploads).where(_this(tx, name)))


def expired(tx: Tx, now: datetime) -> Sequence[str]:
    """Uploads that nobody finished in time, or that ended before."""
    here = and_(uploads.c.bureau == tx.bureau, uploads.c.expires_at <= now)
    return tx.run(select(uploads.c.upload).where(here)).scalars().all()


def _this(tx: Tx, name: str) -> Any:
    return and_(uploads.c.bureau == tx.bureau, uploads.c.upload == name)
