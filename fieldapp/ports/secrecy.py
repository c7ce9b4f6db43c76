"""What hides a phone's content from whoever copies its files: a cipher, and a safe for its key."""

from typing import Protocol


class CannotOpen(Exception):
    """Not sealed with our key, not for this place, or changed since."""


class Cipher(Protocol):
    """Seals (encrypts and authenticates) bytes for one place: a name such as `album/<sha256>`.
    Opened for any other place, they do not open."""

    def seal(self, content: bytes, place: str) -> bytes:
        """Differs at each call, for the same content too."""
        ...

    def open(self, sealed: bytes, place: str) -> bytes:
        """The content. Raises CannotOpen."""
        ...


class KeyAgreement(Protocol):
    """Diffie and Hellman's, on the curve P-256."""

    async def agree(self, public: bytes) -> tuple[bytes, bytes]:
        """A public key that is made for this once (65 bytes, uncompressed), and the secret of 32
        bytes that its owner shares with the owner of `public`. Raises Refused ("no_bureau_key")
        where that is no key."""
        ...


class Safe(Protocol):
    """A few small secrets under names that are no secret (letters, digits, `_` and `-`). What `put`
    has returned from survives a kill.

    Every method raises OSError where the platform's own safe does not answer: a secret that cannot
    be read now may still be there, and nothing may be made anew in its place.
    """

    async def get(self, name: str) -> str | None:
        """None if there is no secret of this name."""
        ...

    async def put(self, name: str, text: str | None) -> None:
        """Keeps the secret; with None deletes it, which may be repeated."""
        ...

    async def settle(self, name: str, text: str) -> str:
        """Keeps `text` unless there is a secret already; returns the one that is kept."""
        ...
