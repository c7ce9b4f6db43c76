"""How states and flags look: always an icon, a word and a colour, never a colour alone."""

from dataclasses import dataclass

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


STATES = {
    "10": StateLook("dot", "info"),
    "15": StateLook("half", "warn"),
    "20": StateLook("check", "ok"),
    "25": StateLook("join", "info"),
    "29": StateLook("cross", "danger"),
    "30": StateLook("check", "info"),
    "40": StateLook("dot", "info"),
    "50": StateLook("dot", "info"),
    "55": StateLook("hand", "info"),
    "60": StateLook("dot", "info"),
    "70": StateLook("check", "ok"),
    "71": StateLook("check", "ok"),
    "72": StateLook("check", "ok"),
    "73": StateLook("check", "ok"),
    "80": StateLook("check", "ok"),
    "90": StateLook("half", "warn"),
    "99": StateLook("cross", "muted"),
}
FLAGS = {"disputed": StateLook("bang", "danger"), "withdrawn": StateLook("undo", "muted")}
UNKNOWN = StateLook("dot", "muted")  # of a newer code list


def state_badge(state: str, language: str) -> Badge:
    look = STATES.get(state, UNKNOWN)
    return Badge(look.icon, look.colour, code_word("case_state", state, language))


def flag_badge(flag: str, say: Say) -> Badge:
    look = FLAGS[flag]
    return Badge(look.icon, look.colour, say(f"state.{flag}"))
