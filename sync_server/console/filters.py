"""The inbox's filter as it stands in the URL: read it, write it, and offer its chips as links."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from urllib.parse import urlencode

from contract.codelists import built_in
from contract.numerals import normalize
from sync_server.console.moments import days_ago
from sync_server.console.words import Say, listed
from sync_server.store.inbox import RecordFilter

DAYS = ("1", "7", "30")
FLAGS = ("disputed", "withdrawn")
MOST_SEARCH = 60  # characters
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Filter:
    """Each field is a query parameter of the same name; what is not understood is left out."""

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
            q=" ".join(query.get("q", "").replace("\0", "").split())[:MOST_SEARCH],
        )

    def url(self, path: str, **more: object) -> str:
        """This filter on `path`, with further parameters such as the page."""
        mine = {name: getattr(self, name) for name in self.__slots__}
        query = {name: value for name, value in (mine | more).items() if value not in ("", None)}
        return f"{path}?{urlencode(query)}" if query else path

    def sought(self, now: datetime, only: str | None) -> RecordFilter:
        """`only` is the one community that the visitor may see, whatever the URL says."""
        return RecordFilter(
            state=self.state or None,
            flag=self.flag or None,
            kind=self.kind or None,
            community=only if only is not None else self.community or None,
            shift=self.shift or None,
            since=days_ago(now, int(self.days)) if self.days else None,
            words=tuple(normalize(self.q).split()[:MOST_WORDS]),
        )

    @property
    def folder(self) -> str:
        """Which entry of the rail this is."""
        return self.flag or self.state or "all"

    @property
    def narrowed(self) -> bool:
        """Whether anything but the folder narrows the list."""
        return self != replace(self, kind="", community="", shift="", days="", q="")


@dataclass(frozen=True, slots=True)
class FilterChoice:
    word: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter: what it says now, the link that drops it (empty when unused), its choices."""

    name: str
    word: str
    drop: str
    choices: tuple[FilterChoice, ...]


def chips(filter: Filter, communities: Mapping[str, str], say: Say, language: str) -> list[Chip]:
    kinds = {code: listed("obs_type", code, language) for code in built_in().offered("obs_type")}
    shifts = {code: listed("shift", code, language) for code in built_in().offered("shift")}
    days = {code: say(f"filter.days.{code}") for code in DAYS}
    found = [
        _chip(filter, "kind", kinds, say),
        _chip(filter, "community", communities, say),
        _chip(filter, "shift", shifts, say),
        _chip(filter, "days", days, say),
    ]
    return [chip for chip in found if chip.choices]


def _chip(filter: Filter, name: str, words: Mapping[str, str], say: Say) -> Chip:
    now = getattr(filter, name)
    choices = tuple(
        FilterChoice(word, replace(filter, **{name: code}).url("/inbox"), code == now)
        for code, word in words.items()
    )
    drop = replace(filter, **{name: ""}).url("/inbox") if now else ""
    return Chip(name, words.get(now, now) if now else say(f"filter.{name}"), drop, choices)
