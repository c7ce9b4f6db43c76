"""The counter where phones call: calls that wait are opened, settled and answered together."""

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request, Response

from contract import wire
from contract.protocol import MAX_ARRIVALS, MAX_PHOTOS_ASKED, PROTOCOL, SyncReply, SyncRequest
from contract.wire import Json
from sync_server import problems
from sync_server.accounts import phones
from sync_server.accounts.phones import Phone
from sync_server.intake import intake
from sync_server.intake.intake import Delivery
from sync_server.intake.reply import ReceivedCall, ReplyWriter
from sync_server.intake.revoked import keep_from_revoked
from sync_server.intake.salvage import split_body
from sync_server.intake.validate import UnreadableArrival, validate
from sync_server.phone_api import bodies
from sync_server.phone_api.batching import Batcher
from sync_server.private_traceback import private_traceback
from sync_server.settings import Clock, Limits
from sync_server.store import arrivals
from sync_server.store.engine import Store

log = logging.getLogger("xuncha")
OLDEST_PROTOCOL = 1
MOST_SKEW = 2**31 - 1  # seconds, what the column holds: a clock 68 years off
MOST_CALLS, HEAVY = 64, 512 * 1024  # calls and bytes of their bodies in one transaction


@dataclass(frozen=True, slots=True)
class SyncCall:
    """One `/v1/sync` as it came in."""

    request: Request
    body: bodies.RequestBody


@dataclass(frozen=True, slots=True)
class OpenedCall:
    """A call that was opened: what it brought and what it asks."""

    call: SyncCall
    delivery: Delivery
    asked: SyncRequest


class SyncService:
    """Safe to call from one event loop; the work is done on one thread at a time."""

    def __init__(
        self, store: Store, limits: Limits, feedback: ReplyWriter, clock: Clock, turn: asyncio.Lock
    ) -> None:
        self._store, self._limits, self._feedback = store, limits, feedback
        self._clock = clock
        weigh = lambda call: len(call.body.raw)  # noqa: E731
        self._groups = Batcher[SyncCall, Response](self._answered, MOST_CALLS, HEAVY, weigh, turn)

    async def take(self, call: SyncCall) -> Response:
        """The answer to one call, written after the commit. Raises a Problem."""
        return await self._groups.take(call)

    def _answered(self, calls: Sequence[SyncCall]) -> list[Response | Exception]:
        said = [call.request.headers.get("authorization", "") for call in calls]
        with self._store.reading() as tx:
            callers = phones.phones_of(tx, said)
        visits = [self._opened(call, who) for call, who in zip(calls, callers, strict=True)]
        replies = iter(self._settled([one for one in visits if isinstance(one, OpenedCall)]))
        return [next(replies) if isinstance(one, OpenedCall) else one for one in visits]

    def _opened(self, call: SyncCall, who: Phone | problems.Problem) -> OpenedCall | Exception:
        if isinstance(who, problems.TokenRevoked) and who.device:
            return self._last_word(call, who.device)
        if isinstance(who, problems.Problem):
            return who
        now = self._clock()
        try:
            asked, things = open_body(call.body.plain(self._limits.unzipped))
        except (problems.NotJson, problems.UnreadableRequest) as problem:
            self._set_aside(who, problem.code, call.body.raw)
            return problem
        except problems.Problem as problem:
            return problem
        skew_s = max(-MOST_SKEW, min(MOST_SKEW, round((asked.sent_at - now).total_seconds())))
        found = [validate(thing, who.author) for thing in things]
        return OpenedCall(call, Delivery(who, skew_s, now, found, asked.app), asked)

    def _last_word(self, call: SyncCall, device: str) -> Exception:
        """What a revoked phone brings is put aside; of all else it is told nothing."""
        try:
            _, things = open_body(call.body.plain(self._limits.unzipped))
        except problems.Problem:
            return problems.TokenRevoked(device)
        try:
            with self._store.writing() as tx:
                brought = [validate(thing, "") for thing in things]
                return problems.TokenRevoked(
                    device, keep_from_revoked(tx, device, brought, self._clock())
                )
        except Exception as error:  # no other call's affair
            return error

    def _settled(self, visits: Sequence[OpenedCall]) -> list[Response | Exception]:
        """All in one transaction; when that fails, each call in one of its own."""
        if not visits:
            return []
        try:
            with self._store.writing() as tx:
                received = intake.receive_together(tx, [visit.delivery for visit in visits])
                heard = [
                    ReceivedCall(visit.delivery.phone, visit.asked, visit.delivery.now, what)
                    for visit, what in zip(visits, received, strict=True)
                ]
                replies = self._feedback.news(tx, heard)
        except problems.Problem as problem:
            return [problem] * len(visits)
        except Exception as error:
            log.error(
                "a batch failed, its calls are answered one by one: %s", private_traceback(error)
            )
            return [self._alone(visit) for visit in visits]
        return [_answer(visit, reply) for visit, reply in zip(visits, replies, strict=True)]

    def _alone(self, visit: OpenedCall) -> Response | Exception:
        brought = visit.delivery
        try:
            received = intake.receive(self._store, brought)
            heard = ReceivedCall(brought.phone, visit.asked, brought.now, received)
            with self._store.writing() as tx:
                [reply] = self._feedback.news(tx, [heard])
        except Exception as error:
            return error
        return _answer(visit, reply)

    def _set_aside(self, phone: Phone, code: str, raw: bytes) -> None:
        """A delivery that cannot be read is kept whole, for a technician to look at."""
        why = {"digest": hashlib.sha256(raw).hexdigest(), "device": phone.device}
        with self._store.writing() as tx:
            row = why | {"code": code, "field": "", "raw": raw}
            arrivals.set_aside(tx, [row], self._clock())


def _answer(visit: OpenedCall, reply: SyncReply) -> Response:
    return bodies.respond(visit.call.request, wire.encode_terse(reply))


def open_body(raw: bytes) -> tuple[SyncRequest, Sequence[Json | UnreadableArrival]]:
    """The envelope and the arrivals in it. What makes the whole unreadable may be one arrival:
    then each is read alone. Raises ContractTooOld before it judges anything else."""
    try:
        try:
            thing, torn = wire.parse_json(raw), None
        except (wire.Unreadable, ValueError):  # 1e999 is JSON, and no number of ours
            rest, pieces = split_body(raw)
            thing, torn = wire.parse_json(rest), [_alone(piece) for piece in pieces]
        protocol = thing.get("protocol") if isinstance(thing, dict) else None
        if isinstance(protocol, int) and protocol < OLDEST_PROTOCOL:
            raise problems.ContractTooOld(f"speak protocol {OLDEST_PROTOCOL} to {PROTOCOL}")
        asked = wire.validate(SyncRequest, thing)
    except wire.Unreadable as error:
        raise unreadable_problem(error) from error
    things: Sequence[Json | UnreadableArrival] = asked.arrivals if torn is None else torn
    if len(things) > MAX_ARRIVALS or len(asked.photos) > MAX_PHOTOS_ASKED:
        raise problems.BatchTooLarge(f"at most {MAX_ARRIVALS} arrivals, {MAX_PHOTOS_ASKED} photos")
    return asked, things


def unreadable_problem(error: wire.Unreadable) -> problems.Problem:
    """The problem of a body that is no value of ours."""
    if error.code == "wrong_shape":
        return problems.UnreadableRequest(error.field)
    return problems.NotJson(error.code)


def _alone(piece: bytes) -> Json | UnreadableArrival:
    try:
        return wire.parse_json(piece)
    except wire.Unreadable as error:
        return UnreadableArrival(piece, error.code)
    except ValueError:
        return UnreadableArrival(piece, "not_json")
