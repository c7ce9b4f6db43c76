"""The phone's two calls: enrol once, then sync. Bytes are read once, validated once, answered."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from contract import wire
from contract.replies import BATCH, PHOTOS_ASKED, PROTOCOL, EnrolmentRequest, SyncRequest
from contract.value import Value
from sync_server import bodies, feedback, intake, phones, problems
from sync_server.intake import Delivery
from sync_server.phones import Phone
from sync_server.settings import Settings
from sync_server.store import arrivals, devices
from sync_server.store.engine import Store
from sync_server.store.folder import Folder
from sync_server.tries import Tries

V = TypeVar("V", bound=Value)
SMALL = 4 * 1024
OLDEST_PROTOCOL = 1


@dataclass(frozen=True, slots=True)
class Counter:
    """What the phone's calls need."""

    store: Store
    settings: Settings
    folder: Folder
    tries: Tries = field(default_factory=Tries)

    def phone(self, request: Request) -> Phone:
        """Who is calling; raises NotSignedIn or TokenRevoked. Blocks."""
        with self.store.reading() as tx:
            return phones.phone_of(tx, request.headers.get("authorization", ""))


def now() -> datetime:
    """The server's clock, the only one that decides anything here."""
    return datetime.now(UTC)


def routes(router: APIRouter, counter: Counter) -> None:
    """Adds `/v1/enrolments` and `/v1/sync`."""

    async def enrol(request: Request) -> Response:
        raw = await bodies.read(request, SMALL, SMALL)
        address = request.client.host if request.client else ""
        counter.tries.check(address, now())
        try:
            asked = read(EnrolmentRequest, raw)
            enrolment = await run_in_threadpool(phones.enrol, counter.store, asked, now())
        except (problems.CodeNotValid, problems.CodeExpired):
            counter.tries.failed(address, now())
            raise
        return answer(request, enrolment, 201)

    async def sync(request: Request) -> Response:
        phone = await run_in_threadpool(counter.phone, request)
        limits = counter.settings.limits
        raw = await bodies.read(request, limits.body, limits.unzipped)
        return answer(request, await run_in_threadpool(_sync, counter, phone, raw))

    router.add_api_route("/v1/enrolments", enrol, methods=["POST"], status_code=201)
    router.add_api_route("/v1/sync", sync, methods=["POST"])


def read(model: type[V], raw: bytes) -> V:
    """A body as a value; raises NotJson or Unreadable."""
    try:
        return wire.decode(model, raw)
    except wire.Unreadable as error:
        raise _no(error) from error


def answer(request: Request, value: Value, status: int = 200) -> Response:
    """A value as canonical bytes, zipped where that is worth it and wanted."""
    plain = wire.encode(value)
    body, headers = bodies.zipped(plain, request.headers.get("accept-encoding", ""))
    return Response(body, status, headers, media_type="application/json")


def _sync(counter: Counter, phone: Phone, raw: bytes) -> Value:
    at = now()
    try:
        asked = _asked(raw)
    except problems.Problem as problem:
        _set_aside(counter.store, phone, problem.code, raw, at)
        raise
    skew_s = round((asked.sent_at - at).total_seconds())
    delivery = Delivery(phone, skew_s, at)
    received = intake.Received()
    if asked.arrivals:
        received = intake.receive(counter.store, delivery, asked.arrivals)
    with counter.store.writing() as tx:
        devices.seen(tx, phone.device, asked.app, at)
        return feedback.news(tx, phone, asked, received, counter.folder.reached, at)


def _asked(raw: bytes) -> SyncRequest:
    """The envelope; its arrivals stay unread. Raises ContractTooOld before anything else."""
    try:
        thing = wire.read(raw)
        protocol = thing.get("protocol") if isinstance(thing, dict) else None
        if isinstance(protocol, int) and protocol < OLDEST_PROTOCOL:
            raise problems.ContractTooOld(f"speak protocol {OLDEST_PROTOCOL} to {PROTOCOL}")
        asked = wire.shape(SyncRequest, thing)
    except wire.Unreadable as error:
        raise _no(error) from error
    if len(asked.arrivals) > BATCH or len(asked.photos) > PHOTOS_ASKED:
        raise problems.BatchTooLarge(f"at most {BATCH} arrivals, {PHOTOS_ASKED} photos")
    return asked


def _no(error: wire.Unreadable) -> problems.Problem:
    if error.code == "wrong_shape":
        return problems.Unreadable(error.field)
    return problems.NotJson(error.code)


def _set_aside(store: Store, phone: Phone, code: str, raw: bytes, at: datetime) -> None:
    """A delivery that cannot be read is kept whole, for a technician to look at."""
    why = arrivals.Aside(hashlib.sha256(raw).hexdigest(), phone.device, code, "")
    with store.writing() as tx:
        arrivals.set_aside(tx, why, raw, at)
