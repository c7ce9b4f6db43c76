"""What a report costs on the road, counted at a real socket: headers, envelope and all."""

import gzip
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from contract.codelists import built_in
from contract.ids import uuid7
from contract.protocol import HeldVersions, SyncReply, SyncRequest
from contract.reference import Places
from fieldapp.adapters.httpx_link import HttpxLink
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.courier.courier import Courier, TripPorts
from fieldapp.device.access_token import StoredCredentials
from fieldapp.memory.memory import LedgerLink, Memory
from fieldapp.report.entry import UNDO, Entry
from tests.builders import NOON, SERVER_NOON, a_fix, a_place, an_entry, an_identity
from tests.fieldapp.a_door import Call, Door, said
from tests.fieldapp.fakes import FakeAlbum, FakeClock, FakeSafe

pytestmark = pytest.mark.asyncio

UP = 905  # bytes: what is left of 1,228 for a whole report is for the bureau's reply
IDLE = 430  # bytes up, of 1,024 both ways for a sync with nothing to do
NEEDED = {"host", "authorization", "accept-encoding", "content-encoding", "content-length"}


def a_whole_report() -> Entry:
    """Everything a careful worker says without a photo; nothing in it zips better than true."""
    place = a_place(
        community="150626001001",
        compound="c" + secrets.token_hex(3),
        compound_name="样例苑小区",
        building="12号楼",
        unit="3单元",
    )
    return an_entry(
        id=name(),
        device=secrets.token_hex(6),
        patrol=name(),
        shift="NIGHT",
        fix=a_fix(lat=39.60481, lon=109.78162, accuracy_m=14.6, at=NOON - timedelta(seconds=9)),
        place=place,
        disguises=("HOMEWORK",),
        subjects=("MA", "FL"),
        stage="PRIMARY",
        signs=("PUPILS_ENTERING", "DESKS_VISIBLE"),
        count_band="B2",
        time_slots=("WEEKDAY_EVENING",),
        note="18:30后有学生进楼,窗户能看到黑板",
    )


def name() -> UUID:
    return uuid7(NOON, secrets.token_bytes(10))


class Sender:
    """A phone that has been in use for a while, before a real door that counts."""

    def __init__(self, folder: Path, address: str) -> None:
        self.notebook, self.clock = SqliteNotebook(folder / "notebook.db"), FakeClock()
        self.memory = Memory(self.notebook)
        self.memory.keep_identity(an_identity(address=address))
        safe = FakeSafe(token_d1=secrets.token_urlsafe(32))
        self.memory.keep_places(Places(version=secrets.token_hex(8)))
        self.memory.keep_lists(built_in())
        self.memory.keep_cursor(1_234, heard=secrets.token_hex(6))
        last = LedgerLink(position=1_432, digest="", number="", hash=secrets.token_hex(32))
        self.memory.keep_highest_link(last)
        self.link = HttpxLink(StoredCredentials(self.memory, safe))
        ports = TripPorts(self.notebook, self.memory, FakeAlbum(), self.link, self.clock, safe)
        self.courier = Courier(ports)

    def seal(self, entry: Entry) -> None:
        sealed, parcel = entry.sealed(self.clock.now(), built_in())
        self.notebook.write(sealed)
        self.notebook.enqueue(parcel)
        self.clock.pass_(seconds=UNDO.total_seconds() + 1)


async def calls_of_a_round(
    folder: Path, before: Callable[[Sender], object] = lambda _: None
) -> list[Call]:
    news = said(SyncReply(server_time=SERVER_NOON, cursor=1_234))
    async with Door(answer=lambda _: news) as door:
        phone = Sender(folder, door.address)
        before(phone)
        await phone.courier.round()
        await phone.link.close()
        phone.notebook.close()
        return door.calls


async def test_a_report_goes_in_one_request_of_few_bytes(tmp_path: Path) -> None:
    [call] = await calls_of_a_round(tmp_path, lambda phone: phone.seal(a_whole_report()))
    print(f"a whole report: {call.size} bytes up, {len(call.body)} of them body")
    assert call.size <= UP


async def test_a_round_with_nothing_to_do_is_one_small_request(tmp_path: Path) -> None:
    [call] = await calls_of_a_round(tmp_path)
    print(f"nothing to do: {call.size} bytes up, {len(call.body)} of them body")
    assert call.size <= IDLE


async def test_no_header_is_sent_that_nobody_reads(tmp_path: Path) -> None:
    [call] = await calls_of_a_round(tmp_path, lambda phone: phone.seal(a_whole_report()))
    assert call.headers.keys() == NEEDED
    assert call.headers["accept-encoding"] == "gzip"


async def test_what_is_at_its_default_is_not_said(tmp_path: Path) -> None:
    [call] = await calls_of_a_round(tmp_path)
    body = gzip.decompress(call.body)
    asks_for_numbers = b'"counts":""'  # none held yet; a phone that knows of none says nothing
    body = body.replace(asks_for_numbers, b"", 1)
    assert all(word not in body for word in (b"arrivals", b"photos", b"null", b'""'))
    assert b"held" in body  # else the bureau would send all its lists down again
    assert SyncRequest(protocol=1, sent_at=NOON).held == HeldVersions()
