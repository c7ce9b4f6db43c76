"""The code lists: what may be chosen, in both languages. Data, versioned and synced, never code.

Source: notice 乌教体发〔2024〕100号; Order 53 of the Ministry of Education, art. 17, 18.
"""

from functools import cache
from importlib.resources import files

from contract import wire
from contract.value import Name, Value


class Choice(Value):
    """One code's words. `order` is its place in the list, for canonical JSON sorts keys; `group`
    parts a long list; a `retired` code is read but not offered."""

    zh: Name
    en: Name
    order: int = 0
    group: Name = ""
    retired: bool = False


class CodeLists(Value):
    """All lists under one version: name of the list, then code, then its words."""

    version: Name
    lists: dict[str, dict[str, Choice]]

    def knows(self, name: str, code: str) -> bool:
        """Whether `code` stands in the list `name` (a retired one still does)."""
        return code in self.lists.get(name, {})

    def word(self, name: str, code: str, language: str = "zh") -> str:
        """The code's word for people, or the code itself where the list is older than the code."""
        choice = self.lists.get(name, {}).get(code)
        if choice is None:
            return code
        return choice.zh if language == "zh" else choice.en

    def offered(self, name: str) -> tuple[str, ...]:
        """The codes to choose from, in the list's own order."""
        listed = sorted(self.lists.get(name, {}).items(), key=lambda pair: pair[1].order)
        return tuple(code for code, choice in listed if not choice.retired)

    def grouped(self, name: str, group: str) -> tuple[str, ...]:
        """Those to choose from that are of this group; all of them in a list that has no such
        group (an older one), or for an empty `group`."""
        codes, listed = self.offered(name), self.lists.get(name, {})
        own = tuple(code for code in codes if listed[code].group == group)
        return own if group and own else codes


@cache
def built_in() -> CodeLists:
    """The lists this program was shipped with, in force until the bureau sends newer ones."""
    return wire.decode(CodeLists, files("contract").joinpath("codelists.json").read_bytes())
