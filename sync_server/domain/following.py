"""One place, one case: the record that leads it is decided about, the others of the place follow
and hear what it hears (docs/decisions/0067)."""

from contract.cases import CLOSED, CaseState
from sync_server.domain.case_events import JOINABLE, Standing

# The states of a case that another record may be joined to.
LEADS_IN = frozenset(
    {
        CaseState.ACCEPTED,
        CaseState.ASSIGNED,
        CaseState.VERIFYING,
        CaseState.HANDLING,
        CaseState.HANDED_OVER,
        CaseState.FEEDBACK,
        CaseState.OBJECTED,
    }
)
# A move to one of these takes the other leads of the place along: somebody will still go there.
# What comes later may be a new sign, and waits for a decision of its own.
GATHERS = frozenset({CaseState.ACCEPTED, CaseState.ASSIGNED, CaseState.VERIFYING})


def gathers(before: str, after: str) -> bool:
    """Whether this move takes the other leads of the place along."""
    return after in GATHERS and before != CaseState.MERGED


def is_taken_along(now: Standing, after: str) -> bool:
    """Whether a lead that stands like this is, by a move to `after`: one that is as far itself, or
    that was given a case of its own, is not."""
    return now.state in JOINABLE and now.state < after and not now.alone


def followers_state(after: str) -> str:
    """The state of a record whose case moved to `after`: closed as that is, else merged."""
    return after if after in CLOSED else CaseState.MERGED.value
