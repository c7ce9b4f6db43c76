"""Which numbers of leads have changed since a phone last heard of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contract.reference import BuildingRecordCount, LeadCounts
from sync_server.accounts.phones import Phone
from sync_server.store import lead_counts
from sync_server.store.engine import Tx
from sync_server.store.lead_counts import Building

NEAR = 100  # transactions: a phone that is further behind is looked up by its compounds
Known = Mapping[Building, tuple[str, str | None]]  # canonical → as the bureau's list names it


@dataclass(frozen=True, slots=True)
class CountVersion:
    """Up to which number the counts of which lists are known: `lists` changes with the compounds
    that a phone may pick from, for then it is told all anew."""

    lists: str
    number: int

    def __str__(self) -> str:
        return f"{self.lists}-{self.number}"

    @classmethod
    def read(cls, held: str) -> "CountVersion":
        """What a phone names; for anything else one that no bureau gives."""
        lists, _, number = held.rpartition("-")
        is_number = number.isascii() and number.isdecimal() and len(number) < 16
        return cls(lists, int(number)) if is_number else cls("", -1)


class CountNews:
    """For the calls of one batch: one statement serves all phones that are not far behind."""

    def __init__(self, tx: Tx, change: int, held: Iterable[str | None]) -> None:
        """`change` is the number of the last change of the lists, `held` what the phones name."""
        self._tx, self.change = tx, change
        self._named = [CountVersion.read(one).number for one in held if one]

    @cached_property
    def number(self) -> int:
        """Of the last change of a number of leads. Asked for late: most calls bring a report, and
        are told no numbers."""
        return lead_counts.number(self._tx)

    def since(self, phone: Phone, held: tuple[str | None, bool], known: Known) -> LeadCounts | None:
        """What a phone lacks that may pick from the `known` buildings; `held` is what it names, and
        whether it is to be told all. None if nothing is new to it."""
        now = CountVersion(f"{self.change}-{phone.grid or ''}", self.number)
        before = CountVersion.read(held[0] or "")
        if before == now and not held[1]:  # usual
            return None
        is_whole = held[1] or before.lists != now.lists or before.number > now.number
        rows = self._rows(known, -1 if is_whole else before.number)
        found = [(known.get((row.compound, row.building)), row) for row in rows]
        told = tuple(
            BuildingRecordCount(compound=at[0], building=at[1], count=row.count, closed=row.closed)
            for at, row in found
            if at and (row.count > 0 or not is_whole)
        )
        # A word for "nothing of yours" now and then, so that the next look is a short one.
        if not (told or is_whole) and self.number - before.number < NEAR // 2:
            return None
        return LeadCounts(version=str(now), is_whole=is_whole, buildings=told)

    def _rows(self, known: Known, number: int) -> list[Any]:
        if number >= self._oldest:
            return [row for row in self._recent if row.changed > number]
        return lead_counts.of_areas(self._tx, {area for area, _ in known}, number)

    @cached_property
    def _oldest(self) -> int:
        near = [n for n in self._named if self.number - NEAR <= n < self.number]
        return min(near, default=self.number)

    @cached_property
    def _recent(self) -> list[Any]:
        return lead_counts.since(self._tx, self._oldest)
