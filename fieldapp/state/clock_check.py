"""Whether the phone's clock can be believed: a report's times are evidence."""

from dataclasses import dataclass
from datetime import UTC, datetime

MOST_SKEW_S = 300  # the bureau sorts by its own clock all the same
BUILT = datetime(2026, 11, 1, tzinfo=UTC)  # this app did not exist before
LAST_YEAR = 2100


@dataclass(frozen=True, slots=True)
class BureauTime:
    """The bureau's clock at its last reply, and the phone's at the same moment; `this_run` unless
    the app was started again since."""

    bureau: datetime
    phone: datetime
    this_run: bool = True

    @property
    def skew_s(self) -> float:
        """How many seconds the phone is behind."""
        return (self.bureau - self.phone).total_seconds()


def clock_flaw(now: datetime, said: BureauTime | None) -> str:
    """A code for words; "" if nothing speaks against the clock.

    A clock that was ahead is right again once it was set back. One that was behind may have been
    set right while the app was closed; but it is wrong for sure while it is behind what the bureau
    said then.
    """
    if now < BUILT or now.year > LAST_YEAR:
        return "clock_impossible"
    if said is None:
        return ""
    ahead = said.skew_s < -MOST_SKEW_S and now >= said.phone
    behind = said.skew_s > MOST_SKEW_S and said.this_run
    earlier = (said.bureau - now).total_seconds() > MOST_SKEW_S
    return "clock_wrong" if ahead or behind or earlier else ""
