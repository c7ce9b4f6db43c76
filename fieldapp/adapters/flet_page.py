"""What a flet page offers besides screens: navigation, theme, kind of network, clipboard."""

from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft

from fieldapp.ports import Refused

THEMES = {
    "system": ft.ThemeMode.SYSTEM,
    "light": ft.ThemeMode.LIGHT,
    "dark": ft.ThemeMode.DARK,
}
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
    """A function that tells whether photos cost no mobile data now; in a browser always."""

    async def ask() -> bool:
        return page.web or bool(FREE_NETWORKS & set(await network.get_connectivity()))

    return ask


def clipboard_writer(clipboard: ft.Clipboard) -> Callable[[str], Awaitable[None]]:
    """A function that copies a text. Raises Refused ("no_clipboard")."""

    async def copy(text: str) -> None:
        try:
            await clipboard.set(text)
        except RuntimeError as error:
            raise Refused("no_clipboard") from error

    return copy
