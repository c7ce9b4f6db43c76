"""Every word a worker reads, by code and language; the sentences stand only in words.json.

What was seen is called 疑似 or 线索, never more: a case officer says what it was (rule L3).
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from contract import wire
from contract.visible_text import beside

LANGUAGES = ("zh", "en")
Speak = Callable[..., str]


@cache
def sentences() -> Mapping[str, list[str]]:
    raw = files("fieldapp.ui").joinpath("words.json").read_bytes()
    loaded: Mapping[str, list[str]] = wire.parse_json(raw)
    return loaded


def speaker(language: str) -> Speak:
    """Returns a function from a code, and the values for its gaps, to the sentence in this
    language."""
    column = LANGUAGES.index(language) if language in LANGUAGES else 0

    def say(code: str, /, **gaps: object) -> str:
        return sentences()[code][column].format(
            **{name: beside(one) if isinstance(one, str) else one for name, one in gaps.items()}
        )

    return say


def why(say: Speak, code: str) -> str:
    """The sentence for the code of a failure; a code newer than this app never reaches a screen."""
    return say(f"why.{code}") if f"why.{code}" in sentences() else say("why.other")
