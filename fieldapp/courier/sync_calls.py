"""The sync calls of one trip: what each asks, what each reply changes, and what came of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import fieldapp
from contract.protocol import PROTOCOL, HeldVersions, SyncReply, SyncRequest
from fieldapp.courier.apply_answers import is_retold
from fieldapp.courier.apply_reply import AppliedReply, SyncExchange, apply_reply
from fieldapp.courier.deferral import Deferrals
from fieldapp.courier.trip_ports import TripPorts
from fieldapp.ports import Refused
from fieldapp.ports.background import in_background
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
        self.deferrals = Deferrals(ports.memory, ports.clock)
        self._forgot = self._retold = False

    async def call(
        self,
        batch: Sequence[Parcel],
        photos: Sequence[str] = (),
        plain_bytes: int = 0,
        leaving: bool = False,
    ) -> SyncReply:
        """Brings these parcels, asks about these photos, and writes down what the reply says; for
        `plain_bytes` see Link, for `leaving` SyncRequest. Raises Offline, Refused or DiskFull."""
        asked = await in_background(self._request, photos, leaving)
        raws = [parcel.raw for parcel in batch]
        reply = await self.ports.link.sync(asked, raws, plain_bytes=plain_bytes)
        now = self.ports.clock.now()
        forgot = reply.forgot and asked.ledger is not None
        if forgot and self._forgot:
            raise Refused("unanswered")  # its receipts may not continue the ledger just begun anew
        exchange = SyncExchange(batch, asked, reply)
        applied = await in_background(
            apply_reply, self.ports.notebook, self.ports.memory, exchange, now
        )
        self._forgot = self._forgot or forgot
        self._count(batch, applied, is_deferred=reply.retry_at is not None)
        if reply.retry_at:
            await in_background(self._defer, reply.retry_at - reply.server_time)
        self._note_clock(reply, now)
        self.more = reply.more and self._made_progress(asked, reply)
        return reply

    def _defer(self, wait: timedelta) -> None:
        self.deferrals.defer_parcels(wait.total_seconds())

    def _note_clock(self, reply: SyncReply, now: datetime) -> None:
        self.bureau_time = reply.server_time
        self.clock_skew_s = (reply.server_time - now).total_seconds()

    def _request(self, photos: Sequence[str], leaving: bool) -> SyncRequest:
        memory = self.ports.memory
        return SyncRequest(
            protocol=PROTOCOL,
            app=fieldapp.__version__,
            sent_at=self.ports.clock.now(),
            cursor=memory.cursor(),
            heard=memory.heard_name(),
            ledger=memory.highest_link(),
            held=HeldVersions(
                codelists=memory.lists().version,
                places=memory.edition(),
                counts=memory.counts().version,
            ),
            photos=tuple(photos),
            leaving=leaving,
        )

    def _count(self, batch: Sequence[Parcel], applied: AppliedReply, is_deferred: bool) -> None:
        self.delivered += len(applied.delivered)
        self.refused += len(applied.refused)
        self.answers += applied.answers
        digests = set() if is_deferred else {parcel.digest for parcel in batch}
        self.unanswered |= digests - applied.delivered - applied.refused

    def _made_progress(self, asked: SyncRequest, reply: SyncReply) -> bool:
        """Without this, a bureau that always says `more` would be called for ever."""
        if is_retold(asked, reply):
            again, self._retold = self._retold, True
            return not again
        return bool(reply.answers) and reply.cursor > asked.cursor
