"""The audit log: a hash chain that shows every change, and that no code deletes (rule L11)."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

import sync_server
from sync_server.store import audit_log
from sync_server.store.audit_log import AuditEntry
from sync_server.store.schema import audit
from tests.sync_server.bureau import NOW, Bureau

STAYS = {
    "sqlite": ("DROP TRIGGER audit_stays_update", "DROP TRIGGER audit_stays_delete"),
    "postgresql": ("SET session_replication_role = replica",),
}


def noted(bureau: Bureau, size: int) -> None:
    with bureau.store.writing() as tx:
        for n in range(size):
            at = NOW + timedelta(seconds=n, microseconds=n)
            audit_log.note(tx, AuditEntry(at, "shenhe1", "view_photo", f"record-{n}", "核看"))


def broken_at(bureau: Bureau) -> int | None:
    with bureau.store.reading() as tx:
        return audit_log.broken_at(tx)


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
        ("UPDATE audit SET staff = 'other' WHERE n = 2", 2),
        ("UPDATE audit SET reason = '' WHERE n = 3", 3),
        ("UPDATE audit SET subject = 'record-9' WHERE n = 1", 1),
        ("UPDATE audit SET what = 'view_record' WHERE n = 5", 5),
        ("UPDATE audit SET hash = 'x' WHERE n = 4", 4),
        ("DELETE FROM audit WHERE n = 2", 3),
        ("DELETE FROM audit WHERE n = 1", 2),
    ],
)
def test_tampering_shows(bureau: Bureau, write: str, at: int) -> None:
    noted(bureau, 5)
    tamper(bureau, write)
    assert broken_at(bureau) == at


def test_no_code_changes_or_deletes_what_stays() -> None:
    """`update(audit)`, `delete(arrivals)` and the like, anywhere in the program."""
    stays = {"audit", "arrivals", "case_events", "answers", "quarantine"}
    for path in Path(sync_server.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                names = {arg.id for arg in node.args if isinstance(arg, ast.Name)}
                assert node.func.id not in {"update", "delete"} or not names & stays, path
