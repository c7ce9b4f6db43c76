"""What the field app needs of the world. Adapters give it; fakes give it to tests."""

from fieldapp.ports.road import Key, Keyring, Link
from fieldapp.ports.secrecy import Cipher, Safe, Unopened
from fieldapp.ports.senses import (
    Battery,
    Camera,
    Clock,
    Darkroom,
    Frame,
    Locator,
    Mask,
    Scanner,
    Sight,
    Sighting,
    Spotter,
)
from fieldapp.ports.storage import Album, Kept, Notebook, Picture
from fieldapp.ports.trouble import Full, Offline, Refused

__all__ = [
    "Album",
    "Battery",
    "Camera",
    "Cipher",
    "Clock",
    "Darkroom",
    "Frame",
    "Full",
    "Kept",
    "Key",
    "Keyring",
    "Link",
    "Locator",
    "Mask",
    "Notebook",
    "Offline",
    "Picture",
    "Refused",
    "Safe",
    "Scanner",
    "Sight",
    "Sighting",
    "Spotter",
    "Unopened",
]
