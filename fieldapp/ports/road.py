"""The road to the bureau, and the key to its door."""

from collections.abc import Callable, Sequence
from typing import Protocol

from contract.protocol import Enrolment, EnrolmentRequest, SyncReply, SyncRequest, WantedPhoto


class Credentials(Protocol):
    """What opens the bureau's door: its address and this phone's token, which is empty where it
    lies in the safe under `device`."""

    @property
    def address(self) -> str: ...

    @property
    def token(self) -> str: ...

    @property
    def device(self) -> str: ...


class CredentialSource(Protocol):
    """Where the key hangs; `None` before enrolment. Blocking: ask in a thread."""

    def identity(self) -> Credentials | None: ...


class Link(Protocol):
    """The road to the bureau. Raises Offline, or Refused with the problem's code."""

    async def enrol(self, asked: EnrolmentRequest, address: str) -> Enrolment: ...

    async def sync(self, asked: SyncRequest, parcels: Sequence[bytes]) -> SyncReply:
        """One round trip. `parcels` are the sealed bytes, sent exactly as they are."""
        ...

    async def photo(self, wanted: WantedPhoto, jpeg: bytes, told: Callable[[int], None]) -> None:
        """Send a photo from where the bureau stands until it has confirmed its digest; `told`
        hears the bytes that are at the bureau, as they arrive."""
        ...

    async def photos(
        self,
        loads: Sequence[tuple[WantedPhoto, bytes]],
        begin: Callable[[WantedPhoto], Callable[[int], None]],
    ) -> frozenset[str]:
        """Send several photos in one request, each from its first byte: the digests that the
        bureau has confirmed. `begin` is called as each one's turn comes, and what it gives back
        hears its bytes as they leave."""
        ...
