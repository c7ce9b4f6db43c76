"""The courier: delivers what is sealed to the bureau and collects what was decided there."""

import asyncio
from collections.abc import Awaitable

from contract.protocol import EnrolmentRequest
from fieldapp.courier.progress import (
    GIVEN_UP,
    NO_DEFERRAL,
    OnProgress,
    Progress,
    RoundResult,
)
from fieldapp.courier.retention import purge
from fieldapp.courier.revoked import RevokedTrip
from fieldapp.courier.sync_calls import SyncCalls
from fieldapp.courier.trip import Trip
from fieldapp.courier.trip_ports import TripPorts
from fieldapp.device import access_token
from fieldapp.memory import retired
from fieldapp.memory.memory import Identity, LastRound
from fieldapp.memory.values import Deferral
from fieldapp.ports import Notebook, NotebookClosed, Offline, Refused, StorageFailure
from fieldapp.ports.background import in_background

__all__ = ["Courier", "Progress", "RoundResult", "TripPorts"]
MAX_NAME = 100  # characters of a code or a phone's model: contract.value.Name takes no more


class Courier:
    """One round at a time: whoever calls meanwhile waits, and then gets a round of its own."""

    def __init__(self, ports: TripPorts) -> None:
        self._ports, self._memory = ports, ports.memory
        self._one_at_a_time = asyncio.Lock()
        self._refused_photos: dict[str, str] = {}  # digest to code, since this program began

    async def enrol(self, code: str, model: str, address: str) -> Identity:
        """Makes this phone known to the bureau at `address` and keeps who it is there; the token
        goes into the safe. Raises Offline, or Refused."""
        async with self._one_at_a_time:
            try:
                return await self._enrol(code, model, address)
            except StorageFailure as failure:
                raise Refused(failure.code) from failure

    async def _enrol(self, code: str, model: str, address: str) -> Identity:
        before = await in_background(self._memory.identity)
        post = before.author if before else None
        asked = EnrolmentRequest(code=code[:MAX_NAME], model=model[:MAX_NAME], author=post)
        # A write first, to find a full disk: the code works once, and its token must not be lost.
        await in_background(self._ports.notebook.remember, "address", address)
        enrolled = await self._ports.link.enrol(asked, address)
        if before and (before.bureau, before.author) != (enrolled.bureau, enrolled.author):
            raise Refused("other_post")  # one post neither sees nor sends what another has here
        await access_token.store(self._ports.safe, enrolled.device, enrolled.token)
        identity = Identity(
            device=enrolled.device,
            author=enrolled.author,
            bureau=enrolled.bureau,
            bureau_name=enrolled.bureau_name,
            grid=enrolled.grid,
            grid_name=enrolled.grid_name,
            address=address,
        )
        await in_background(self._memory.keep_identity, identity)
        if enrolled.bureau_key:
            await in_background(self._memory.keep_bureau_key, enrolled.bureau_key)
        return identity

    async def round(self, *, photos: bool = True, told: OnProgress = lambda _: None) -> RoundResult:
        """All parcels, then the photos; calls `told` with the progress. Never raises Offline,
        Refused, StorageFailure or NotebookClosed: `why` of the result says what went wrong."""
        async with self._one_at_a_time:
            trip = Trip(self._ports, self._refused_photos, told)
            why = await _failure_code(self._run(trip, photos))
            if why == "token_revoked":
                why = await _failure_code(RevokedTrip(self._ports).run())
            if why == GIVEN_UP:
                return RoundResult(at=self._ports.clock.now(), why=why)
            return await in_background(self._result, trip, why)

    async def _run(self, trip: Trip, photos: bool) -> None:
        if not await in_background(self._memory.identity):
            raise Refused("not_enrolled")
        await trip.run(photos)

    def _result(self, trip: Trip, why: str | None) -> RoundResult:
        """Purges what is old, and writes down how the round ended."""
        ports, now, calls = self._ports, self._ports.clock.now(), trip.calls
        try:
            if calls.bureau_time:
                retired.note(ports.notebook, None)
                purge(ports.notebook, ports.album, self._memory, calls.bureau_time)
            self._memory.keep_last_round(LastRound(at=now, ok=why is None, why=why))
        except StorageFailure as failure:
            why = failure.code
        return RoundResult(
            at=now,
            delivered=calls.delivered,
            refused=calls.refused,
            answers=calls.answers,
            photos_sent=trip.photos.sent,
            why=why,
            clock_skew_s=calls.clock_skew_s,
            waiting=_waiting(ports.notebook),
            deferral=_deferral(calls),
            photos_refused=dict(self._refused_photos),
        )


async def _failure_code(trip: Awaitable[None]) -> str | None:
    """The code of how the trip ended, None if all went well."""
    try:
        await trip
    except Offline as offline:
        return offline.why
    except Refused as refused:
        return refused.code
    except StorageFailure as failure:
        return failure.code
    except NotebookClosed:
        return GIVEN_UP
    return None


def _deferral(calls: SyncCalls) -> Deferral:
    try:
        return calls.deferrals.pending()
    except StorageFailure:
        return NO_DEFERRAL


def _waiting(notebook: Notebook) -> int:
    """How many parcels wait; 0 where the notebook cannot be read, which `why` says."""
    try:
        return notebook.waiting()
    except StorageFailure:
        return 0
