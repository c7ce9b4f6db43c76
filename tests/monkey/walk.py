"""The walk itself: taps, words, the back button, kills, and a world that comes and goes."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

from fieldapp.ports import FixOutcome, Sighting
from fieldapp.report.entry import Stage
from fieldapp.state import paths
from tests.builders import a_fix
from tests.fieldapp.headless import Headless
from tests.monkey import promises
from tests.monkey.phone import Phone, World

WORDS = (
    "3号楼2单元18:30有学生进出",
    "门口张贴广告",
    "请打13800138000",
    "王老师家里",
    "yly",
    "",
    "A座",
    "长" * 300,
    "🎒\u200b\u202e<b>'\"\\",
    "DEMO-0001",
)
WHYS = (None, None, None, "timed_out", "bureau_down", "not_the_bureau", "token_revoked")
STATES = ("15", "20", "25", "29", "30", "40", "50", "60", "70", "72", "73")
SIGHTS = (FixOutcome.DENIED, FixOutcome.SWITCHED_OFF, FixOutcome.TIMED_OUT, FixOutcome.UNAVAILABLE)
REMEMBERED = 40  # acts that are told when something went wrong
HOPS = 6  # presses of "back" from anywhere to home


class Monkey:
    """`await Monkey(folder, seed).walk(steps)`; `been` counts screens, `pressed` identifiers."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.world, self.dice = World(folder), random.Random(seed)
        self.been: Counter[str] = Counter()
        self.pressed: Counter[str] = Counter()
        self.acts: list[str] = []
        self.tasks: set[asyncio.Task[Any]] = set()
        self.troubles: list[str] = []
        self.stages: set[str] = set()
        self.dropped = False
        self.doings: dict[Callable[[], Awaitable[None]], int] = {
            self.tap: 72, self.write: 8, self.system_back: 4, self.kill: 1, self.flap: 4,
            self.wait: 4, self.decide: 3, self.look_up: 3, self.fill: 1,
        }  # fmt: skip

    async def walk(self, steps: int) -> None:
        asyncio.get_running_loop().set_exception_handler(self._heard)
        await self.start()
        try:
            for _ in range(steps):
                await self.step()
        except BaseException as error:
            error.add_note("\n".join(self.acts[-REMEMBERED:]))
            raise
        finally:
            await self.stop()

    async def step(self) -> None:
        before, self.dropped = promises.held(self.phone), False
        (act,) = self.dice.choices(list(self.doings), list(self.doings.values()))
        await act()
        self.been["/reports/…" if "/reports/" in self.app.page.route else self.app.page.route] += 1
        promises.no_crash(self.app, self.troubles)
        promises.no_dead_end(self.app)
        promises.nothing_is_half_written(self.phone)
        after = promises.held(self.phone)
        self.stages |= set(after.values())
        promises.nothing_vanished(before, after, self.dropped)
        promises.the_draft_is_written_down(self.phone)
        promises.what_is_sealed_waits_or_is_known(self.phone)

    # --- what a hand does

    async def tap(self) -> None:
        name, part = self.dice.choice(promises.tappable(self.app))
        await self.press(name, part)

    async def press(self, name: str, part: Any) -> None:
        self.told(f"tap {name} at {self.app.page.route}")
        self.pressed[name.split("-")[0]] += 1
        self.dropped = name == "drop"
        await self.fire(self.app.session.dispatch_event(part._i, "click", None))

    async def write(self) -> None:
        fields = promises.fields(self.app)
        if not fields:
            return
        field, words = self.dice.choice(fields), self.dice.choice(WORDS)
        words = words[: field.max_length or len(words)]
        self.told(f"write {words!r} into {field.label}")
        self.app.session.apply_patch(field._i, {"value": words})
        await self.fire(self.app.session.dispatch_event(field._i, "change", words))

    async def system_back(self) -> None:
        self.told(f"back from {self.app.page.route}")
        await self.phone.state.back(self.app.page.route)
        await self.calm()

    async def look_up(self) -> None:
        """From wherever it is, home must be a few presses of "back" away; unless it has set a PIN
        that it does not remember."""
        if self.phone.state.lock.shut:
            return
        for _ in range(HOPS):
            # Who enrols again stands on home, and may go back to it.
            if self.app.page.route == paths.HOME and not self.phone.state.enrolment.again:
                break
            if not self.app.shows("back"):
                await self.system_back()
                continue
            part = next(p for n, p in promises.tappable(self.app) if n == "back")
            await self.press("back", part)
        enrolled = self.phone.state.identity
        assert self.app.page.route == paths.HOME, f"no way home from {self.app.page.route}"
        assert not enrolled or self.app.shows("add"), "home without its button"

    # --- what the world does

    async def kill(self) -> None:
        self.told("kill")
        draft = self.phone.state.draft.entry
        await self.stop()
        await self.start()
        if draft and draft.stage is Stage.DRAFT and not self.dropped:
            kept = self.phone.notebook.entry(draft.report.id)
            assert kept, "a killed app lost a draft"
            assert kept.report == draft.report, f"kept {kept.report}, was {draft.report}"

    async def flap(self) -> None:
        hands = self.world.hands
        hands.road, hands.why = self.dice.random() < 0.6, self.dice.choice(WHYS)
        hands.wifi = self.dice.random() < 0.5
        hands.refusal = self.dice.choice(("", "", "camera_denied", "camera_busy", "no_camera"))
        far = self.dice.choice((3, 30, 300))
        hands.sighting = Sighting(FixOutcome.FOUND, a_fix(accuracy_m=far))
        if self.dice.random() < 0.4:
            hands.sighting = Sighting(self.dice.choice(SIGHTS))
        self.told(f"road {hands.road} {hands.why}, {hands.refusal}, {hands.sighting.sight}")

    async def wait(self) -> None:
        seconds = self.dice.choice((1, 5, 11, 60, 3_600, 40_000))
        self.world.hands.now += timedelta(seconds=seconds)
        self.world.bureau.at += timedelta(seconds=seconds)
        self.told(f"{seconds} s go by")

    async def decide(self) -> None:
        reports = [r.id for r in self.world.bureau.kept.values() if r.kind == "report"]
        if reports:
            report, state = self.dice.choice(reports), self.dice.choice(STATES)
            self.world.bureau.decide(report, state=state, comment="是哪个门?")
            self.told(f"the bureau says {state} of {report}")

    async def fill(self) -> None:
        """The disk is full for one tap; drafts that could not be kept are told on screen."""
        self.told("disk full")
        self.phone.brim.full = True
        before = self.phone.state.draft.entry
        await self.tap()
        self.phone.brim.full = False
        if self.phone.state.draft.entry is not before and self.phone.state.draft.entry:
            await self.fire(self.phone.state.draft.write(self.phone.state.draft.entry))

    # --- lives

    async def start(self) -> None:
        self.phone = Phone(self.world)
        self.app: Headless = await self.phone.__aenter__()
        await self.calm()

    async def stop(self) -> None:
        self.world.drawn = self.phone.state.kit.clock.drawn  # type: ignore[attr-defined]
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()
        async with self.phone.state.storage_lock:
            await self.phone.__aexit__()
        self.phone.notebook.close()

    async def fire(self, doing: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(doing)
        self.tasks.add(task)
        task.add_done_callback(self._done)
        await self.calm()

    async def calm(self) -> None:
        """Until nobody writes and the screens are drawn; the grace of an undo goes on."""
        quiet = 0
        while quiet < 4:
            await asyncio.sleep(0.0005)
            quiet = (
                0
                if self.phone.state.storage_lock.locked() or self.phone.state.sync.busy
                else quiet + 1
            )

    def told(self, act: str) -> None:
        self.acts.append(act)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            self.troubles.append(repr(task.exception()))

    def _heard(self, _: asyncio.AbstractEventLoop, news: dict[str, Any]) -> None:
        error = news.get("exception")
        if not isinstance(error, asyncio.CancelledError):
            self.troubles.append(f"{news.get('message')}: {error!r}")
