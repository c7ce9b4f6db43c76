"""The courier: brings what is sealed to the bureau and what was decided home."""

import asyncio
from collections.abc import Awaitable

from contract.protocol import EnrolmentRequest
from fieldapp.courier.progress import GIVEN_UP, OnProgress, Progress, RoundResult
from fieldapp.courier.retention import purge
from fieldapp.courier.revoked import RevokedTrip
from fieldapp.courier.sync_calls import TripPorts
from fieldapp.courier.trip import Trip
from fieldapp.memory.memory import Identity, LastRound, Memory
from fieldapp.ports import (
    Album,
    Clock,
    DiskFull,
    Link,
    Notebook,
    NotebookClosed,
    Offline,
    Refused,
    Safe,
)

__all__ = ["Courier", "Progress", "RoundResult"]
LONGEST_NAME = 100


class Courier:
    """One round at a time: who calls meanwhile waits for its end, then gets one of its own."""

    def __init__(
        self,
        notebook: Notebook,
        album: Album,
        link: Link,
        clock: Clock,
        safe: Safe | None = None,
    ) -> None:
        """Without a safe there is no key to destroy: a revoked phone then keeps everything."""
        self._world, self._safe = TripPorts(notebook, album, link, clock), safe
        self._memory = Memory(notebook)
        self._road = asyncio.Lock()
        self._spoiled: dict[str, str] = {}  # photos refused since this program began

    async def enrol(self, code: str, model: str, address: str) -> Identity:
        """Makes this phone known to the bureau. Raises Offline, or Refused."""
        async with self._road:
            try:
                return await self._enrol(code, model, address)
            except DiskFull as error:
                raise Refused("full") from error

    async def _enrol(self, code: str, model: str, address: str) -> Identity:
        asked = EnrolmentRequest(code=code[:LONGEST_NAME], model=model[:LONGEST_NAME])
        # Room first: the code can be used once, and the token must not be lost.
        await asyncio.to_thread(self._world.notebook.remember, "address", address)
        said = await self._world.link.enrol(asked, address)
        identity = Identity(
            token=said.token,
            device=said.device,
            author=said.author,
            bureau=said.bureau,
            bureau_name=said.bureau_name,
            grid=said.grid,
            grid_name=said.grid_name,
            address=address,
        )
        await asyncio.to_thread(self._memory.keep_identity, identity)
        return identity

    async def round(self, *, photos: bool = True, told: OnProgress = lambda _: None) -> RoundResult:
        """All parcels, then the photos. Never raises Offline, Refused, Full or GivenUp:
        `why` says it."""
        async with self._road:
            trip = Trip(self._world, self._spoiled, told)
            why = await _why(self._gone(trip, photos))
            if why == "token_revoked" and self._safe:
                why = await _why(RevokedTrip(self._world, self._safe).go())
            if why == GIVEN_UP:
                return RoundResult(at=self._world.clock.now(), why=why)
            return await asyncio.to_thread(self._home, trip, why)

    async def _gone(self, trip: Trip, photos: bool) -> None:
        if not await asyncio.to_thread(self._memory.identity):
            raise Refused("not_enrolled")
        await trip.go(photos)

    def _home(self, trip: Trip, why: str | None) -> RoundResult:
        now, calls = self._world.clock.now(), trip.calls
        try:
            if calls.heard:
                purge(self._world.notebook, self._world.album, calls.heard)
            self._memory.keep_last_round(LastRound(at=now, ok=why is None, why=why))
        except DiskFull:
            why = "full"
        return RoundResult(
            at=now,
            delivered=calls.delivered,
            refused=calls.refused,
            answers=calls.answers,
            photos_sent=trip.carrier.sent,
            why=why,
            clock_skew_s=calls.clock_skew_s,
            waiting=self._world.notebook.waiting(),
            photos_refused=dict(self._spoiled),
        )


async def _why(trip: Awaitable[None]) -> str | None:
    """The code of how it ended, None when all went well."""
    try:
        await trip
    except Offline as offline:
        return offline.why
    except Refused as refused:
        return refused.code
    except DiskFull:
        return "full"
    except NotebookClosed:
        return GIVEN_UP
    return None
