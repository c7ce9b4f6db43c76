"""Where an entry stands and what can happen to it: the words of its story on the phone."""

from enum import StrEnum

from contract.value import Value, When


class Stage(StrEnum):
    """Where an entry stands, seen from the phone."""

    DRAFT = "DRAFT"
    SEALED = "SEALED"
    DELIVERED = "DELIVERED"
    REFUSED = "REFUSED"
    REVIEWED = "REVIEWED"
    WITHDRAWN = "WITHDRAWN"


class EventKind(StrEnum):
    """What can happen to an entry; the words stand in `words`."""

    SEALED = "sealed"
    UNDONE = "undone"
    DELIVERED = "delivered"
    REFUSED = "refused"
    ANSWERED = "answered"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"


class HistoryEvent(Value):
    """One line of an entry's history; `note` is a receipt number, a code or nothing."""

    at: When
    what: EventKind
    note: str = ""
