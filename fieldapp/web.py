"""The field app for browsers: each browser profile is a phone; no page contacts another host."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

import flet as ft
import flet_web.fastapi as flet_web
from flet.messaging.protocol import Message
from flet.messaging.session import Session

from fieldapp.adapters.ciphers import AesCipher
from fieldapp.adapters.file_safe import FileSafe
from fieldapp.app import Installation, set_theme, start_app

ASSETS = Path(__file__).parent.parent / "assets"
PREFERENCE = "phone"  # under this name a browser profile keeps the secret of its phone
SESSION_TIMEOUT_S = 1
HANDLE_RESULTS = Session.handle_invoke_method_results

# The compiled client asks a CDN for an animation library at each start, and works without it.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(self), geolocation=(self), microphone=()"),
]
# Pages of other origins may not read our responses. And in a page that is isolated from them
# (cross-origin-embedder-policy), Flutter's client draws in a second thread; both threads use one
# FreeType without a lock, and now and then one of them loops for ever in a half-written outline.
DROPPED = {b"access-control-allow-origin", b"cross-origin-embedder-policy"}


class SecuredApp:
    """An ASGI app around Flet's: sets our headers, and refuses web sockets that a page of another
    site opened."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket" and not same_origin(scope["headers"]):
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                kept = [h for h in message["headers"] if h[0] not in DROPPED]
                message = {**message, "headers": [*kept, *HEADERS]}
            await send(message)

        async def send_if_connected(message: Any) -> None:
            """`receive` tells that a page has gone. On an error from `send`, flet 1.0.5 fails to
            end the session: the app would run on without a page."""
            with suppress(OSError):
                await send(message)

        socket = scope["type"] == "websocket"
        await self.app(scope, receive, send_if_connected if socket else send_with_headers)


def same_origin(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether the page that opened a socket is ours. Browsers always send the origin; a request
    without one is not from a page."""
    values = {name.lower(): value.decode("latin-1") for name, value in headers}
    origin = values.get(b"origin")
    return origin is None or urlsplit(origin).netloc == values.get(b"host")


def build_web_app(phones: Path, address: str) -> SecuredApp:
    """The ASGI app. `phones` holds a folder for each profile; `address` is the bureau's server."""

    # Flet formats each message for its log, kept or not, which takes a tenth of the time of a tap.
    Message.__repr__ = object.__repr__  # type: ignore[method-assign]
    flet_web.app_manager.get_session = no_session_resume  # type: ignore[assignment,method-assign]  # see it
    Session.handle_invoke_method_results = ignore_stale_events  # type: ignore[assignment,method-assign]  # see it

    async def main(page: ft.Page) -> None:
        await start_app(page, installation_of(phones, await browser_secret(page), address))

    return SecuredApp(
        flet_web.app(
            main,
            before_main=set_theme,
            assets_dir=str(ASSETS),
            app_name="巡查",
            app_short_name="巡查",
            no_cdn=True,
            session_timeout_seconds=SESSION_TIMEOUT_S,
        )
    )


async def no_session_resume(_: str) -> None:
    """Returns None: no session is resumed. Flet 1.0.5 answers a reloaded page with the old
    session's controls and draws nothing; a new session reads the notebook, which has all that was
    on screen."""


def ignore_stale_events(session: Session, *answer: Any) -> None:
    """Ignores what the client reports of a control that has left its page. On phones flet 1.0.5
    logs that and goes on; in a browser it would end the connection."""
    with suppress(RuntimeError):
        HANDLE_RESULTS(session, *answer)


def installation_of(phones: Path, secret: str, address: str) -> Installation:
    """The folder is named by a digest of the secret, so that neither a file listing nor a guess
    opens a phone. Its safe is sealed by another digest. The secret itself is in the browser alone:
    whoever has the host's disk cannot read the safe."""
    folder = phones / sha256(secret.encode()).hexdigest()[:32]
    key = sha256(f"safe/{secret}".encode()).digest()
    return Installation(folder, address, FileSafe(folder / "safe", AesCipher(key)))


async def browser_secret(page: ft.Page) -> str:
    """The secret of this browser profile (64 hexadecimal digits), made at its first visit."""
    preferences = ft.SharedPreferences()
    secret = await preferences.get(PREFERENCE)
    if not isinstance(secret, str) or len(secret) != 64:
        secret = token_hex(32)
        await preferences.set(PREFERENCE, secret)
    return secret
