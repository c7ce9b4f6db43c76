"""The safe where the platform offers none: for a phone in a browser, whose app runs on the host."""

from contextlib import suppress
from pathlib import Path

from fieldapp.adapters.ciphers import Clear
from fieldapp.adapters.durable_files import sync_folder, write_temporary
from fieldapp.ports import CannotOpen, Cipher
from fieldapp.ports.background import in_background


class FileSafe:
    """Port Safe: a file for each secret, readable by its owner alone, sealed by `cipher` where the
    caller keeps a key elsewhere. `kept`, `keep` and `settled` are the same, blocking, for programs
    without an event loop."""

    def __init__(self, folder: Path, cipher: Cipher | None = None) -> None:
        self._folder, self._cipher = folder, cipher or Clear()
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)

    async def get(self, name: str) -> str | None:
        return await in_background(self.kept, name)

    async def put(self, name: str, text: str | None) -> None:
        await in_background(self.keep, name, text)

    async def settle(self, name: str, text: str) -> str:
        return await in_background(self.settled, name, text)

    def kept(self, name: str) -> str | None:
        try:
            sealed = self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        try:
            return self._cipher.open(sealed, f"safe/{name}").decode()
        except CannotOpen as error:
            raise OSError(f"{name} does not open") from error

    def keep(self, name: str, text: str | None) -> None:
        if text is None:
            self._path(name).unlink(missing_ok=True)
        else:
            self._temporary(name, text).replace(self._path(name))
        sync_folder(self._folder)

    def settled(self, name: str, text: str) -> str:
        """Of two tabs that begin at once one wins, for a link fails where the name is taken."""
        if (kept := self.kept(name)) is not None:
            return kept
        new = self._temporary(name, text)
        with suppress(FileExistsError):
            self._path(name).hardlink_to(new)
        new.unlink()
        sync_folder(self._folder)
        return self.kept(name) or text

    def _temporary(self, name: str, text: str) -> Path:
        return write_temporary(self._folder, "", self._cipher.seal(text.encode(), f"safe/{name}"))

    def _path(self, name: str) -> Path:
        if not name.replace("-", "_").isidentifier():
            raise ValueError("a secret's name is a word")
        return self._folder / name
