"""Every word an officer reads, by code and language; the sentences stand in words.json.

Until a case is closed they speak of a 线索 (lead) and of what is 疑似 (suspected), rule L3.
"""

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from contract import wire
from contract.codelists import built_in

LANGUAGES = ("zh", "en")
Say = Callable[..., str]


@cache
def sentences() -> dict[str, tuple[str, ...]]:
    read = wire.parse_json(files("sync_server").joinpath("console", "words.json").read_bytes())
    return {code: tuple(both) for code, both in read.items()}


def speaker(language: str) -> Say:
    """A function from a code, and the values for its gaps, to the sentence in this language."""
    column = LANGUAGES.index(language)

    def say(code: str, /, **gaps: object) -> str:
        return sentences()[code][column].format(**gaps)

    return say


def said(say: Say, code: str, other: str, /, **gaps: object) -> str:
    """The sentence for a code that came from elsewhere, or `other` where none was written."""
    return say(code, **gaps) if code in sentences() else say(other, **gaps)


def listed(name: str, code: str | None, language: str) -> str:
    """A code's word in the code list `name`; empty for no code."""
    return built_in().word(name, code, language) if code else ""
