"""Where the page's worker begins: ships with the app's code as main.py."""

import gc

import flet as ft

from fieldapp.app import set_theme, start_app
from fieldapp.platforms.browser import own_installation


async def on_page(page: ft.Page) -> None:
    """The app in this browser."""
    await start_app(page, own_installation())


def begin() -> None:
    """Prepares the app, which begins when the page has drawn."""
    gc.freeze()  # as on a phone, see main.py of packages
    ft.run(on_page, before_main=set_theme)
