"""A schedule as data: explicit steps with their faults, that print, replay and shrink."""

from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum

from tests.simulation.disk import Death
from tests.simulation.road import Trouble
from tests.simulation.versions import Age


class Do(StrEnum):
    """What happens in a step; `world.ACTS` has a row for each."""

    SEAL = "seal a report"
    UNDO = "undo the last seal"
    EDIT = "seal a new revision"
    WITHDRAW = "withdraw a report"
    DOUBT = "object to a result"
    PATROL = "end a patrol"
    SUGGEST = "suggest something"
    GO = "a round of the courier"
    KILL = "phone killed"
    DECIDE = "an officer decides"
    UNDO_STEP = "an officer takes a step back"
    TASK = "a task to a grid"
    COMPLAINT = "a complaint"
    RULE = "a supervisor rules on sites"
    CRASH = "server killed"
    JUMP = "wrong clock"
    FILL = "phone's disk full"
    FILL_BUREAU = "server's disk full"
    KEEP = "phone's backup taken"
    RESTORE = "phone restored from an old backup"
    REINSTALL = "app reinstalled"
    CLONE = "two phones with one identity"
    WAIT = "days pass"
    KEEP_BUREAU = "server's backup taken"
    RESTORE_BUREAU = "server restored from a backup"
    PROCESSES = "second server process"
    REVOKE = "token revoked"
    ENROL = "enrolled anew"
    AGE = "phone of another version"
    AGE_BUREAU = "server of another version"
    MEDDLE = "network that meddles"


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
        return _code(self)


@dataclass(frozen=True, slots=True)
class Plan:
    """One world: who has the phones, and what happens."""

    seed: int
    posts: tuple[str, ...]
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        """As Python writes it, so that a schedule can be kept in a test."""
        lines = "".join(f"\n    {step}," for step in self.steps)
        return f"Plan(seed={self.seed}, posts={self.posts!r}, steps=({lines}\n))"


def _code(thing: object) -> str:
    """A value as code, without what is at its default."""
    if isinstance(thing, StrEnum):
        return f"{type(thing).__name__}.{thing.name}"
    if isinstance(thing, tuple):
        return f"({', '.join(_code(one) for one in thing)},)"
    if not is_dataclass(thing):
        return repr(thing)
    said = [(one.name, getattr(thing, one.name), one.default) for one in fields(thing)]
    differing = (f"{name}={_code(value)}" for name, value, usual in said if value != usual)
    return f"{type(thing).__name__}({', '.join(differing)})"
