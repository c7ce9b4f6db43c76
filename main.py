"""Where Flet begins on a phone."""

import flet as ft

from fieldapp.app import dress, on_phone

if __name__ == "__main__":
    ft.run(on_phone, before_main=dress, assets_dir="assets")
