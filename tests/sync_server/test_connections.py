"""What one connection may hold, and for how long; and that others get in all the same."""

import asyncio
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI

from sync_server import serve
from sync_server.settings import (
    CONNECTION_VARIABLES,
    DAILY_VARIABLES,
    ConnectionLimits,
    DailyQuota,
    Settings,
)
from sync_server.web import handshakes
from sync_server.web.connections import ConnectionGuard, most_files
from tests.certificates import a_certificate
from tests.sync_server.bureau import Bureau
from tests.sync_server.serving import Server, serving

QUICK = ConnectionLimits(
    most=60, of_one=40, head_s=0.5, body_s=0.5, body_pace=100_000, unread_s=0.5, head_bytes=8_192
)
SYNC = b"POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{"
ENROL = b"POST /v1/enrolments HTTP/1.1\r\nHost: x\r\nContent-Length: 3000\r\n\r\n{"
FORM = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
PHOTO = (
    b"POST /v1/photos/ HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Length: 2000\r\n"
    b"Content-Type: application/offset+octet-stream\r\nContent-Length: 2000\r\n\r\nx"
)
UNFINISHED = {
    "nothing": b"",
    "half a line": b"GET",
    "half a head": b"GET / HTTP/1.1\r\nX: ",
    "empty lines": b"\r\n\r\n",
    "body of a sync call": SYNC,
    "body of an enrolment": ENROL,
    "body of a sign-in": FORM + b"Content-Length: 10000\r\n\r\na",
    "body of a photo": PHOTO,
    "body of a page": b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\na",
    "chunks": FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    "trailers": FORM + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: ",
    "a second head": b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """On SQLite alone: no database is asked here."""
    return Settings(f"sqlite:///{tmp_path}/bureau.db", tmp_path / "photos", connections=QUICK)


@contextmanager
def connected(server: Server, said: bytes = b"") -> Iterator[socket.socket]:
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=10)) as line:
        line.sendall(said)
        yield line


def read_to_end(line: socket.socket) -> bytes:
    """All that came until the server closed. It resets a connection whose bytes it has not read,
    and that is an end as well; what it holds open times out."""
    came = b""
    with suppress(ConnectionError):
        while piece := line.recv(65_536):
            came += piece
    return came


def keep_sending(line: socket.socket, piece: bytes, times: int, pause: float) -> None:
    """Raises ConnectionError once the server has closed."""
    for _ in range(times):
        line.sendall(piece)
        time.sleep(pause)


def is_well(server: Server) -> bool:
    with connected(
        server, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    ) as line:
        return read_to_end(line).endswith(b"ok\n")


def test_a_body_whose_end_could_be_read_in_two_ways_is_refused(server: Server) -> None:
    """Else a proxy and the server may see different requests in one stream (smuggling)."""
    second = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    doubtful = {
        "both": b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second,
        "two lengths": b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "a space": b"Content-Length : 3\r\n\r\nabc",
        "a sign": b"Content-Length: +3\r\n\r\nabc",
        "another coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + second,
        "a hexadecimal chunk": b"Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
        "a folded header": b"X: a\r\n Content-Length: 3\r\n\r\nabc",
    }
    taken = []
    for name, rest in doubtful.items():
        with connected(server, FORM + rest) as line:
            if not read_to_end(line).startswith(b"HTTP/1.1 400 "):
                taken.append(name)
    assert taken == []


@pytest.mark.parametrize("name", UNFINISHED)
def test_what_is_not_finished_is_not_held(server: Server, name: str) -> None:
    with connected(server, UNFINISHED[name]) as line:
        line.settimeout(4)
        answer = read_to_end(line)  # times out if it is held
    assert not answer.strip() or answer.startswith(b"HTTP/1.1 ")
    assert is_well(server)


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\nX: ", SYNC])
def test_a_byte_now_and_then_holds_nothing(server: Server, said: bytes) -> None:
    with connected(server, said) as line, pytest.raises(ConnectionError):
        keep_sending(line, b" ", 40, 0.1)


def test_who_is_late_is_told_so(server: Server) -> None:
    with connected(server, SYNC) as line:
        assert read_to_end(line).startswith(b"HTTP/1.1 408 ")


def test_a_slow_body_that_keeps_its_pace_is_read(bureau: Bureau) -> None:
    paced = replace(QUICK, body_pace=100)
    with serving(replace(bureau.settings, connections=paced)) as server:
        head = FORM + b"Content-Length: 1500\r\nConnection: close\r\n\r\n"
        with connected(server, head) as line:
            for _ in range(15):
                line.sendall(b"a" * 100)
                time.sleep(0.1)
            assert b"403" in read_to_end(line).split(b"\r\n")[0]


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: ",
        b"GET /",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nCookie: a=",
        FORM + b"Transfer-Encoding: chunked\r\n\r\n5;",
        FORM + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: ",
        b"A",
    ],
)
def test_what_does_not_end_is_ended(server: Server, begun: bytes) -> None:
    with connected(server, begun) as line, pytest.raises(ConnectionError):
        keep_sending(line, b"a" * 100_000, 100, 0.01)
    assert is_well(server)


def test_many_small_headers_are_ended_too(server: Server) -> None:
    with connected(server, b"GET /healthz HTTP/1.1\r\n") as line:
        line.sendall(b"a: b\r\n" * 5_000 + b"\r\n")
        assert b" 200 " not in read_to_end(line)


def test_a_head_of_ordinary_size_is_read(server: Server) -> None:
    answer = server.client.get("/healthz", headers={"Cookie": "a=" + "b" * 6_000})
    assert answer.status_code == 200


def test_a_body_after_its_answer_is_not_read_for_ever(server: Server) -> None:
    head = b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"
    with connected(server, head) as line, pytest.raises(ConnectionError):
        keep_sending(line, b"a" * 100_000, 200, 0.001)


def test_silent_connections_make_room_for_who_speaks(server: Server) -> None:
    with ExitStack() as lines:
        for _ in range(5 * QUICK.of_one):
            lines.enter_context(connected(server))
        assert is_well(server)


def test_unfinished_bodies_make_room_for_who_speaks(server: Server) -> None:
    with ExitStack() as lines:
        for _ in range(2 * QUICK.of_one):
            lines.enter_context(connected(server, SYNC))
        assert is_well(server)


def test_connections_are_counted_back(server: Server) -> None:
    for _ in range(3 * QUICK.most):
        assert is_well(server)
    assert server.client.get("/healthz").status_code == 200


def test_who_does_not_read_is_dropped(server: Server) -> None:
    asked = b"GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
    with closing(socket.socket()) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        line.connect(("127.0.0.1", server.port))
        line.settimeout(8)
        with pytest.raises(ConnectionError):
            keep_sending(line, asked, 4_000, 0.002)


def test_a_connection_is_used_again(server: Server) -> None:
    ask = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with connected(server) as line:
        for _ in range(3):
            time.sleep(0.3)
            line.sendall(ask)
            assert line.recv(4_000).endswith(b"ok\n")


@contextmanager
def speaking_tls(settings: Settings, folder: Path) -> Iterator[tuple[Server, ssl.SSLContext]]:
    """The server with a certificate of its own, and what its clients believe."""
    certificate, key = a_certificate(folder, "xuncha")
    own = replace(settings, certificate=str(certificate), certificate_key=str(key))
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    with serving(own) as server:
        yield server, context


def is_well_by_tls(server: Server, context: ssl.SSLContext) -> bool:
    asked = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with connected(server) as line, context.wrap_socket(line) as safe:
        safe.sendall(asked)
        return read_to_end(safe).endswith(b"ok\n")


def test_tls_is_of_a_version_that_is_safe(settings: Settings, tmp_path: Path) -> None:
    certificate, key = a_certificate(tmp_path, "xuncha")
    own = replace(settings, certificate=str(certificate), certificate_key=str(key))
    config = serve.config(FastAPI(), **serve.options(own))
    config.load()
    assert config.ssl and config.ssl.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_a_handshake_of_tls_has_a_deadline(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handshakes, "HANDSHAKE_S", 0.5)
    with speaking_tls(settings, tmp_path) as (server, context):
        for said in (b"", b"\x16\x03\x01\x02\x00"):
            with connected(server, said) as line:
                line.settimeout(4)
                assert not read_to_end(line)
        with connected(server) as line, context.wrap_socket(line) as safe:
            safe.settimeout(4)
            assert read_to_end(safe) == b""


def test_handshakes_that_are_not_finished_make_room_for_who_speaks(
    settings: Settings, tmp_path: Path
) -> None:
    with speaking_tls(settings, tmp_path) as (server, context), ExitStack() as lines:
        begun = [lines.enter_context(connected(server)) for _ in range(2 * QUICK.of_one)]
        assert is_well_by_tls(server, context)
        ended, _, _ = select.select(begun, [], [], 0)
        assert len(ended) > QUICK.of_one  # long before their deadline


def test_handshakes_are_counted_back(settings: Settings, tmp_path: Path) -> None:
    with speaking_tls(settings, tmp_path) as (server, context):
        for said in (b"", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01"):
            for _ in range(QUICK.most):
                with connected(server, said):
                    pass
        with ExitStack() as lines:  # each of them would be closed, were those still counted
            some = [lines.enter_context(connected(server)) for _ in range(QUICK.of_one - 2)]
            assert is_well_by_tls(server, context)
            assert select.select(some, [], [], 0)[0] == []


def test_every_limit_is_a_setting() -> None:
    told = {name: str(n + 1) for n, name in enumerate(CONNECTION_VARIABLES)}
    told |= {name: str(10**9 + n) for n, name in enumerate(DAILY_VARIABLES)}
    found = Settings.from_environment(told)
    assert found.connections == ConnectionLimits(1, 2, 3, 4, 5, 6, 7)
    assert found.limits.daily == DailyQuota(10**9, 10**9 + 1, 10**9 + 2, 10**9 + 3)
    assert Settings.from_environment(found.environment()) == found
    assert set(CONNECTION_VARIABLES.values()) == set(ConnectionLimits.__dataclass_fields__)
    assert set(DAILY_VARIABLES.values()) == set(DailyQuota.__dataclass_fields__)


def test_there_are_never_more_connections_than_files() -> None:
    guard = ConnectionGuard(ConnectionLimits(most=10**9))
    assert guard._most < most_files()
    assert threading.active_count() < guard._most


def test_a_request_that_the_end_of_the_server_cuts_short_is_no_error() -> None:
    """uvicorn logs a traceback of whatever an app raises, and of one that says nothing."""
    closed: list[bool] = []
    transport = SimpleNamespace(close=lambda: closed.append(True))
    cycle: Any = SimpleNamespace(disconnected=False, transport=transport)

    async def slow(*_: object) -> None:
        raise asyncio.CancelledError

    async def nothing(*_: object) -> Any:
        return None

    asyncio.run(serve._run_with_buffered_body(cycle, slow, {}, nothing, nothing))
    assert cycle.disconnected and closed == [True]
