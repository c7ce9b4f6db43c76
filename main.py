"""Where Flet begins on a phone."""

import gc

import flet as ft

from fieldapp.app import set_theme, start_app
from fieldapp.platforms.native import own_installation


async def on_phone(page: ft.Page) -> None:
    """The app on this device. Raises RuntimeError in a browser: all would share one phone, without
    the door of web_door.py."""
    if page.web:
        raise RuntimeError("in a browser: make run")
    await start_app(page, own_installation())


if __name__ == "__main__":
    gc.freeze()  # what is loaded by now stays: looking through it again takes a tenth of a second
    # Where there is no screen flet serves browsers instead; on_phone refuses them.
    ft.run(on_phone, before_main=set_theme, assets_dir="assets", host="127.0.0.1")
