"""What a platform gives the app, and where one phone keeps its things on it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

from fieldapp.device.pin import SlowHash
from fieldapp.device.posts import RoomSafe
from fieldapp.ports import (
    Album,
    Cipher,
    CredentialSource,
    Darkroom,
    KeyAgreement,
    Link,
    Notebook,
    PhoneFiles,
    Safe,
    Scanner,
    Spotter,
)


@dataclass(frozen=True, slots=True)
class Platform:
    """The adapters of one platform. What flet gives on each of them alike (camera, position,
    battery, clipboard) is not here."""

    cipher: Callable[[bytes], Cipher]  # under a key of 32 bytes
    notebook: Callable[[Path, Cipher], Notebook]  # in a folder; raises StorageFailure
    album: Callable[[Path, Cipher], Album]  # in a folder; raises StorageFailure
    files: Callable[[Path], PhoneFiles]  # all of a folder
    link: Callable[[CredentialSource, str | None], Link]  # to the only server that may be called
    darkroom: Darkroom
    spotter: Spotter
    scanner: Scanner | None
    slow_hash: SlowHash
    agreement: KeyAgreement
    lasting: Callable[[], Awaitable[bool]]  # whether the system deletes nothing by itself
    restart: Callable[[], None] | None = None  # begins the program again, where it can


@dataclass(frozen=True, slots=True)
class Installation:
    """Where a phone keeps its files and its secrets. `address` is that of the bureau's server
    unless an invitation names another; "" if none is known. `only` is the one server that may be
    called, whatever an invitation says; None for any."""

    folder: Path
    address: str
    safe: Safe
    platform: Platform
    only: str | None = None
    whole: "Installation | None" = None  # that this is a room of; None for the whole

    @property
    def phone(self) -> "Installation":
        """That of all duty posts."""
        return self.whole or self

    def room(self, name: str) -> "Installation":
        """That of one duty post, see device/posts.py; the first one has all that a phone had before
        there were rooms."""
        folder = self.phone.folder / "rooms" / name if name else self.phone.folder
        safe = RoomSafe(self.phone.safe, name)
        return replace(self.phone, folder=folder, safe=safe, whole=self.phone)
