"""The courier carries what is sealed to the bureau and collects its answers, as the road allows."""

import asyncio
from collections.abc import Sequence

import fieldapp
from contract.replies import (
    BATCH,
    PROTOCOL,
    EnrolmentRequest,
    Held,
    Refusal,
    SyncReply,
    SyncRequest,
)
from fieldapp.entry import UNDO, Parcel
from fieldapp.homecoming import Homecoming
from fieldapp.memory import Identity, LastRound, Memory
from fieldapp.porter import Porter
from fieldapp.ports import Album, Clock, Full, Link, Notebook, Offline, Picture, Refused
from fieldapp.rounds import Progress, Round, Told, Trip

__all__ = ["Courier", "Progress", "Round"]

POISON = frozenset({400, 413, 422})  # statuses that one parcel can bring upon its whole batch
NAME = 100  # characters of a wire Name


class Courier:
    """One trip at a time; everything it learns is in the notebook before it goes on."""

    def __init__(self, notebook: Notebook, album: Album, link: Link, clock: Clock) -> None:
        self._notebook = notebook
        self._link = link
        self._clock = clock
        self._memory = Memory(notebook)
        self._home = Homecoming(notebook, self._memory)
        self._porter = Porter(notebook, album, link)
        self._road = asyncio.Lock()

    async def enrol(self, code: str, model: str, address: str) -> Identity:
        """Raises Offline or Refused; a full storage is Refused("full")."""
        asked = EnrolmentRequest(code=code.strip()[:NAME], model=model[:NAME])
        async with self._road:
            enrolled = await self._link.enrol(asked, address)
            known = {name: value for name, value in enrolled if name in Identity.model_fields}
            identity = Identity(address=address, **known)
            try:
                await asyncio.to_thread(self._memory.keep_identity, identity)
            except Full as full:
                raise Refused("full") from full
        return identity

    async def round(self, *, photos: bool = True, told: Told = lambda _: None) -> Round:
        """One trip: parcels and answers, then photos one by one. Never raises Offline, Refused or
        Full: `why` says it."""
        async with self._road:
            trip, why = Trip(photos, told), None
            try:
                await self._travel(trip)
            except Offline as offline:
                why = offline.why
            except Refused as refused:
                why = refused.code
            except Full:
                why = "full"
            return await asyncio.to_thread(self._ended, trip, why)

    async def _travel(self, trip: Trip) -> None:
        while True:
            parcels = await asyncio.to_thread(self._batch, trip)
            asked = [] if parcels else await asyncio.to_thread(self._porter.asked, trip)
            if not (parcels or asked or trip.more):
                break
            if parcels:
                await self._deliver(trip, parcels)
            else:
                reply = await self._call(trip, (), asked)
                await self._porter.carry(trip, asked, reply, lambda: bool(self._batch(trip)))
        if trip.heard:
            await asyncio.to_thread(self._porter.forget, trip.heard)
        if trip.silent:
            raise Refused("unanswered")

    async def _deliver(self, trip: Trip, parcels: Sequence[Parcel]) -> None:
        """A batch that is refused as a whole is halved until the one to blame stands alone."""
        try:
            await self._call(trip, parcels)
        except Refused as refused:
            if refused.status not in POISON:
                raise
            if len(parcels) > 1:
                half = len(parcels) // 2
                await self._deliver(trip, parcels[:half])
                await self._deliver(trip, parcels[half:])
                return
            if not trip.heard:
                await self._call(trip)  # raises when it is not the parcel but anything we say
            await asyncio.to_thread(self._refuse, parcels[0], refused.code)
            trip.refused += 1

    async def _call(
        self, trip: Trip, parcels: Sequence[Parcel] = (), asked: Sequence[Picture] = ()
    ) -> SyncReply:
        """One round trip. Its reply is in the notebook when this returns."""
        trip.told(Progress(await asyncio.to_thread(self._notebook.waiting)))
        request = await asyncio.to_thread(self._request, asked)
        reply = await self._link.sync(request, [parcel.raw for parcel in parcels])
        now = self._clock.now()
        trip.heard, trip.skew_s = reply.server_time, (reply.server_time - now).total_seconds()
        taken = await asyncio.to_thread(self._home.take, reply, parcels, now)
        trip.delivered += taken.delivered
        trip.refused += taken.refused
        trip.answers += taken.answers
        trip.silent |= taken.silent
        # A bureau that says "more" and brings nothing would be called for ever.
        trip.more = reply.more and reply.cursor != request.cursor
        return reply

    def _batch(self, trip: Trip) -> list[Parcel]:
        found = self._notebook.outbox(self._clock.now() - UNDO, BATCH + len(trip.silent))
        return [parcel for parcel in found if parcel.digest not in trip.silent][:BATCH]

    def _request(self, asked: Sequence[Picture]) -> SyncRequest:
        memory = self._memory
        return SyncRequest(
            protocol=PROTOCOL,
            app=fieldapp.__version__,
            sent_at=self._clock.now(),
            cursor=memory.cursor(),
            held=Held(codelists=memory.lists().version, places=memory.places().version),
            photos=tuple(picture.sha256 for picture in asked),
        )

    def _refuse(self, parcel: Parcel, code: str) -> None:
        self._home.refuse(Refusal(digest=parcel.digest, code=code), parcel, self._clock.now())

    def _ended(self, trip: Trip, why: str | None) -> Round:
        at = self._clock.now()
        try:
            self._memory.keep_last_round(LastRound(at=at, ok=why is None, why=why))
        except Full:
            why = why or "full"
        return Round(
            at=at,
            delivered=trip.delivered,
            refused=trip.refused,
            answers=trip.answers,
            photos_sent=trip.photos_sent,
            why=why,
            clock_skew_s=trip.skew_s,
            waiting=self._notebook.waiting(),
            aside=tuple(self._porter.aside.items()),
        )
