"""The web host: closed to other sites, and every profile its own phone."""

import asyncio
import gc
import os
from pathlib import Path
from typing import Any, ClassVar

import msgpack  # type: ignore[import-untyped]  # it ships no types
import pytest

pytest.importorskip("flet_web", reason="extra: a phone carries no web host")
pytest.importorskip("uvicorn", reason="extra: a phone carries no web host")

import uvicorn
from flet.messaging.protocol import Message, MessageAction
from flet.messaging.session import Session

from contract.protocol import EnrolmentRequest
from demo.field import main
from fieldapp.adapters.cryptography_cipher import AesCipher
from fieldapp.app import open_ports
from fieldapp.platforms.host import installation_of
from fieldapp.ports import Offline, Refused
from fieldapp.ui.words import sentences
from fieldapp.web import (
    HANDLE_RESULTS,
    browser_secret,
    build_web_app,
    has_room,
)
from fieldapp.web_door import MAX_SOCKETS, SecuredApp, is_our_name, same_origin
from main import on_phone
from tests.fieldapp.headless import Headless

pytestmark = pytest.mark.asyncio
HOST = (b"host", b"127.0.0.1:8001")
BUREAU = "http://127.0.0.1:1"
FIRST_PAGE = {"route": "/", "platform": "android", "web": True, "width": 390, "height": 844}


def frame(action: int, body: Any) -> dict[str, Any]:
    """A frame as a page sends it."""
    return {"type": "websocket.receive", "bytes": b"\0" + msgpack.packb([action, body])}


BEGIN = frame(1, {"session_id": None, "page_name": "", "page": FIRST_PAGE})
UNREADABLE = {
    "text": {"type": "websocket.receive", "text": "hello"},
    "no msgpack": {"type": "websocket.receive", "bytes": b"\0\xc1"},
    "cut": {"type": "websocket.receive", "bytes": BEGIN["bytes"][:-5]},
    "no action": frame(99, {}),
    "no body": frame(1, {}),
    "a number": {"type": "websocket.receive", "bytes": b"\0\x07"},
}


class Shelf:
    """A browser profile's own storage."""

    held: ClassVar[dict[str, str]] = {}

    async def get(self, key: str) -> str | None:
        return self.held.get(key)

    async def set(self, key: str, value: str) -> bool:
        self.held[key] = value
        return True


def use(monkeypatch: pytest.MonkeyPatch, held: dict[str, str]) -> None:
    monkeypatch.setattr("flet.SharedPreferences", Shelf)
    monkeypatch.setattr(Shelf, "held", held)


async def answer(scope: dict[str, Any], headers: list[tuple[bytes, bytes]]) -> list[Any]:
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def send(message: Any) -> None:
        sent.append(message)

    await SecuredApp(app)(scope, None, send)
    return sent


async def test_every_answer_forbids_foreign_hosts() -> None:
    star = (b"access-control-allow-origin", b"*")
    alone = (b"cross-origin-embedder-policy", b"require-corp")
    (start,) = await answer({"type": "http", "headers": [HOST]}, [star, alone])
    names = dict(start["headers"])
    assert b"default-src 'self'" in names[b"content-security-policy"]
    assert b"http" not in names[b"content-security-policy"]
    assert b"access-control-allow-origin" not in names
    assert b"cross-origin-embedder-policy" not in names  # see decision 0025


async def test_a_socket_from_another_site_is_closed() -> None:
    headers = [(b"origin", b"http://elsewhere.example"), (b"host", b"127.0.0.1:8001")]
    (closed,) = await answer({"type": "websocket", "headers": headers}, [])
    assert closed["type"] == "websocket.close"


async def test_only_a_name_of_this_machine_is_answered() -> None:
    """A page that rebinds its own DNS name to us calls by that name."""
    names = {
        b"127.0.0.1:8001": (True, True),
        b"localhost:8001": (True, True),
        b"[::1]:8001": (True, True),
        b"192.168.1.7:8001": (False, True),
        b"[fe80::1]": (False, True),
        b"rebound.example:8001": (False, False),
        b"127.0.0.1.rebound.example": (False, False),
        b"localhost.rebound.example": (False, False),
        b"rebound.example@127.0.0.1.x": (False, False),
        b"[::1": (False, False),
        b"": (False, False),
    }
    found = {
        name: tuple(is_our_name([(b"host", name)], beyond) for beyond in (False, True))
        for name in names
    }
    assert found == names
    assert not is_our_name([], True) and not is_our_name([HOST, HOST], True)


async def test_a_page_that_calls_by_its_own_name_reads_nothing() -> None:
    foreign = (b"host", b"rebound.example:8001")
    own = (b"origin", b"http://rebound.example:8001")
    start, body = await answer({"type": "http", "headers": [foreign]}, [])
    assert (start["status"], body.get("body")) == (421, None)
    (closed,) = await answer({"type": "websocket", "headers": [foreign, own]}, [])
    assert closed["type"] == "websocket.close"


async def test_no_more_pages_are_open_than_the_host_bears() -> None:
    leave, sent = asyncio.Event(), list[Any]()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await leave.wait()

    async def send(message: Any) -> None:
        sent.append(message)

    door, scope = SecuredApp(app), {"type": "websocket", "headers": [HOST]}
    pages = [asyncio.create_task(door(scope, None, send)) for _ in range(MAX_SOCKETS + 1)]
    await asyncio.sleep(0)
    assert [(one["type"], one["code"]) for one in sent] == [("websocket.close", 1013)]
    leave.set()
    await asyncio.gather(*pages)
    await door(scope, None, send)
    assert len(sent) == 1


async def test_a_socket_from_this_site_is_let_in() -> None:
    assert same_origin([(b"origin", b"http://127.0.0.1:8001"), (b"host", b"127.0.0.1:8001")])


async def test_a_page_that_goes_while_it_is_written_to_is_heard_of() -> None:
    heard: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.send", "bytes": b"a screen"})
        heard.append(await receive())

    async def receive() -> Any:
        return {"type": "websocket.disconnect", "code": 1006}

    async def send(message: Any) -> None:
        raise ConnectionResetError(message)

    await SecuredApp(app)({"type": "websocket", "headers": [HOST]}, receive, send)
    assert [one["type"] for one in heard] == ["websocket.disconnect"]


async def test_a_profile_finds_its_phone_again_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(monkeypatch, {})
    page: Any = None
    first = await browser_secret(page)
    assert await browser_secret(page) == first
    use(monkeypatch, {})
    assert await browser_secret(page) != first


async def test_the_folder_does_not_tell_the_secret(tmp_path: Path) -> None:
    secret = "ab" * 32
    folder = installation_of(tmp_path, secret, "").folder
    assert folder.name not in secret and secret not in str(folder)


async def test_who_has_the_hosts_disk_cannot_read_a_safe(tmp_path: Path) -> None:
    mine = installation_of(tmp_path, "ab" * 32, "")
    await mine.safe.put("storage_key", "the key itself")
    assert (
        await installation_of(tmp_path, "ab" * 32, "").safe.get("storage_key") == "the key itself"
    )
    kept = (mine.folder / "safe" / "storage_key").read_bytes()
    assert kept and b"the key itself" not in kept
    for guess in ("", mine.folder.name, "cd" * 32):
        folder = installation_of(tmp_path, guess, "").folder
        (folder / "safe" / "storage_key").write_bytes(kept)
        with pytest.raises(OSError, match="does not open"):
            await installation_of(tmp_path, guess, "").safe.get("storage_key")


@pytest.mark.parametrize("held", ["../../etc", "", "x" * 5])
async def test_a_forged_secret_is_replaced(monkeypatch: pytest.MonkeyPatch, held: str) -> None:
    use(monkeypatch, {"phone": held})
    page: Any = None
    assert len(await browser_secret(page)) == 64
    assert Shelf.held["phone"] != held


async def test_an_answer_to_a_control_that_is_gone_breaks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it the browser loses its connection when a screen with a camera is left."""
    monkeypatch.setattr(
        Session, "handle_invoke_method_results", HANDLE_RESULTS
    )  # undone at the end
    session: Any = Session.__new__(Session)
    called, session._Session__method_call_results = asyncio.Event(), {}
    session._Session__index, session._Session__method_calls = {8: None}, {"call": called}
    with pytest.raises(RuntimeError, match="not registered"):
        session.handle_invoke_method_results(7, "call", "late", None)
    build_web_app(tmp_path, BUREAU)
    session.handle_invoke_method_results(7, "call", "late", None)
    assert not called.is_set()
    session.handle_invoke_method_results(8, "call", "in time", None)
    assert called.is_set() and session._Session__method_call_results == {called: ("in time", None)}


async def test_no_message_is_written_out_for_a_log(tmp_path: Path) -> None:
    build_web_app(tmp_path, BUREAU)
    assert "a note" not in f"{Message(MessageAction.INVOKE_METHOD, 'a note')}"


async def visited(app: Any, *said: Any, pause_s: float = 0) -> bytes:
    """What a page is sent that connects, says this with a pause before the last word, and stays.
    Raises TimeoutError if its socket is not ended by the app."""
    left, sent = [{"type": "websocket.connect"}, *said], list[bytes]()

    async def receive() -> Any:
        if not left:
            await asyncio.Event().wait()
        await asyncio.sleep(pause_s if len(left) == 1 else 0)
        return left.pop(0)

    async def send(message: Any) -> None:
        sent.append(message.get("bytes", b""))

    scope = {"type": "websocket", "path": "/ws", "headers": [HOST], "query_string": b""}
    async with asyncio.timeout(2):
        await app(scope, receive, send)
    return b"".join(sent)


@pytest.mark.parametrize("begun", [(), (BEGIN,)])
async def test_a_frame_that_cannot_be_read_ends_its_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun: tuple[Any, ...]
) -> None:
    use(monkeypatch, {"phone": "ab" * 32})
    app = build_web_app(tmp_path, BUREAU)
    held = []
    for name, unreadable in UNREADABLE.items():
        try:
            await visited(app, *begun, unreadable)
        except TimeoutError:
            held.append(name)
    assert held == []


async def test_no_more_phones_are_made_than_the_host_has_room_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldapp.web.MAX_PHONES", 2)
    first, second, third = (tmp_path / "phones" / name for name in "abc")
    assert has_room(first) and has_room(second) and not has_room(third)
    assert has_room(first)
    assert not third.exists()


async def test_a_browser_is_told_that_the_host_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, {})
    monkeypatch.setattr("fieldapp.web.MAX_PHONES", 0)
    shown = await visited(build_web_app(tmp_path, BUREAU), BEGIN, UNREADABLE["cut"], pause_s=0.3)
    assert all(said.encode() in shown for said in sentences()["why.host_full"])
    assert os.listdir(tmp_path) == []


async def test_a_typed_address_reaches_no_other_server(tmp_path: Path) -> None:
    """Else whoever opens the page could have the host call any server in its network."""
    mine = installation_of(tmp_path, "ab" * 32, BUREAU)
    link = open_ports(mine, AesCipher(bytes(32))).link
    asked = EnrolmentRequest(code="12345678", model="")
    for address in ("http://127.0.0.1:2", "https://127.0.0.1:1", "https://bureau.example"):
        with pytest.raises(Refused, match="other_bureau"):
            await link.enrol(asked, address)
    with pytest.raises(Offline, match="no_road"):
        await link.enrol(asked, BUREAU)


async def test_a_host_without_an_address_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="bad_address"):
        build_web_app(tmp_path, "")


def started(
    monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str
) -> tuple[int, dict[str, Any]]:
    """The exit status of the program, and what uvicorn was asked for."""
    asked: dict[str, Any] = {}
    monkeypatch.setattr(uvicorn, "run", lambda app, **more: asked.update(more, app=app))
    monkeypatch.setenv("XUNCHA_PHONES", str(folder))
    monkeypatch.setenv("XUNCHA_SERVER", BUREAU)
    try:
        return main([*arguments, "--port", "8001"]), asked | {"frozen": gc.get_freeze_count()}
    finally:
        gc.unfreeze()  # this process goes on with other tests


@pytest.mark.parametrize("host", ["0.0.0.1", "::", "192.168.1.7", "bureau.example", ""])
async def test_it_listens_beyond_this_machine_only_when_told_so(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    host: str,
) -> None:
    status, asked = started(monkeypatch, tmp_path, "--host", host)
    assert (status, "host" in asked) == (2, False)
    assert "--i-know" in capsys.readouterr().err
    status, asked = started(monkeypatch, tmp_path, "--host", host, "--i-know")
    assert (status, asked["host"]) == (0, host)


async def test_at_start_it_says_that_it_is_for_trying_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, asked = started(monkeypatch, tmp_path)
    said = capsys.readouterr().out
    assert (status, asked["host"]) == (0, "127.0.0.1")
    assert "只供试用" in said and "for trying things out" in said
    assert asked["frozen"] > 0  # what is loaded is not looked through again


async def test_the_program_of_phones_serves_no_browser() -> None:
    with pytest.raises(RuntimeError, match="make run"):
        async with Headless(on_phone, web=True):
            pass
