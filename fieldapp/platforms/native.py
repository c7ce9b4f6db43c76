"""On a phone as a package, and on a host: Python with threads, files and its own libraries."""

import os
from pathlib import Path

from fieldapp.adapters.centerface_spotter import CenterfaceSpotter
from fieldapp.adapters.cryptography_agreement import CryptographyAgreement
from fieldapp.adapters.cryptography_cipher import AesCipher
from fieldapp.adapters.flet_safe import FletSafe
from fieldapp.adapters.folder_album import FolderAlbum
from fieldapp.adapters.httpx_link import HttpxLink
from fieldapp.adapters.phone_folder import ALBUM, NOTEBOOK, PhoneFolder
from fieldapp.adapters.pillow_darkroom import PillowDarkroom
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.adapters.zbar_scanner import scanner
from fieldapp.device.pin import slow_hash
from fieldapp.platforms.installation import Installation, Platform
from fieldapp.ports import Cipher, CredentialSource

MODEL = Path(__file__).parents[2] / "assets/models/centerface"


def _notebook(folder: Path, cipher: Cipher) -> SqliteNotebook:
    return SqliteNotebook.whole(folder / NOTEBOOK, cipher)


def _album(folder: Path, cipher: Cipher) -> FolderAlbum:
    return FolderAlbum(folder / ALBUM, cipher)


def _link(source: CredentialSource, only: str | None) -> HttpxLink:
    return HttpxLink(source, only=only)


async def _lasting() -> bool:
    return True


# One for all phones of a web server: the spotter takes one photo at a time, and zbar is looked for
# only once.
NATIVE = Platform(
    cipher=AesCipher,
    notebook=_notebook,
    album=_album,
    files=PhoneFolder,
    link=_link,
    darkroom=PillowDarkroom(),
    spotter=CenterfaceSpotter(MODEL),
    scanner=scanner(),
    slow_hash=slow_hash,
    agreement=CryptographyAgreement(),
    lasting=_lasting,
)


def own_installation() -> Installation:
    """The one phone that this device is, in the app's own storage, which the system does not clean
    up."""
    folder = Path(os.environ.get("FLET_APP_STORAGE_DATA", "var/phone"))
    return Installation(folder, os.environ.get("XUNCHA_SERVER", ""), FletSafe(), NATIVE)
