"""The field app for browsers: each profile is its own phone, and no page asks another host."""

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
from fieldapp.app import Installation, begin, set_theme

ASSETS = Path(__file__).parent.parent / "assets"
STORED_AS = "phone"  # under this name the browser profile keeps the secret of its own notebook
GONE_AFTER_S = 1
ANSWERED = Session.handle_invoke_method_results

# The compiled client asks one CDN for an animation library at each start; nothing needs it.
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
# The first would let pages of other origins in. The second isolates the page, and then Flutter's
# client draws in a thread of its own, while both threads use one FreeType without a lock: now and
# then one of them loops for ever in an outline that the other has half written.
DROPPED = {b"access-control-allow-origin", b"cross-origin-embedder-policy"}


class SecuredApp:
    """The Flet app with our headers, closed to web sockets that another site's page opened."""

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

        async def send_if_open(message: Any) -> None:
            """That a page has gone is noticed by `receive`. After an error here flet 1.0.5 does not
            end the session, and the app would run on without a page."""
            with suppress(OSError):
                await send(message)

        socket = scope["type"] == "websocket"
        await self.app(scope, receive, send_if_open if socket else send_with_headers)


def same_origin(headers: list[tuple[bytes, bytes]]) -> bool:
    """True also without an Origin header: a browser always sends it, other programs do not."""
    said = {name.lower(): value.decode("latin-1") for name, value in headers}
    origin = said.get(b"origin")
    return origin is None or urlsplit(origin).netloc == said.get(b"host")


def build_web_app(phones: Path, address: str) -> SecuredApp:
    """The ASGI app. `phones` holds a folder for each profile; `address` is the bureau's server."""

    # Flet's host formats each message for its log even if that is off: a tenth of a tap's time.
    Message.__repr__ = object.__repr__  # type: ignore[method-assign]
    flet_web.app_manager.get_session = no_session_resume  # type: ignore[assignment,method-assign]  # see it
    Session.handle_invoke_method_results = ignore_stale_events  # type: ignore[assignment,method-assign]  # see it

    async def main(page: ft.Page) -> None:
        await begin(page, installation_of(phones, await browser_secret(page), address))

    return SecuredApp(
        flet_web.app(
            main,
            before_main=set_theme,
            assets_dir=str(ASSETS),
            app_name="巡查",
            app_short_name="巡查",
            no_cdn=True,
            session_timeout_seconds=GONE_AFTER_S,
        )
    )


async def no_session_resume(_: str) -> None:
    """No session is resumed. Flet 1.0.5 answers a reloaded page with the old session's controls and
    draws nothing; a new session has all that was on screen from the notebook."""


def ignore_stale_events(session: Session, *answer: Any) -> None:
    """Ignores what the client says of a control that is not on the page any more. On phones flet
    1.0.5 logs that and goes on; in a browser it would end the connection."""
    with suppress(RuntimeError):
        ANSWERED(session, *answer)


def installation_of(phones: Path, secret: str, address: str) -> Installation:
    """The folder's name is a digest of the secret, so that neither a file listing nor a guess opens
    a phone. Its safe is encrypted with another digest of the secret, which is kept in the browser
    alone: who has the host's disk cannot read it."""
    folder = phones / sha256(secret.encode()).hexdigest()[:32]
    key = sha256(f"safe/{secret}".encode()).digest()
    return Installation(folder, address, FileSafe(folder / "safe", AesCipher(key)))


async def browser_secret(page: ft.Page) -> str:
    """The secret of this browser profile, made at its first visit."""
    stored = ft.SharedPreferences()
    secret = await stored.get(STORED_AS)
    if not isinstance(secret, str) or len(secret) != 64:
        secret = token_hex(32)
        await stored.set(STORED_AS, secret)
    return secret
