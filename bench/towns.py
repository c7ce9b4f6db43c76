"""Invented towns with reports about them, of which the truth is known: what people write and what
their phones measure, with the mistakes that both make.

Compounds 330 m apart with buildings 25 to 40 m apart and entrances 15 to 20 m apart; rows of yards;
shops at the foot of homes; offices with several tenants. Positions err as phones do (docs/rules.md:
median and 95th percentile, metres): open 45 % (5, 14), between blocks 35 % (9, 28), stairwells 12 %
(20, 65), network 5 % (74, 250), none 2 %, GCJ-02 that says WGS-84 on 1 % of the phones; each phone
has a bias of its own, and 3 % of the fixes are of the report before.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import cos, exp, log, pi, sin
from uuid import UUID

from contract.ids import uuid7
from contract.place import Fix, Place
from contract.reference import Building, Compound
from contract.report import Report

METRES_A_DEGREE = 111_195.0
EAST = METRES_A_DEGREE * cos(38.6 * pi / 180)
COMMUNITY = "999900100001"
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
# Signs in pairs that sound alike: what a keyboard confuses.
ALIKE = (
    "样阳 例立 苑院 范饭 模磨 拟尼 晨辰 光广 明名 春纯 华花 景井 和禾 安庵 福府 新心"
    " 金今 玉育 林琳 海孩"
).split()
SIGNS = [sign for pair in ALIKE for sign in pair]
SOUNDS = {pair[0]: pair[1] for pair in ALIKE} | {pair[1]: pair[0] for pair in ALIKE}
ENDINGS = ("小区", "小区", "家园", "花园", "公寓", "新村", "苑", "府")
FIRMS = ("托管中心", "教育", "自习室", "培训学校", "托管班", "文化传播有限公司")
DISGUISES = ("CARE", "HOMEWORK", "STUDY_ROOM", "ONE_ON_ONE", "FAMILY_EDU", "ART_EXAM")
SLOTS = ("WEEKDAY_NOON", "WEEKDAY_AFTERNOON", "WEEKDAY_EVENING", "WEEKEND_MORNING", "HOLIDAY")
ERRORS = ((45, 5.0, 14.0), (35, 9.0, 28.0), (12, 20.0, 65.0), (5, 74.0, 250.0), (3, 0.0, 0.0))
GCJ_M = (458.0, 44.0)  # metres east and north, as in Ordos
HOMES = ("RESIDENTIAL", "YARD")


@dataclass(frozen=True, slots=True)
class Spot:
    """A door where something goes on: truth `n`, the door in words, metres east and north."""

    n: int
    compound: int
    building: str
    unit: str
    room: str
    venue: str
    firm: str
    east: float
    north: float
    disguise: str = "CARE"
    slot: str = "WEEKDAY_EVENING"


@dataclass(slots=True)
class Phone:
    """One phone: its bias in metres, and where it was last."""

    east: float
    north: float
    is_gcj: bool
    last: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A report, the truth, the number of the `compound` that it names, and whether it names a door
    there wholly."""

    report: Report
    spot: int
    compound: int
    is_elsewhere: bool  # it names another compound
    names_door: bool

    @property
    def is_whole(self) -> bool:
        """Whether it names its own door, and wholly."""
        return self.names_door and not self.is_elsewhere


@dataclass(slots=True)
class Town:
    """The bureau's list of compounds, the reports in the order of their arrival, and the doors that
    they are of, by number."""

    compounds: list[Compound]
    told: list[Told]
    spots: list[Spot]


def town(seed: int, reports: int) -> Town:
    """About so many reports; the same for the same arguments."""
    return _Builder(random.Random(seed), reports).town()


class _Builder:
    def __init__(self, dice: random.Random, reports: int) -> None:
        self.dice, self.reports = dice, reports
        self.side = max(2, round((reports / 80) ** 0.5))
        self.names: set[str] = set()
        self.compounds: list[Compound] = []
        self.doors: list[list[Spot]] = []

    def town(self) -> Town:
        for n in range(self.side**2):
            self._compound(n)
        spots = self._spots()
        told = list(self._told(spots))
        self.dice.shuffle(told)
        return Town(self.compounds, told, spots)

    def _compound(self, n: int) -> None:
        dice = self.dice
        east, north = (330 * (k + dice.uniform(-0.08, 0.08)) for k in divmod(n, self.side))
        kind = dice.choices(("flats", "village", "offices"), (65, 18, 17))[0]
        name = self._name(kind)
        buildings, doors = getattr(self, f"_{kind}")(n, east, north)
        alias = name[:2] + dice.choice(("新居", "大院", "老院"))
        aliases = (alias,) if dice.random() < 0.3 and alias not in self.names else ()
        self.names |= set(aliases)
        self.compounds.append(
            Compound(
                id=f"c{n:05d}",
                name=name,
                aliases=aliases,
                community=COMMUNITY,
                lat=38.6 + north / METRES_A_DEGREE,
                lon=108.8 + east / EAST,
                buildings=tuple(buildings),
            )
        )
        self.doors.append(doors)

    def _name(self, kind: str) -> str:
        while True:
            ending = {"village": "村", "offices": "大厦"}.get(kind) or self.dice.choice(ENDINGS)
            name = "".join(self.dice.choices(SIGNS, k=3)) + ending
            if kind == "flats" and self.dice.random() < 0.06:
                name += self.dice.choice(("一期", "二期"))
            if name not in self.names:
                self.names.add(name)
                return name

    def _flats(self, n: int, east: float, north: float) -> tuple[list[Building], list[Spot]]:
        dice, buildings, doors = self.dice, [], []
        for b in range(1, dice.randrange(10, 26)):
            units = dice.choice((1, 2, 3, 3, 4))
            row, column = divmod(b - 1, 3)
            at = (east + (column - 1) * 70, north + (row - 3) * dice.uniform(25, 40))
            buildings.append(
                Building(name=f"{b}号楼", units=tuple(f"{u}单元" for u in range(1, units + 1)))
            )
            for u in range(1, units + 1):
                door = (f"{b}号楼", f"{u}单元", "", "RESIDENTIAL", "")
                doors.append(Spot(0, n, *door, at[0] + u * dice.uniform(15, 20), at[1]))
            for s in range(1, 7) if dice.random() < 0.2 else ():
                shop = (f"{b}号楼", f"底商{s}", "", "SHOPFRONT", self._firm())
                doors.append(Spot(0, n, *shop, at[0] + s * 6, at[1] - 8))
        return buildings, doors

    def _village(self, n: int, east: float, north: float) -> tuple[list[Building], list[Spot]]:
        doors, in_rows = [], self.dice.random() < 0.5
        for k in range(60):
            row, house = divmod(k, 8)
            number = f"{row + 1}排{house + 1}号" if in_rows else f"{k + 1}号"
            at = (east + house * 14 - 50, north + row * 22 - 70)
            doors.append(Spot(0, n, number, "", "", "YARD", "", *at))
            if not in_rows and self.dice.random() < 0.2:
                doors.append(Spot(0, n, f"{k + 1}-1号", "", "", "YARD", "", at[0] + 8, at[1]))
        return [], doors

    def _offices(self, n: int, east: float, north: float) -> tuple[list[Building], list[Spot]]:
        doors, names = (
            [],
            self.dice.choice((["A座", "B座"], ["1号楼"], ["1号楼", "2号楼", "3号楼"])),
        )
        for b, name in enumerate(names):
            for floor in range(1, self.dice.randrange(4, 12)):
                for room in range(1, 7):
                    door = (name, "", f"{floor}{room:02d}", self._venue(), self._firm())
                    doors.append(Spot(0, n, *door, east + b * 45 + room * 6, north))
        return [Building(name=name) for name in names], doors

    def _venue(self) -> str:
        return self.dice.choice(("OFFICE", "TRAINING_ORG", "STUDY_ROOM", "CARE_CENTRE"))

    def _firm(self) -> str:
        return "".join(self.dice.choices(SIGNS, k=2)) + self.dice.choice(FIRMS)

    def _spots(self) -> list[Spot]:
        """Doors where something goes on: a sixth of the reports, several in some buildings; three
        in a hundred moved, so that one institution is seen at two doors."""
        spots: list[Spot] = []
        while len(spots) < self.reports / 6:
            doors = self.dice.choice(self.doors)
            first = self.dice.choice(doors)
            near = [door for door in doors if door.building == first.building]
            chosen = self.dice.sample(near, min(len(near), self.dice.choice((1, 1, 2, 3))))
            for door in chosen:
                disguise, slot = self.dice.choice(DISGUISES), self.dice.choice(SLOTS)
                spots.append(replace(door, disguise=disguise, slot=slot))
                if self.dice.random() < 0.03:
                    moved = self.dice.choice(doors)
                    if (moved.venue in HOMES) == (door.venue in HOMES):
                        spots.append(replace(moved, firm=door.firm, disguise=disguise, slot=slot))
        doors = list({(s.compound, s.building, s.unit, s.room): s for s in spots}.values())
        return [replace(door, n=n) for n, door in enumerate(doors)]

    def _told(self, spots: list[Spot]) -> Iterator[Told]:
        phones = [
            Phone(self.dice.gauss(0, 3), self.dice.gauss(0, 3), self.dice.random() < 0.01)
            for _ in range(len(self.compounds) * 3)
        ]
        mean = self.reports / len(spots)
        for spot in spots:
            for _ in range(1 + min(40, int(self.dice.expovariate(1 / (mean - 0.5))))):
                phone = phones[spot.compound * 3 + self.dice.randrange(3)]
                yield Writing(self.dice, self.compounds, self.side, phone).told(spot)


@dataclass(slots=True)
class Writing:
    """How one worker writes one report."""

    dice: random.Random
    compounds: list[Compound]
    side: int
    phone: Phone

    def told(self, spot: Spot) -> Told:
        at = FIRST + timedelta(minutes=self.dice.randrange(600_000))
        place, compound, names_door = self._place(spot)
        is_firm = bool(spot.firm) and self.dice.random() < 0.6
        report = Report(
            id=self._id(at),
            revision=1,
            device="d1",
            author="wg1",
            seen_at=at,
            sealed_at=at,
            place=place,
            fix=self._fix(spot, at),
            institution=self._spelled_firm(spot.firm) if is_firm else "",
            disguises=(self._or_other(spot.disguise, DISGUISES),),
            time_slots=(self._or_other(spot.slot, SLOTS),),
            signs=("POSTER",),
        )
        return Told(report, spot.n, compound, compound != spot.compound, names_door)

    def _id(self, at: datetime) -> UUID:
        return uuid7(at, self.dice.randbytes(10))

    def _or_other(self, code: str, codes: tuple[str, ...]) -> str:
        return code if self.dice.random() < 0.7 else self.dice.choice(codes)

    def _spelled_firm(self, firm: str) -> str:
        return self.dice.choice((firm, firm[:2] + self.dice.choice(FIRMS), firm[:2]))

    def _place(self, spot: Spot) -> tuple[Place, int, bool]:
        dice = self.dice
        is_elsewhere = dice.random() < 0.005
        number = self._neighbour(spot.compound) if is_elsewhere else spot.compound
        parts = {"building": spot.building, "unit": spot.unit, "room": spot.room}
        missing = dice.choices(("", "building", "last"), (90, 4, 6))[0]
        if missing:
            parts["unit"] = parts["room"] = ""
        if missing == "building" or (not (spot.unit or spot.room) and missing):
            parts["building"] = ""
        is_opposite = not missing and spot.venue == "RESIDENTIAL" and dice.random() < 0.01
        if is_opposite:
            parts["building"] = f"{dice.randrange(1, 10)}号楼对面"
        venue = spot.venue if dice.random() < 0.97 else dice.choice((None, "STUDY_ROOM"))
        place = self._written(self.compounds[number], parts, venue)
        return place, number, not (missing or is_opposite)

    def _written(self, compound: Compound, parts: dict[str, str], venue: str | None) -> Place:
        """Picked from lists, typed into the fields, or all of it in one text."""
        way = self.dice.choices(("picked", "typed", "text"), (72, 20, 8))[0]
        place = Place(community=COMMUNITY, venue=venue)
        if way == "picked":
            told = {name: part for name, part in parts.items() if part}
            remark = self.dice.choices(("", "超市旁", "小学对面", "18:30"), (90, 4, 5, 1))[0]
            code = {"compound": compound.id, "compound_name": compound.name}
            return place.model_copy(update={**code, **told, "landmark": remark})
        door = self._typed(parts)
        if way == "typed":
            told = {name: part for name, part in door.items() if part}
            code = {"compound": compound.id, "compound_name": compound.name}
            if self.dice.random() < 0.3:
                told = {"building": "".join(door.values())} if any(door.values()) else {}
            return place.model_copy(update={**code, **told})
        landmark = self._spelled_name(compound) + "".join(door.values())
        return place.model_copy(update={"landmark": landmark})

    def _typed(self, parts: dict[str, str]) -> dict[str, str]:
        dice, building, unit, room = self.dice, parts["building"], parts["unit"], parts["room"]
        if building.endswith("号楼") and building[:-2].isdecimal():
            n = building[:-2]
            building = dice.choice(
                (f"{n}栋", f"{n}幢", f"{n}#", f"{_chinese(int(n))}号楼", f"{n}号楼")
            )
        if unit.endswith("单元"):
            n = unit[:-2]
            unit = dice.choice((f"{n}门", f"{_chinese(int(n))}单元", f"0{n}单元", f"{n}单元"))
        return {"building": building, "unit": unit, "room": f"{room}室" if room else ""}

    def _spelled_name(self, compound: Compound) -> str:
        name, dice = compound.name, self.dice
        way = dice.randrange(5)
        if way == 0 and compound.aliases:
            return compound.aliases[0]
        if way == 1:
            return "示例镇" + name
        if way == 2:
            return name.removesuffix("小区") if name.endswith("小区") else name
        if way == 3:
            k = dice.randrange(3)
            return name[:k] + SOUNDS[name[k]] + name[k + 1 :]
        return name

    def _neighbour(self, n: int) -> int:
        row, column = divmod(n, self.side)
        options = [(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)]
        inside = [(r, c) for r, c in options if 0 <= r < self.side and 0 <= c < self.side]
        r, c = self.dice.choice(inside)
        return r * self.side + c

    def _fix(self, spot: Spot, at: datetime) -> Fix | None:
        dice = self.dice
        _, middle, most = dice.choices(ERRORS, [share for share, _, _ in ERRORS])[0]
        if not middle:
            return None
        spread = log(most / middle) / 1.645
        error, turn = middle * exp(dice.gauss(0, spread)), dice.uniform(0, 2 * pi)
        here = (spot.east + dice.gauss(0, 6), spot.north + dice.gauss(0, 6))
        before, self.phone.last = self.phone.last, here
        is_stale = before is not None and dice.random() < 0.03
        east, north = before if is_stale and before else here
        east += error * cos(turn) + self.phone.east + (GCJ_M[0] if self.phone.is_gcj else 0)
        north += error * sin(turn) + self.phone.north + (GCJ_M[1] if self.phone.is_gcj else 0)
        return Fix(
            lat=round(38.6 + north / METRES_A_DEGREE, 5),
            lon=round(108.8 + east / EAST, 5),
            accuracy_m=round(1.3 * middle * exp(dice.gauss(0, 0.3)), 1),
            provider="network" if middle > 50 else "gps",
            at=at - timedelta(hours=1) if is_stale else at,
        )


def _chinese(n: int) -> str:
    ones = "零一二三四五六七八九"
    if n < 10:
        return ones[n]
    return ("" if n < 20 else ones[n // 10]) + "十" + (ones[n % 10] if n % 10 else "")
