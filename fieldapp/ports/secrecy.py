"""What keeps a phone's content from eyes that find the file: a cipher, and a safe for its key."""

from typing import Protocol


class CannotOpen(Exception):
    """Not sealed with our key, not for this place, or changed since."""


class Cipher(Protocol):
    """Seals content for one place; opened anywhere else it is worth nothing."""

    def seal(self, content: bytes, place: str) -> bytes: ...

    def open(self, sealed: bytes, place: str) -> bytes:
        """Raises Unopened."""
        ...

    def is_sealed(self, content: bytes) -> bool:
        """By its first byte; what an app before this one wrote is not."""
        ...


class Safe(Protocol):
    """A few small secrets, under names that are no secret. What `put` returned from lasts.

    Raises OSError where the platform's own safe does not answer: a key that cannot be read now is
    not a key that is not there.
    """

    async def get(self, name: str) -> str | None: ...

    async def put(self, name: str, text: str | None) -> None:
        """Keep or (None) forget."""
        ...

    async def settle(self, name: str, text: str) -> str:
        """Keep it unless there is one already; returns the one that is kept."""
        ...
