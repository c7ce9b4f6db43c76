"""A plain browser for tests: real HTTP messages, handed to the application in this process."""

import asyncio

from fastapi import FastAPI
from httpx import ASGITransport, BaseTransport, Client, Request, Response


class InThisProcess(BaseTransport):
    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def handle_request(self, request: Request) -> Response:
        return asyncio.run(self._answered(request))

    async def _answered(self, request: Request) -> Response:
        answer = await ASGITransport(self.app).handle_async_request(request)
        body = await answer.aread()
        return Response(answer.status_code, headers=answer.headers, content=body)


def browser(app: FastAPI) -> Client:
    """Keeps cookies and follows redirects, as a browser does."""
    return Client(
        transport=InThisProcess(app), base_url="http://127.0.0.1:8000", follow_redirects=True
    )
