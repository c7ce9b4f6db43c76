"""How states and flags look: always an icon, a word and a colour, never a colour alone."""

from dataclasses import dataclass

from contract.cases import CaseState
from sync_server.console.words import Say, code_word


@dataclass(frozen=True, slots=True)
class StateLook:
    """`icon` is drawn in templates/icons.html, `colour` is a token of static/tokens.css."""

    icon: str
    colour: str


@dataclass(frozen=True, slots=True)
class Badge:
    icon: str
    colour: str
    word: str


STATES: dict[str, StateLook] = {
    CaseState.REPORTED: StateLook("dot", "info"),
    CaseState.RETURNED: StateLook("half", "warn"),
    CaseState.ACCEPTED: StateLook("check", "ok"),
    CaseState.MERGED: StateLook("join", "info"),
    CaseState.REJECTED: StateLook("cross", "danger"),
    CaseState.ASSIGNED: StateLook("check", "info"),
    CaseState.VERIFYING: StateLook("dot", "info"),
    CaseState.HANDLING: StateLook("dot", "info"),
    CaseState.HANDED_OVER: StateLook("hand", "info"),
    CaseState.FEEDBACK: StateLook("dot", "info"),
    CaseState.UNFOUNDED: StateLook("check", "ok"),
    CaseState.UNVERIFIABLE: StateLook("check", "ok"),
    CaseState.RECTIFIED: StateLook("check", "ok"),
    CaseState.HANDED_OVER_CLOSED: StateLook("check", "ok"),
    CaseState.RATED: StateLook("check", "ok"),
    CaseState.OBJECTED: StateLook("half", "warn"),
    CaseState.PURGED: StateLook("cross", "muted"),
}
FLAGS = {
    "disputed": StateLook("bang", "danger"),
    "withdrawn": StateLook("undo", "muted"),
    "far": StateLook("bang", "warn"),
    "due_today": StateLook("half", "danger"),
    "late": StateLook("bang", "danger"),
    "joint": StateLook("join", "danger"),
}
UNSHOWN = StateLook("bang", "danger")  # of a record that cannot be shown
UNKNOWN = StateLook("dot", "muted")  # of a newer code list


def state_badge(state: str, language: str) -> Badge:
    look = STATES.get(state, UNKNOWN)
    return Badge(look.icon, look.colour, code_word("case_state", state, language))


def flag_badge(flag: str, say: Say) -> Badge:
    look = FLAGS.get(flag, UNSHOWN)
    return Badge(look.icon, look.colour, say(f"state.{flag}"))
