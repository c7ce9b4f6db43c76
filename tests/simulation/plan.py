"""A seed becomes a schedule: explicit steps with their faults, that print, replay and shrink."""

from dataclasses import dataclass, fields
from enum import StrEnum
from random import Random

from tests.simulation.disk import Death, How
from tests.simulation.road import Fault, Trouble
from tests.simulation.versions import Age

DAY = 86_400.0
POSTS = ("wg1", "wg2")


class Do(StrEnum):
    """What happens in a step; `world.ACTS` has a row for each."""

    SEAL = "seal a report"
    UNDO = "undo the last seal"
    EDIT = "seal a new revision"
    WITHDRAW = "withdraw a report"
    PATROL = "end a patrol"
    SUGGEST = "suggest something"
    GO = "a round of the courier"
    KILL = "phone killed"
    DECIDE = "a supervisor decides"
    CRASH = "server killed"
    JUMP = "wrong clock"
    FILL = "phone's disk full"
    FILL_BUREAU = "server's disk full"
    KEEP = "phone's backup taken"
    RESTORE = "phone restored from an old backup"
    REINSTALL = "app reinstalled"
    CLONE = "two phones with one identity"
    KEEP_BUREAU = "server's backup taken"
    RESTORE_BUREAU = "server restored from a backup"
    PROCESSES = "second server process"
    REVOKE = "token revoked"
    ENROL = "enrolled anew"
    AGE = "phone of another version"
    AGE_BUREAU = "server of another version"


class At(StrEnum):
    """What a death counts."""

    WRITE = "write"
    AWAIT = "await"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Step:
    """`gap` seconds after the one before. `n` says which of the reports there are, how many photos,
    or on and off, whatever the deed needs; it is taken modulo what there is."""

    do: Do
    gap: float = 1.0
    phone: int = 0
    n: int = 0
    seconds: float = 0.0
    troubles: tuple[Trouble, ...] = ()
    death: Death | None = None
    at: At = At.WRITE
    age: Age = Age.TODAY

    def __str__(self) -> str:
        said = (
            f"{one.name}={getattr(self, one.name)!r}"
            for one in fields(self)[1:]
            if getattr(self, one.name) != one.default
        )
        return f"Step({', '.join([str(self.do), *said])})"


@dataclass(frozen=True, slots=True)
class Plan:
    """One world: who has the phones, and what happens."""

    seed: int
    posts: tuple[str, ...]
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        lines = "".join(f"\n  {step}" for step in self.steps)
        return f"seed {self.seed}, phones of {', '.join(self.posts)}:{lines}"


# What workers and supervisors do in every world, and how often.
WORK = {
    Do.SEAL: 10,
    Do.GO: 12,
    Do.EDIT: 3,
    Do.DECIDE: 4,
    Do.UNDO: 1,
    Do.WITHDRAW: 1,
    Do.PATROL: 1,
    Do.SUGGEST: 1,
}
# Families of faults; a world has a few of them, so that those it has meet each other often.
TROUBLE: dict[str, dict[Do, int]] = {
    "deaths": {Do.KILL: 4},
    "crashes": {Do.CRASH: 5},
    "clocks": {Do.JUMP: 3},
    "disks": {Do.FILL: 3, Do.FILL_BUREAU: 3},
    "old phones": {Do.KEEP: 2, Do.RESTORE: 2},
    "lost phones": {Do.REINSTALL: 2},
    "twins": {Do.CLONE: 2},
    "tokens": {Do.REVOKE: 2, Do.ENROL: 3},
    "versions": {Do.AGE: 3, Do.AGE_BUREAU: 2},
    "processes": {Do.PROCESSES: 2},
    "none": {},
}
JUMPS_S = (-3.0 * 365 * DAY, -DAY, -3600.0, -30.0, 45.0, 86_400.0, 5.0 * 365 * DAY)
GAPS_S = (0.2, 1.0, 1.0, 5.0, 15.0, 15.0, 40.0, 600.0)


def plan(seed: int) -> Plan:
    """The world of this seed."""
    chance = Random(seed)
    posts = tuple(chance.choice(POSTS) for _ in range(chance.choice((1, 2, 2, 3))))
    themes = chance.sample(sorted(TROUBLE), chance.choice((1, 2, 2, 3, 4)))
    weights = dict(WORK)
    for theme in themes:
        weights |= TROUBLE[theme]
    bad_road = chance.choice((0.0, 0.3, 0.7))
    mortal = "deaths" in themes
    steps = [
        _step(chance, weights, (bad_road, mortal), len(posts))
        for _ in range(chance.randint(14, 30))
    ]
    return Plan(seed, posts, tuple(steps))


def _step(chance: Random, weights: dict[Do, int], mood: tuple[float, bool], phones: int) -> Step:
    do = chance.choices(list(weights), list(weights.values()))[0]
    bad_road, mortal = mood
    troubles: tuple[Trouble, ...] = ()
    death, at = None, At.WRITE
    if do is Do.GO and chance.random() < bad_road:
        troubles = tuple(_trouble(chance) for _ in range(chance.choice((1, 1, 2, 3))))
    if do is Do.CRASH:
        at = chance.choice((At.STATEMENT, At.WRITE))
        death = _death(chance, 40 if at is At.STATEMENT else 8)
    elif do is Do.KILL:
        death = _death(chance, 1)
    elif mortal and do in {Do.GO, Do.SEAL, Do.EDIT, Do.UNDO, Do.WITHDRAW} and chance.random() < 0.3:
        at = chance.choice((At.WRITE, At.AWAIT)) if do is Do.GO else At.WRITE
        death = _death(chance, 30 if do is Do.GO else 3)
    return Step(
        do,
        gap=chance.choice(GAPS_S),
        phone=chance.randrange(phones),
        n=chance.randrange(1000),
        seconds=chance.choice(JUMPS_S) if do is Do.JUMP else float(chance.choice((5, 30, 120))),
        troubles=troubles,
        death=death,
        at=at,
        age=chance.choice(list(Age)) if do in {Do.AGE, Do.AGE_BUREAU} else Age.TODAY,
    )


def _trouble(chance: Random) -> Trouble:
    at = chance.choice(
        (0, 1, chance.randrange(300), chance.randrange(5_000), chance.randrange(50_000))
    )
    seconds = chance.choice((0.0, 0.5, 5.0, 18.0, 30.0, 400.0))
    return Trouble(chance.choice(list(Fault)), chance.choice((0, 0, 1, 2, 3, 5)), at, seconds)


def _death(chance: Random, most: int) -> Death:
    how = chance.choice(list(How))
    return Death(chance.randint(1, most), how, chance.random() < 0.5, round(chance.random(), 2))
