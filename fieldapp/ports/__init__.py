"""What the field app needs of the world. Adapters give it; fakes give it to tests."""

from fieldapp.ports.road import Key, Keyring, Link
from fieldapp.ports.secrecy import Cipher, Safe, Unopened
from fieldapp.ports.senses import (
    Battery,
    Biometrics,
    Camera,
    Clock,
    Darkroom,
    Frame,
    Locator,
    Mask,
    Question,
    Scanner,
    Sight,
    Sighting,
    Spotter,
)
from fieldapp.ports.storage import Album, Kept, Notebook, Picture
from fieldapp.ports.trouble import Full, GivenUp, Offline, Refused, Revoked

__all__ = [
    "Album",
    "Battery",
    "Biometrics",
    "Camera",
    "Cipher",
    "Clock",
    "Darkroom",
    "Frame",
    "Full",
    "GivenUp",
    "Kept",
    "Key",
    "Keyring",
    "Link",
    "Locator",
    "Mask",
    "Notebook",
    "Offline",
    "Picture",
    "Question",
    "Refused",
    "Revoked",
    "Safe",
    "Scanner",
    "Sight",
    "Sighting",
    "Spotter",
    "Unopened",
]
