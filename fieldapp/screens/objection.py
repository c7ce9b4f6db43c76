"""对结果有疑问: why the worker doubts what came of a report; and the way there from the report."""

import flet as ft

from fieldapp.report.entry import Entry, EventKind
from fieldapp.screens.badges import flaw_words, notice
from fieldapp.screens.context import use_field_state
from fieldapp.state import FieldState, paths
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.confirm_button import confirm_button
from fieldapp.widgets.page import head, page
from fieldapp.widgets.reports import place_line
from fieldapp.widgets.text import body, muted
from fieldapp.widgets.text_field import FieldSpec, text_field


@ft.component
def Objecting() -> ft.View:
    state, say = use_field_state()
    sure, ask = ft.use_state(False)
    entry, writing = state.reports.opened, state.objection
    found = writing.flaws
    wrong = "\n".join(flaw_words(one, say, writing.text[one.start : one.end]) for one in found)
    form = FieldSpec("objection", say("object.text"), most=200, lines=4, wrong=wrong)
    words = say("object.send"), say("object.sure")
    once_more = None if sure and not found else handler(ask, True)
    return page(
        head(say("object.title"), None, handler(state.leave, paths.OBJECT), say("back")),
        [
            body(place_line(entry.report.place, say) if entry else say("reports.elsewhere")),
            body(say("object.lead"), theme.MUTED),
            text_field(form, writing.text, writing.type),
        ],
        [
            *notice(state, say),
            confirm_button("send", words, handler(writing.send), once_more, theme.PRIMARY_TOUCH),
        ],
        viewport=state.viewport,
    )


def objection_lines(state: FieldState, say: Speak, entry: Entry) -> list[ft.Control]:
    """Below a report that no longer changes: the way to object while there is time."""
    if not entry.may_object(state.now().date()):
        waits = bool(entry.story) and entry.story[-1].what is EventKind.OBJECTED
        return [muted(say("object.waits" if waits else "report.closed"))]
    until = entry.last_readable.object_until if entry.last_readable else None
    day = say("object.until", day=f"{until:%m-%d}") if until else ""
    way = button("object", say("object.title"), handler(state.objection.begin, entry), "quiet")
    return [muted(day), way]
