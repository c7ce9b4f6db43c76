"""One trip to the bureau: all parcels first, then the photos one by one."""

from collections.abc import Sequence

from contract.protocol import MAX_ARRIVALS, Refusal
from fieldapp.courier.apply_reply import set_aside_refused
from fieldapp.courier.photo_progress import PhotoProgress
from fieldapp.courier.photo_upload import PhotoUpload
from fieldapp.courier.progress import OnProgress
from fieldapp.courier.sync_calls import SyncCalls
from fieldapp.courier.trip_ports import TripPorts
from fieldapp.ports import Deferred, Offline, Refused
from fieldapp.ports.background import in_background
from fieldapp.report.entry import UNDO
from fieldapp.report.parcel import Parcel

# HTTP statuses of a bureau that could not read the whole batch, because of one parcel in it or of
# the envelope.
BLAMES_CONTENT = {400, 413, 422}
# Codes of a bureau that was reached and broke down, or took too long, and of a proxy that lets no
# such body through: a smaller batch may do.
TOO_MUCH = {"bureau_down", "internal", "timed_out", "body_too_large"}


class Trip:
    """One trip. What was done is counted in `calls` and `photos`, and written down, also if `run`
    raises. `refused_photos` maps digests to codes; see PhotoUpload."""

    def __init__(
        self, ports: TripPorts, refused_photos: dict[str, str], on_progress: OnProgress
    ) -> None:
        self._ports, self._memory = ports, ports.memory
        self._progress = PhotoProgress(ports.notebook, on_progress)
        self.calls = SyncCalls(ports)
        self.photos = PhotoUpload(self.calls, self._progress, refused_photos)
        self._skipped: set[str] = set()  # digests of parcels that failed on this trip already
        self._postponed: Offline | None = None  # raised once all others had their turn

    async def run(self, with_photos: bool) -> None:
        """Raises Offline, Refused or DiskFull. A report that is sealed while photos are being sent
        goes before the next photo. What the bureau takes only later waits: that is no failure."""
        try:
            await self._run(with_photos)
        except Deferred as deferred:  # a whole call, which it could not read and would not keep
            await in_background(self.calls.deferrals.defer_parcels, deferred.seconds)

    async def _run(self, with_photos: bool) -> None:
        await self.photos.load()
        await self._deliver_parcels(with_photos)
        if await self.photos.forget_expired():
            await self._deliver_parcels(with_photos)
        while with_photos and await self.photos.send_due(self._parcel_waits):
            await self._deliver_parcels(with_photos)
        if postponed := self._postponed or self.photos.postponed:
            raise postponed
        if self.calls.unanswered:
            raise Refused("unanswered")

    async def _deliver_parcels(self, with_photos: bool) -> None:
        """Newest patrol first, within one in the order of sealing, whatever their kind: a
        withdrawal must not overtake its report. Calls the bureau at least once if it has more to
        tell. With photos, each call asks about those that are to follow."""
        size = await in_background(self._memory.batch_size, MAX_ARRIVALS)
        while True:
            batch = await in_background(self._next_batch, size)
            if not batch and not self.calls.more:
                return
            self._progress.tell(await in_background(self._ports.notebook.waiting))
            try:
                await self._call(batch, with_photos)
                size = min(MAX_ARRIVALS, 2 * size)
            except Refused as refused:
                size = await self._isolate_unreadable(batch, refused)
            except Offline as offline:
                size = await self._shrink_batch(batch, offline)
            await in_background(self._memory.keep_batch_size, 1 if self._postponed else size)

    async def _call(self, batch: Sequence[Parcel], with_photos: bool) -> None:
        asked = await in_background(self.photos.to_ask_about, batch) if with_photos else ()
        self.photos.note_reply(asked, await self.calls.call(batch, asked))

    def _next_batch(self, size: int) -> Sequence[Parcel]:
        if self.calls.deferrals.pending().parcels:
            return []
        done = self._skipped | self.calls.unanswered
        before = self._ports.clock.now() - UNDO
        ready = self._ports.notebook.outbox(before, size + len(done))
        return [parcel for parcel in ready if parcel.digest not in done][:size]

    def _parcel_waits(self) -> bool:
        return bool(self._next_batch(1))

    async def _isolate_unreadable(self, batch: Sequence[Parcel], refused: Refused) -> int:
        """Halves the batch until the parcel that cannot be read is alone. Then it is set aside, but
        only if the bureau reads the envelope without it: one of the same length, for a network may
        damage what is long. Returns the next batch size."""
        if not batch or refused.status not in BLAMES_CONTENT:
            raise refused
        if len(batch) > 1:
            return len(batch) // 2
        [parcel], now = batch, self._ports.clock.now()
        await self.calls.call((), plain_bytes=0 if refused.status == 413 else len(parcel.raw))
        refusal = Refusal(digest=parcel.digest, revision=parcel.revision, code=refused.code)
        await in_background(
            set_aside_refused, self._ports.notebook, self._memory, parcel, refusal, now
        )
        self.calls.refused += 1
        return 1

    async def _shrink_batch(self, batch: Sequence[Parcel], offline: Offline) -> int:
        """Ends the trip; the next one begins with half the size. One parcel alone that the bureau
        fails at is skipped, once a trip. A proxy that lets no body of this size through gets half
        of it at once. Returns the next batch size."""
        if offline.why not in TOO_MUCH or not batch:
            raise offline
        if offline.why == "body_too_large" and len(batch) > 1:
            return len(batch) // 2
        if len(batch) == 1 and not self._postponed:
            self._postponed = offline
            self._skipped.add(batch[0].digest)
            return 1
        await in_background(self._memory.keep_batch_size, max(1, len(batch) // 2))
        raise offline
