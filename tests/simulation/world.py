"""One world: its machine, its phones, what its steps do to them, and how it comes to rest."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from fieldapp.courier.progress import GIVEN_UP
from sync_server.accounts.phones import new_code
from sync_server.problems import Problem
from tests.simulation.disk import Dead, Disk
from tests.simulation.handset import Handset, WrongClock
from tests.simulation.machine import Down, Machine
from tests.simulation.plan import Plan
from tests.simulation.road import Road, Trouble
from tests.simulation.truth import Kept, Truth
from tests.simulation.versions import Age, Speech

BEGIN = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
PASSES, MOST_DAYS = 14, 60
BETWEEN_S = 40.0
A_DAY_S = 25 * 3600.0
NO_NAME = {"not_signed_in", "token_revoked", "not_enrolled", GIVEN_UP}  # a new code helps


class Broken(Exception):
    """An invariant does not hold; `law` names it."""

    def __init__(self, law: str, detail: str = "") -> None:
        super().__init__(f"{law}: {detail}")
        self.law = law


@dataclass(eq=False)
class World:
    """Made inside its loop."""

    plan: Plan
    folder: Path
    machine: Machine
    chance: Random
    truth: Truth = field(default_factory=Truth)
    phones: dict[int, Handset] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    kept: dict[int, Kept] = field(default_factory=dict)
    kept_bureau: Kept | None = None
    restored: bool = False
    restored_at: datetime = BEGIN
    emptied: Counter[int] = field(default_factory=Counter)  # revoked phones that gave themselves up
    folders: int = 0
    lost: int = 0
    doubled: int = 0
    trace: str = ""

    def place(self, name: str) -> Path:
        """A path that nobody uses yet."""
        self.folders += 1
        return self.folder / f"{name}-{self.folders}"

    @property
    def refused(self) -> int:
        return sum(one.refused for phone in self.phones.values() for one in phone.rounds)

    def add(self, post: str, root: Path | None = None) -> Handset:
        name = len(self.phones)
        speech = Speech(bureau=self.phones[0].road.speech.bureau if self.phones else Age.TODAY)
        road = Road(self.machine, speech, self.chance, self.struck)
        disk = Disk(root or self.place(f"phone{name}"), lambda *_: None)
        clock = WrongClock(now, self.chance)
        phone = self.phones[name] = Handset(name, post, disk, road, clock)
        phone.emptied = partial(self.empty, phone)
        phone.open()
        return phone

    def empty(self, phone: Handset) -> None:
        """What the phone had was at the bureau, unless that was restored during the last trip."""
        self.emptied[phone.name] += 1
        self.struck("revoked phone emptied")
        sure = phone.began is None or self.restored_at < phone.began
        self.truth.emptied(phone.name, sure)

    def struck(self, fault: str) -> None:
        self.faults[fault] += 1

    def disks(self) -> list[Disk]:
        return [self.machine.disk, *(phone.disk for phone in self.phones.values())]

    def updated(self) -> None:
        """Everybody speaks today's contract: the first one cannot say that a bureau forgot."""
        self.restored = True
        for phone in self.phones.values():
            phone.road.speech.phone = _no_older(phone.road.speech.phone)
            phone.road.speech.bureau = _no_older(phone.road.speech.bureau)

    def lose_pictures(self, gone: Iterable[str]) -> None:
        """The bureau no longer has these; whether it can get them again is the phones' affair."""
        for sha in gone:
            self.truth.rolled_back_pictures.add(sha)
            if not any(phone.album.read(sha) for phone in self.phones.values()):
                self.truth.lost_pictures.add(sha)

    async def enrol(self, phone: Handset, troubles: tuple[Trouble, ...] = ()) -> None:
        """A supervisor reads a one-time code out to a worker."""
        phone.road.arm(troubles)
        try:
            with self.machine.store.writing() as tx:
                code = new_code(tx, phone.post, now(), 3600)
        except (Down, Dead, Problem):
            return
        await phone.enrol(code)

    async def heal(self) -> None:
        """No more faults: everybody may finish. Raises Broken when they never do."""
        machine = self.machine
        machine.at_statement = machine.disk.death = None
        await asyncio.sleep(60)
        await machine.quiet()
        machine.at_statement = machine.disk.death = None
        machine.fill(False)
        for phone in self.phones.values():
            phone.alive()
            await phone.rested()
            phone.disk.fill(False)
            phone.road.meddling = None
            phone.road.speech.phone = _updated(phone.road.speech.phone)
            phone.road.speech.bureau = _updated(phone.road.speech.bureau)
        await self._settled()
        if self.restored:  # phones ask about a picture once more before they forget it
            await asyncio.sleep(A_DAY_S)
            await self._settled()

    async def _settled(self) -> None:
        for n in range(PASSES):
            for _ in range(MOST_DAYS):
                quiet = await self._pass(restart=n in (0, 4))
                if not await self._next_day():
                    break
            if quiet and n:
                return
        whys = [(phone.name, phone.rounds[-1:]) for phone in self.phones.values()]
        raise Broken("it never comes to rest", str(whys))

    async def _next_day(self) -> bool:
        """Waits until the bureau takes more of whoever was put off; False if nobody was."""
        until = [
            time - phone.clock.now()
            for phone in self.phones.values()
            for time in (phone.rounds[-1].deferral.parcels, phone.rounds[-1].deferral.photos)
            if time
        ]
        if until:
            self.struck("put off to the next day")
            await asyncio.sleep(max(0.0, max(until).total_seconds()) + 1)
        return bool(until)

    async def _pass(self, restart: bool) -> bool:
        """One round of everybody; True when it brought nothing and left nothing."""
        quiet = True
        for phone in self.phones.values():
            if restart:
                phone.move(phone.disk.root)
            phone.begin_round((), None, None)
            await phone.rested()
            last = phone.rounds[-1]
            if last.why in NO_NAME:
                await self.enrol(phone)
            brought = last.delivered + last.refused + last.answers + last.photos_sent
            due = any(picture.due and not picture.stored for picture in phone.notebook.photos())
            quiet = quiet and last.why is None and not (brought or last.waiting or due)
            await asyncio.sleep(BETWEEN_S)
        return quiet


def now() -> datetime:
    """The true time."""
    return BEGIN + timedelta(seconds=asyncio.get_running_loop().time())


def _no_older(age: Age) -> Age:
    return Age.TODAY if age is Age.FIRST else age


def _updated(age: Age) -> Age:
    return Age.TODAY if age is Age.TOO_OLD else age
