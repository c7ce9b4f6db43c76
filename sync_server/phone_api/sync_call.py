"""Batches concurrent /v1/sync calls into one transaction, and answers each."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import Request, Response

from contract import wire
from contract.protocol import SyncReply, SyncRequest
from sync_server import problems
from sync_server.accounts import phones
from sync_server.accounts.phones import Phone
from sync_server.intake.receive import CallArrivals, receive, receive_batch
from sync_server.intake.reply import ReceivedCall, ReplyWriter
from sync_server.intake.revoked import awaited_photos, keep_from_revoked
from sync_server.intake.unreadable import quarantine_body
from sync_server.phone_api import bodies
from sync_server.phone_api.batching import Batcher
from sync_server.phone_api.large_calls import LargeCallReader
from sync_server.phone_api.opening import ReadCall, read_call
from sync_server.private_traceback import private_traceback
from sync_server.settings import Clock, Limits
from sync_server.store import devices
from sync_server.store.engine import Store

log = logging.getLogger("xuncha")
MOST_SKEW = 2**31 - 1  # seconds, the largest value of the column: a clock 68 years off
MOST_CALLS, HEAVY = 64, 512 * 1024  # calls, and bytes of their bodies, in one transaction
SMALL = 32 * 1024  # bytes unzipped: reading these takes less time than going to another thread
UNZIPPED_IF_REVOKED = 256 * 1024


@dataclass(frozen=True, slots=True)
class SyncCall:
    """One `/v1/sync` request with its body, and what was read of it before its batch."""

    request: Request
    body: bodies.RequestBody
    read: ReadCall | problems.Problem | None = None

    @property
    def authorization(self) -> str:
        return self.request.headers.get("authorization", "")


@dataclass(frozen=True, slots=True)
class OpenedCall:
    """A call from a known phone that could be read: its arrivals, and the rest of the envelope."""

    call: SyncCall
    arrivals: CallArrivals
    asked: SyncRequest


class SyncService:
    """Answers sync calls. Safe to call from one event loop; one thread at a time does the work."""

    def __init__(
        self,
        store: Store,
        limits: Limits,
        replies: ReplyWriter,
        clock: Clock,
        work_lock: asyncio.Lock,
    ) -> None:
        self._store, self._limits, self._replies, self._clock = store, limits, replies, clock
        self._batches = Batcher[SyncCall, Response](
            self._answer_batch, MOST_CALLS, HEAVY, lambda call: len(call.body.raw), work_lock
        )
        self._large_calls = LargeCallReader(self._read_alone)

    async def answer(self, call: SyncCall) -> Response:
        """The response to one call, written after the commit. Raises a Problem."""
        if not call.body.is_small(SMALL):
            read = await self._large_calls.read(call.authorization, call.body)
            call = replace(call, read=read)
        return await self._batches.submit(call)

    def _read_alone(
        self, authorization: str, body: bodies.RequestBody
    ) -> ReadCall | problems.Problem:
        """Reads a large body outside the turn that all calls share. Raises NotSignedIn."""
        with self._store.reading() as tx:
            [caller] = phones.phones_of(tx, [authorization])
        if isinstance(caller, problems.TokenRevoked) and caller.device:
            return read_call(body, UNZIPPED_IF_REVOKED, "")
        if isinstance(caller, problems.Problem):
            raise caller
        return read_call(body, self._limits.unzipped, caller.author)

    def _answer_batch(self, calls: Sequence[SyncCall]) -> list[Response | Exception]:
        tokens = [call.authorization for call in calls]
        with self._store.reading() as tx:
            callers = phones.phones_of(tx, tokens)
        opened = [self._open(call, caller) for call, caller in zip(calls, callers, strict=True)]
        answers = iter(self._answer_together([o for o in opened if isinstance(o, OpenedCall)]))
        return [next(answers) if isinstance(one, OpenedCall) else one for one in opened]

    def _open(self, call: SyncCall, caller: Phone | problems.Problem) -> OpenedCall | Exception:
        if isinstance(caller, problems.TokenRevoked) and caller.device:
            return self._answer_revoked(call, caller.device)
        if isinstance(caller, problems.Problem):
            return caller
        now = self._clock()
        read = call.read or read_call(call.body, self._limits.unzipped, caller.author)
        if isinstance(read, problems.NotJson | problems.UnreadableRequest):
            return self._quarantine(caller, read, call.body.raw)
        if isinstance(read, problems.Problem):
            return read
        ahead = (read.asked.sent_at - now).total_seconds()
        skew_s = max(-MOST_SKEW, min(MOST_SKEW, round(ahead)))
        arrivals = CallArrivals(caller, skew_s, now, read.arrivals, read.asked.app)
        return OpenedCall(call, arrivals, read.asked)

    def _answer_revoked(self, call: SyncCall, device: str) -> Exception:
        """Quarantines what a revoked phone sends. Its answer names what was kept, nothing else."""
        read = call.read or read_call(call.body, UNZIPPED_IF_REVOKED, "")
        if isinstance(read, problems.Problem):
            return problems.TokenRevoked(device)
        now, asked = self._clock(), read.asked.photos
        try:
            with self._store.writing() as tx:
                taken = keep_from_revoked(tx, device, read.arrivals, now)
                wanted = awaited_photos(tx, device, asked) - self._replies.stored(tx, asked)
                if read.asked.leaving:
                    devices.note_emptied(tx, device, now)
                return problems.TokenRevoked(device, taken, tuple(sorted(wanted)))
        except Exception as error:  # must not fail the other calls of the batch
            return error

    def _answer_together(self, calls: Sequence[OpenedCall]) -> list[Response | Exception]:
        """Answers all calls in one transaction; if that fails, each in one of its own."""
        if not calls:
            return []
        try:
            with self._store.writing() as tx:
                sent = [call.arrivals for call in calls]
                results = receive_batch(tx, sent, self._limits.daily)
                received = [
                    ReceivedCall(call.arrivals.phone, call.asked, call.arrivals.now, result)
                    for call, result in zip(calls, results, strict=True)
                ]
                replies = self._replies.write_replies(tx, received)
        except problems.Problem as problem:
            return [problem] * len(calls)
        except Exception as error:
            log.error(
                "a batch failed, its calls are answered one by one: %s", private_traceback(error)
            )
            return [self._answer_alone(call) for call in calls]
        return [_response(call, reply) for call, reply in zip(calls, replies, strict=True)]

    def _answer_alone(self, call: OpenedCall) -> Response | Exception:
        sent = call.arrivals
        try:
            result = receive(self._store, sent, self._limits.daily)
            received = ReceivedCall(sent.phone, call.asked, sent.now, result)
            with self._store.writing() as tx:
                [reply] = self._replies.write_replies(tx, [received])
        except Exception as error:
            return error
        return _response(call, reply)

    def _quarantine(self, phone: Phone, read: problems.Problem, raw: bytes) -> Exception:
        """Keeps a body that cannot be read, and returns the problem to answer."""
        now = self._clock()
        try:
            with self._store.writing() as tx:
                body = {"code": read.code, "raw": raw}
                quarantine_body(tx, phone.device, body, self._limits.daily, now)
        except Exception as error:  # must not fail the other calls of the batch
            return error
        return read


def _response(call: OpenedCall, reply: SyncReply) -> Response:
    return bodies.respond(call.call.request, wire.encode_terse(reply))
