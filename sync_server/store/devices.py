"""Phones, and the one-time codes with which they enrol."""

import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, insert, select, update

from sync_server.store.engine import THESE, THIS_BUREAU, DatabaseRow, Tx
from sync_server.store.prepared import PreparedStatement
from sync_server.store.readable import CANNOT_READ, NoAnswer
from sync_server.store.schema import devices, enrolments, staff

log = logging.getLogger("xuncha")

_OWN_STAFF = and_(staff.c.bureau == devices.c.bureau, staff.c.staff == devices.c.staff)
_COUNTED = (
    devices.c.used_arrivals,
    devices.c.used_bytes,
    devices.c.used_photos,
    devices.c.used_photo_bytes,
)
_USE = (devices.c.used_on, *_COUNTED)
_BY_TOKEN = PreparedStatement(
    select(
        devices.c.device,
        devices.c.staff,
        devices.c.token,
        devices.c.position,
        devices.c.hash,
        devices.c.revoked_at,
        *_USE,
        staff.c.grid,
        staff.c.community,
        staff.c.disabled_at,
        staff.c.last_answer,
    )
    .join(staff, _OWN_STAFF)
    .where(devices.c.bureau == THIS_BUREAU, devices.c.token.in_(THESE))
)
_BY_DEVICE = and_(devices.c.bureau == THIS_BUREAU, devices.c.device.in_(THESE))
_HEAD = (devices.c.position, devices.c.hash, devices.c.app, devices.c.seen_at, *_USE)
_LOCK_LEDGERS = PreparedStatement(
    select(devices.c.device, *_HEAD).where(_BY_DEVICE).order_by(devices.c.device).with_for_update()
)
_OWNERS = PreparedStatement(select(devices.c.device, devices.c.staff).where(_BY_DEVICE))
_THIS = and_(devices.c.bureau == THIS_BUREAU, devices.c.device == bindparam("which"))
_ADD_CALL = PreparedStatement(
    update(devices).where(_THIS).values({column.name: bindparam(column.name) for column in _HEAD})
)
_SAME_DAY = devices.c.used_on == bindparam("same_day")
_ADD_USE = PreparedStatement(
    update(devices)
    .where(_THIS)
    .values(
        {"used_on": bindparam("used_on")}
        | {one.name: case((_SAME_DAY, one), else_=0) + bindparam(one.name) for one in _COUNTED}
    )
)


def by_token(tx: Tx, tokens: Collection[str]) -> Mapping[str, Any]:
    """The devices with these hashed tokens, by token, with the `grid`, `community`, `disabled_at`
    and `last_answer` of their duty post. None for one whose row cannot be read: calls of many
    phones are looked up together, and one damaged row must not fail the others'."""
    try:
        return {row.token: row for row in tx.rows_of(_BY_TOKEN, tokens)}
    except NoAnswer:
        raise
    except CANNOT_READ as error:
        if len(tokens) > 1:
            alone = [by_token(tx, [token]) for token in tokens]
            return {token: row for found in alone for token, row in found.items()}
        log.error("the row of a phone cannot be read: %s", type(error).__name__)
        return dict.fromkeys(tokens)


def owners(tx: Tx, ids: Collection[str]) -> Mapping[str, str]:
    """The duty posts that these devices belong to, by device; an unknown device is left out."""
    return {row.device: row.staff for row in tx.rows_of(_OWNERS, ids)}


def add(tx: Tx, **device: object) -> None:
    """A new device, whose ledger is empty."""
    tx.run(insert(devices).values(bureau=tx.bureau, position=0, **device))


def lock_ledgers(tx: Tx, ids: Collection[str]) -> Mapping[str, Any]:
    """The head of each device's ledger (`position`, `hash`), its `app` and `seen_at`, and what it
    used on which day (`used_on`, `used_arrivals`, …), by device.
    The rows stay locked until the transaction ends; they are locked in one order everywhere, so
    that no two transactions wait for each other."""
    return {row.device: row for row in tx.rows_of(_LOCK_LEDGERS, ids)}


def add_calls(tx: Tx, rows: Iterable[Mapping[str, Any]]) -> None:
    """Stores what calls changed of their devices: `which` device, its ledger's new head
    (`position`, `hash`), `app`, `seen_at`, and what it used on which day."""
    tx.run_each(_ADD_CALL, [{"this_bureau": tx.bureau, **row} for row in rows])


def add_use(tx: Tx, more: Mapping[str, Mapping[str, Any]]) -> None:
    """Adds to what these devices used on a day (`used_on`, `used_arrivals`, …); what they used on
    another day counts no more. In one order everywhere, as in `lock_ledgers`."""
    rows = [{"which": device, **use, "same_day": use["used_on"]} for device, use in more.items()]
    rows.sort(key=lambda row: row["which"])
    tx.run_each(_ADD_USE, [{"this_bureau": tx.bureau, **row} for row in rows])


def revoke(tx: Tx, device: str, now: datetime) -> bool:
    """From now on this device's token is refused; False if there is no such device."""
    here = and_(devices.c.bureau == tx.bureau, devices.c.device == device)
    return bool(tx.run(update(devices).where(here).values(revoked_at=now)).rowcount)


def note_emptied(tx: Tx, device: str, now: datetime) -> None:
    """This revoked device said that it has nothing more to send."""
    here = and_(devices.c.bureau == tx.bureau, devices.c.device == device)
    tx.run(update(devices).where(here).values(emptied_at=now))


def leave(tx: Tx, device: str) -> tuple[datetime | None, datetime | None]:
    """When this device was revoked, and when it said that it sends nothing more; None for each that
    did not happen."""
    here = and_(devices.c.bureau == tx.bureau, devices.c.device == device)
    row = tx.run(select(devices.c.revoked_at, devices.c.emptied_at).where(here)).one_or_none()
    return (row.revoked_at, row.emptied_at) if row else (None, None)


def add_code(tx: Tx, code: str, public: str, post: str, expires_at: datetime) -> None:
    """A new one-time code for a duty post; `code` is its hash, `public` its first digits."""
    row = {"bureau": tx.bureau, "code": code, "public": public, "staff": post}
    tx.run(insert(enrolments).values(row | {"expires_at": expires_at}))


def code_row(tx: Tx, code: str) -> DatabaseRow | None:
    """The one-time code with this hash, or None: `staff`, `expires_at`, `used_at`, `wrong`."""
    here = and_(enrolments.c.bureau == tx.bureau, enrolments.c.code == code)
    return tx.run(select(enrolments).where(here)).one_or_none()


def has_code(tx: Tx, public: str) -> bool:
    """Whether there is an unused one-time code with these first digits."""
    return tx.run(select(enrolments.c.code).where(_unused(tx, public)).limit(1)).first() is not None


def count_wrong_guess(tx: Tx, public: str) -> None:
    """Somebody guessed at the one-time codes with these first digits."""
    here = update(enrolments).where(_unused(tx, public))
    tx.run(here.values(wrong=enrolments.c.wrong + 1))


def use_code(tx: Tx, code: str, now: datetime) -> None:
    """The code with this hash cannot be used again."""
    here = and_(enrolments.c.bureau == tx.bureau, enrolments.c.code == code)
    tx.run(update(enrolments).where(here).values(used_at=now))


def _unused(tx: Tx, public: str) -> Any:
    here = and_(enrolments.c.bureau == tx.bureau, enrolments.c.public == public)
    return and_(here, enrolments.c.used_at.is_(None))
