"""The code lists: what may be chosen, with words in Chinese and English. They are data that the
server versions and sends to phones, because the rules change by decree.

Source: notice 乌教体发〔2024〕100号; Order 53 of the Ministry of Education, art. 17, 18.
"""

from functools import cache
from importlib.resources import files

from contract import wire
from contract.value import Flag, Name, Value


class Choice(Value):
    """The words of one code. `order` is its position in the list (canonical JSON sorts keys, so
    the order of a mapping is lost); `group` names its section of a long list; a `retired` code is
    still understood but no longer offered."""

    zh: Name
    en: Name
    order: int = 0
    group: Name = ""
    retired: Flag = False


UNLISTED = Choice(zh="未收录", en="not listed here")


class CodeLists(Value):
    """All lists under one version: list name → code → its words."""

    version: Name
    lists: dict[str, dict[str, Choice]]

    def knows(self, name: str, code: str) -> bool:
        """Whether `code` is in the list `name`, retired codes included; False for an unknown
        list."""
        return code in self.lists.get(name, {})

    def word(self, name: str, code: str, language: str = "zh") -> str:
        """The word of `code` in `language` ("zh", anything else is English); that of UNLISTED for a
        code that the list does not have, because it is newer: no code reaches a screen."""
        choice = self.lists.get(name, {}).get(code, UNLISTED)
        return choice.zh if language == "zh" else choice.en

    def offered(self, name: str) -> tuple[str, ...]:
        """The codes to choose from, by their `order` and without retired ones; () for an unknown
        list."""
        listed = sorted(self.lists.get(name, {}).items(), key=lambda pair: pair[1].order)
        return tuple(code for code, choice in listed if not choice.retired)

    def grouped(self, name: str, group: str) -> tuple[str, ...]:
        """The codes to choose from in this group. All of the list for an empty `group`, and for a
        list without this group: an older one that has no groups yet."""
        codes, listed = self.offered(name), self.lists.get(name, {})
        own = tuple(code for code in codes if listed[code].group == group)
        return own if group and own else codes


@cache
def built_in() -> CodeLists:
    """The lists that this program was shipped with, used until the server sends newer ones."""
    return wire.decode(CodeLists, files("contract").joinpath("codelists.json").read_bytes())
