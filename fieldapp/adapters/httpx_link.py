"""The link to the bureau over HTTPS: enrolment, the one sync call, and photos."""

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx

from contract import wire
from contract.invitation import FINGERPRINT
from contract.protocol import Enrolment, EnrolmentRequest, SyncReply, SyncRequest, WantedPhoto
from contract.typed_address import read_address
from fieldapp.adapters import http_messages
from fieldapp.adapters.httpx_transport import PinnedTransport, UnexpectedCertificate
from fieldapp.adapters.tus import AllowedMethods, PhotoBytes, SendRequest, TusUpload
from fieldapp.ports import CredentialSource, Offline, Refused
from fieldapp.ports.background import in_background

TIMEOUT = httpx.Timeout(20, connect=10)  # a lost SYN goes again after 1, 3 and 7 seconds
# For one request, or since the last chunk of a photo has left: TIMEOUT alone would never end a
# connection that brings a byte now and then. Counted by chunks, for 2 MB take four minutes and more
# on EDGE.
PROGRESS_TIMEOUT_S = 180
MAX_REPLY_BYTES = 16 * 1024 * 1024
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
PHOTO = "photo"  # see _body
JSON = {"Content-Type": "application/json"}
# No Content-Type: /v1/sync takes nothing but JSON, and the header would cost 32 bytes a call.
SYNC = {"Accept-Encoding": "gzip"}
# Some proxies unzip a body and keep the header, or drop the header: the bureau then cannot read it.
MAY_BLAME_ZIPPING = {400, 415, 422}  # HTTP statuses
PLAIN_CALLS = 20  # calls that are not zipped after one that arrived only unzipped


@dataclass(frozen=True, slots=True)
class ReadResponse:
    """A response that was read to its end."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


class HttpxLink:
    """Port Link. Proxies named in the environment are not used: a report goes to the bureau
    alone. `only` is the one server that may be called, whatever is typed; None for any."""

    def __init__(
        self,
        source: CredentialSource,
        transport: httpx.AsyncBaseTransport | None = None,
        only: str | None = None,
    ) -> None:
        self._source = source
        self._only = None if only is None else parse_address(only)
        self._plain_calls = 0
        self._methods = AllowedMethods()
        self._client = httpx.AsyncClient(
            transport=transport or PinnedTransport(),
            timeout=TIMEOUT,
            trust_env=False,
        )
        self._client.headers.clear()  # each request brings its own: every header costs bytes

    async def close(self) -> None:
        await self._client.aclose()

    async def enrol(self, asked: EnrolmentRequest, address: str) -> Enrolment:
        url = _join(parse_address(address), "/v1/enrolments")
        response = await self._request("POST", url, JSON, wire.encode(asked))
        return http_messages.read_reply(Enrolment, response)

    async def sync(
        self, asked: SyncRequest, parcels: Sequence[bytes], *, plain_bytes: int = 0
    ) -> SyncReply:
        encode = http_messages.encode_batch
        body = await in_background(encode, asked, parcels, plain_bytes)
        zipped, header = await in_background(http_messages.compress, body)
        if plain_bytes or not header or self._plain_calls:
            self._plain_calls = max(0, self._plain_calls - 1)
            return await self._sync(body, {})
        try:
            return await self._sync(zipped, header)
        except Refused as refused:
            if refused.status not in MAY_BLAME_ZIPPING:
                raise
        reply = await self._sync(body, {})
        self._plain_calls = PLAIN_CALLS
        return reply

    async def _sync(self, content: bytes, coding: dict[str, str]) -> SyncReply:
        bureau, token = await self._bureau()
        url = _join(bureau, "/v1/sync")
        response = await self._request("POST", url, SYNC | token | coding, content)
        return await in_background(http_messages.read_reply, SyncReply, response)

    async def photo(self, wanted: WantedPhoto, jpeg: bytes, told: Callable[[int], None]) -> None:
        await TusUpload(await self._sender(), jpeg, told, self._methods).finish(wanted)

    async def _sender(self) -> SendRequest:
        bureau, token = await self._bureau()

        async def send(
            method: str, path: str, headers: dict[str, str], content: PhotoBytes | None
        ) -> ReadResponse:
            url = _same_host(bureau, path)
            return await self._request(method, url, token | headers, content)

        return send

    async def _bureau(self) -> tuple[httpx.URL, dict[str, str]]:
        """The bureau's address, and the header with this phone's token."""
        credentials = await self._source.credentials()
        if credentials is None:
            raise Refused("not_enrolled")
        header = {"Authorization": f"Bearer {credentials.token}"}
        return parse_address(credentials.address), header

    async def _request(
        self,
        method: str,
        url: httpx.URL,
        headers: dict[str, str],
        content: bytes | PhotoBytes | None,
    ) -> ReadResponse:
        """The whole response, of whatever status. Raises Offline, or Refused ("other_bureau")."""
        if self._only and _server(url) != _server(self._only):
            raise Refused("other_bureau")
        try:
            async with asyncio.timeout(PROGRESS_TIMEOUT_S) as limit:
                body = _extending(content, limit) if isinstance(content, PhotoBytes) else content
                request = self._client.build_request(method, url, headers=headers, **_body(body))
                return await self._read(await self._client.send(request, stream=True))
        except (httpx.TimeoutException, TimeoutError) as error:
            raise Offline("timed_out") from error
        except httpx.DecodingError as error:
            raise Offline("not_the_bureau") from error
        except httpx.TransportError as error:
            raise Offline(_offline_code(error)) from error

    async def _read(self, response: httpx.Response) -> ReadResponse:
        """Counted while it is unzipped: a small body may unzip to any size."""
        content = bytearray()
        try:
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > MAX_REPLY_BYTES:
                    raise Offline("not_the_bureau")
        finally:
            await response.aclose()
        return ReadResponse(response.status_code, response.headers, bytes(content))


def _extending(photo: PhotoBytes, limit: asyncio.Timeout) -> PhotoBytes:
    """The time limit begins anew with each chunk that leaves."""
    loop = asyncio.get_running_loop()

    def told(reached: int) -> None:
        limit.reschedule(loop.time() + PROGRESS_TIMEOUT_S)
        photo.told(reached)

    return replace(photo, told=told)


def _body(content: bytes | PhotoBytes | None) -> dict[str, Any]:
    """As httpx wants it. A transport that can only send a body whole finds the photo itself among
    the request's extensions."""
    if not isinstance(content, PhotoBytes):
        return {"content": content}
    return {"content": content.chunks(), "extensions": {PHOTO: content}}


def parse_address(address: str) -> httpx.URL:
    """The bureau's address as typed, https if no scheme is given. The fragment (after `#`) may be
    the fingerprint of the one certificate to accept there. Raises Refused: "bad_address", or
    "address_not_safe" for http beyond this device."""
    typed = read_address(address)
    try:
        url = httpx.URL(typed if "://" in typed else f"https://{typed}")
    except httpx.InvalidURL as error:
        raise Refused("bad_address") from error
    is_host = bool(url.host) and b"%" not in url.raw_host  # a space would be written as %20
    is_server = is_host and not url.userinfo and (url.port is None or 0 < url.port < 65536)
    is_pin = not url.fragment or FINGERPRINT.fullmatch(url.fragment)
    if url.scheme not in {"http", "https"} or not is_server or not is_pin:
        raise Refused("bad_address")
    if url.scheme == "http" and url.host not in LOOPBACK:
        raise Refused("address_not_safe")  # others could read the token on the way
    return url


def _join(bureau: httpx.URL, path: str) -> httpx.URL:
    """Keeps the fragment, which pins the certificate; httpx's join alone would drop it."""
    return bureau.join(path).copy_with(fragment=bureau.fragment)


def _same_host(bureau: httpx.URL, path: str) -> httpx.URL:
    """Raises Offline for a URL that leads elsewhere: the token goes to the bureau alone, whatever a
    Location header says."""
    try:
        url = _join(bureau, path)
    except httpx.InvalidURL as error:
        raise Offline("not_the_bureau") from error
    if _server(url) != _server(bureau):
        raise Offline("not_the_bureau")
    return url


def _server(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _offline_code(error: BaseException) -> str:
    """Tells a server without the bureau's certificate, such as a hotel's login page or one at a
    wrong address, from no connection at all."""
    cause: BaseException | None = error
    while cause and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, UnexpectedCertificate):
        return "other_certificate"
    return "not_the_bureau" if cause else "no_road"
