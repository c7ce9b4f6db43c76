"""One trip to the bureau: all parcels first, then the photos one by one."""

import asyncio
from collections.abc import Sequence

from contract.protocol import MAX_ARRIVALS, Refusal
from fieldapp.courier.apply_reply import set_aside_refused
from fieldapp.courier.photo_progress import PhotoProgress
from fieldapp.courier.photo_upload import PhotoUpload
from fieldapp.courier.progress import OnProgress
from fieldapp.courier.sync_calls import SyncCalls, TripPorts
from fieldapp.memory.memory import Memory
from fieldapp.ports import Offline, Refused
from fieldapp.report.entry import UNDO
from fieldapp.report.parcel import Parcel

# The bureau could not read the whole batch: one parcel in it is to blame, or the envelope is.
BLAMES_CONTENT = {400, 413, 422}
# The bureau was reached and broke down, or took too long: a smaller batch may do.
TOO_MUCH = {"bureau_down", "internal", "timed_out"}


class Trip:
    """Good for one `go`, which raises Offline, Refused or Full; what was done until then is counted
    in `calls` and `carrier`, and written down. `spoiled` photos were refused."""

    def __init__(self, world: TripPorts, spoiled: dict[str, str], told: OnProgress) -> None:
        self._world, self._memory = world, Memory(world.notebook)
        self._haul = PhotoProgress(world.notebook, told)
        self.calls = SyncCalls(world)
        self.carrier = PhotoUpload(self.calls, self._haul, spoiled)
        self._passed: set[str] = set()  # parcels that had their chance on this trip
        self._trouble: Offline | None = None  # held back until all others had their turn

    async def go(self, photos: bool) -> None:
        """A report that was sealed while photos travel goes before the next photo."""
        await self.carrier.load()
        await self._parcels(photos)
        if await self.carrier.part():
            await self._parcels(photos)
        while photos and await self.carrier.carry(self._hurried):
            await self._parcels(photos)
        if self._trouble:
            raise self._trouble
        if self.calls.silent:
            raise Refused("unanswered")

    async def _parcels(self, photos: bool) -> None:
        """Newest patrol first, within one in the order of sealing, whatever their kind: a
        withdrawal must not overtake its report, and all the rest is small and rare. With `photos`
        each call asks about those that are to follow."""
        size = await asyncio.to_thread(self._memory.batch_size, MAX_ARRIVALS)
        while True:
            batch = await asyncio.to_thread(self._batch, size)
            if not batch and not self.calls.more:
                return
            self._haul.tell(await asyncio.to_thread(self._world.notebook.waiting))
            try:
                asked = await asyncio.to_thread(self.carrier.ahead, batch) if photos else ()
                self.carrier.hear(asked, await self.calls.make(batch, asked))
                size = min(MAX_ARRIVALS, 2 * size)
            except Refused as refused:
                size = await self._blamed(batch, refused)
            except Offline as offline:
                size = await self._fell(batch, offline)
            await asyncio.to_thread(self._memory.keep_batch_size, 1 if self._trouble else size)

    def _batch(self, size: int) -> Sequence[Parcel]:
        had = self._passed | self.calls.silent
        before = self._world.clock.now() - UNDO
        ready = self._world.notebook.outbox(before, size + len(had))
        return [parcel for parcel in ready if parcel.digest not in had][:size]

    def _hurried(self) -> bool:
        return bool(self._batch(1))

    async def _blamed(self, batch: Sequence[Parcel], refused: Refused) -> int:
        """Halves until the one that cannot be read is alone; then it is taken aside, if the bureau
        can read the envelope without it."""
        if not batch or refused.status not in BLAMES_CONTENT:
            raise refused
        if len(batch) > 1:
            return len(batch) // 2
        await self.calls.make(())
        [parcel], now = batch, self._world.clock.now()
        refusal = Refusal(digest=parcel.digest, revision=parcel.revision, code=refused.code)
        await asyncio.to_thread(set_aside_refused, self._world.notebook, parcel, refusal, now)
        self.calls.refused += 1
        return 1

    async def _fell(self, batch: Sequence[Parcel], offline: Offline) -> int:
        """Smaller next time. A single one at which the bureau falls is passed, once a trip."""
        if offline.why not in TOO_MUCH or not batch:
            raise offline
        if len(batch) == 1 and not self._trouble:
            self._trouble = offline
            self._passed.add(batch[0].digest)
            return 1
        await asyncio.to_thread(self._memory.keep_batch_size, max(1, len(batch) // 2))
        raise offline
