"""The small values a phone remembers between two starts."""

from typing import Literal

from contract.value import Code, Name, Value, When


class Identity(Value):
    """Who this phone is to the bureau; `address` is where the bureau's server stands."""

    token: Name
    device: Code
    author: Code
    bureau: Code
    bureau_name: Name = ""
    grid: Code | None = None
    grid_name: Name = ""
    address: str


class Settings(Value):
    """What the worker chose."""

    language: Literal["zh", "en"] = "zh"
    left_handed: bool = False
    wifi_only: bool = False
    theme: Literal["system", "light", "dark"] = "system"


class LastRound(Value):
    """How the last trip to the bureau ended; `why` is a code when it was not `ok`."""

    at: When
    ok: bool
    why: str | None = None


class Link(Value):
    """One link of this phone's ledger, as its receipt said it."""

    position: int
    digest: str
    number: str
    hash: str
