"""Our own phone's link sends several photos to a real bureau in one request."""

from collections.abc import Callable

import pytest

from contract.protocol import WantedPhoto
from fieldapp.adapters.httpx_link import HttpxLink
from fieldapp.ports import Refused
from tests.fieldapp.fakes import FakeCredentials
from tests.sync_server.bureau import Bureau
from tests.sync_server.photographs import a_jpeg, digest
from tests.sync_server.serving import Server

MADE = [a_jpeg(n, (800, 600)) for n in (1, 2, 3)]
LOADS = [(WantedPhoto(sha256=digest(jpeg)), jpeg) for jpeg in MADE]


def unheard(_: WantedPhoto) -> Callable[[int], None]:
    return lambda _: None


@pytest.mark.asyncio
async def test_our_phone_sends_several_at_once(server: Server, bureau: Bureau) -> None:
    address = f"http://127.0.0.1:{server.port}"
    known = HttpxLink(FakeCredentials(address, bureau.enrol().token))
    stranger = HttpxLink(FakeCredentials(address, "nobody"))
    try:
        assert await known.photos(LOADS, unheard) == {digest(jpeg) for jpeg in MADE}
        with pytest.raises(Refused, match="not_signed_in"):
            await stranger.photos(LOADS, unheard)
    finally:
        await known.close()
        await stranger.close()
