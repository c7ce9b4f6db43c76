"""The phone's two calls: enrol once, then sync. Bytes are read once, validated once, answered."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from contract import wire
from contract.replies import BATCH, PHOTOS_ASKED, PROTOCOL, EnrolmentRequest, SyncRequest
from contract.value import Value
from contract.wire import Json
from sync_server import bodies, feedback, intake, phones, problems
from sync_server.intake import Delivery
from sync_server.judge import Torn
from sync_server.phones import Phone
from sync_server.settings import Clock, Settings
from sync_server.splitting import split
from sync_server.store import arrivals, devices
from sync_server.store.engine import Store
from sync_server.store.folder import Folder
from sync_server.tries import Tries

V = TypeVar("V", bound=Value)
SMALL = 4 * 1024
OLDEST_PROTOCOL = 1
MOST_SKEW = 2**31 - 1  # seconds, what the column holds: a clock 68 years off


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
    """Adds `/v1/enrolments` and `/v1/sync`."""

    async def enrol(request: Request) -> Response:
        body = await bodies.received(request, SMALL)
        address = request.client.host if request.client else ""
        asked = read(EnrolmentRequest, body.plain(SMALL))
        counter.tries.spend(address, counter.clock())
        enrolment = await run_in_threadpool(phones.enrol, counter.store, asked, counter.clock())
        counter.tries.forgive(address)
        return bodies.answer(request, wire.encode(enrolment), 201)

    async def sync(request: Request) -> Response:
        phone = await run_in_threadpool(counter.phone, request)
        body = await bodies.received(request, counter.settings.limits.body)
        return await run_in_threadpool(_sync, counter, phone, request, body)

    router.add_api_route("/v1/enrolments", enrol, methods=["POST"], status_code=201)
    router.add_api_route("/v1/sync", sync, methods=["POST"])


def read(model: type[V], raw: bytes) -> V:
    """A body as a value; raises NotJson or Unreadable."""
    try:
        return wire.decode(model, raw)
    except wire.Unreadable as error:
        raise _no(error) from error


def _sync(counter: Counter, phone: Phone, request: Request, body: bodies.Body) -> Response:
    """All of a call that is work and not waiting for the road: it runs in a thread."""
    at = counter.clock()
    try:
        asked, things = _opened(body.plain(counter.settings.limits.unzipped))
    except (problems.NotJson, problems.Unreadable) as problem:
        _set_aside(counter.store, phone, problem.code, body.raw, at)
        raise
    skew_s = max(-MOST_SKEW, min(MOST_SKEW, round((asked.sent_at - at).total_seconds())))
    call = Delivery(phone, skew_s, at)
    received = intake.receive(counter.store, call, things) if things else intake.Received()
    with counter.store.writing() as tx:
        devices.seen(tx, phone.device, asked.app, at)
        reply = feedback.news(tx, call, asked, received, counter.folder)
    return bodies.answer(request, wire.encode(reply))


def _opened(raw: bytes) -> tuple[SyncRequest, Sequence[Json | Torn]]:
    """The envelope and the arrivals in it. What makes the whole unreadable may be one arrival:
    then each is read alone. Raises ContractTooOld before it judges anything else."""
    try:
        try:
            thing, torn = wire.read(raw), None
        except (wire.Unreadable, ValueError):  # 1e999 is JSON, and no number of ours
            rest, pieces = split(raw)
            thing, torn = wire.read(rest), [_alone(piece) for piece in pieces]
        protocol = thing.get("protocol") if isinstance(thing, dict) else None
        if isinstance(protocol, int) and protocol < OLDEST_PROTOCOL:
            raise problems.ContractTooOld(f"speak protocol {OLDEST_PROTOCOL} to {PROTOCOL}")
        asked = wire.shape(SyncRequest, thing)
    except wire.Unreadable as error:
        raise _no(error) from error
    things: Sequence[Json | Torn] = asked.arrivals if torn is None else torn
    if len(things) > BATCH or len(asked.photos) > PHOTOS_ASKED:
        raise problems.BatchTooLarge(f"at most {BATCH} arrivals, {PHOTOS_ASKED} photos")
    return asked, things


def _alone(piece: bytes) -> Json | Torn:
    try:
        return wire.read(piece)
    except wire.Unreadable as error:
        return Torn(piece, error.code)
    except ValueError:
        return Torn(piece, "not_json")


def _no(error: wire.Unreadable) -> problems.Problem:
    if error.code == "wrong_shape":
        return problems.Unreadable(error.field)
    return problems.NotJson(error.code)


def _set_aside(store: Store, phone: Phone, code: str, raw: bytes, at: datetime) -> None:
    """A delivery that cannot be read is kept whole, for a technician to look at."""
    why = arrivals.Aside(hashlib.sha256(raw).hexdigest(), phone.device, code, "")
    with store.writing() as tx:
        arrivals.set_aside(tx, why, raw, at)
