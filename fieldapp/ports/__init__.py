"""What the field app needs of the world, as protocols that adapters (in tests: fakes) implement."""

from fieldapp.ports.failures import DiskFull, NotebookClosed, Offline, PhoneRevoked, Refused
from fieldapp.ports.road import Credentials, CredentialSource, Link
from fieldapp.ports.secrecy import CannotOpen, Cipher, Safe
from fieldapp.ports.senses import (
    Battery,
    Biometrics,
    Camera,
    Clock,
    Darkroom,
    FixOutcome,
    Frame,
    Locator,
    Mask,
    Question,
    Scanner,
    Sighting,
    Spotter,
)
from fieldapp.ports.storage import (
    Album,
    Notebook,
    PhoneFiles,
    PhotoUploadState,
    ReceiptedParcel,
)

__all__ = [
    "Album",
    "Battery",
    "Biometrics",
    "Camera",
    "CannotOpen",
    "Cipher",
    "Clock",
    "CredentialSource",
    "Credentials",
    "Darkroom",
    "DiskFull",
    "FixOutcome",
    "Frame",
    "Link",
    "Locator",
    "Mask",
    "Notebook",
    "NotebookClosed",
    "Offline",
    "PhoneFiles",
    "PhoneRevoked",
    "PhotoUploadState",
    "Question",
    "ReceiptedParcel",
    "Refused",
    "Safe",
    "Scanner",
    "Sighting",
    "Spotter",
]
