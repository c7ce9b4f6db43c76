"""Sign-in: argon2id, a lock that doubles, and one error for whatever was wrong."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from sync_server.accounts.passwords import (
    FREE_TRIES,
    Locked,
    WrongPassword,
    hash_password,
    locked_until,
    sign_in,
)
from sync_server.store import staff as people
from sync_server.store.schema import audit, staff
from tests.sync_server.bureau import NOW, Bureau

SECRET = "a long enough password"


@pytest.fixture
def office(bureau: Bureau) -> Bureau:
    kept = hash_password(SECRET)
    with bureau.store.writing() as tx:
        for post in ("shenhe1", "wg1"):
            people.set_password(tx, post, kept)
    return bureau


def fails(office: Bureau, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            sign_in(office.store, "shenhe1", "wrong", NOW)


def test_the_right_password_opens(office: Bureau) -> None:
    assert sign_in(office.store, "shenhe1", SECRET, NOW).role == "SUPERVISOR"
    assert office.row(audit).what == "sign_in"


def test_only_argon2id_is_stored() -> None:
    assert hash_password(SECRET).startswith("$argon2id$")


@pytest.mark.parametrize("post", ["nobody", "wg1", "shequ1"])
def test_no_account_no_right_and_no_password_look_alike(office: Bureau, post: str) -> None:
    with pytest.raises(WrongPassword):
        sign_in(office.store, post, SECRET, NOW)


def test_five_wrong_ones_lock_for_a_minute(office: Bureau) -> None:
    fails(office, FREE_TRIES)
    with pytest.raises(Locked) as locked:
        sign_in(office.store, "shenhe1", SECRET, NOW + timedelta(seconds=59))
    assert locked.value.until == NOW + timedelta(minutes=1)
    assert sign_in(office.store, "shenhe1", SECRET, NOW + timedelta(seconds=61)).staff == "shenhe1"
    assert office.row(staff, staff="shenhe1").failures == 0


def test_the_lock_doubles_up_to_an_hour() -> None:
    minutes = [locked_until(n, NOW) for n in range(4, 13)]
    assert minutes[0] is None
    spans = [round((until - NOW) / timedelta(minutes=1)) for until in minutes[1:] if until]
    assert spans == [1, 2, 4, 8, 16, 32, 60, 60]


def test_guesses_at_the_same_moment_are_counted(office: Bureau) -> None:
    def guess(_: int) -> str:
        try:
            sign_in(office.store, "shenhe1", "wrong", NOW)
        except (WrongPassword, Locked) as no:
            return type(no).__name__
        return "in"

    with ThreadPoolExecutor(12) as many:
        said = list(many.map(guess, range(12)))
    assert said.count("WrongPassword") == FREE_TRIES
    assert said.count("Locked") == 12 - FREE_TRIES


def test_a_disabled_account_is_closed(office: Bureau) -> None:
    from sqlalchemy import update

    with office.store.writing() as tx:
        mine = update(staff).where(staff.c.bureau == tx.bureau, staff.c.staff == "shenhe1")
        tx.run(mine.values(disabled_at=NOW))
    with pytest.raises(WrongPassword):
        sign_in(office.store, "shenhe1", SECRET, NOW)
