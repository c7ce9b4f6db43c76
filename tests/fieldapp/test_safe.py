"""The phone's own safe, and an app that begins with it, or without its answer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from contract import wire
from fieldapp.adapters.flet_safe import ANDROID, FletSafe
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.app import start_app
from fieldapp.device.pin import KEPT, Pin
from fieldapp.platforms.installation import Installation
from fieldapp.platforms.native import NATIVE
from fieldapp.ui.words import sentences
from tests.fieldapp.headless import Headless

pytestmark = pytest.mark.asyncio


class Keystore:
    """What flet-secure-storage answers; while `shut`, as a phone before its first unlocking."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self.shut = False

    def replies(self) -> dict[str, Any]:
        return {"get": self._get, "set": self._set, "remove": self._remove} | {
            "get_connectivity": ["none"]
        }

    def _get(self, args: dict[str, Any]) -> str | None:
        self._open()
        return self.held.get(args["key"])

    def _set(self, args: dict[str, Any]) -> None:
        self._open()
        self.held[args["key"]] = args["value"]

    def _remove(self, args: dict[str, Any]) -> None:
        self._open()
        self.held.pop(args["key"], None)

    def _open(self) -> None:
        if self.shut:
            raise RuntimeError("Keystore operation failed")


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def phone_in(folder: Path) -> Callable[[ft.Page], Any]:
    async def main(page: ft.Page) -> None:
        await start_app(page, Installation(folder, "http://127.0.0.1:9", FletSafe(), NATIVE))

    return main


async def test_what_is_put_is_there_and_what_is_forgotten_is_not() -> None:
    keystore, seen = Keystore(), list[str | None]()

    async def main(page: ft.Page) -> None:
        safe = FletSafe()
        seen.append(await safe.settle("a", "first"))
        seen.append(await safe.settle("a", "second"))
        await safe.put("a", "third")
        seen.append(await safe.get("a"))
        await safe.put("a", None)
        seen.append(await safe.get("a"))

    async with Headless(main, keystore.replies()):
        assert seen == ["first", "first", "third", None]


async def test_an_error_of_the_safe_never_empties_it() -> None:
    assert ANDROID.reset_on_error is False


async def test_the_app_seals_what_it_keeps(tmp_path: Path) -> None:
    keystore = Keystore()
    async with Headless(phone_in(tmp_path), keystore.replies()) as app:
        assert app.shows("enrol")
    assert list(keystore.held) == ["storage_key"]
    book = SqliteNotebook(tmp_path / "notebook.db")  # without the key
    assert book.remembered("torn")
    book.close()


async def test_a_safe_that_does_not_answer_opens_nothing_and_says_so(tmp_path: Path) -> None:
    keystore = Keystore()
    keystore.shut = True
    async with Headless(phone_in(tmp_path), keystore.replies()) as app:
        assert app.shows("shut") and app.says("手机的安全存储打不开")
        assert app.says(sentences()["why.safe_shut"][1])  # nobody knows the worker's language yet
        assert not written(tmp_path)
        await app.tap("retry")
        assert app.shows("shut")
        keystore.shut = False
        await app.tap("retry")
        assert app.shows("enrol")


@pytest.mark.parametrize("known", [True, False])
async def test_the_app_asks_for_the_finger_that_its_worker_chose(
    tmp_path: Path, known: bool
) -> None:
    keystore = Keystore()
    pin = Pin.of("2468", b"salt").changed(biometrics=True)
    keystore.held[KEPT] = wire.encode(pin).decode()
    replies = keystore.replies() | {"authenticate": known}
    async with Headless(phone_in(tmp_path), replies) as app:
        assert app.shows("enrol") is known and app.shows("digit-1") is not known
