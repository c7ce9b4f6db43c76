"""What a flet page offers besides screens: its light, its kind of network, its clipboard."""

from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft

from fieldapp.ports import Refused

THEMES = {
    "system": ft.ThemeMode.SYSTEM,
    "light": ft.ThemeMode.LIGHT,
    "dark": ft.ThemeMode.DARK,
}
FAST_ROADS = {ft.ConnectivityType.WIFI, ft.ConnectivityType.ETHERNET}


def navigator(page: ft.Page) -> Callable[[str], None]:
    """The next screen is drawn at once; flet by itself draws it when the client has taken its
    address and said so, and until then the screen that is left again for whatever has changed."""

    def go(path: str) -> None:
        page.navigate(path)
        told: Any = page.on_route_change  # the router's own, once it is there
        if told:
            told(ft.RouteChangeEvent("route_change", page, route=path))

    return go


def theme_setter(page: ft.Page) -> Callable[[str], None]:
    def shine(theme: str) -> None:
        page.theme_mode = THEMES[theme]
        page.update()

    return shine


def on_wifi(page: ft.Page, network: ft.Connectivity) -> Callable[[], Awaitable[bool]]:
    async def asked() -> bool:
        return page.web or bool(FAST_ROADS & set(await network.get_connectivity()))

    return asked


def clipboard_writer(clipboard: ft.Clipboard) -> Callable[[str], Awaitable[None]]:
    async def copy(text: str) -> None:
        try:
            await clipboard.set(text)
        except RuntimeError as refused:
            raise Refused("no_clipboard") from refused

    return copy
