"""The door of the photo room: which of `tus.Counter`'s hands a request goes to, and every no."""

import errno
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sync_server import problems
from sync_server.photos.receiving import VERSION
from sync_server.photos.tus import TusEndpoint
from sync_server.problem_responses import problem_response, unforeseen_response

ROOM = "/v1/photos/"
SEVERAL = "together"  # no upload's name: those are hexadecimal
SPOKEN = {"Tus-Resumable": VERSION, "Tus-Version": VERSION}
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
Handler = Callable[[Request], Awaitable[Response]]


class PhotoFastPath:
    """The photo room, straight from the door: see `api.Straight`. Every answer says which tus it
    is, and so does every no."""

    def __init__(self, app: ASGIApp, counter: TusEndpoint) -> None:
        self._app = app
        self._room: dict[str, Handler] = {"OPTIONS": counter.options, "POST": counter.create}
        self._upload: dict[str, Handler] = {"OPTIONS": counter.options, "HEAD": counter.head}
        self._upload |= {"PATCH": counter.patch, "DELETE": counter.delete}
        self._several: dict[str, Handler] = {"POST": counter.together}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(ROOM):
            await self._app(scope, receive, send)
            return
        name = scope["path"].removeprefix(ROOM)
        request = Request({**scope, "path_params": {"upload": name}}, receive)
        answer = await _heard(request, self._hands(name).get(request.method))
        answer.headers.update(SPOKEN)
        await answer(scope, receive, send)

    def _hands(self, name: str) -> dict[str, Handler]:
        if name == SEVERAL:
            return self._several
        return self._upload if name else self._room


async def _heard(request: Request, handle: Handler | None) -> Response:
    try:
        if handle is None:
            raise problems.MethodNotAllowed
        return await handle(request)
    except problems.Problem as problem:
        return problem_response(problem)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in FULL:
            return problem_response(problems.StorageFull())
        return unforeseen_response(request, error)
