"""The sentences that officers read, by code and language, from words.json; and words of code lists.

Until a case is closed they say 线索 (lead) and 疑似 (suspected), rule L3.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from contract import wire
from contract.codelists import built_in
from contract.visible_text import beside

LANGUAGES = ("zh", "en")
Say = Callable[..., str]


@cache
def sentences() -> dict[str, tuple[str, ...]]:
    """All sentences by code: Chinese, English."""
    read = wire.parse_json(files("sync_server").joinpath("console", "words.json").read_bytes())
    return {code: tuple(both) for code, both in read.items()}


def speaker(language: str) -> Say:
    """A function that returns the sentence of a code in this language; keyword arguments fill its
    gaps."""
    column = LANGUAGES.index(language)

    def say(code: str, /, **gaps: object) -> str:
        return sentences()[code][column].format(
            **{name: beside(one) if isinstance(one, str) else one for name, one in gaps.items()}
        )

    return say


def say_known(say: Say, code: str, other: str, /, **gaps: object) -> str:
    """The sentence of a code that came from elsewhere; the sentence `other` if there is none."""
    return say(code, **gaps) if code in sentences() else say(other, **gaps)


def code_word(name: str, code: str | None, language: str) -> str:
    """A code's word in the code list `name`; empty for no code."""
    return built_in().word(name, code, language) if code else ""


@dataclass(frozen=True, slots=True)
class Wording:
    """Puts sentences and codes into one language."""

    say: Say
    language: str

    def word(self, name: str, code: str | None) -> str:
        """A code's word in the code list `name`; empty for no code."""
        return code_word(name, code, self.language)

    def words(self, name: str, codes: Iterable[str]) -> str:
        """The words of several codes, as a list in one sentence."""
        return self.say("join.list").join(self.word(name, code) for code in codes)
