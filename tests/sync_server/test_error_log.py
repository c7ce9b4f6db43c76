"""What the log says of an error of ours: where it was raised, and nothing that a phone sent."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import httpx
import pytest

from sync_server.intake import receive
from sync_server.private_traceback import private_traceback
from sync_server.problem_responses import log_unforeseen
from tests.sync_server.bureau import Bureau, a_report, sent
from tests.sync_server.photographs import Sender
from tests.sync_server.serving import Server, problem

TYPED = "13800138000"  # what a worker typed


def a_broken_function(*_: object, **__: object) -> None:
    """Fails as code does that puts what it was given in its message."""
    try:
        raise KeyError(TYPED)
    except KeyError as error:
        raise ValueError(f"cannot read {TYPED}") from error


def traceback_of_a_broken_function() -> str:
    try:
        a_broken_function()
    except ValueError as error:
        return private_traceback(error)
    raise AssertionError


def says_where(log: str) -> bool:
    return TYPED not in log and "in a_broken_function" in log and "test_error_log.py:" in log


def test_a_private_traceback_names_types_and_places_of_the_whole_chain() -> None:
    lines = traceback_of_a_broken_function().splitlines()
    assert [line for line in lines if not line.startswith("  ")] == [
        "ValueError",
        "caused by KeyError",
    ]
    assert [line.rsplit(" in ")[-1] for line in lines if line.startswith("  ")] == [
        "traceback_of_a_broken_function",
        "a_broken_function",
        "a_broken_function",
    ]
    assert says_where("\n".join(lines))


def test_a_context_that_is_not_suppressed_belongs_to_it() -> None:
    error = ValueError()
    error.__context__ = KeyError()
    assert private_traceback(error).splitlines() == ["ValueError", "caused by KeyError"]
    error.__suppress_context__ = True
    assert private_traceback(error) == "ValueError"


def test_a_chain_that_leads_back_to_itself_ends() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert private_traceback(first).splitlines() == ["ValueError", "caused by KeyError"]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """All that is logged, also by uvicorn, whose loggers do not hand on to the root."""
    uvicorn = logging.getLogger("uvicorn")
    uvicorn.addHandler(caplog.handler)
    yield caplog
    uvicorn.removeHandler(caplog.handler)


BROKEN = {
    "sync": "sync_server.accounts.phones.phones_of",
    "photos": "sync_server.photos.uploads.sender_of",
    "enrolment": "sync_server.accounts.phones.enrol",
}


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize("where", BROKEN)
def test_an_error_of_ours_is_logged_once_and_without_what_was_typed(
    sender: Sender,
    bureau: Bureau,
    log: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    asked = {"code": bureau.code(), "model": "示例手机"}
    monkeypatch.setattr(BROKEN[where], a_broken_function)
    calls: dict[str, Callable[[], httpx.Response]] = {
        "sync": lambda: sender.server.sync(sender.handset),
        "photos": lambda: sender.patch("/v1/photos/1", 0, b""),
        "enrolment": lambda: sender.server.client.post("/v1/enrolments", json=asked),
    }
    assert problem(calls[where]()) == (500, "internal")
    assert says_where(log.text)
    assert log.text.count("caused by KeyError") == 1


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_report_that_could_not_be_recorded_is_logged_without_what_was_typed(
    server: Server,
    bureau: Bureau,
    log: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone = bureau.enrol()
    monkeypatch.setattr(receive, "record", a_broken_function)
    answer = server.sync(phone, sent(a_report(phone)))
    assert b'"unprocessable"' in answer.content
    assert says_where(log.text)
    whole_call, one_call, one_arrival = (record.getMessage() for record in log.records)
    assert whole_call.startswith("a batch failed")
    assert one_call.startswith("a call failed")
    assert one_arrival.startswith("an arrival failed")


def test_a_path_begins_no_line_of_the_log(log: pytest.LogCaptureFixture) -> None:
    log_unforeseen("GET", "/records/1\n2026-11-20 ERROR all is lost/照片", KeyError())
    (line,) = log.text.splitlines()
    assert line.endswith(
        "GET /records/1%0A2026-11-20%20ERROR%20all%20is%20lost/%E7%85%A7%E7%89%87: KeyError"
    )


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_who_goes_away_in_the_middle_of_a_form_is_no_error_of_ours(
    server: Server, log: pytest.LogCaptureFixture
) -> None:
    head = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
    with closing(socket.create_connection(("127.0.0.1", server.port))) as line:
        line.sendall(head + b"Content-Type: application/x-www-form-urlencoded\r\n\r\na")
        time.sleep(0.1)
    for _ in range(3):
        assert server.client.get("/healthz").text == "ok\n"
        time.sleep(0.05)
    assert log.text == ""
