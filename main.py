"""Where Flet begins on a phone."""

import gc

import flet as ft

from fieldapp.app import on_phone, set_theme

if __name__ == "__main__":
    gc.freeze()  # what is loaded by now stays: looking through it again takes a tenth of a second
    ft.run(on_phone, before_main=set_theme, assets_dir="assets")
