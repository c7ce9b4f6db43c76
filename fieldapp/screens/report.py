"""One report with its whole history: where it stands, what was decided, why."""

from collections.abc import Sequence

import flet as ft

from contract.cases import REASON_LISTS, CaseState
from contract.protocol import UNREADABLE, Answer, ArrivalKind
from contract.visible_text import beside
from fieldapp.report.entry import Entry, EventKind, HistoryEvent, Stage
from fieldapp.screens.answer import changed_words
from fieldapp.screens.badges import flaw_words, notice, sync_lines
from fieldapp.screens.context import use_field_state
from fieldapp.screens.draft_card import draft_actions
from fieldapp.screens.objection import objection_lines
from fieldapp.screens.question import question_lines
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
from fieldapp.widgets.text import body, strong
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
            handler(state.reports.leave),
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
    if entry.stage is Stage.DRAFT:
        return [draft_actions(state, say, entry, ask, theme.PRIMARY_TOUCH)]
    if not entry.editable:
        return objection_lines(state, say, entry)
    reply = say("report.reply" if entry.is_asked else "report.mend")
    mend = button("mend", reply, handler(state.draft.resume, entry))
    words = say("report.withdraw"), say("report.sure")
    back = confirm_button(
        "withdraw", words, handler(state.outbox.withdraw, entry), ask, theme.PRIMARY_TOUCH
    )
    return [side_by_side(mend, back, state.viewport, left_handed=state.settings.chosen.left_handed)]


def history_lines(entry: Entry, state: FieldState, say: Speak) -> list[HistoryLine]:
    """Oldest first; the last line is where it stands now."""
    now = state.now()
    lines = [HistoryLine(say("what.logged"), when(say, entry.report.seen_at, now))]
    answers = {(one.at, one.state): one for one in _said_once(entry.answers)}
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
            why = _refusal(entry, event, say) or _changes(event, say) or _doubt(entry, event, say)
            lines.append(HistoryLine(say(f"what.{event.what.value}"), at, why))
    if entry.stage is Stage.DELIVERED:
        lines.append(HistoryLine(say("what.waiting"), "", done=False))
    if entry.story and entry.story[-1].what is EventKind.OBJECTED:
        lines.append(HistoryLine(say("what.review_waits"), "", done=False))
    return lines


def _said_once(answers: Sequence[Answer]) -> list[Answer]:
    """Which other record a place was handled under is told where it changes, not in each line."""
    before = (None, *(one.same_as for one in answers))
    pairs = zip(answers, before, strict=False)
    return [one.changed(same_as=None) if one.same_as == was else one for one, was in pairs]


def _changes(event: HistoryEvent, say: Speak) -> str:
    """What a revision changed of the one before it; "" for a first one, or another event."""
    sealed = event.what is EventKind.SEALED
    return changed_words(tuple(event.note.split()), say) if sealed else ""


def _doubt(entry: Entry, event: HistoryEvent, say: Speak) -> str:
    """The words of an objection, or why the bureau does not take it; "" for any other event."""
    if event.what is EventKind.OBJECTED:
        return beside(entry.objection)
    return why(say, event.note) if event.what is EventKind.OBJECTION_REFUSED else ""


def _refusal(entry: Entry, event: HistoryEvent, say: Speak) -> str:
    """Why the bureau refused it: flaw by flaw while they are known, else its code in words. "" for
    any other event."""
    if event.what is not EventKind.REFUSED:
        return ""
    flaws = entry.refusal.flaws if entry.refusal else ()
    return "\n".join(flaw_words(flaw, say) for flaw in flaws) or why(say, event.note)


def _answer_line(answer: Answer, state: FieldState, say: Speak, at: str) -> HistoryLine:
    if answer.state == UNREADABLE:
        mark = theme.STATES[UNREADABLE]
        return HistoryLine(say(mark.word), "", say("what.unreadable"), colour=mark.colour)
    language = say("lang")
    role = state.bureau.lists.word("role", answer.by, language)
    same = say("what.same_as", number=answer.same_as) if answer.same_as else ""
    said = answer.comment or (say(TOLD[answer.state]) if answer.state in TOLD else "")
    why = " · ".join(
        beside(part) for part in (_reason(answer, state, language), same, said) if part
    )
    trio = theme.STATES.get(answer.state, theme.STATES[CaseState.REPORTED])
    word = (
        say(trio.word)
        if trio.word
        else state.bureau.lists.word("case_state", answer.state, language)
    )
    return HistoryLine(word, f"{at} · {role}", why, colour=trio.colour)


# What a step means that the bureau makes without a word of its own.
TOLD: dict[str, str] = {
    CaseState.ASSIGNED: "told.assigned",
    CaseState.VERIFYING: "told.verifying",
    CaseState.HANDLING: "told.handling",
    CaseState.HANDED_OVER: "told.handed_over",
    CaseState.FEEDBACK: "told.feedback",
    CaseState.OBJECTED: "told.objected",
}


def _reason(answer: Answer, state: FieldState, language: str) -> str:
    """The answer's reason in words; "" for none."""
    listed = REASON_LISTS.get(answer.state)
    return (
        state.bureau.lists.word(listed, answer.reason, language) if listed and answer.reason else ""
    )


def _unknown_report(state: FieldState, say: Speak, wanted: str) -> ft.View:
    """After a reinstallation: answers about a report that this phone no longer holds."""
    answers = [answer for answer in state.reports.unknown if str(answer.report) == wanted]
    lines = [_answer_line(a, state, say, when(say, a.at, state.now())) for a in answers]
    name = answers[-1].place if answers else say("reports.elsewhere")
    is_report = not answers or answers[-1].about == ArrivalKind.REPORT
    why = say("report.gone" if is_report else "suggest.answered")
    return page(
        head(name, None, handler(state.reports.leave), say("back")),
        [strong(why), history(lines)] if lines else [body(why)],
        viewport=state.viewport,
    )
