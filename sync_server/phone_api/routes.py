"""The two JSON addresses of the phone: `/v1/enrolments`, called once, and `/v1/sync`."""

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from contract import wire
from contract.protocol import EnrolmentRequest
from sync_server import problems
from sync_server.accounts import phones
from sync_server.accounts.phones import Phone
from sync_server.intake.reply import AnchorSource, ReplyWriter
from sync_server.phone_api import bodies
from sync_server.phone_api.opening import unreadable_problem
from sync_server.phone_api.sync_call import SyncCall, SyncService
from sync_server.problem_responses import problem_response, unforeseen_response
from sync_server.settings import Clock, Settings
from sync_server.store.engine import Store
from sync_server.store.photo_folder import PhotoFolder

SYNC = "/v1/sync"
SMALL = 4 * 1024  # bytes of an enrolment request
REFUSED_S = 1.0
BEFORE_SIGN_IN = 64 * 1024  # bytes of a body that are read before its caller is known


@dataclass(frozen=True, slots=True)
class PhoneApi:
    """What the phone's addresses need."""

    store: Store
    settings: Settings
    folder: PhotoFolder
    clock: Clock
    anchors: AnchorSource
    key: str = ""  # the bureau's public one, see accounts/bureau_key.py

    def authenticate(self, request: Request) -> Phone:
        """The phone that is calling. Raises NotSignedIn or TokenRevoked. Blocks."""
        with self.store.reading() as tx:
            return phones.phone_of(tx, request.headers.get("authorization", ""))


def add_routes(router: APIRouter, api: PhoneApi) -> None:
    """Adds `/v1/enrolments`."""

    async def enrol(request: Request) -> Response:
        body = await bodies.read_body(request, SMALL)
        address = request.client.host if request.client else ""
        asked = _parse_enrolment(body.plain(SMALL))
        try:
            enrolment = await asyncio.to_thread(
                phones.enrol, api.store, asked, api.clock(), address
            )
        except problems.TooManyTries:  # who guesses with many connections at once has to wait, too
            await asyncio.sleep(REFUSED_S)
            raise
        told = enrolment.changed(bureau_key=api.key)
        return bodies.respond(request, wire.encode(told), 201)

    router.add_api_route("/v1/enrolments", enrol, methods=["POST"], status_code=201)


class SyncFastPath:
    """Passes `/v1/sync` straight to SyncService: FastAPI's routing and middleware would cost as
    much time as recording a report. All other requests go to `app`."""

    def __init__(self, app: ASGIApp, api: PhoneApi, work_lock: asyncio.Lock) -> None:
        limits = api.settings.limits
        self._app, self._api, self._most = app, api, limits.body
        replies = ReplyWriter(api.folder, api.anchors, api.key)
        self._service = SyncService(api.store, limits, replies, api.clock, work_lock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != SYNC:
            await self._app(scope, receive, send)
            return
        try:
            answer = await self._answer(Request(scope, receive))
        except problems.Problem as problem:
            answer = problem_response(problem)
        except Exception as error:
            answer = unforeseen_response(Request(scope), error)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method != "POST":
            raise problems.MethodNotAllowed({"POST"})
        if not bodies.is_small(request, BEFORE_SIGN_IN):
            await asyncio.to_thread(self._api.authenticate, request)
        body = await bodies.read_body(request, self._most)
        return await self._service.answer(SyncCall(request, body))


def _parse_enrolment(raw: bytes) -> EnrolmentRequest:
    try:
        return wire.decode(EnrolmentRequest, raw)
    except wire.Unreadable as error:
        raise unreadable_problem(error) from error
