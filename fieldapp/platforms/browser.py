"""In a browser's page, with Python inside (Pyodide): no host, and no network once installed."""

from functools import partial
from pathlib import Path

from fieldapp.adapters.canvas_darkroom import CanvasDarkroom
from fieldapp.adapters.httpx_link import HttpxLink
from fieldapp.adapters.indexeddb_safe import IndexedDbSafe
from fieldapp.adapters.noble_cipher import NobleCipher, noble_slow_hash
from fieldapp.adapters.onnx_spotter import OnnxSpotter
from fieldapp.adapters.page_scripts import OwnPageScripts, PageScripts
from fieldapp.adapters.page_transport import PageTransport
from fieldapp.adapters.phone_folder import ALBUM_FILE, NOTEBOOK, PhoneFolder
from fieldapp.adapters.sqlite_album import SqliteAlbum
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.adapters.webcrypto_agreement import WebCryptoAgreement
from fieldapp.adapters.zbar_wasm_scanner import ZbarWasmScanner
from fieldapp.device.pin import SCRYPT
from fieldapp.platforms.installation import Installation, Platform
from fieldapp.ports import Cipher, CredentialSource

FOLDER = Path("/phone/1")  # on the page's durable files, see python-worker.js


def platform(scripts: PageScripts, origin: str) -> Platform:
    """The adapters over the scripts of a page of this origin."""

    def notebook(folder: Path, cipher: Cipher) -> SqliteNotebook:
        return SqliteNotebook.whole(folder / NOTEBOOK, cipher, exclusive=True)

    def album(folder: Path, cipher: Cipher) -> SqliteAlbum:
        return SqliteAlbum(folder / ALBUM_FILE, cipher, scripts.free_bytes)

    def link(source: CredentialSource, only: str | None) -> HttpxLink:
        return HttpxLink(source, PageTransport(scripts, origin), only=only)

    return Platform(
        cipher=partial(NobleCipher, scripts),
        notebook=notebook,
        album=album,
        files=PhoneFolder,
        link=link,
        darkroom=CanvasDarkroom(scripts),
        spotter=OnnxSpotter(scripts),
        scanner=ZbarWasmScanner(scripts),
        slow_hash=noble_slow_hash(scripts, SCRYPT),
        agreement=WebCryptoAgreement(scripts),
        restart=scripts.restart,
        lasting=scripts.is_lasting,
    )


def own_installation() -> Installation:
    """The one phone that this browser profile is, for the origin that its page came from."""
    import xuncha_page

    scripts, origin = OwnPageScripts(), str(xuncha_page.origin)
    safe = IndexedDbSafe(scripts)
    return Installation(FOLDER, origin, safe, platform(scripts, origin), only=origin)
