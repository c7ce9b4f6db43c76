"""What one connection may hold, and for how long; and that others get in all the same."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from sync_server import serve
from sync_server.settings import CONNECTION_VARIABLES, ConnectionLimits, Settings
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
            assert line.recv(1_000).endswith(b"ok\n")


def test_a_handshake_of_tls_has_a_deadline(
    bureau: Bureau, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "HANDSHAKE_S", 0.5)
    certificate, key = a_certificate(tmp_path, "xuncha")
    own = replace(bureau.settings, certificate=str(certificate), certificate_key=str(key))
    with serving(own) as server:
        with connected(server) as line:
            line.settimeout(4)
            assert read_to_end(line) == b""
        context = ssl.create_default_context(cafile=str(certificate))
        context.check_hostname = False
        with connected(server) as line, context.wrap_socket(line) as safe:
            safe.settimeout(4)
            assert read_to_end(safe) == b""


def test_every_limit_is_a_setting() -> None:
    told = {name: str(n + 1) for n, name in enumerate(CONNECTION_VARIABLES)}
    found = Settings.from_environment(told)
    assert found.connections == ConnectionLimits(1, 2, 3, 4, 5, 6, 7)
    assert Settings.from_environment(found.environment()) == found
    assert set(CONNECTION_VARIABLES.values()) == set(ConnectionLimits.__dataclass_fields__)


def test_there_are_never_more_connections_than_files() -> None:
    guard = ConnectionGuard(ConnectionLimits(most=10**9))
    assert guard._most < most_files()
    assert threading.active_count() < guard._most
