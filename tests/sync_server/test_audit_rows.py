"""Which deeds are rows of the audit log, what these never say, and how many there can be."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest

import sync_server
from sync_server import __main__ as program
from sync_server.accounts.passwords import Attempt, WrongPassword, sign_in
from sync_server.accounts.throttle import Throttled
from sync_server.auditing.chains import walk
from sync_server.auditing.repeats import add_repeats
from sync_server.console.words import sentences
from sync_server.store.schema import audit, audit_repeats
from tests.sync_server.bureau import NOW, Bureau


def said(bureau: Bureau) -> list[tuple[str, str, str, str]]:
    return [(row.staff, row.what, row.subject, row.reason) for row in bureau.rows(audit)]


def guesses(bureau: Bureau, name: str, number: int, seconds: float = 0.0) -> None:
    """Wrong passwords for a name, each from another network."""
    for n in range(number):
        attempt = Attempt(name, "wrong", f"2001:db8:{n:x}::1")
        with pytest.raises((WrongPassword, Throttled)):
            sign_in(bureau.store, attempt, NOW + timedelta(seconds=seconds))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing takes no time here."""
    monkeypatch.setattr("sync_server.accounts.passwords._matches", lambda *_: False)


def test_a_code_and_the_phone_that_it_enrolled_are_rows(bureau: Bureau) -> None:
    device = bureau.enrol("wg1").phone.device
    assert said(bureau) == [
        ("technician", "issue_code", "wg1", ""),
        ("wg1", "enrol", device, ""),
    ]


def test_a_new_password_is_a_row(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _: "a long enough password")
    assert program._password(bureau.settings, "shenhe1") == 0
    assert said(bureau) == [("technician", "password_changed", "shenhe1", "")]


def test_a_name_that_nobody_has_is_stored_nowhere(bureau: Bureau) -> None:
    """It may be a person's, or a password that was typed into the wrong field."""
    guesses(bureau, "my secret password", 3)
    add_repeats(bureau.store, NOW + timedelta(minutes=2))
    assert {row[0] for row in said(bureau)} == {"unknown"}
    assert "secret" not in str(said(bureau)) + str(bureau.rows(audit_repeats))


def test_of_many_wrong_sign_ins_a_minute_has_two_rows(bureau: Bureau) -> None:
    for n in range(3):
        guesses(bureau, f"nobody{n}", 10, n * 20.0 - 0.001 * n)
    guesses(bureau, "nobody", 1, 61)
    assert said(bureau) == [
        ("unknown", "sign_in_failed", "", ""),
        ("unknown", "sign_in_failed", "", "x29"),
        ("unknown", "sign_in_failed", "", ""),
    ]
    with bureau.store.reading() as tx:
        assert walk(tx, "audit").fault is None


def test_counts_become_rows_when_their_minute_is_over(bureau: Bureau) -> None:
    guesses(bureau, "nobody", 4)
    add_repeats(bureau.store, NOW + timedelta(seconds=59))
    assert [row[3] for row in said(bureau)] == [""]
    for _ in range(2):
        add_repeats(bureau.store, NOW + timedelta(seconds=60))
    assert [row[3] for row in said(bureau)] == ["", "x3"]
    assert bureau.count(audit_repeats) == 0


def test_a_clock_set_back_holds_nothing_up(bureau: Bureau) -> None:
    guesses(bureau, "nobody", 2)
    guesses(bureau, "nobody", 1, -3_600)
    assert [row[3] for row in said(bureau)] == ["", "x1", ""]
    add_repeats(bureau.store, NOW - timedelta(hours=3))
    assert bureau.count(audit_repeats) == 0


def test_every_kind_of_row_has_words() -> None:
    """The kinds are literals: the third argument of AuditEntry, the fourth of note_view."""
    sources = Path(sync_server.__file__).parent.rglob("*.py")
    calls = [node for path in sources for node in ast.walk(ast.parse(path.read_text()))]
    kinds = {
        call.args[at].value  # type: ignore[attr-defined]  # of a constant
        for call in calls
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        for at in [{"AuditEntry": 2, "note_view": 3}.get(call.func.id, len(call.args))]
        if at < len(call.args) and isinstance(call.args[at], ast.Constant)
    }
    assert len(kinds) > 12
    assert {f"audit.what.{kind!s}" for kind in kinds} <= sentences().keys()
