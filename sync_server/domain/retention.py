"""How long the bureau keeps what (rule L12; 个人信息保护法 art. 19 and 47)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from contract.cases import CaseState


@dataclass(frozen=True, slots=True)
class Retention:
    """Days after the end of what was done: of a case by its result, of a complaint after its answer
    went back; `ceiling` after something came, whatever became of it."""

    unfounded: int = 30
    unverifiable: int = 90
    rectified: int = 180
    handed_over: int = 180
    complaint: int = 180
    ceiling: int = 730


_S = CaseState
# Which period a closed case has; one that was rated the longest of them.
PERIOD_OF: Mapping[str, str] = {
    _S.REJECTED: "unfounded",
    _S.UNFOUNDED: "unfounded",
    _S.UNVERIFIABLE: "unverifiable",
    _S.RECTIFIED: "rectified",
    _S.HANDED_OVER_CLOSED: "handed_over",
    _S.RATED: "handed_over",
}


def is_case_over(state: str, since: datetime, kept: Retention, now: datetime) -> bool:
    """Whether what belongs to a case that has been in this state for so long is to be purged; of
    an open case never."""
    period = PERIOD_OF.get(state)
    return period is not None and since + timedelta(days=getattr(kept, period)) <= now


@dataclass(frozen=True, slots=True)
class PurgeBounds:
    """Complaints that were returned before one time, or came before the other, are purged."""

    returned_before: datetime
    taken_before: datetime

    @classmethod
    def of(cls, kept: Retention, now: datetime) -> "PurgeBounds":
        return cls(now - timedelta(days=kept.complaint), now - timedelta(days=kept.ceiling))
