"""Headers against being framed, sniffed or reached without TLS; HEAD wherever there is GET."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PHOTOS = "/v1/photos/"  # no browser shows these responses, and their bytes count
FOR_PROGRAMS = {"X-Content-Type-Options": "nosniff"}
FOR_PEOPLE = FOR_PROGRAMS | {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
TLS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}  # browsers ignore it without TLS


class SecurityHeaders:
    """Sets security headers on every response that has not set its own."""

    def __init__(self, app: ASGIApp, is_https: bool) -> None:
        self.app, self._is_https = app, is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_photo = scope["type"] == "http" and scope["path"].startswith(PHOTOS)
        defaults = FOR_PROGRAMS if is_photo else FOR_PEOPLE
        if self._is_https or scope.get("scheme") == "https":
            defaults = defaults | TLS_ONLY

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in defaults.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class HeadLikeGet:
    """Answers HEAD as GET, without the body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, send_head)
