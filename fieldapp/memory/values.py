"""The small values a phone remembers between two starts."""

from typing import Literal

from contract.value import Code, Name, Value, When


class Identity(Value):
    """Who this phone is to the bureau; `address` is where the bureau's server stands. `token` is
    empty where it lies in the safe."""

    token: Name = ""
    device: Code
    author: Code
    bureau: Code
    bureau_name: Name = ""
    grid: Code | None = None
    grid_name: Name = ""
    address: str


class WorkerSettings(Value):
    """What the worker chose."""

    language: Literal["zh", "en"] = "zh"
    left_handed: bool = False
    wifi_only: bool = False
    theme: Literal["system", "light", "dark"] = "system"
    strip: bool = False  # time, compound and accuracy are written on photos
    lock_after: Literal[1, 5, 15] = 5  # minutes in the background
    lock_offered: bool = False


class LastRound(Value):
    """How the last trip to the bureau ended; `why` is a code when it was not `ok`."""

    at: When
    ok: bool
    why: str | None = None


class RoundStreak(Value):
    """Trips one after the other that ended alike: from the first to the last of so many."""

    since: When
    last: When
    times: int = 1
    why: str | None = None


class RoundStreaks(Value):
    """The last of them, oldest first."""

    spells: tuple[RoundStreak, ...] = ()

    def and_then(self, at: When, why: str | None, most: int) -> "RoundStreaks":
        before = self.spells[-1:]
        if before and before[0].why == why:
            longer = before[0].changed(last=at, times=before[0].times + 1)
            return RoundStreaks(spells=(*self.spells[:-1], longer))
        return RoundStreaks(spells=(*self.spells, RoundStreak(since=at, last=at, why=why))[-most:])


class LedgerLink(Value):
    """One link of this phone's ledger, as its receipt said it."""

    position: int
    digest: str
    number: str
    hash: str
