"""The safe where the platform has none: in a browser the app's own side runs on the host."""

import asyncio
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from fieldapp.adapters.ciphers import Clear
from fieldapp.ports import Cipher, Unopened

HALF = ".half"


class FileSafe:
    """Port Safe: a file for each secret, for the owner only, sealed by `cipher` where the caller
    has a key that lies elsewhere. Blocking by its own verbs, for programs without a loop."""

    def __init__(self, folder: Path, cipher: Cipher | None = None) -> None:
        self._folder, self._cipher = folder, cipher or Clear()
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)

    async def get(self, name: str) -> str | None:
        return await asyncio.to_thread(self.kept, name)

    async def put(self, name: str, text: str | None) -> None:
        await asyncio.to_thread(self.keep, name, text)

    async def settle(self, name: str, text: str) -> str:
        return await asyncio.to_thread(self.settled, name, text)

    def kept(self, name: str) -> str | None:
        try:
            sealed = self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        try:
            return self._cipher.open(sealed, f"safe/{name}").decode()
        except Unopened as error:
            raise OSError(f"{name} does not open") from error

    def keep(self, name: str, text: str | None) -> None:
        if text is None:
            self._path(name).unlink(missing_ok=True)
        else:
            Path(self._half(name, text)).replace(self._path(name))
        self._flush()

    def settled(self, name: str, text: str) -> str:
        """A link fails where a name is taken: of two tabs that begin at once, one wins."""
        if (kept := self.kept(name)) is not None:
            return kept
        half = self._half(name, text)
        with suppress(FileExistsError):
            os.link(half, self._path(name))
        os.unlink(half)
        self._flush()
        return self.kept(name) or text

    def _half(self, name: str, text: str) -> str:
        place, half = tempfile.mkstemp(HALF, "", self._folder)  # 0600
        with open(place, "wb") as file:
            file.write(self._cipher.seal(text.encode(), f"safe/{name}"))
            file.flush()
            os.fsync(place)
        return half

    def _flush(self) -> None:
        place = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)

    def _path(self, name: str) -> Path:
        if not name.replace("-", "_").isidentifier():
            raise ValueError("a secret's name is a word")
        return self._folder / name
