"""The audit log: a hash chain that shows every change, and that no code deletes (rule L11)."""

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

import sync_server
from sync_server.auditing.chains import walk
from sync_server.store import audit_log, chain
from sync_server.store.audit_log import AuditEntry
from sync_server.store.schema import audit
from tests.sync_server.bureau import NOW, Bureau

STAYS = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS audit_stays_update",
        "DROP TRIGGER IF EXISTS audit_stays_delete",
    ),
    "postgresql": ("SET session_replication_role = replica",),
}


def noted(bureau: Bureau, size: int) -> None:
    with bureau.store.writing() as tx:
        for n in range(size):
            at = NOW + timedelta(seconds=n, microseconds=n)
            audit_log.note(tx, AuditEntry(at, "shenhe1", "view_photo", f"record-{n}", "核看"))


def broken_at(bureau: Bureau) -> tuple[int, str] | None:
    with bureau.store.reading() as tx:
        fault = walk(tx, "audit").fault
    return (fault.n, fault.code.value) if fault else None


def tamper(bureau: Bureau, write: str) -> None:
    """As somebody with the administrator's password would."""
    with bureau.store.engine.begin() as connection:
        for drop in STAYS[connection.dialect.name]:
            connection.execute(text(drop))
        connection.execute(text(f"{write} AND bureau = '{bureau.store.bureau}'"))
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = DEFAULT"))


def test_a_log_nobody_touched_is_whole(bureau: Bureau) -> None:
    noted(bureau, 5)
    assert [row.n for row in bureau.rows(audit)] == [1, 2, 3, 4, 5]
    assert broken_at(bureau) is None


@pytest.mark.parametrize(
    ("write", "at"),
    [
        ("UPDATE audit SET staff = 'other' WHERE n = 2", (2, "changed")),
        ("UPDATE audit SET reason = '' WHERE n = 3", (3, "changed")),
        ("UPDATE audit SET subject = 'record-9' WHERE n = 1", (1, "changed")),
        ("UPDATE audit SET what = 'view_record' WHERE n = 5", (5, "changed")),
        ("UPDATE audit SET at = '2026-11-20 12:00:00+00' WHERE n = 4", (4, "changed")),
        ("UPDATE audit SET hash = 'x' WHERE n = 4", (4, "changed")),
        ("UPDATE audit SET before = 'x' WHERE n = 4", (4, "relinked")),
        ("UPDATE audit SET n = 9 WHERE n = 4", (4, "missing")),
        ("DELETE FROM audit WHERE n = 2", (2, "missing")),
        ("DELETE FROM audit WHERE n < 3", (1, "missing")),
    ],
)
def test_tampering_shows(bureau: Bureau, write: str, at: tuple[int, str]) -> None:
    noted(bureau, 5)
    tamper(bureau, write)
    assert broken_at(bureau) == at


def test_a_row_whose_hash_was_computed_anew_shows_in_the_next(bureau: Bureau) -> None:
    noted(bureau, 3)
    [first, second, _] = bureau.rows(audit)
    forged = replace(AuditEntry.of(second), staff="other").link(first.hash, 2)
    tamper(bureau, f"UPDATE audit SET staff = 'other', hash = '{forged}' WHERE n = 2")  # noqa: S608
    assert broken_at(bureau) == (3, "relinked")


def test_a_text_cannot_move_from_one_field_to_the_next(bureau: Bureau) -> None:
    """The fields are hashed with a sign between them, which no field has."""
    with bureau.store.writing() as tx:
        audit_log.note(tx, AuditEntry(NOW, "a", "import", "x" * 99 + "\x1fy", "f\x1fg"))
    row = bureau.row(audit)
    assert (row.subject, row.reason) == ("x" * 99 + " ", "f g")
    assert broken_at(bureau) is None


def test_a_chain_longer_than_what_is_read_together_is_walked_whole(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "AT_ONCE", 3)
    noted(bureau, 10)
    with bureau.store.reading() as tx:
        assert walk(tx, "audit").rows == 10
    tamper(bureau, "UPDATE audit SET staff = 'other' WHERE n = 9")
    assert broken_at(bureau) == (9, "changed")


def test_no_code_changes_or_deletes_what_stays() -> None:
    """`update(audit)`, `delete(arrivals)` and the like, anywhere in the program."""
    stays = {"audit", "arrivals", "case_events", "answers", "quarantine"}
    for path in Path(sync_server.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                names = {arg.id for arg in node.args if isinstance(arg, ast.Name)}
                assert node.func.id not in {"update", "delete"} or not names & stays, path
