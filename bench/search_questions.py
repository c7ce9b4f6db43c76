"""What people type when they look for a place, each with the reports that name it."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.search_tables import BUREAU, Copies
from bench.towns import SOUNDS, Spot
from contract.reference import Compound
from sync_server.importing.initials import initials, pinyin

SEED, EACH = 7, 10  # questions of each kind
ENDING = "小区"
WIDE = {n: n + 0xFEE0 for n in range(ord("!"), ord("~") + 1)}
Ask = Callable[[Compound, str, str], str]  # of compound, building and unit or room
Door = tuple[int, str, str, str]  # compound, building, unit, room
Reports = Mapping[Door, Sequence[int]]


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """What is typed, the ids of the reports that name what is meant, and of those that are right as
    well: they are of it, but leave a part of it out."""

    kind: str
    asked: str
    wanted: frozenset[str]
    right: frozenset[str] = frozenset()


HOME: dict[str, Ask] = {
    "name and 3栋2单元": lambda c, b, u: f"{c.name}{b}栋{u}单元",
    "name without 小区, 3-2-501": lambda c, b, u: f"{c.name.removesuffix(ENDING)}{b}-{u}-501",
    "name, numerals": lambda c, b, u: f"{c.name} {_numeral(b)}号楼 {_numeral(u)}单元",
    "other name": lambda c, b, u: f"{(*c.aliases, c.name)[0]}{b}#{u}单元",
    "with its town": lambda c, b, u: f"示例镇{c.name}{b}号楼{u}单元",
    "a sign that sounds alike": lambda c, b, u: f"{_misheard(c.name)}{b}号楼{u}门",
    "initials, 3-2": lambda c, b, u: f"{_letters(c)}{b}-{u}",
    "initials, 3栋2单元": lambda c, b, u: f"{_letters(c).upper()} {b}栋{u}单元",
    "pinyin": lambda c, b, u: f"{pinyin(c.name).replace(chr(39), '')} {b}号楼{u}单元",
    "wide": lambda c, b, u: f"{c.name}{b}-{u}".translate(WIDE),
}
ALONE: dict[str, Ask] = {
    "3-2-501": lambda _, b, u: f"{b}-{u}-501",
    "3栋2单元": lambda _, b, u: f"{b}栋{u}单元",
}
OTHERS: dict[str, tuple[str, Ask]] = {
    "village": ("YARD", lambda c, b, _: f"{c.name}{b}"),
    "shop": ("SHOPFRONT", lambda c, b, s: f"{c.name}{b}{s}"),
    "office": ("OFFICE", lambda c, b, r: f"{c.name}{b}{r}"),
}


def questions(copies: Copies) -> list[SearchQuestion]:
    """EACH of each kind, the same for the same towns."""
    dice = random.Random(SEED)
    return [*_doors(copies, dice), *_compounds(copies, dice), *_receipts(copies, dice)]


def _doors(copies: Copies, dice: random.Random) -> Iterator[SearchQuestion]:
    named, told = _named(copies), _told(copies)
    meant = _Meant(copies)
    of = defaultdict[str, list[Door]](list)
    for spot in copies.town.spots:
        if named.get(_door(spot)):
            of[spot.venue].append(_door(spot))
    asks = {kind: ("RESIDENTIAL", ask) for kind, ask in (HOME | ALONE).items()} | OTHERS
    for kind, (venue, ask) in asks.items():
        for door in dice.sample(of[venue], min(EACH, len(of[venue]))):
            compound = copies.compound(dice.randrange(copies.whole), door[0])
            asked = ask(compound, *_said(door, venue))
            if kind in ALONE:
                ids = (copies.ids_in_all(_anywhere(each, door)) for each in (named, told))
            else:
                ones = meant.by(kind, compound)
                ids = (_of_any(copies, ones, each, door) for each in (named, told))
            yield SearchQuestion(kind, asked, *ids)


class _Meant:
    """Which compounds are meant by a name, initials or a sound: each of all that share it."""

    def __init__(self, copies: Copies) -> None:
        self._sharing = defaultdict[str, list[tuple[int, int]]](list)
        for copy in range(copies.number):
            for n in range(len(copies.town.compounds)):
                one = copies.compound(copy, n)
                for key in {_letters(one), pinyin(one.name), *_bare(one)}:
                    self._sharing[key].append((copy, n))

    def by(self, kind: str, one: Compound) -> Sequence[tuple[int, int]]:
        """The compounds, each by copy and number, that a question of this kind about one means."""
        if kind.startswith("initials"):
            return self._sharing[_letters(one)]
        if kind == "pinyin":
            return self._sharing[pinyin(one.name)]
        if kind == "a sign that sounds alike":
            own = self._sharing.get(_misheard(one.name).removesuffix(ENDING))
            return own or self._sharing[pinyin(one.name)]
        if kind == "other name":
            return self._sharing[(*one.aliases, one.name)[0].removesuffix(ENDING)]
        return self._sharing[one.name.removesuffix(ENDING)]


def _bare(one: Compound) -> set[str]:
    return {name.removesuffix(ENDING) for name in (one.name, *one.aliases)}


def _of_any(
    copies: Copies, ones: Sequence[tuple[int, int]], reports: Reports, door: Door
) -> frozenset[str]:
    """The ids of reports of that door in any of these compounds."""
    each = (copies.ids(copy, reports.get((n, *door[1:]), ())) for copy, n in ones)
    return frozenset[str]().union(*each)


def _said(door: Door, venue: str) -> tuple[str, str]:
    """Building, and unit or room; numbers alone of a home."""
    _, building, unit, room = door
    return (building[:-2], unit[:-2]) if venue == "RESIDENTIAL" else (building, unit or room)


def _anywhere(reports: Reports, door: Door) -> list[int]:
    """Of this door in any compound."""
    return [n for one, each in reports.items() if one[1:] == door[1:] for n in each]


def _compounds(copies: Copies, dice: random.Random) -> Iterator[SearchQuestion]:
    every = [(copy, n) for copy in range(copies.number) for n in range(len(copies.town.compounds))]
    here = defaultdict[int, list[int]](list)
    for n, told in enumerate(copies.town.told):
        here[told.compound].append(n)
    kinds: dict[str, tuple[Callable[[Compound], str], Callable[[Compound, str], bool]]] = {
        "2 characters": (lambda c: c.name[:2], lambda c, asked: asked in c.name),
        "initials": (_letters, lambda c, asked: _letters(c) == asked),
        "begun initials": (lambda c: _letters(c)[:3], lambda c, asked: _letters(c)[:3] == asked),
        "name": (lambda c: c.name, lambda c, asked: c.name == asked),
    }
    known = {one: copies.compound(*one) for one in every}
    for kind, (ask, meant) in kinds.items():
        for one in dice.sample(
            [one for one in every if here[one[1]] and one[0] < copies.whole], EACH
        ):
            asked = ask(known[one])
            ids = (copies.ids(c, here[n]) for c, n in every if meant(known[c, n], asked))
            yield SearchQuestion(kind, asked, frozenset[str]().union(*ids))


def _receipts(copies: Copies, dice: random.Random) -> Iterator[SearchQuestion]:
    for n in dice.sample(range(1_000, copies.many), EACH):
        written = dice.choice((f"{BUREAU}-{n + 1:06d}", f"{n + 1:06d}", f"{n + 1}"))
        yield SearchQuestion("receipt", written, frozenset([copies.id(n)]))


def _named(copies: Copies) -> Reports:
    """The reports that name each door wholly, in the compound that they name."""
    found = defaultdict[Door, list[int]](list)
    for n, told in enumerate(copies.town.told):
        if told.names_door:
            found[told.compound, *_door(copies.town.spots[told.spot])[1:]].append(n)
    return found


def _told(copies: Copies) -> Reports:
    """The reports of each door, whatever they name."""
    found = defaultdict[Door, list[int]](list)
    for n, told in enumerate(copies.town.told):
        found[_door(copies.town.spots[told.spot])].append(n)
    return found


def _door(spot: Spot) -> Door:
    return spot.compound, spot.building, spot.unit, spot.room


def _letters(compound: Compound) -> str:
    return initials(compound.name.removesuffix(ENDING))


def _misheard(name: str) -> str:
    n = next(n for n, sign in enumerate(name) if sign in SOUNDS)
    return name[:n] + SOUNDS[name[n]] + name[n + 1 :]


def _numeral(number: str) -> str:
    ones, n = "零一二三四五六七八九", int(number)
    tens = "" if n < 10 else "十" if n < 20 else f"{ones[n // 10]}十"
    return tens + (ones[n % 10] if n % 10 else "")
