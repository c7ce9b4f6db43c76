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
from sync_server.intake.reply import ReplyWriter
from sync_server.phone_api import bodies
from sync_server.phone_api.rate_limit import RateLimit
from sync_server.phone_api.sync_call import SyncCall, SyncService, unreadable_problem
from sync_server.problem_responses import problem_response, unforeseen_response
from sync_server.settings import Clock, Settings
from sync_server.store.engine import Store
from sync_server.store.photo_folder import PhotoFolder

SYNC = "/v1/sync"
SMALL = 4 * 1024
FOR_ANYBODY = 64 * 1024  # what is read of a body before we know who is calling


@dataclass(frozen=True, slots=True)
class PhoneApi:
    """What the phone's calls need."""

    store: Store
    settings: Settings
    folder: PhotoFolder
    clock: Clock
    tries: RateLimit = field(default_factory=RateLimit)

    def phone(self, request: Request) -> Phone:
        """Who is calling; raises NotSignedIn or TokenRevoked. Blocks."""
        with self.store.reading() as tx:
            return phones.phone_of(tx, request.headers.get("authorization", ""))


def add_routes(router: APIRouter, counter: PhoneApi) -> None:
    """Adds `/v1/enrolments`."""

    async def enrol(request: Request) -> Response:
        body = await bodies.read_body(request, SMALL)
        address = request.client.host if request.client else ""
        asked = _asked(body.plain(SMALL))
        now = counter.clock()
        counter.tries.spend(address, now)
        enrolment = await asyncio.to_thread(phones.enrol, counter.store, asked, now)
        counter.tries.forgive(address)
        return bodies.respond(request, wire.encode(enrolment), 201)

    router.add_api_route("/v1/enrolments", enrol, methods=["POST"], status_code=201)


class SyncFastPath:
    """`POST /v1/sync` goes straight to its desk: routing and the rest cost as much as a report."""

    def __init__(self, app: ASGIApp, counter: PhoneApi, turn: asyncio.Lock) -> None:
        limits = counter.settings.limits
        self._app, self._counter, self._most = app, counter, limits.body
        feedback = ReplyWriter(counter.folder)
        self._desk = SyncService(counter.store, limits, feedback, counter.clock, turn)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != SYNC:
            await self._app(scope, receive, send)
            return
        try:
            answer = await self._synced(Request(scope, receive))
        except problems.Problem as problem:
            answer = problem_response(problem)
        except Exception as error:
            answer = unforeseen_response(Request(scope), error)
        await answer(scope, receive, send)

    async def _synced(self, request: Request) -> Response:
        if request.method != "POST":
            raise problems.MethodNotAllowed
        if not bodies.is_small(request, FOR_ANYBODY):
            await asyncio.to_thread(self._counter.phone, request)
        return await self._desk.take(SyncCall(request, await bodies.read_body(request, self._most)))


def _asked(raw: bytes) -> EnrolmentRequest:
    try:
        return wire.decode(EnrolmentRequest, raw)
    except wire.Unreadable as error:
        raise unreadable_problem(error) from error
