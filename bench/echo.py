"""The least a server can do over HTTP here: read a body of this size, answer one of that size."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ANSWER = b'{"position":0,"":"' + b"." * 400 + b'"}'


async def echo(request: Request) -> Response:
    await request.body()
    return Response(ANSWER, media_type="application/json")


async def healthy(_: Request) -> Response:
    return Response(b"ok\n")


app = Starlette(routes=[Route("/v1/sync", echo, methods=["POST"]), Route("/healthz", healthy)])
