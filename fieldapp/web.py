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
SHELF = "phone"  # where the profile keeps the secret that opens its own notebook
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
# No page of another origin has business here. And in a page that is isolated from those, Flutter's
# client draws in a thread of its own, while both threads set letters with one FreeType that no lock
# guards: now and then one of them goes round for ever in an outline that is half the other's.
DROPPED = {b"access-control-allow-origin", b"cross-origin-embedder-policy"}


class SecuredApp:
    """The Flet app with our headers, closed to web sockets that another site's page opened."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket" and not same_origin(scope["headers"]):
            await send({"type": "websocket.close", "code": 1008})
            return

        async def guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                kept = [h for h in message["headers"] if h[0] not in DROPPED]
                message = {**message, "headers": [*kept, *HEADERS]}
            await send(message)

        async def to_whoever_is_there(message: Any) -> None:
            """A page that went while it was written to is heard of by `receive`. Over an error here
            flet 1.0.5 forgets to end its session: the app would go on for nobody."""
            with suppress(OSError):
                await send(message)

        socket = scope["type"] == "websocket"
        await self.app(scope, receive, to_whoever_is_there if socket else guarded)


def same_origin(headers: list[tuple[bytes, bytes]]) -> bool:
    """A browser always says where a socket comes from; other programs say nothing."""
    said = {name.lower(): value.decode("latin-1") for name, value in headers}
    origin = said.get(b"origin")
    return origin is None or urlsplit(origin).netloc == said.get(b"host")


def build_web_app(phones: Path, address: str) -> SecuredApp:
    """The ASGI app. `phones` holds a folder for each profile; `address` is the bureau's server."""

    # Flet's host writes out each message, whether or not its log is kept: a tenth of a tap.
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
    """No session is taken up again. Flet 1.0.5 answers a reloaded page with the old session's
    controls and draws nothing; begun anew, the notebook has all that was on screen."""


def ignore_stale_events(session: Session, *answer: Any) -> None:
    """What the client says of a control that has left its page is for nobody. On phones flet 1.0.5
    writes that down and goes on; in a browser it ends the connection over it."""
    with suppress(RuntimeError):
        ANSWERED(session, *answer)


def installation_of(phones: Path, secret: str, address: str) -> Installation:
    """The folder's name is a digest, so that neither a file listing nor a guess opens a phone. Its
    safe is sealed by another digest of the secret, which lies in the browser alone: who has the
    host's disk cannot read it."""
    folder = phones / sha256(secret.encode()).hexdigest()[:32]
    key = sha256(f"safe/{secret}".encode()).digest()
    return Installation(folder, address, FileSafe(folder / "safe", AesCipher(key)))


async def browser_secret(page: ft.Page) -> str:
    """The secret of this browser profile, made at its first visit."""
    shelf = ft.SharedPreferences()
    secret = await shelf.get(SHELF)
    if not isinstance(secret, str) or len(secret) != 64:
        secret = token_hex(32)
        await shelf.set(SHELF, secret)
    return secret
