"""Routes requests for `/v1/photos/` to `TusEndpoint`, and answers its errors."""

import errno
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sync_server import problems
from sync_server.photos.receiving import VERSION
from sync_server.photos.tus import TusEndpoint
from sync_server.problem_responses import problem_response, unforeseen_response

PREFIX = "/v1/photos/"
TUS_HEADERS = {"Tus-Resumable": VERSION, "Tus-Version": VERSION}
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
Handler = Callable[[Request], Awaitable[Response]]
Handlers = dict[str, Handler]


class PhotoFastPath:
    """Passes requests for photos straight to TusEndpoint, for the reason of `SyncFastPath`; all
    others go to `app`. Every response, also a problem, names the version of tus."""

    def __init__(self, app: ASGIApp, endpoint: TusEndpoint) -> None:
        self._app = app
        self._collection: Handlers = {"OPTIONS": endpoint.options, "POST": endpoint.create}
        self._upload: Handlers = {"OPTIONS": endpoint.options, "HEAD": endpoint.head}
        self._upload |= {"PATCH": endpoint.patch, "DELETE": endpoint.delete}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        name = scope["path"].removeprefix(PREFIX)
        request = Request({**scope, "path_params": {"upload": name}}, receive)
        handlers = self._upload if name else self._collection
        answer = await _answer(request, handlers)
        answer.headers.update(TUS_HEADERS)
        await answer(scope, receive, send)


def _method(request: Request) -> str:
    """Where a network forbids PATCH, HEAD or DELETE, a POST names the method (tus 1.0.0)."""
    override = request.headers.get("x-http-method-override", "").upper()
    return override if override and request.method == "POST" else request.method


async def _answer(request: Request, handlers: Handlers) -> Response:
    try:
        method = _method(request)
        if method not in handlers:
            raise problems.MethodNotAllowed(handlers)
        return await handlers[method](request)
    except problems.Problem as problem:
        return problem_response(problem)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            return problem_response(problems.StorageFull())
        return unforeseen_response(request, error)
