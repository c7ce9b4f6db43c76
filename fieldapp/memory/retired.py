"""Whether this phone knows that the bureau has revoked it: then nothing new is sealed on it."""

from fieldapp.memory.memory import Memory
from fieldapp.ports import Notebook, PhoneRetired
from fieldapp.report.parcel import Parcel

KEPT = "revoked_device"  # under this name the notebook keeps which device it was


def note(notebook: Notebook, device: str | None) -> None:
    """The bureau has revoked this device; None: this phone is in use."""
    if notebook.remembered(KEPT) != device:
        notebook.remember(KEPT, device)


def enqueue(notebook: Notebook, parcel: Parcel) -> bool:
    """Puts what the worker has just sealed into the outbox; True. Raises PhoneRetired: the bureau
    would only quarantine it, and a phone that is still filled is never emptied."""
    identity = Memory(notebook).identity()
    if identity and notebook.remembered(KEPT) == identity.device:
        raise PhoneRetired
    notebook.enqueue(parcel)
    return True
