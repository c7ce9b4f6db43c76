"""The photos of a report as a row of thumbnails."""

from collections.abc import Callable, Mapping, Sequence

import flet as ft

from contract.report import Photo
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.parts import section

SIDE = 108


def photo_row(
    photos: Sequence[Photo],
    thumbs: Mapping[str, bytes],
    remover: Callable[[str], ft.Control] | None,
    say: Speak,
) -> list[ft.Control]:
    """`thumbs` by digest. `remover` makes the button below a photo that takes it away, from its
    digest; None for photos that stay."""
    if not photos:
        return []
    shown = [_thumb(photo, thumbs.get(photo.sha256), remover, say) for photo in photos]
    return section(
        f"{say('review.photos')} {len(photos)}", [ft.Row(shown, wrap=True, spacing=theme.GAP)]
    )


def _thumb(
    photo: Photo, jpeg: bytes | None, remover: Callable[[str], ft.Control] | None, say: Speak
) -> ft.Control:
    thumbnail: ft.Control = (
        ft.Image(src=jpeg, width=SIDE, height=SIDE, fit=ft.BoxFit.COVER, gapless_playback=True)
        if jpeg
        else ft.Icon(ft.Icons.IMAGE_OUTLINED, size=40, color=theme.MUTED)
    )
    box = ft.Semantics(
        identifier=f"photo-{photo.sha256[:8]}",
        container=True,
        image=True,
        label=say("review.photos"),
        content=_frame(thumbnail),
    )
    if not remover:
        return box
    remove = ft.Container(remover(photo.sha256), width=SIDE)
    return ft.Column([box, remove], spacing=theme.GAP, tight=True)


def _frame(thumbnail: ft.Control) -> ft.Container:
    return ft.Container(
        thumbnail,
        width=SIDE,
        height=SIDE,
        bgcolor=theme.SUNKEN,
        border=ft.Border.all(1, theme.LINE),
        border_radius=10,
        alignment=ft.Alignment.CENTER,
        clip_behavior=ft.ClipBehavior.HARD_EDGE,
    )
