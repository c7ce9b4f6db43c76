"""One report with its whole history: where it stands, what was decided, why."""

import flet as ft

from contract.cases import CaseState
from contract.protocol import Answer
from fieldapp.report.entry import Entry, EventKind, HistoryEvent, Stage
from fieldapp.screens.badges import flaw_words, notice, sync_lines
from fieldapp.screens.context import use_field_state
from fieldapp.screens.question import is_asked, question_lines
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak, why
from fieldapp.widgets.buttons import Tap, button, handler
from fieldapp.widgets.confirm_button import confirm_button
from fieldapp.widgets.facts import facts
from fieldapp.widgets.history import HistoryLine, history
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.photos import photo_row
from fieldapp.widgets.reports import place_line, state_chip
from fieldapp.widgets.text import body, muted, strong
from fieldapp.widgets.times import when


@ft.component
def OneReport() -> ft.View:
    state, say = use_field_state()
    sure, ask = ft.use_state(False)
    wanted = ft.use_route_params()["report"]
    ft.on_mounted(handler(state.reports.read, wanted))
    entry = state.reports.opened
    if not entry or str(entry.report.id) != wanted:
        return _unknown_report(state, say, wanted)
    once_more = None if sure else handler(ask, True)
    return page(
        head(
            place_line(entry.report.place, say),
            state_chip(entry, say, state.bureau.lists, "state"),
            handler(state.reports.open_list),
            say("back"),
        ),
        [
            *question_lines(entry, say),
            history(history_lines(entry, state, say), sync_lines(state, entry)),
            *photo_row(entry.report.photos, state.thumbnails.jpegs, None, say),
            *facts(entry.report, say, state.bureau.lists, state.now()),
        ],
        [*notice(state, say), *_actions(state, say, entry, once_more)],
        viewport=state.viewport,
    )


def _actions(state: FieldState, say: Speak, entry: Entry, ask: Tap | None) -> list[ft.Control]:
    if entry.stage is Stage.WITHDRAWN:
        return []
    if not entry.editable:
        return [muted(say("report.closed"))]
    reply = say("report.reply" if is_asked(entry) else "report.mend")
    mend = button("mend", reply, handler(state.draft.resume, entry))
    words = say("report.withdraw"), say("report.sure")
    back = confirm_button(
        "withdraw", words, handler(state.outbox.withdraw, entry), ask, theme.PRIMARY_TOUCH
    )
    return [side_by_side(mend, back, left_handed=state.settings.chosen.left_handed)]


def history_lines(entry: Entry, state: FieldState, say: Speak) -> list[HistoryLine]:
    """Oldest first; the last line is where it stands now."""
    now = state.now()
    lines = [HistoryLine(say("what.logged"), when(say, entry.report.seen_at, now))]
    answers = {(answer.at, answer.state): answer for answer in entry.answers}
    for event in entry.story:
        at = when(say, event.at, now)
        answer = answers.get((event.at, event.note)) if event.what is EventKind.ANSWERED else None
        if answer:
            lines.append(_answer_line(answer, state, say, at))
        elif event.what is EventKind.DELIVERED:
            lines.append(
                HistoryLine(
                    say("what.delivered"), f"{at} · {say('sync.receipt', number=event.note)}"
                )
            )
        else:
            lines.append(
                HistoryLine(say(f"what.{event.what.value}"), at, _refusal(entry, event, say))
            )
    if entry.stage is Stage.DELIVERED:
        lines.append(HistoryLine(say("what.waiting"), "", done=False))
    return lines


def _refusal(entry: Entry, event: HistoryEvent, say: Speak) -> str:
    """Why the bureau refused it: flaw by flaw while they are known, else its code in words. "" for
    any other event."""
    if event.what is not EventKind.REFUSED:
        return ""
    flaws = entry.refusal.flaws if entry.refusal else ()
    return "\n".join(flaw_words(flaw, say) for flaw in flaws) or why(say, event.note)


def _answer_line(answer: Answer, state: FieldState, say: Speak, at: str) -> HistoryLine:
    language = say("lang")
    role = state.bureau.lists.word("role", answer.by, language)
    reason = (
        state.bureau.lists.word("reject_reason", answer.reason, language) if answer.reason else ""
    )
    why = " · ".join(part for part in (reason, answer.comment) if part)
    trio = theme.STATES.get(answer.state, theme.STATES[CaseState.REPORTED])
    word = (
        say(trio.word)
        if trio.word
        else state.bureau.lists.word("case_state", answer.state, language)
    )
    return HistoryLine(word, f"{at} · {role}", why, colour=trio.colour)


def _unknown_report(state: FieldState, say: Speak, wanted: str) -> ft.View:
    """After a reinstallation: answers about a report that this phone no longer holds."""
    answers = [answer for answer in state.reports.unknown if str(answer.report) == wanted]
    lines = [_answer_line(a, state, say, when(say, a.at, state.now())) for a in answers]
    name = answers[-1].place if answers else say("reports.elsewhere")
    return page(
        head(name, None, handler(state.reports.open_list), say("back")),
        [strong(say("report.gone")), history(lines)] if lines else [body(say("report.gone"))],
        viewport=state.viewport,
    )
