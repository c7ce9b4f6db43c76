"""Sign-in: argon2id, a wait that doubles, and one error for whatever was wrong."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from sync_server.accounts import passwords, throttle
from sync_server.accounts.passwords import (
    OF_NAME_AND_NETWORK,
    OF_NETWORK,
    Attempt,
    WrongPassword,
    hash_password,
    sign_in,
)
from sync_server.accounts.throttle import Limit, Throttled, network_of
from sync_server.store import staff as people
from sync_server.store.engine import Store
from sync_server.store.schema import audit, staff, tries
from tests.sync_server.bureau import NOW, Bureau

SECRET = "a long enough password"
CHEAP = PasswordHasher(
    time_cost=1, memory_cost=8, parallelism=1
)  # there are hundreds of tries below


@pytest.fixture
def office(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    monkeypatch.setattr(passwords, "_NO_ACCOUNT", CHEAP.hash("nobody has this password"))
    kept = hash_password(SECRET)
    with bureau.store.writing() as tx:
        for post in ("shenhe1", "wg1"):
            people.set_password(tx, post, kept)
    return bureau


def fails(office: Bureau, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            sign_in(office.store, Attempt("shenhe1", "wrong"), NOW)


def test_the_right_password_opens(office: Bureau) -> None:
    assert sign_in(office.store, Attempt("shenhe1", SECRET), NOW).role == "SUPERVISOR"
    assert office.row(audit).what == "sign_in"


def test_only_argon2id_is_stored() -> None:
    assert hash_password(SECRET).startswith("$argon2id$")


@pytest.mark.parametrize("post", ["nobody", "wg1", "shequ1"])
def test_no_account_no_right_and_no_password_look_alike(office: Bureau, post: str) -> None:
    with pytest.raises(WrongPassword):
        sign_in(office.store, Attempt(post, SECRET), NOW)


FREE = OF_NAME_AND_NETWORK.free


def test_five_wrong_ones_cost_a_minute(office: Bureau) -> None:
    fails(office, FREE)
    right = Attempt("shenhe1", SECRET)
    with pytest.raises(Throttled) as throttled:
        sign_in(office.store, right, NOW + timedelta(seconds=59))
    assert throttled.value.until == NOW + timedelta(minutes=1)
    assert sign_in(office.store, right, NOW + timedelta(seconds=61)).staff == "shenhe1"


def answers(office: Bureau, attempt: Attempt, times: int) -> list[str]:
    said = []
    for n in range(times):
        try:
            sign_in(office.store, attempt, NOW + timedelta(seconds=n))
        except (WrongPassword, Throttled) as no:
            wait = str(no.until) if isinstance(no, Throttled) else ""
            said.append(f"{type(no).__name__} {wait}")
    return said


@pytest.mark.parametrize("name", ["nobody9", "", "wg1", "x" * 10_000, "a\ny", "\u202eadmin"])
def test_a_known_and_an_unknown_name_are_answered_alike(office: Bureau, name: str) -> None:
    known = answers(office, Attempt("shenhe1", "wrong", "192.0.2.1"), 12)
    assert answers(office, Attempt(name, "wrong", "192.0.2.2"), 12) == known


def test_a_known_and_an_unknown_name_write_as_much(office: Bureau) -> None:
    """Else the time that writing takes would tell them apart."""
    for n, name in enumerate(("shenhe1", "nobody")):
        answers(office, Attempt(name, "wrong", f"192.0.2.{n}"), 1)
    assert [row.what for row in office.rows(audit)] == ["sign_in_failed"] * 2
    assert [row.staff for row in office.rows(audit)] == ["shenhe1", "unknown"]


def test_nobody_elsewhere_keeps_a_post_out(office: Bureau) -> None:
    for n in range(40):
        answers(office, Attempt("shenhe1", "wrong", f"198.51.100.{n}"), FREE + 1)
    right = Attempt("shenhe1", SECRET, "192.0.2.7")
    assert sign_in(office.store, right, NOW).staff == "shenhe1"


def test_a_browser_that_is_known_is_not_slowed_down_by_its_neighbours(office: Bureau) -> None:
    with office.store.writing() as tx:
        people.note_browser(tx, "b" * 64, "shenhe1", NOW)
    for n in range(20):
        answers(office, Attempt(f"name{n}", "wrong", "192.0.2.1"), FREE + 1)
    answers(office, Attempt("shenhe1", "wrong", "192.0.2.1"), FREE + 1)
    known = Attempt("shenhe1", SECRET, "192.0.2.1", "b" * 64)
    with pytest.raises(Throttled):
        sign_in(office.store, Attempt("shenhe1", SECRET, "192.0.2.1"), NOW)
    with pytest.raises(Throttled):  # known for another post only
        sign_in(office.store, Attempt("ban1", SECRET, "192.0.2.1", "b" * 64), NOW)
    assert sign_in(office.store, known, NOW).staff == "shenhe1"


def test_a_known_browser_has_no_more_guesses_than_others(office: Bureau) -> None:
    with office.store.writing() as tx:
        people.note_browser(tx, "b" * 64, "shenhe1", NOW)
    said = answers(office, Attempt("shenhe1", "wrong", "192.0.2.1", "b" * 64), 8)
    assert [one.split()[0] for one in said] == ["WrongPassword"] * 5 + ["Throttled"] * 3


def test_one_network_cannot_go_through_all_names(office: Bureau) -> None:
    said = [
        answers(office, Attempt(f"n{n}", "x", "192.0.2.1"), 1)[0].split()[0]
        for n in range(OF_NETWORK.free + 5)
    ]
    assert said == ["WrongPassword"] * OF_NETWORK.free + ["Throttled"] * 5


def test_right_passwords_are_not_counted(office: Bureau) -> None:
    for _ in range(OF_NETWORK.free + 5):
        sign_in(office.store, Attempt("shenhe1", SECRET, "192.0.2.1"), NOW)
    assert office.count(tries) == 0


def test_the_wait_doubles_up_to_an_hour() -> None:
    limit = Limit(5, timedelta(minutes=1), timedelta(hours=1))
    waits = [limit.wait(count) for count in range(4, 13)]
    assert waits[0] is None
    assert [wait / timedelta(minutes=1) for wait in waits if wait] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_count_is_over_after_an_hour_without_a_wrong_try(office: Bureau) -> None:
    answers(office, Attempt("shenhe1", "wrong"), FREE)
    with pytest.raises(WrongPassword):
        sign_in(office.store, Attempt("shenhe1", "wrong"), NOW + timedelta(hours=2))
    assert {row.wrong for row in office.rows(tries)} == {1}


def test_guesses_at_the_same_moment_are_counted(office: Bureau) -> None:
    with ThreadPoolExecutor(12) as many:
        said = list(many.map(lambda _: answers(office, Attempt("shenhe1", "x"), 1)[0], range(12)))
    assert [one.split()[0] for one in said].count("WrongPassword") == FREE


def test_counts_outlive_the_program_and_are_forgotten_after_a_day(office: Bureau) -> None:
    answers(office, Attempt("shenhe1", "wrong", "192.0.2.1"), FREE)
    again = Bureau(office.settings, Store.open(office.settings.database, office.store.bureau))
    assert answers(again, Attempt("shenhe1", "wrong", "192.0.2.1"), 1)[0].startswith("Throttled")
    throttle.sweep(again.store, NOW + timedelta(hours=23))
    assert again.count(tries)
    throttle.sweep(again.store, NOW + timedelta(hours=25))
    assert not again.count(tries)
    again.store.close()


def test_no_address_is_stored(office: Bureau) -> None:
    answers(office, Attempt("shenhe1", "wrong", "192.0.2.1"), 1)
    assert all(len(row.subject) == 64 for row in office.rows(tries))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:0db8:0000:0000::/64"),
        ("2001:db8:0:0:ffff:ffff:ffff:ffff", "2001:0db8:0000:0000::/64"),
        ("2001:db8:0:1::1", "2001:0db8:0000:0001::/64"),
        ("fe80::1%eth0", "fe80:0000:0000:0000::/64"),
        ("", ""),
        ("unix:" + "x" * 100, "unix:" + "x" * 59),
    ],
)
def test_tries_are_counted_by_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_disabled_account_is_closed(office: Bureau) -> None:
    from sqlalchemy import update

    with office.store.writing() as tx:
        mine = update(staff).where(staff.c.bureau == tx.bureau, staff.c.staff == "shenhe1")
        tx.run(mine.values(disabled_at=NOW))
    with pytest.raises(WrongPassword):
        sign_in(office.store, Attempt("shenhe1", SECRET), NOW)
