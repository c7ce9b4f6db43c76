"""Phones and the one-time codes that make them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, insert, select, update

from sync_server.store.engine import Tx
from sync_server.store.schema import devices, enrolments, staff

_AT_HOME = and_(staff.c.bureau == devices.c.bureau, staff.c.staff == devices.c.staff)


def by_token(tx: Tx, token: str) -> Row[Any] | None:
    """The device with this hashed token, with its worker's grid, community and `disabled_at`."""
    found = (
        select(devices, staff.c.grid, staff.c.community, staff.c.disabled_at)
        .join(staff, _AT_HOME)
        .where(devices.c.bureau == tx.bureau, devices.c.token == token)
    )
    return tx.run(found).one_or_none()


def add(tx: Tx, **device: object) -> None:
    """A new device at the beginning of its ledger."""
    tx.run(insert(devices).values(bureau=tx.bureau, position=0, **device))


def of(tx: Tx, worker: str) -> frozenset[str]:
    """All devices that this worker ever had."""
    here = and_(devices.c.bureau == tx.bureau, devices.c.staff == worker)
    return frozenset(tx.run(select(devices.c.device).where(here)).scalars())


def head(tx: Tx, device: str) -> Row[Any]:
    """The head of the device's ledger (`position`, `hash`), held until the transaction ends."""
    found = select(devices.c.position, devices.c.hash).where(_this(tx, device))
    return tx.run(found.with_for_update()).one()


def advance(tx: Tx, device: str, position: int, hash: str) -> None:
    """The ledger's new head."""
    tx.run(update(devices).where(_this(tx, device)).values(position=position, hash=hash))


def seen(tx: Tx, device: str, app: str, now: datetime) -> None:
    """When the device last called, and with which version."""
    tx.run(update(devices).where(_this(tx, device)).values(app=app, seen_at=now))


def revoke(tx: Tx, device: str, now: datetime) -> bool:
    """From now on this device's token opens nothing; False when there is no such device."""
    return bool(tx.run(update(devices).where(_this(tx, device)).values(revoked_at=now)).rowcount)


def offer(tx: Tx, code: str, worker: str, expires_at: datetime) -> None:
    """A hashed one-time code for a worker."""
    row = {"bureau": tx.bureau, "code": code, "staff": worker, "expires_at": expires_at}
    tx.run(insert(enrolments).values(row))


def offered(tx: Tx, code: str) -> Row[Any] | None:
    """What is known of a hashed code."""
    here = and_(enrolments.c.bureau == tx.bureau, enrolments.c.code == code)
    return tx.run(select(enrolments).where(here)).one_or_none()


def spend(tx: Tx, code: str, now: datetime) -> None:
    """The code is used up."""
    here = and_(enrolments.c.bureau == tx.bureau, enrolments.c.code == code)
    tx.run(update(enrolments).where(here).values(used_at=now))


def _this(tx: Tx, device: str) -> Any:
    return and_(devices.c.bureau == tx.bureau, devices.c.device == device)
