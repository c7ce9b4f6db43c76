"""How a state looks: always icon + word + colour, from this one table."""

from dataclasses import dataclass

from sync_server.console.words import Say, listed


@dataclass(frozen=True, slots=True)
class Look:
    """`icon` is drawn in templates/icons.html, `colour` is a token of static/tokens.css."""

    icon: str
    colour: str


@dataclass(frozen=True, slots=True)
class Badge:
    icon: str
    colour: str
    word: str


STATES = {
    "10": Look("dot", "info"),
    "15": Look("half", "warn"),
    "20": Look("check", "ok"),
    "25": Look("join", "info"),
    "29": Look("cross", "danger"),
    "30": Look("check", "info"),
    "40": Look("dot", "info"),
    "50": Look("dot", "info"),
    "55": Look("hand", "info"),
    "60": Look("dot", "info"),
    "70": Look("check", "ok"),
    "71": Look("check", "ok"),
    "72": Look("check", "ok"),
    "73": Look("check", "ok"),
    "80": Look("check", "ok"),
    "90": Look("half", "warn"),
    "99": Look("cross", "muted"),
}
FLAGS = {"disputed": Look("bang", "danger"), "withdrawn": Look("undo", "muted")}
STRANGE = Look("dot", "muted")  # a state from a newer list


def state_badge(state: str, language: str) -> Badge:
    look = STATES.get(state, STRANGE)
    return Badge(look.icon, look.colour, listed("case_state", state, language))


def flag_badge(flag: str, say: Say) -> Badge:
    look = FLAGS[flag]
    return Badge(look.icon, look.colour, say(f"state.{flag}"))
