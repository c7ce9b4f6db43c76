"""The values that a phone remembers between two starts."""

from typing import Literal

from contract.anchor import Witness
from contract.value import Code, Name, Value, When


class Identity(Value):
    """Who this phone is to the bureau: `device` is the phone's name there, `author` the worker's
    duty post, `address` that of the bureau's server. The token lies in the safe."""

    device: Code
    author: Code
    bureau: Code
    bureau_name: Name = ""
    grid: Code | None = None
    grid_name: Name = ""
    address: str


class WorkerSettings(Value):
    """What the worker chose on the settings screen; `lock_offered` is True once the app lock was
    offered."""

    language: Literal["zh", "en"] = "zh"
    left_handed: bool = False
    wifi_only: bool = False
    theme: Literal["system", "light", "dark"] = "system"
    strip: bool = False  # whether time, compound and accuracy are written on photos
    lock_after: Literal[1, 5, 15] = 5  # minutes in the background
    lock_offered: bool = False


class Damage(Value):
    """The notebook was damaged: `file` has the name of what was set aside, `reports` says how many
    were saved from it."""

    file: str
    reports: int = 0


class Deferral(Value):
    """Until when the bureau takes no more parcels and photos of this phone, by the phone's clock;
    None where it takes them."""

    parcels: When | None = None
    photos: When | None = None


class LastRound(Value):
    """How the last round ended; `why` is a code when it was not `ok`."""

    at: When
    ok: bool
    why: str | None = None


class RoundStreak(Value):
    """Rounds in a row that ended alike: `times` of them, between `since` and `last`; `why` is None
    if all went well."""

    since: When
    last: When
    times: int = 1
    why: str | None = None


class RoundStreaks(Value):
    """Oldest first."""

    streaks: tuple[RoundStreak, ...] = ()

    def extended(self, at: When, why: str | None, most: int) -> "RoundStreaks":
        """With one more round that ended `at` this time with this code; the last `most` streaks."""
        latest = self.streaks[-1:]
        if latest and latest[0].why == why:
            longer = latest[0].changed(last=at, times=latest[0].times + 1)
            return RoundStreaks(streaks=(*self.streaks[:-1], longer))
        new = RoundStreak(since=at, last=at, why=why)
        return RoundStreaks(streaks=(*self.streaks, new)[-most:])


class Witnesses(Value):
    """Where the bureau's audit log ended on the days that this phone called, oldest first."""

    held: tuple[Witness, ...] = ()

    def heard(self, witness: Witness, most: int) -> "Witnesses":
        """With this one, and the last `most` in all. The first of a day stays, whatever the bureau
        says later that day: it might have been changed meanwhile."""
        day = (witness.bureau, witness.day)
        if any((one.bureau, one.day) == day for one in self.held):
            return self
        return Witnesses(held=(*self.held, witness)[-most:])


class LedgerLink(Value):
    """One link of this phone's ledger, as the receipt says: `position` counts from 1, `hash` is
    contract.protocol.link_hash over the link before it."""

    position: int
    digest: str
    number: str
    hash: str
