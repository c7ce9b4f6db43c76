"""The inbox's filter: read from the URL, written to URLs, and offered as chips with links."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from contract.codelists import built_in
from contract.search_text import search_words
from contract.visible_text import has_visible
from sync_server.casework.case_rules import WorkDay
from sync_server.console.times import start_of_days
from sync_server.console.words import Say, code_word
from sync_server.domain.clocks import local_day
from sync_server.store.inbox import DueBounds, RecordFilter

DAYS = ("1", "7", "30")  # seen within so many
FLAGS = ("disputed", "withdrawn", "due_today", "late", "joint")
MOST_SEARCH = 60  # characters
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Filter:
    """Each field is the query parameter of the same name; a value that is not allowed is left
    out."""

    state: str = ""
    flag: str = ""
    kind: str = ""
    community: str = ""
    shift: str = ""
    days: str = ""
    q: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        lists = built_in().lists
        allowed = {
            "state": lists["case_state"],
            "flag": FLAGS,
            "kind": lists["obs_type"],
            "shift": lists["shift"],
            "days": DAYS,
        }
        known = {name: query.get(name, "") for name in allowed}
        kept = {name: value for name, value in known.items() if value in allowed[name]}
        community = query.get("community", "")
        return cls(
            **kept,
            community=community if community.isdecimal() and len(community) <= 12 else "",
            q=_question(query.get("q", "")),
        )

    def url(self, path: str, **more: object) -> str:
        """This filter on `path`, with further parameters such as the page."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        query = {name: value for name, value in (fields | more).items() if value not in ("", None)}
        return f"{path}?{urlencode(query)}" if query else path

    def record_filter(self, day: WorkDay, only_community: str | None) -> RecordFilter:
        """The same for the store. `only_community` is the one that the visitor may see, whatever
        the URL says; None for all."""
        return RecordFilter(
            state=self.state or None,
            flag=self.flag or None,
            kind=self.kind or None,
            community=self.community or None if only_community is None else only_community,
            shift=self.shift or None,
            since=start_of_days(day.now, int(self.days)) if self.days else None,
            due=due_bounds(day),
            words=search_words(self.q)[:MOST_WORDS],
        )

    @property
    def folder(self) -> str:
        """The folder in the rail that this filter shows."""
        return self.flag or self.state or "all"

    @property
    def narrowed(self) -> bool:
        """True if anything but the folder narrows the list."""
        return self != replace(self, kind="", community="", shift="", days="", q="")


def due_bounds(day: WorkDay) -> DueBounds:
    """What is due on this day, for the store."""
    return DueBounds(local_day(day.now), *day.accept_bounds())


def _question(typed: str) -> str:
    """What is searched for, on one line; "" for a question of which nothing shows."""
    asked = " ".join(typed.replace("\0", "").split())[:MOST_SEARCH]
    return asked if has_visible(asked) else ""


@dataclass(frozen=True, slots=True)
class FilterChoice:
    word: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One field of the filter: its present choice in words, the link that removes it (empty if
    nothing is chosen), and all choices."""

    name: str
    word: str
    remove_url: str
    choices: tuple[FilterChoice, ...]


def chips(filter: Filter, communities: Mapping[str, str], say: Say, language: str) -> list[Chip]:
    kinds = {code: code_word("obs_type", code, language) for code in built_in().offered("obs_type")}
    shifts = {code: code_word("shift", code, language) for code in built_in().offered("shift")}
    days = {code: say(f"filter.days.{code}") for code in DAYS}
    found = [
        _chip(filter, "kind", kinds, say),
        _chip(filter, "community", communities, say),
        _chip(filter, "shift", shifts, say),
        _chip(filter, "days", days, say),
    ]
    return [chip for chip in found if chip.choices]


def _chip(filter: Filter, name: str, words: Mapping[str, str], say: Say) -> Chip:
    chosen = getattr(filter, name)
    choices = tuple(
        FilterChoice(word, replace(filter, **{name: code}).url("/inbox"), code == chosen)
        for code, word in words.items()
    )
    remove_url = replace(filter, **{name: ""}).url("/inbox") if chosen else ""
    word = words.get(chosen, chosen) if chosen else say(f"filter.{name}")
    return Chip(name, word, remove_url, choices)
