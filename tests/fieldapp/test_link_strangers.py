"""Strangers on the road: who answers in the bureau's place gets no photo twice and no say in it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from contract.protocol import WantedPhoto
from fieldapp.adapters import httpx_link
from fieldapp.adapters.httpx_link import HttpxLink, parse_address
from fieldapp.ports import Offline, Refused
from tests.fieldapp.a_door import Call, Reply
from tests.fieldapp.fakes import FakeCredentials
from tests.fieldapp.test_link import ASKED, JPEG, NAME, UPLOAD, Store, linked

pytestmark = pytest.mark.asyncio

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
PAGE = b"<h1>Please sign in</h1>"
NEW, BEGUN = WantedPhoto(sha256=NAME), WantedPhoto(sha256=NAME, offset=5, upload=UPLOAD)


@pytest.mark.parametrize("wanted", [NEW, BEGUN], ids=["new", "begun"])
@pytest.mark.parametrize("status", [200, 201, 302, 403])
async def test_a_login_page_gets_a_photo_once_and_refuses_nothing(
    status: int, wanted: WantedPhoto
) -> None:
    """A photo that is Refused is set aside; what a hotel says is no reason for that."""
    async with linked(answer=lambda _: Reply(status, PAGE, kind="text/html")) as (door, link):
        with pytest.raises(Offline, match="not_the_bureau"):
            await link.photo(wanted, JPEG, lambda _: None)
    assert [bool(call.body) for call in door.calls][1:] in ([], [False])  # asked, not sent


@pytest.mark.parametrize("wanted", [NEW, BEGUN], ids=["new", "begun"])
@pytest.mark.parametrize("status", [429, 500, 503, 507])
async def test_a_bureau_that_is_down_gets_the_photo_later(status: int, wanted: WantedPhoto) -> None:
    async with linked(answer=lambda _: Reply(status, PAGE, kind="text/html")) as (_, link):
        with pytest.raises(Offline, match="bureau_down"):
            await link.photo(wanted, JPEG, lambda _: None)


async def test_a_photo_known_from_before_goes_on_where_its_first_upload_stands() -> None:
    store = Store(kept=1_000)

    def says(call: Call) -> Reply:
        if call.method == "POST":
            return Reply(201, headers={"Upload-Offset": "1000", "Location": UPLOAD})
        return store(call)

    async with linked(answer=says) as (door, link):
        await link.photo(NEW, JPEG, lambda _: None)
    assert [call.method for call in door.calls] == ["POST", "PATCH"]
    assert door.calls[1].body == JPEG[1_000:]


async def test_a_location_that_is_no_address_is_not_the_bureaus() -> None:
    reply = Reply(201, headers={"Upload-Offset": "5", "Location": "http://127.0.0.1:port/u1"})
    async with linked(reply) as (door, link):
        with pytest.raises(Offline, match="not_the_bureau"):
            await link.photo(NEW, JPEG, lambda _: None)
    assert len(door.calls) == 1


@pytest.mark.parametrize(
    "typed", ["https://[", "a%20b", "bureau.example:0", "bureau.example:99999"]
)
async def test_an_address_that_cannot_be_is_refused_before_it_is_tried(typed: str) -> None:
    with pytest.raises(Refused, match="bad_address"):
        parse_address(typed)


async def test_a_port_that_speaks_no_tls_is_not_the_bureau() -> None:
    """A network that answers for everybody can answer, but not as the bureau."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    assert await why(answer, "https") == "not_the_bureau"


async def test_a_reply_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time, and the whole never."""
    monkeypatch.setattr(httpx_link, "PROGRESS_TIMEOUT_S", 0.3)

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" * 9:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)
            if writer.is_closing():
                break
        writer.close()

    assert await why(drip, "http") == "timed_out"


async def why(serve: Serve, scheme: str) -> str:
    """Why a sync call to whoever answers like this comes to nothing."""
    visits: list[asyncio.Task[None]] = []

    async def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.current_task()
        assert visit
        visits.append(visit)
        try:
            await serve(reader, writer)
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(visited, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    link = HttpxLink(FakeCredentials(f"{scheme}://127.0.0.1:{port}"))
    try:
        with pytest.raises(Offline) as trouble:
            await link.sync(ASKED, [])
    finally:
        await link.close()
        server.close()
        await server.wait_closed()
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)
    return trouble.value.why
