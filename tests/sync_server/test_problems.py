"""Every problem has a status and a code of its own, and a test that meets it."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from contract import wire
from contract.protocol import Outcome, ProblemDetails
from sync_server import problems
from sync_server.problems import Problem
from sync_server.store.schema import arrivals, records
from tests.sync_server.bureau import Bureau, a_report, sent
from tests.sync_server.serving import Server, problem

KINDS = [kind for kind in vars(problems).values() if isinstance(kind, type)]
CODES = {
    kind.__name__: kind.code
    for kind in KINDS
    if issubclass(kind, Problem) and kind.code != Problem.code
}


def test_no_code_means_two_things() -> None:
    assert len(set(CODES.values())) == len(CODES)


def test_a_test_meets_every_code() -> None:
    text = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))

    def is_met(name: str, code: str) -> bool:
        ways = (f'"{code}"', f"raises({name})", f"raises(problems.{name})")
        return any(way in text for way in ways)

    assert [name for name, code in CODES.items() if not is_met(name, code)] == []


def test_the_protocol_page_explains_every_code() -> None:
    page = (Path(__file__).parents[2] / "docs/protocol.md").read_text()
    assert [code for code in (*CODES.values(), *Outcome) if f"`{code}`" not in page] == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_full_database_confirms_nothing_and_goes_on_when_there_is_room(bureau: Bureau) -> None:
    """SQLite's limit on pages takes the place of a full disk."""
    phone, room = bureau.enrol(), {"pages": 1}

    def limited(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {room['pages']}")

    event.listen(bureau.store.engine, "checkout", limited)
    things = [sent(a_report(phone, note="字" * 190)) for _ in range(50)]
    with pytest.raises(problems.StorageFull):
        bureau.receive(phone, *things)
    assert (bureau.count(records), bureau.count(arrivals)) == (0, 0)
    room["pages"] = 2**30
    assert [one.position for one in bureau.receive(phone, *things).receipts] == list(range(1, 51))


def test_a_database_that_does_not_answer_is_busy(bureau: Bureau) -> None:
    def broken(*_: object) -> None:
        raise OperationalError("SELECT secret", {}, Exception("connection lost"))

    event.listen(bureau.store.engine, "begin", broken)
    with pytest.raises(problems.Busy) as busy, bureau.store.writing():
        pass
    assert "secret" not in str(busy.value)
    assert busy.value.retry_after
    event.remove(bureau.store.engine, "begin", broken)


def test_a_problem_is_whole(server: Server) -> None:
    answer = server.client.get("/v1/nothing")
    assert problem(answer) == (404, "not_found")
    body = wire.decode(ProblemDetails, answer.content)
    assert (body.type, body.title) == ("urn:xuncha:problem:not_found", "not found")
