"""The way to the bureau, and what a phone shows there to be let in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from contract.protocol import Enrolment, EnrolmentRequest, SyncReply, SyncRequest, WantedPhoto


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where the bureau's server is (an https address) and this phone's bearer token."""

    address: str
    token: str


class CredentialSource(Protocol):
    """Gives the credentials of the moment: a phone may be enrolled anew at any time."""

    async def credentials(self) -> Credentials | None:
        """None before enrolment. Raises Refused ("safe_shut") where the safe does not answer."""
        ...


class Link(Protocol):
    """The bureau's server. Every method raises Offline, or Refused with the problem's code; all but
    `enrol` need credentials, else Refused ("not_enrolled")."""

    async def enrol(self, asked: EnrolmentRequest, address: str) -> Enrolment:
        """Makes this phone known to the bureau at `address` by a one-time code; returns its
        token. The code is spent by then, whether or not the caller manages to keep the token."""
        ...

    async def sync(
        self, asked: SyncRequest, parcels: Sequence[bytes], *, plain_bytes: int = 0
    ) -> SyncReply:
        """One round trip. `parcels` are the sealed bytes, sent exactly as they are. Raises
        PhoneRevoked too. Refused for what was sent only after it was sent unzipped as well. With
        `plain_bytes` the request is not zipped and at least that many bytes long."""
        ...

    async def photo(self, wanted: WantedPhoto, jpeg: bytes, told: Callable[[int], None]) -> None:
        """Sends a photo from the byte where the bureau stands until it has confirmed the digest.
        Calls `told` with the number of bytes that are at the bureau, as they arrive."""
        ...
