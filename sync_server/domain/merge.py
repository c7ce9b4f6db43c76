"""Report + report → record: the same record for every order, repetition and delay of arrivals.

A record is the join of all that arrived under one id: the highest revision is shown; where one
revision has several contents all digests are kept, the greatest is shown, and a person looks.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from contract.protocol import Outcome


@dataclass(frozen=True, slots=True)
class Content:
    """One content under one revision; `digest` is the arrival's."""

    revision: int
    digest: str


@dataclass(frozen=True, slots=True)
class Merged:
    """All that has arrived under one id. `shown` is None while only a withdrawal has; `rivals` are
    the digests of the other contents under the shown revision."""

    shown: Content | None = None
    rivals: frozenset[str] = frozenset()
    withdrawn_at: datetime | None = None

    @property
    def disputed(self) -> bool:
        """Two contents under one revision: a person has to look."""
        return bool(self.rivals)


def merge(known: Merged, came: Content) -> tuple[Outcome, Merged]:
    """Joins one report: its outcome, and what is known with it. The latter is the same for every
    order and number of arrivals (commutative, associative, idempotent)."""
    shown = known.shown
    if shown is None or came.revision > shown.revision:
        merged = replace(known, shown=came, rivals=frozenset())
        return _unless_withdrawn(Outcome.RECORDED, merged), merged
    if came.revision < shown.revision:
        return Outcome.STALE, known
    if came.digest in known.rivals | {shown.digest}:
        return Outcome.HELD, known
    digests = known.rivals | {shown.digest, came.digest}
    best = max(digests)
    merged = replace(known, shown=Content(shown.revision, best), rivals=digests - {best})
    return Outcome.DISPUTED, merged


def withdraw(known: Merged, at: datetime) -> tuple[Outcome, Merged]:
    """Joins a withdrawal: nothing that arrives later undoes it, and of several the earliest
    counts."""
    earliest = min(at, known.withdrawn_at or at)
    return Outcome.WITHDRAWN, replace(known, withdrawn_at=earliest)


def _unless_withdrawn(outcome: Outcome, merged: Merged) -> Outcome:
    return Outcome.WITHDRAWN if merged.withdrawn_at else outcome
