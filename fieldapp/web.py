"""The field app for browsers: each browser profile is a phone; no page contacts another host."""

from contextlib import suppress
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

import flet as ft
import flet_web.fastapi as flet_web
from flet.messaging.protocol import Message
from flet.messaging.session import Session
from flet_web.fastapi.flet_app import FletApp

from fieldapp.adapters.httpx_link import parse_address
from fieldapp.app import set_theme, show_not_opened, start_app
from fieldapp.platforms.host import installation_of, phone_folder
from fieldapp.web_door import SecuredApp, SocketEnded

ASSETS = Path(__file__).parent.parent / "assets"
PREFERENCE = "phone"  # under this name a browser profile keeps the secret of its phone
SESSION_TIMEOUT_S = 1
MAX_PHONES = 200
HANDLE_RESULTS = Session.handle_invoke_method_results
RECEIVE_LOOP = FletApp._FletApp__receive_loop  # type: ignore[attr-defined]  # private


def build_web_app(phones: Path, address: str, beyond: bool = False) -> SecuredApp:
    """The ASGI app. `phones` holds a folder for each profile; `address` is the server of the one
    bureau that any of them reaches; `beyond` is whether other machines may call. Raises Refused
    for a wrong address."""
    parse_address(address)
    # Flet formats each message for its log, kept or not, which takes a tenth of the time of a tap.
    Message.__repr__ = object.__repr__  # type: ignore[method-assign]
    flet_web.app_manager.get_session = no_session_resume  # type: ignore[assignment,method-assign]  # see it
    Session.handle_invoke_method_results = ignore_stale_events  # type: ignore[assignment,method-assign]  # see it
    FletApp._FletApp__receive_loop = end_unbegun  # type: ignore[attr-defined]  # see it

    async def main(page: ft.Page) -> None:
        secret = await browser_secret(page)
        if has_room(phone_folder(phones, secret)):
            await start_app(page, installation_of(phones, secret, address))
        else:
            show_not_opened(page, partial(page.run_task, main, page), "host_full")

    served = flet_web.app(
        main,
        before_main=set_theme,
        assets_dir=str(ASSETS),
        app_name="巡查",
        app_short_name="巡查",
        no_cdn=True,
        session_timeout_seconds=SESSION_TIMEOUT_S,
    )
    return SecuredApp(served, beyond)


def has_room(folder: Path) -> bool:
    """Whether this phone is here already or could be added, which is done."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if len(list(folder.parent.iterdir())) >= MAX_PHONES:
            return False
        folder.mkdir(mode=0o700)
    return True


async def end_unbegun(connection: FletApp) -> None:
    """Ends a socket when nothing more is read from it, which is after a frame that cannot be read,
    too. Flet 1.0.5 does so only after the frame that begins a session; else it would wait for
    ever."""
    await RECEIVE_LOOP(connection)
    if connection._FletApp__session is None:  # type: ignore[attr-defined]  # private
        await connection._FletApp__send_queue.put(None)  # type: ignore[attr-defined]  # ends its loop
        raise SocketEnded


async def no_session_resume(_: str) -> None:
    """Returns None: no session is resumed. Flet 1.0.5 answers a reloaded page with the old
    session's controls and draws nothing; a new session reads the notebook, which has all that was
    on screen."""


def ignore_stale_events(session: Session, *answer: Any) -> None:
    """Ignores what the client reports of a control that has left its page. On phones flet 1.0.5
    logs that and goes on; in a browser it would end the connection."""
    with suppress(RuntimeError):
        HANDLE_RESULTS(session, *answer)


async def browser_secret(page: ft.Page) -> str:
    """The secret of this browser profile (64 hexadecimal digits), made at its first visit."""
    preferences = ft.SharedPreferences()
    secret = await preferences.get(PREFERENCE)
    if not isinstance(secret, str) or len(secret) != 64:
        secret = token_hex(32)
        await preferences.set(PREFERENCE, secret)
    return secret
