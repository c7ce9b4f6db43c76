"""What a flet page offers besides screens: navigation, theme, kind of network, clipboard."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft

from fieldapp.ports import Refused

THEMES = {
    "system": ft.ThemeMode.SYSTEM,
    "light": ft.ThemeMode.LIGHT,
    "dark": ft.ThemeMode.DARK,
}
TIMEOUT_S = 5
FREE_NETWORKS = {ft.ConnectivityType.WIFI, ft.ConnectivityType.ETHERNET}


def navigator(page: ft.Page) -> Callable[[str], None]:
    """A function that shows the screen of a route at once. Flet by itself waits until the client
    has confirmed the new address, and meanwhile draws the old screen again."""

    def go(path: str) -> None:
        page.navigate(path)
        on_change: Any = page.on_route_change  # the router's own, once it was rendered
        if on_change:
            on_change(ft.RouteChangeEvent("route_change", page, route=path))

    return go


def theme_setter(page: ft.Page) -> Callable[[str], None]:
    """A function that sets a theme of THEMES."""

    def set_theme(theme: str) -> None:
        page.theme_mode = THEMES[theme]
        page.update()

    return set_theme


def on_wifi(page: ft.Page, network: ft.Connectivity) -> Callable[[], Awaitable[bool]]:
    """A function that tells whether photos cost no mobile data now; in a browser always. A plugin
    that does not say, or not within TIMEOUT_S, has not said that they cost none."""

    async def ask() -> bool:
        if page.web:
            return True
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return not FREE_NETWORKS.isdisjoint(kinds(await network.get_connectivity()))
        except Exception:
            return False

    return ask


def kinds(connectivity: object) -> set[ft.ConnectivityType]:
    """The kinds of network in what the plugin delivered, which may be anything; without those that
    flet does not know."""
    listed = connectivity if isinstance(connectivity, list | tuple | set | frozenset) else ()
    return {kind for kind in listed if isinstance(kind, ft.ConnectivityType)}


def file_saver(picker: ft.FilePicker) -> Callable[[str, bytes], Awaitable[None]]:
    """A function that gives a file of this name to the worker: the system asks where to, a browser
    downloads it. Raises Refused ("not_saved")."""

    async def save(name: str, content: bytes) -> None:
        try:
            saved = await picker.save_file(file_name=name, src_bytes=content)
        except Exception as error:
            raise Refused("not_saved") from error
        if saved is None and not picker.page.web:  # a browser does not say where it put it
            raise Refused("not_saved")

    return save


def clipboard_writer(clipboard: ft.Clipboard) -> Callable[[str], Awaitable[None]]:
    """A function that copies a text. Raises Refused ("no_clipboard")."""

    async def copy(text: str) -> None:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await clipboard.set(text)
        except Exception as error:
            raise Refused("no_clipboard") from error

    return copy
