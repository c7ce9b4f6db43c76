"""A revoked phone: the app over a real socket to its last word, and the screen it leaves."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from contract import wire
from contract.codelists import built_in
from contract.protocol import SyncReply
from fieldapp.adapters.cryptography_cipher import AesCipher
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.adapters.system_clock import SystemClock
from fieldapp.device import storage_key, wipe_record
from fieldapp.device.wipe_record import WipeRecord
from fieldapp.memory.memory import Memory
from fieldapp.report.parcel import Parcel
from tests.builders import NOON, an_entry, an_identity
from tests.fieldapp.a_door import Call, Door, Reply, said
from tests.fieldapp.a_phone import Hands, Phone
from tests.fieldapp.headless import Headless
from tests.fieldapp.test_safe import Keystore, phone_in, written

pytestmark = pytest.mark.asyncio
KEY = storage_key.new_key(bytes)
WORD = WipeRecord(at=NOON, device="d1", bureau_name="示例旗教体局", handed=2, drafts=1)


def kept(folder: Path, address: str) -> tuple[Keystore, Parcel]:
    """An enrolled phone with one report that was sealed a minute ago and never sent."""
    book = SqliteNotebook(folder / "notebook.db", AesCipher(storage_key.parse_key(KEY)))
    Memory(book).keep_identity(an_identity(address=address))
    entry, parcel = an_entry().sealed(SystemClock().now() - timedelta(minutes=1), built_in())
    book.write(entry)
    book.enqueue(parcel)
    book.close()
    keystore = Keystore()
    keystore.held |= {storage_key.KEY: KEY, "token_d1": "t" * 43, "pin": ""}
    return keystore, parcel


PROBLEM = {
    "type": "urn:xuncha:problem:token_revoked",
    "code": "token_revoked",
    "status": 401,
}


def revoked(*taken: str) -> Reply:
    problem = PROBLEM | {"farewell": {"device": "d1", "taken": list(taken)}}
    return Reply(401, wire.canonical(problem), kind="application/problem+json")


async def until(ready: Callable[[], bool], app: Headless) -> None:
    for _ in range(100):
        if ready():
            return
        await app.settle()
    raise TimeoutError


async def test_the_app_hands_over_empties_itself_and_says_so(tmp_path: Path) -> None:
    replies: list[Reply] = []
    async with Door(answer=lambda _: replies[0]) as door:
        keystore, parcel = kept(tmp_path, door.address)
        replies.append(revoked(parcel.digest))
        async with Headless(phone_in(tmp_path), keystore.replies()) as app:
            await until(lambda: app.shows("gone"), app)
            assert app.says("没发出的 1 条已交回") and app.says("本机已停用")
            assert "token_d1" not in keystore.held and storage_key.KEY not in keystore.held
            assert not written(tmp_path)
            asked = len(door.calls)
            await app.tap("begin-anew")
            await until(lambda: app.shows("enrol"), app)
            assert (
                list(keystore.held) == [storage_key.KEY] and keystore.held[storage_key.KEY] != KEY
            )
            await app.settle()
            assert len(door.calls) == asked  # nobody goes on calling for the phone that was


async def test_an_app_without_a_farewell_keeps_everything(tmp_path: Path) -> None:
    def plain(_: Call) -> Reply:
        return Reply(401, wire.canonical(PROBLEM), kind="application/problem+json")

    async with Door(answer=plain) as door:
        keystore, _ = kept(tmp_path, door.address)
        async with Headless(phone_in(tmp_path), keystore.replies()) as app:
            await until(lambda: len(door.calls) >= 2, app)
            await app.settle()
            assert app.shows("add") and not app.shows("gone")
    assert keystore.held[storage_key.KEY] == KEY


async def test_a_kill_after_the_key_went_is_finished_at_the_next_start(tmp_path: Path) -> None:
    keystore, _ = kept(tmp_path, "http://127.0.0.1:9")
    keystore.held[wipe_record.KEPT] = wire.encode(WORD).decode()
    del keystore.held[storage_key.KEY]
    for _ in range(2):  # until it was read, at each start
        async with Headless(phone_in(tmp_path), keystore.replies()) as app:
            assert app.shows("gone") and app.says("没发出的 2 条已交回")
            assert not written(tmp_path)


async def test_a_safe_that_shuts_in_between_is_waited_for(tmp_path: Path) -> None:
    keystore, _ = kept(tmp_path, "http://127.0.0.1:9")
    keystore.held[wipe_record.KEPT] = wire.encode(WORD).decode()
    del keystore.held[storage_key.KEY]
    keystore.shut = True
    async with Headless(phone_in(tmp_path), keystore.replies()) as app:
        assert app.shows("shut")
        keystore.shut = False
        await app.tap("retry")
        await until(lambda: app.shows("gone"), app)


async def test_it_is_said_in_the_workers_language(tmp_path: Path) -> None:
    keystore = Keystore()
    word = WORD.changed(language="en", handed=0)
    keystore.held[wipe_record.KEPT] = wire.encode(word).decode()
    async with Headless(phone_in(tmp_path), keystore.replies()) as app:
        assert app.says("This phone was revoked") and app.says("No report was unsent")


async def test_a_state_that_was_given_up_ends_and_asks_for_no_more_rounds(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(why="given_up"))
    async with phone:
        ended: list[bool] = []
        object.__setattr__(phone.state.kit, "restart", lambda: ended.append(True))
        await asyncio.gather(phone.state.sync.run(), phone.state.sync.run())
        await phone.state.sync.run()
        assert (ended, phone.courier.rounds) == ([True], 1)


async def test_a_call_that_works_is_no_end(tmp_path: Path) -> None:
    async with Door(answer=lambda _: said(SyncReply(server_time=NOON))) as door:
        keystore, _ = kept(tmp_path, door.address)
        async with Headless(phone_in(tmp_path), keystore.replies()) as app:
            await until(lambda: bool(door.calls), app)
            await app.settle()
            assert app.shows("add")
