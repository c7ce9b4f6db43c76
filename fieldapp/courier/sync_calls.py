"""The sync calls of one trip: what each asks, what each reply changes, and what came of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import fieldapp
from contract.protocol import PROTOCOL, HeldVersions, SyncReply, SyncRequest
from fieldapp.courier.apply_answers import is_retold
from fieldapp.courier.apply_reply import AppliedReply, apply_reply
from fieldapp.courier.photo_pace import PhotoPace
from fieldapp.memory.memory import Memory
from fieldapp.ports import Album, Clock, Link, Notebook, Refused
from fieldapp.report.parcel import Parcel


@dataclass(frozen=True, slots=True)
class TripPorts:
    """What a trip needs."""

    notebook: Notebook
    album: Album
    link: Link
    clock: Clock
    pace: PhotoPace = field(default_factory=PhotoPace)


class SyncCalls:
    """Counts what came of them all. A bureau that tells again is believed once, and so is one that
    forgets: restored anew within the trip, or mistaken, it is left until the next."""

    def __init__(self, world: TripPorts) -> None:
        self.world = world
        self.heard: datetime | None = None  # the bureau's clock at its last word
        self.clock_skew_s: float | None = None
        self.delivered = self.refused = self.answers = 0
        self.silent: set[str] = set()  # parcels about which the bureau said nothing
        self.more = True
        self._forgot = self._retold = False

    async def make(self, batch: Sequence[Parcel], photos: Sequence[str] = ()) -> SyncReply:
        """Raises Offline, Refused or Full; what the reply says is written down by then."""
        asked = await asyncio.to_thread(self._request, photos)
        reply = await self.world.link.sync(asked, [parcel.raw for parcel in batch])
        now = self.world.clock.now()
        forgot = reply.forgot and asked.ledger is not None
        if forgot and self._forgot:
            raise Refused("unanswered")  # its receipts may be of another past than those just kept
        done = await asyncio.to_thread(apply_reply, self.world.notebook, batch, asked, reply, now)
        self._forgot = self._forgot or forgot
        self._count(batch, done)
        self.heard = reply.server_time
        self.clock_skew_s = (reply.server_time - now).total_seconds()
        self.more = reply.more and self._goes_on(asked, reply)
        return reply

    def _request(self, photos: Sequence[str]) -> SyncRequest:
        memory = Memory(self.world.notebook)
        return SyncRequest(
            protocol=PROTOCOL,
            app=fieldapp.__version__,
            sent_at=self.world.clock.now(),
            cursor=memory.cursor(),
            heard=memory.heard_name(),
            ledger=memory.highest_link(),
            held=HeldVersions(codelists=memory.lists().version, places=memory.edition()),
            photos=tuple(photos),
        )

    def _count(self, batch: Sequence[Parcel], done: AppliedReply) -> None:
        self.delivered += len(done.delivered)
        self.refused += len(done.refused)
        self.answers += done.answers
        self.silent |= {parcel.digest for parcel in batch} - done.delivered - done.refused

    def _goes_on(self, asked: SyncRequest, reply: SyncReply) -> bool:
        """Else a bureau that always says `more` would be called for ever."""
        if is_retold(asked, reply):
            again, self._retold = self._retold, True
            return not again
        return bool(reply.answers) and reply.cursor > asked.cursor
