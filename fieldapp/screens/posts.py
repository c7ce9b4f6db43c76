"""Changing the worker: what each has not sent waits apart, behind a PIN if one is set."""

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.context import use_field_state
from fieldapp.state import FieldState, paths
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Tap, button, handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.text import body


@ft.component
def Posts() -> ft.View:
    state, say = use_field_state()
    new = button("post-new", say("posts.new"), handler(_enter(state, None)), "quiet")
    return page(
        head(say("posts.title"), None, handler(state.leave, paths.POSTS), say("back")),
        [body(say("posts.lead")), body(say("posts.pin")), *other_posts(state, say)],
        [*notice(state, say), new],
        viewport=state.viewport,
    )


def other_posts(state: FieldState, say: Speak) -> list[ft.Control]:
    """A button for each duty post whose reports wait on this phone beside these."""
    return [
        button(
            f"post-{room.name or 'first'}",
            say("posts.back", post=room.label or say("posts.unnamed")),
            handler(_enter(state, room.name)),
            "quiet",
        )
        for room in state.posts.others
    ]


def _enter(state: FieldState, name: str | None) -> Tap:
    async def enter() -> None:
        await state.posts.enter(name)

    return enter
