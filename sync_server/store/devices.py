"""Phones and the one-time codes that make them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, insert, select, update

from sync_server.store.engine import HERE, MANY, Tx
from sync_server.store.prepared import Prepared
from sync_server.store.schema import devices, enrolments, staff

_AT_HOME = and_(staff.c.bureau == devices.c.bureau, staff.c.staff == devices.c.staff)
_SIGNED_IN = Prepared(
    select(
        devices.c.device,
        devices.c.staff,
        devices.c.token,
        devices.c.position,
        devices.c.hash,
        devices.c.revoked_at,
        staff.c.grid,
        staff.c.community,
        staff.c.disabled_at,
        staff.c.last_answer,
    )
    .join(staff, _AT_HOME)
    .where(devices.c.bureau == HERE, devices.c.token.in_(MANY))
)
_THESE = and_(devices.c.bureau == HERE, devices.c.device.in_(MANY))
_HEAD = (devices.c.position, devices.c.hash, devices.c.app, devices.c.seen_at)
_HEADS = Prepared(
    select(devices.c.device, *_HEAD).where(_THESE).order_by(devices.c.device).with_for_update()
)
_OWNERS = Prepared(select(devices.c.device, devices.c.staff).where(_THESE))
_CALLED = Prepared(
    update(devices)
    .where(devices.c.bureau == HERE, devices.c.device == bindparam("which"))
    .values({column.name: bindparam(column.name) for column in _HEAD})
)


def by_token(tx: Tx, tokens: Collection[str]) -> Mapping[str, Any]:
    """The devices with these hashed tokens, with their worker's grid, community, `disabled_at` and
    `last_answer`."""
    return {row.token: row for row in tx.many(_SIGNED_IN, tokens)}


def owners(tx: Tx, named: Collection[str]) -> Mapping[str, str]:
    """Which duty posts these devices belong to; one that is not known here is left out."""
    return {row.device: row.staff for row in tx.many(_OWNERS, named)}


def add(tx: Tx, **device: object) -> None:
    """A new device at the beginning of its ledger."""
    tx.run(insert(devices).values(bureau=tx.bureau, position=0, **device))


def heads(tx: Tx, named: Collection[str]) -> Mapping[str, Any]:
    """Of these devices the head of the ledger (`position`, `hash`), `app` and `seen_at`, held until
    the transaction ends: in one order everywhere, so that no two wait for each other."""
    return {row.device: row for row in tx.many(_HEADS, named)}


def called(tx: Tx, rows: Iterable[Mapping[str, Any]]) -> None:
    """What a call leaves of its device: `which`, its ledger's head (`position`, `hash`), `app` and
    `seen_at`."""
    tx.put(_CALLED, [{"here": tx.bureau, **row} for row in rows])


def revoke(tx: Tx, device: str, now: datetime) -> bool:
    """From now on this device's token opens nothing; False when there is no such device."""
    here = and_(devices.c.bureau == tx.bureau, devices.c.device == device)
    return bool(tx.run(update(devices).where(here).values(revoked_at=now)).rowcount)


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
