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
TOGETHER = "together"  # cannot be an upload's name: those are hexadecimal
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
        self._together: Handlers = {"POST": endpoint.together}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        name = scope["path"].removeprefix(PREFIX)
        request = Request({**scope, "path_params": {"upload": name}}, receive)
        answer = await _answer(request, self._handlers(name))
        answer.headers.update(TUS_HEADERS)
        await answer(scope, receive, send)

    def _handlers(self, name: str) -> Handlers:
        if name == TOGETHER:
            return self._together
        return self._upload if name else self._collection


async def _answer(request: Request, handlers: Handlers) -> Response:
    try:
        if request.method not in handlers:
            raise problems.MethodNotAllowed(handlers)
        return await handlers[request.method](request)
    except problems.Problem as problem:
        return problem_response(problem)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            return problem_response(problems.StorageFull())
        return unforeseen_response(request, error)
