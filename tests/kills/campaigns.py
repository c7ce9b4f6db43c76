"""Campaigns of kills: each kills one program again and again and then asks for the verdict."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.kills import lives
from tests.kills.bureau import Bureau
from tests.kills.forking import Child
from tests.kills.lives import BREAK
from tests.kills.verdict import agreed

LONGEST_S = {"sealing": 0.05, "upload": 0.2, "sync": 0.12, "finish": 0.15}
PHONES = 3
# Rounds that break for each kill of a server; three phones meet a kill, but between their rounds
# they make pictures, all in one process. A busy machine has fewer, and so more kills.
BROKEN = {"sync": 1.0, "finish": 0.5}
MOST = 4  # times as many kills as were asked for


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a campaign did: `midway` kills hit the very work it is about."""

    kills: int
    midway: int
    reports: int
    photos: int
    held: int


def run(name: str, kills: int, dice: random.Random, bureau: Bureau, folder: Path) -> Outcome:
    """Runs one campaign by name. Raises Lost."""
    return CAMPAIGNS[name](name, kills, dice, bureau, folder)


def _phone(name: str, kills: int, dice: random.Random, bureau: Bureau, folder: Path) -> Outcome:
    """One phone is killed; the bureau lives."""
    [code] = bureau.codes(1)
    server = bureau.server().hear("ready")
    phone = folder / "phone"
    Child.ended(lives.enrolled(phone, code, bureau.address))
    life = {"sealing": lives.sealing, "upload": lives.uploading}[name](phone)
    at_work = {"sealing": "pictured", "upload": "begin round"}[name]
    names, midway = set[str](), 0
    for _ in range(kills):
        child = Child(life).hear("ready")
        time.sleep(dice.uniform(0, LONGEST_S[name]))
        lines = child.kill()
        names |= claimed(lines)
        midway += lines[-1] == at_work
    try:
        return _verdict(bureau, [phone], names, kills, midway)
    finally:
        server.kill()


def _server(name: str, kills: int, dice: random.Random, bureau: Bureau, folder: Path) -> Outcome:
    """The server is killed while several phones work, every tenth time before it is up, until
    enough of their rounds have broken."""
    phones = [folder / f"phone{n}" for n in range(PHONES)]
    codes = bureau.codes(PHONES)
    server = bureau.server().hear("ready")
    began = time.monotonic()
    for phone, code in zip(phones, codes, strict=True):
        Child.ended(lives.enrolled(phone, code, bureau.address))
    # On a slow machine it lives longer: kills that all come before the first call prove nothing.
    longest = max(LONGEST_S[name], (time.monotonic() - began) / PHONES)
    over = folder / "over"
    pictures = {"sync": 0, "finish": 1}[name]
    workers = Child(lives.working(phones, pictures, over.exists)).hear("ready")
    wanted, done = kills * BROKEN[name], 0
    while done < kills or (workers.times(BREAK) <= wanted and done < kills * MOST):
        server = _killed(server, bureau, dice.uniform(0, longest), at_once=done % 10 == 0)
        done += 1
    over.touch()
    workers.gone()
    lines = workers.lines()
    try:
        return _verdict(bureau, phones, claimed(lines), done, lines.count(BREAK))
    finally:
        server.kill()


def _killed(server: Child, bureau: Bureau, lives_s: float, *, at_once: bool) -> Child:
    """Its successor, once it has lived so long; `at_once` counts from before it is up."""
    if not at_once:
        server.hear("ready")
    time.sleep(lives_s)
    server.kill()
    return bureau.server()


def _verdict(
    bureau: Bureau, phones: list[Path], names: set[str], kills: int, midway: int
) -> Outcome:
    for phone in phones:
        Child.ended(lives.home(phone))
    [line] = Child.ended(agreed(bureau.settings, phones, names))
    return Outcome(kills, midway, *map(int, line.split()))


def claimed(lines: list[str]) -> set[str]:
    """The reports whose sealing had returned, by what their phone said."""
    return {line.removeprefix("sealed ") for line in lines if line.startswith("sealed ")}


Campaign = Callable[[str, int, random.Random, Bureau, Path], Outcome]
CAMPAIGNS: dict[str, Campaign] = {
    "sealing": _phone,
    "upload": _phone,
    "sync": _server,
    "finish": _server,
}
