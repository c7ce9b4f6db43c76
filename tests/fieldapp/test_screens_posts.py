"""A second worker on one phone neither sees nor loses what the first has not sent."""

from pathlib import Path
from typing import Any

import flet as ft
import pytest

from fieldapp.adapters.file_safe import FileSafe
from fieldapp.app import open_ports, start_app
from fieldapp.courier.courier import Courier, TripPorts
from fieldapp.device import posts, storage_key
from fieldapp.memory.memory import Memory
from fieldapp.platforms.installation import Installation
from fieldapp.platforms.native import NATIVE
from fieldapp.ports import Refused
from fieldapp.state import paths
from tests.builders import an_entry
from tests.fieldapp.a_phone import an_identity
from tests.fieldapp.fakes import FakeAlbum, FakeClock, FakeLink, FakeNotebook, FakeSafe
from tests.fieldapp.headless import Headless

pytestmark = pytest.mark.asyncio
REPLIES = {"get_battery_level": 80, "get_connectivity": [], "get_authenticators": []}


def a_phone(folder: Path) -> Installation:
    return Installation(folder, "http://127.0.0.1:9", FileSafe(folder / "safe"), NATIVE)


async def ports_of(phone: Installation) -> Any:
    key = await storage_key.load_or_create(phone.safe, bytes)
    return open_ports(phone, phone.platform.cipher(key))


async def opened(phone: Installation) -> Headless:
    async def main(page: ft.Page) -> None:
        await start_app(page, phone)

    return Headless(main, REPLIES)


async def test_what_a_room_holds_is_apart_and_waits(tmp_path: Path) -> None:
    """From the first worker's screens to the second's, and back: by taps alone."""
    phone = a_phone(tmp_path)
    first = await ports_of(phone.room(""))
    first.memory.keep_identity(an_identity())
    first.notebook.write(an_entry())
    first.notebook.close_if(lambda: True)
    async with await opened(phone) as app:
        await app.settle()
        await app.route(paths.POSTS)
        await app.tap("post-new")
        await app.settle(60)
        assert app.shows("enrol-code"), "the second worker's phone is a new one"
        assert app.says("换到 wg0301")
        assert (tmp_path / "rooms/2/notebook.db").exists()
        second = await ports_of(phone.room("2"))
        assert second.notebook.counts() == dict.fromkeys(second.notebook.counts(), 0)
        second.notebook.close_if(lambda: True)
        await app.tap("post-first")
        await app.settle(60)
        assert app.shows("add") and not app.shows("enrol-code")
    again = await ports_of(phone.room(""))
    assert sum(again.notebook.counts().values()) == 1
    keys = {(await phone.room(name).safe.get(storage_key.KEY)) for name in ("", "2")}
    assert len(keys) == 2, "each has a key of its own: a wipe of one leaves the other"


async def test_rooms_are_remembered_with_their_labels() -> None:
    safe = FakeSafe()
    await posts.enter(safe, None, "wg0301")
    await posts.enter(safe, None, "wg0302")
    await posts.enter(safe, "", "")
    rooms = await posts.load(safe)
    assert [(room.name, room.label) for room in rooms.others()] == [("2", "wg0302"), ("3", "")]
    assert rooms.current == posts.FIRST and rooms.next_name() == "4"


async def test_a_code_of_another_post_is_not_mixed_in() -> None:
    notebook, safe = FakeNotebook(), FakeSafe()
    memory = Memory(notebook)
    memory.keep_identity(an_identity(author="another"))
    link = FakeLink()
    courier = Courier(TripPorts(notebook, memory, FakeAlbum(), link, FakeClock(), safe))
    with pytest.raises(Refused, match="other_post"):
        await courier.enrol("123", "model", "http://127.0.0.1:9")
    identity = memory.identity()
    assert identity and identity.author == "another"
    assert [asked.author for asked in link.enrolled] == ["another"]
