"""How the world says no to the field app: a few situations, each caught in one place."""

from contract.revocation import RevocationNotice


class Offline(Exception):
    """The bureau cannot be reached now, or what answered was not the bureau: wait, try later.

    `why` is a code for words: no_road, timed_out, not_the_bureau, bureau_down.
    """

    def __init__(self, why: str = "no_road") -> None:
        super().__init__(why)
        self.why = why


class Refused(Exception):
    """The bureau answered and said no; `code` is the problem's stable code: tell the worker."""

    def __init__(self, code: str, status: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class PhoneRevoked(Refused):
    """The bureau has revoked this phone and says what of it has arrived; see `Farewell`."""

    def __init__(self, farewell: RevocationNotice) -> None:
        super().__init__("token_revoked", 401)
        self.farewell = farewell


class DiskFull(Exception):
    """The phone's storage is full: nothing was written, nothing that was there is lost."""


class NotebookClosed(Exception):
    """The notebook was closed for good: nothing is read or written any more, nothing was now."""
