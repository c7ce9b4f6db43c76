"""The road to the bureau over HTTPS: enrolment, the one sync call, and photos."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

import httpx

from contract import wire
from contract.invitation import FINGERPRINT
from contract.protocol import Enrolment, EnrolmentRequest, SyncReply, SyncRequest, WantedPhoto
from fieldapp.adapters import access_token, http_messages, photo_batch
from fieldapp.adapters.httpx_transport import PinnedTransport, UnexpectedCertificate
from fieldapp.adapters.tus import SendRequest, TusUpload
from fieldapp.ports import CredentialSource, Offline, Refused, Safe

TIMEOUT = httpx.Timeout(20, connect=10)  # a lost SYN goes again after 1, 3 and 7 seconds
# For one request without progress: a road that drips a byte now and then is no road. A piece of a
# photo is progress, so that 2 MB may take the four minutes and more that EDGE needs for them.
LONGEST_S = 180
MOST_REPLY = 16 * 1024 * 1024
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
JSON = {"Content-Type": "application/json"}
# /v1/sync takes nothing but JSON: what need not be said costs 32 bytes a call.
SYNC = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True, slots=True)
class ReadResponse:
    """A response that was read to its end."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


class HttpxLink:
    """Port Link. The environment's proxies are not asked: a lead goes to the bureau alone. Where
    there is a safe, a new token goes there and not into the reply."""

    def __init__(
        self,
        keyring: CredentialSource,
        transport: httpx.AsyncBaseTransport | None = None,
        safe: Safe | None = None,
    ) -> None:
        self._keyring, self._safe = keyring, safe
        self._client = httpx.AsyncClient(
            transport=transport or PinnedTransport(),
            timeout=TIMEOUT,
            trust_env=False,
        )
        self._client.headers.clear()  # each request says what it needs: a header costs its bytes

    async def close(self) -> None:
        await self._client.aclose()

    async def enrol(self, asked: EnrolmentRequest, address: str) -> Enrolment:
        place = _at(parse_address(address), "/v1/enrolments")
        said = await self._ask("POST", place, JSON, wire.encode(asked))
        enrolled = http_messages.read_reply(Enrolment, said, 201)
        if self._safe:
            await access_token.store(self._safe, enrolled.device, enrolled.token)
            return enrolled.changed(token="")
        return enrolled

    async def sync(self, asked: SyncRequest, parcels: Sequence[bytes]) -> SyncReply:
        home, token = await self._key()
        body = await asyncio.to_thread(http_messages.encode_batch, asked, parcels)
        content, zipped = await asyncio.to_thread(http_messages.compress, body)
        said = await self._ask("POST", _at(home, "/v1/sync"), SYNC | token | zipped, content)
        return await asyncio.to_thread(http_messages.read_reply, SyncReply, said, 200)

    async def photo(self, wanted: WantedPhoto, jpeg: bytes, told: Callable[[int], None]) -> None:
        await TusUpload(await self._asking(), jpeg, told).finish(wanted)

    async def photos(
        self, loads: Sequence[photo_batch.Load], begin: photo_batch.Begin
    ) -> frozenset[str]:
        return await photo_batch.send_together(await self._asking(), loads, begin)

    async def _asking(self) -> SendRequest:
        home, token = await self._key()

        async def ask(
            method: str, place: str, headers: dict[str, str], content: AsyncIterator[bytes] | None
        ) -> ReadResponse:
            return await self._ask(method, _within(home, place), token | headers, content)

        return ask

    async def _key(self) -> tuple[httpx.URL, dict[str, str]]:
        key = await asyncio.to_thread(self._keyring.identity)
        if key is None:
            raise Refused("not_enrolled")
        token = key.token or (self._safe and await access_token.load(self._safe, key.device))
        if not token:
            raise Refused("not_enrolled")
        return parse_address(key.address), {"Authorization": f"Bearer {token}"}

    async def _ask(
        self,
        method: str,
        place: httpx.URL,
        headers: dict[str, str],
        content: bytes | AsyncIterator[bytes] | None,
    ) -> ReadResponse:
        """The whole response, or Offline: what breaks on the road is no answer."""
        try:
            async with asyncio.timeout(LONGEST_S) as limit:
                body = _lasting(content, limit) if isinstance(content, AsyncIterator) else content
                asked = self._client.build_request(method, place, headers=headers, content=body)
                return await self._whole(await self._client.send(asked, stream=True))
        except (httpx.TimeoutException, TimeoutError) as error:
            raise Offline("timed_out") from error
        except httpx.DecodingError as error:
            raise Offline("not_the_bureau") from error
        except httpx.TransportError as error:
            raise Offline(_why(error)) from error

    async def _whole(self, said: httpx.Response) -> ReadResponse:
        kept = bytearray()
        try:
            async for piece in said.aiter_bytes():
                kept += piece
                if len(kept) > MOST_REPLY:
                    raise Offline("not_the_bureau")
        finally:
            await said.aclose()
        return ReadResponse(said.status_code, said.headers, bytes(kept))


async def _lasting(pieces: AsyncIterator[bytes], limit: asyncio.Timeout) -> AsyncIterator[bytes]:
    """Each piece that has left gives the request its time anew."""
    async for piece in pieces:
        limit.reschedule(asyncio.get_running_loop().time() + LONGEST_S)
        yield piece


def parse_address(address: str) -> httpx.URL:
    """The bureau's address as typed; https is meant when nothing is said. Behind a `#` may stand
    the fingerprint of the one certificate to meet there. Raises Refused."""
    typed = address.strip()
    try:
        url = httpx.URL(typed if "://" in typed else f"https://{typed}")
    except httpx.InvalidURL as error:
        raise Refused("bad_address") from error
    is_host = bool(url.host) and b"%" not in url.raw_host  # a space would be written as %20
    is_place = is_host and not url.userinfo and (url.port is None or 0 < url.port < 65536)
    is_pin = not url.fragment or FINGERPRINT.fullmatch(url.fragment)
    if url.scheme not in {"http", "https"} or not is_place or not is_pin:
        raise Refused("bad_address")
    if url.scheme == "http" and url.host not in LOOPBACK:
        raise Refused("address_not_safe")  # the token would be readable on the way
    return url


def _at(home: httpx.URL, path: str) -> httpx.URL:
    """With the pin of the address; a join alone would drop it."""
    return home.join(path).copy_with(fragment=home.fragment)


def _within(home: httpx.URL, place: str) -> httpx.URL:
    """The token goes to the bureau and nowhere else, whatever a Location says."""
    try:
        url = _at(home, place)
    except httpx.InvalidURL as error:
        raise Offline("not_the_bureau") from error
    if (url.scheme, url.host, url.port) != (home.scheme, home.host, home.port):
        raise Offline("not_the_bureau")
    return url


def _why(error: BaseException) -> str:
    """A hotel's login page cannot show the bureau's certificate, nor can a wrong address."""
    link: BaseException | None = error
    while link and not isinstance(link, ssl.SSLError):
        link = link.__cause__ or link.__context__
    if isinstance(link, UnexpectedCertificate):
        return "other_certificate"
    return "not_the_bureau" if link else "no_road"
