"""The phone's two calls: enrol once, then sync."""

import asyncio
from dataclasses import dataclass, field

from fastapi import APIRouter, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from contract import wire
from contract.protocol import EnrolmentRequest
from sync_server import problems
from sync_server.accounts import phones
from sync_server.accounts.phones import Phone
from sync_server.intake.reply import Feedback
from sync_server.phone_api import bodies
from sync_server.phone_api.rate_limit import Tries
from sync_server.phone_api.sync_call import Call, Desk, unread
from sync_server.problem_responses import said, unforeseen
from sync_server.settings import Clock, Settings
from sync_server.store.engine import Store
from sync_server.store.folder import Folder

SYNC = "/v1/sync"
SMALL = 4 * 1024
FOR_ANYBODY = 64 * 1024  # what is read of a body before we know who is calling


@dataclass(frozen=True, slots=True)
class Counter:
    """What the phone's calls need."""

    store: Store
    settings: Settings
    folder: Folder
    clock: Clock
    tries: Tries = field(default_factory=Tries)

    def phone(self, request: Request) -> Phone:
        """Who is calling; raises NotSignedIn or TokenRevoked. Blocks."""
        with self.store.reading() as tx:
            return phones.phone_of(tx, request.headers.get("authorization", ""))


def routes(router: APIRouter, counter: Counter) -> None:
    """Adds `/v1/enrolments`."""

    async def enrol(request: Request) -> Response:
        body = await bodies.received(request, SMALL)
        address = request.client.host if request.client else ""
        asked = _asked(body.plain(SMALL))
        now = counter.clock()
        counter.tries.spend(address, now)
        enrolment = await asyncio.to_thread(phones.enrol, counter.store, asked, now)
        counter.tries.forgive(address)
        return bodies.answer(request, wire.encode(enrolment), 201)

    router.add_api_route("/v1/enrolments", enrol, methods=["POST"], status_code=201)


class Straight:
    """`POST /v1/sync` goes straight to its desk: routing and the rest cost as much as a report."""

    def __init__(self, app: ASGIApp, counter: Counter, turn: asyncio.Lock) -> None:
        limits = counter.settings.limits
        self._app, self._counter, self._most = app, counter, limits.body
        feedback = Feedback(counter.folder)
        self._desk = Desk(counter.store, limits, feedback, counter.clock, turn)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != SYNC:
            await self._app(scope, receive, send)
            return
        try:
            answer = await self._synced(Request(scope, receive))
        except problems.Problem as problem:
            answer = said(problem)
        except Exception as error:
            answer = unforeseen(Request(scope), error)
        await answer(scope, receive, send)

    async def _synced(self, request: Request) -> Response:
        if request.method != "POST":
            raise problems.MethodNotAllowed
        if not bodies.is_small(request, FOR_ANYBODY):
            await asyncio.to_thread(self._counter.phone, request)
        return await self._desk.take(Call(request, await bodies.received(request, self._most)))


def _asked(raw: bytes) -> EnrolmentRequest:
    try:
        return wire.decode(EnrolmentRequest, raw)
    except wire.Unreadable as error:
        raise unread(error) from error
