"""The stages of an entry, and the events that its history is made of."""

from enum import StrEnum

from contract.value import Value, When


class Stage(StrEnum):
    """How far an entry has come, as the phone knows it: a DRAFT is not sealed, or was changed
    since; SEALED waits for a receipt; REVIEWED has an answer of the bureau."""

    DRAFT = "DRAFT"
    SEALED = "SEALED"
    DELIVERED = "DELIVERED"
    REFUSED = "REFUSED"
    REVIEWED = "REVIEWED"
    WITHDRAWN = "WITHDRAWN"


class EventKind(StrEnum):
    """What can happen to an entry; screens phrase it by this value (`words.json`)."""

    SEALED = "sealed"
    UNDONE = "undone"
    DELIVERED = "delivered"
    REFUSED = "refused"
    ANSWERED = "answered"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"
    OBJECTION_REFUSED = "objection_refused"


class HistoryEvent(Value):
    """One line of an entry's history; `note` is a receipt number, a code, the codes
    of what was changed, or ""."""

    at: When
    what: EventKind
    note: str = ""
