"""The sync calls of one trip: what each asks, what each reply changes, and what came of them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import fieldapp
from contract.protocol import PROTOCOL, HeldVersions, SyncReply, SyncRequest
from fieldapp.courier.apply_answers import is_retold
from fieldapp.courier.apply_reply import AppliedReply, SyncExchange, apply_reply
from fieldapp.courier.trip_ports import TripPorts
from fieldapp.ports import Refused
from fieldapp.report.parcel import Parcel


class SyncCalls:
    """Makes the calls and counts what came of all of them. `bureau_time` is the bureau's clock at
    its last reply, `clock_skew_s` how far the phone's is behind it; None before the first reply.
    `more` says whether the bureau has more to tell.

    A bureau that says it tells its answers again, or has forgotten what this phone was receipted
    for, is believed once a trip: if it says so again, it waits until the next trip.
    """

    def __init__(self, ports: TripPorts) -> None:
        self.ports = ports
        self.bureau_time: datetime | None = None
        self.clock_skew_s: float | None = None
        self.delivered = self.refused = self.answers = 0
        self.unanswered: set[str] = set()  # digests of parcels about which the bureau said nothing
        self.more = True
        self._forgot = self._retold = False

    async def call(
        self, batch: Sequence[Parcel], photos: Sequence[str] = (), plain_bytes: int = 0
    ) -> SyncReply:
        """Brings these parcels, asks about these photos, and writes down what the reply says; for
        `plain_bytes` see Link. Raises Offline, Refused or DiskFull."""
        asked = await asyncio.to_thread(self._request, photos)
        raws = [parcel.raw for parcel in batch]
        reply = await self.ports.link.sync(asked, raws, plain_bytes=plain_bytes)
        now = self.ports.clock.now()
        forgot = reply.forgot and asked.ledger is not None
        if forgot and self._forgot:
            raise Refused("unanswered")  # its receipts may not continue the ledger just begun anew
        exchange = SyncExchange(batch, asked, reply)
        applied = await asyncio.to_thread(
            apply_reply, self.ports.notebook, self.ports.memory, exchange, now
        )
        self._forgot = self._forgot or forgot
        self._count(batch, applied)
        self.bureau_time = reply.server_time
        self.clock_skew_s = (reply.server_time - now).total_seconds()
        self.more = reply.more and self._made_progress(asked, reply)
        return reply

    def _request(self, photos: Sequence[str]) -> SyncRequest:
        memory = self.ports.memory
        return SyncRequest(
            protocol=PROTOCOL,
            app=fieldapp.__version__,
            sent_at=self.ports.clock.now(),
            cursor=memory.cursor(),
            heard=memory.heard_name(),
            ledger=memory.highest_link(),
            held=HeldVersions(codelists=memory.lists().version, places=memory.edition()),
            photos=tuple(photos),
        )

    def _count(self, batch: Sequence[Parcel], applied: AppliedReply) -> None:
        self.delivered += len(applied.delivered)
        self.refused += len(applied.refused)
        self.answers += applied.answers
        digests = {parcel.digest for parcel in batch}
        self.unanswered |= digests - applied.delivered - applied.refused

    def _made_progress(self, asked: SyncRequest, reply: SyncReply) -> bool:
        """Without this, a bureau that always says `more` would be called for ever."""
        if is_retold(asked, reply):
            again, self._retold = self._retold, True
            return not again
        return bool(reply.answers) and reply.cursor > asked.cursor
