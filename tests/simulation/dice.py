"""A seed becomes a schedule."""

from random import Random

from tests.simulation.disk import Death, How
from tests.simulation.plan import At, Do, Plan, Step
from tests.simulation.road import Fault, Trouble
from tests.simulation.versions import Age

DAY = 86_400.0
POSTS = ("wg1", "wg2")
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
    "crashes": {Do.CRASH: 7},
    "clocks": {Do.JUMP: 3},
    "disks": {Do.FILL: 3, Do.FILL_BUREAU: 3},
    "old phones": {Do.KEEP: 2, Do.RESTORE: 2},
    "lost phones": {Do.REINSTALL: 2},
    "twins": {Do.CLONE: 2},
    "tokens": {Do.REVOKE: 2, Do.ENROL: 3},
    "versions": {Do.AGE: 3, Do.AGE_BUREAU: 2},
    "processes": {Do.PROCESSES: 2},
    "old bureaus": {Do.KEEP_BUREAU: 4, Do.RESTORE_BUREAU: 4, Do.DECIDE: 8},
    "long absences": {Do.WAIT: 3},
    "proxies": {Do.MEDDLE: 6},
    "roads only": {},
    "a busy office": {Do.DECIDE: 18, Do.UNDO_STEP: 4, Do.DOUBT: 4, Do.TASK: 5, Do.COMPLAINT: 3},
}
DEEDS = {Do.SEAL, Do.EDIT, Do.UNDO, Do.WITHDRAW, Do.DOUBT}
ON_THE_ROAD = {Do.GO, Do.ENROL}
GAPS_S = (0.2, 1.0, 1.0, 5.0, 15.0, 15.0, 40.0, 600.0)
SECONDS: dict[Do, tuple[float, ...]] = {
    Do.JUMP: (-3.0 * 365 * DAY, -DAY, -3600.0, -30.0, 45.0, DAY, 5.0 * 365 * DAY),
    Do.WAIT: (0.9 * DAY, 1.1 * DAY, 2.5 * DAY, 6.5 * DAY, 8.0 * DAY),
    Do.CRASH: (5.0, 30.0, 120.0),
}
BYTES = (1, 300, 5_000, 50_000)
HELD_S = (0.0, 0.5, 5.0, 18.0, 30.0, 400.0)


def plan(seed: int) -> Plan:
    """The world of this seed."""
    chance = Random(seed)
    posts = tuple(chance.choice(POSTS) for _ in range(chance.choice((1, 2, 2, 3))))
    themes = chance.sample(sorted(TROUBLE), chance.choice((1, 2, 3, 3, 4)))
    dice = _Dice(chance, themes, len(posts))
    return Plan(seed, posts, _ruled(seed, [dice.step() for _ in range(chance.randint(14, 30))]))


def _ruled(seed: int, steps: list[Step]) -> tuple[Step, ...]:
    """In half of the worlds somebody rules on sites, by dice apart: what else happens stays as it
    is."""
    chance = Random(f"{seed} rulings")
    for _ in range(chance.choice((0, 3, 0, 6))):
        at = chance.randrange(len(steps) // 3, len(steps) + 1)
        steps.insert(at, Step(Do.RULE, gap=0.2, n=chance.randrange(1000)))
    return tuple(steps)


class _Dice:
    def __init__(self, chance: Random, themes: list[str], phones: int) -> None:
        self._chance, self._phones = chance, phones
        self._weights = dict(WORK)
        for theme in themes:
            self._weights |= TROUBLE[theme]
        self._bad_road = chance.choice((0.0, 0.4, 0.8))
        self._mortal = 0.3 if "deaths" in themes else 0.0

    def step(self) -> Step:
        chance = self._chance
        do = chance.choices(list(self._weights), list(self._weights.values()))[0]
        death, at = self._death(do)
        return Step(
            do,
            gap=chance.choice(GAPS_S),
            phone=chance.randrange(self._phones),
            n=chance.randrange(1000),
            seconds=chance.choice(SECONDS.get(do, (0.0,))),
            troubles=self._troubles() if do in ON_THE_ROAD else (),
            death=death,
            at=at,
            age=chance.choice(list(Age)) if do in {Do.AGE, Do.AGE_BUREAU} else Age.TODAY,
        )

    def _troubles(self) -> tuple[Trouble, ...]:
        chance = self._chance
        if chance.random() >= self._bad_road:
            return ()
        return tuple(
            Trouble(
                chance.choice(list(Fault)),
                nth,
                chance.randrange(chance.choice(BYTES)),
                chance.choice(HELD_S),
            )
            for nth in sorted(chance.sample(range(6), chance.choice((1, 2, 3))))
        )

    def _death(self, do: Do) -> tuple[Death | None, At]:
        """When the machine that this step is about dies, if it does."""
        chance = self._chance
        if do is Do.CRASH:
            at = chance.choice((At.STATEMENT, At.WRITE))
            return self._moment(40 if at is At.STATEMENT else 8), at
        if do is Do.KILL:
            return self._moment(1), At.WRITE
        if do in DEEDS | ON_THE_ROAD and chance.random() < self._mortal:
            if do in DEEDS:
                return self._moment(3), At.WRITE
            return self._moment(40), chance.choice((At.WRITE, At.AWAIT))
        return None, At.WRITE

    def _moment(self, most: int) -> Death:
        chance = self._chance
        nth = 1 + int(most * chance.random() ** 2)  # the first moments more often
        part = round(chance.random(), 2)
        return Death(nth, chance.choice(list(How)), chance.random() < 0.5, part)
