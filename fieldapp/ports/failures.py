"""How the world says no to the field app: a few situations, each caught in one place."""

from contract.revocation import RevocationNotice


class Offline(Exception):
    """The bureau cannot be reached now, or what answered was not the bureau: wait, try later.

    `why` is a code for words: no_road, timed_out, not_the_bureau, other_certificate, bureau_down,
    or the code of a problem that the bureau expects to pass.
    """

    def __init__(self, why: str = "no_road") -> None:
        super().__init__(why)
        self.why = why


class Deferred(Offline):
    """This phone has left as much at the bureau as a day allows: in so many `seconds` there is room
    again. Nothing of the request was kept."""

    def __init__(self, seconds: float) -> None:
        super().__init__("quota_used")
        self.seconds = seconds


class Refused(Exception):
    """Somebody answered and said no: tell the worker. `code` is stable, the problem's if it was the
    bureau that refused; `status` is its HTTP status, 0 where it was not the bureau."""

    def __init__(self, code: str, status: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class PhoneRevoked(Refused):
    """The bureau has revoked this phone; `farewell` says what it holds of what was brought."""

    def __init__(self, farewell: RevocationNotice) -> None:
        super().__init__("token_revoked", 401)
        self.farewell = farewell


class StorageFailure(Exception):
    """Nothing was written, nothing that was there is lost. `code` is one for words."""

    code = "notebook_shut"


class DiskFull(StorageFailure):
    """The phone's storage is full."""

    code = "full"


class NotebookBusy(StorageFailure):
    """Another program or window holds the notebook, and did not let go of it in time."""

    code = "notebook_busy"


class NotebookDamaged(StorageFailure):
    """A part of the notebook's file cannot be read: opening it anew saves what can."""

    code = "notebook_damaged"


class NotebookShut(StorageFailure):
    """The phone's system does not let the notebook be opened, read or written."""


class PhoneRetired(StorageFailure):
    """The bureau has revoked this phone: nothing new is sealed on it."""

    code = "token_revoked"


class NotebookClosed(Exception):
    """The notebook was closed for good: it reads and writes nothing any more."""
