"""The web host: closed to other sites, and every profile its own phone."""

import asyncio
import gc
from pathlib import Path
from typing import Any, ClassVar

import pytest

pytest.importorskip("flet_web", reason="extra: a phone carries no web host")

from flet.messaging.protocol import Message, MessageAction
from flet.messaging.session import Session

from demo.field import app
from fieldapp.web import (
    HANDLE_RESULTS,
    SecuredApp,
    browser_secret,
    build_web_app,
    installation_of,
    same_origin,
)

pytestmark = pytest.mark.asyncio


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
    (start,) = await answer({"type": "http", "headers": []}, [star, alone])
    names = dict(start["headers"])
    assert b"default-src 'self'" in names[b"content-security-policy"]
    assert b"http" not in names[b"content-security-policy"]
    assert b"access-control-allow-origin" not in names
    assert b"cross-origin-embedder-policy" not in names  # see decision 0025


async def test_a_socket_from_another_site_is_closed() -> None:
    headers = [(b"origin", b"http://elsewhere.example"), (b"host", b"127.0.0.1:8001")]
    (closed,) = await answer({"type": "websocket", "headers": headers}, [])
    assert closed["type"] == "websocket.close"


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

    await SecuredApp(app)({"type": "websocket", "headers": []}, receive, send)
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
    build_web_app(tmp_path, "http://127.0.0.1:1")
    session.handle_invoke_method_results(7, "call", "late", None)
    assert not called.is_set()
    session.handle_invoke_method_results(8, "call", "in time", None)
    assert called.is_set() and session._Session__method_call_results == {called: ("in time", None)}


async def test_no_message_is_written_out_for_a_log(tmp_path: Path) -> None:
    build_web_app(tmp_path, "http://127.0.0.1:1")
    assert "a note" not in f"{Message(MessageAction.INVOKE_METHOD, 'a note')}"


async def test_what_is_loaded_is_not_looked_through_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUNCHA_PHONES", str(tmp_path))
    monkeypatch.setenv("XUNCHA_SERVER", "http://127.0.0.1:1")
    try:
        app()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()  # this process goes on with other tests
