"""A host name of its own for the field app: then it shares no origin with the console."""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

APP = "/app"
OF_PHONES = (f"{APP}/", "/v1/")
ALSO = {APP, "/healthz"}


class AppHost:
    """Under `host` only what phones need is answered, under every other name all but the app, which
    is told where it lies. "" changes nothing."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self.app, self._host = app, host.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._answer(scope) if self._host and scope["type"] == "http" else None
        await (answer or self.app)(scope, receive, send)

    def _answer(self, scope: Scope) -> ASGIApp | None:
        """None for what is answered here as ever."""
        asked, path = Headers(scope=scope).get("host", "").partition(":")[0].lower(), scope["path"]
        if asked == self._host:
            if path == "/":
                return RedirectResponse(f"{APP}/")
            is_known = path.startswith(OF_PHONES) or path in ALSO
            return None if is_known else PlainTextResponse("", 404)
        is_app = path == APP or path.startswith(f"{APP}/")
        return RedirectResponse(f"//{self._host}{APP}/") if is_app else None
