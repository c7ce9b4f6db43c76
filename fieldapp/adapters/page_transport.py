"""Requests to the bureau from a browser's page: httpx over the page's own XMLHttpRequest."""

from collections.abc import Callable
from urllib.parse import urlsplit

import httpx

from fieldapp.adapters.httpx_link import PHOTO
from fieldapp.adapters.page_scripts import PageScripts, ScriptFailure
from fieldapp.adapters.tus import PhotoBytes

# The browser sets these itself and forbids them to pages.
OWN = {"accept-encoding", "connection", "content-length", "host", "transfer-encoding", "user-agent"}
UNZIPPED = {"content-encoding", "content-length"}  # of a response that the browser has unzipped
TIMEOUT_MS = 180_000  # for a whole request: a page hears of no single byte that comes


class PageTransport(httpx.AsyncBaseTransport):
    """Sends each body whole, for pages can stream none. Trusts what the browser trusts; reaches the
    page's own origin alone, as its policy says."""

    def __init__(self, scripts: PageScripts, origin: str) -> None:
        self._scripts, self._origin = scripts, origin

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        address = str(request.url.copy_with(fragment=None))
        if _origin_of(address) != self._origin:
            raise httpx.ConnectError("not the origin of this page", request=request)
        photo: PhotoBytes | None = request.extensions.get(PHOTO)
        body = photo.rest if photo else await request.aread()
        headers = {k: v for k, v in request.headers.items() if k.lower() not in OWN}
        told = photo.told_from_start if photo else None
        return await self._sent((request.method, address, headers, body), told)

    async def _sent(
        self,
        request: tuple[str, str, dict[str, str], bytes],
        told: Callable[[int], None] | None,
    ) -> httpx.Response:
        try:
            status, lines, content = await self._scripts.send(request, TIMEOUT_MS, told)
        except ScriptFailure as failure:
            if "TimeoutError" in str(failure):
                raise httpx.ReadTimeout(str(failure)) from failure
            raise httpx.ConnectError(str(failure)) from failure
        pairs = [line.split(": ", 1) for line in lines.split("\r\n") if ": " in line]
        headers = [(k, v) for k, v in pairs if k.lower() not in UNZIPPED]
        return httpx.Response(status, headers=headers, content=content)


def _origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
