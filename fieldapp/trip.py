"""One trip to the bureau: all parcels first, then the photos one by one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import fieldapp
from contract.replies import (
    BATCH,
    PHOTOS_ASKED,
    PROTOCOL,
    Held,
    Refusal,
    SyncReply,
    SyncRequest,
    Wanted,
)
from fieldapp.entry import UNDO
from fieldapp.errand import settle, take_aside
from fieldapp.haul import Haul
from fieldapp.memory import Memory
from fieldapp.parcel import Parcel
from fieldapp.ports import Album, Clock, Link, Notebook, Offline, Picture, Refused
from fieldapp.rounds import Told

# The bureau could not read the whole batch: one parcel in it is to blame, or the envelope is.
BLAMES_CONTENT = {400, 413, 422}
BLAMES_NO_PICTURE = {401, 403, 426, 429}
# The bureau was reached and broke down, or took too long: a smaller batch may do.
TOO_MUCH = {"bureau_down", "internal", "timed_out"}


@dataclass(frozen=True, slots=True)
class World:
    """What a trip needs."""

    notebook: Notebook
    album: Album
    link: Link
    clock: Clock


class Trip:
    """Good for one `go`, which raises Offline, Refused or Full; what was done until then is counted
    in its fields and written down. `spoiled` photos were refused: they are not tried again."""

    def __init__(self, world: World, spoiled: dict[str, str], told: Told) -> None:
        self._world, self._memory = world, Memory(world.notebook)
        self._spoiled, self._haul = spoiled, Haul(world.notebook, told)
        self._passed: set[str] = set()  # parcels that had their chance on this trip
        self._tried: set[str] = set()  # photos likewise
        self._unclear: set[str] = set()  # photos that the bureau neither has nor wants
        self._trouble: Offline | Refused | None = None  # held back until all others had their turn
        self._stumbled, self._more = False, True
        self.heard: datetime | None = None  # the bureau's clock at its last word
        self.clock_skew_s: float | None = None
        self.delivered = self.refused = self.answers = self.photos_sent = 0

    async def go(self, photos: bool) -> None:
        """A report that was sealed while photos travel goes before the next photo."""
        await asyncio.to_thread(self._due)
        await self._parcels()
        while photos and await self._photos():
            await self._parcels()
        if self._trouble:
            raise self._trouble

    async def _parcels(self) -> None:
        """In the order of sealing, whatever their kind: a withdrawal must not overtake its report,
        and all the rest is small and rare."""
        size = await asyncio.to_thread(self._memory.stride, BATCH)
        while True:
            batch = await asyncio.to_thread(self._batch, size)
            if not batch and not self._more:
                return
            self._haul.tell(await asyncio.to_thread(self._world.notebook.waiting))
            try:
                await self._call(batch)
                size = min(BATCH, 2 * size)
            except Refused as refused:
                size = await self._blamed(batch, refused)
            except Offline as offline:
                size = await self._fell(batch, offline)
            stride = 1 if self._stumbled else size
            await asyncio.to_thread(self._memory.keep_stride, stride)

    async def _photos(self) -> bool:
        """Asks, sends, and is asked to come again: only the bureau's own word, in its next reply,
        makes a photo stored. False when there is none left to ask about."""
        due = await asyncio.to_thread(self._due)
        if not due:
            return False
        asked = list(due)[:PHOTOS_ASKED]
        reply = await self._call((), asked)
        self._haul.arrive(reply.stored)
        wanted = {one.sha256: one for one in reply.wanted if one.sha256 in asked}
        bound = [one for name, one in wanted.items() if name not in self._tried]
        self._unclear |= set(asked) - {one.sha256 for one in bound} - set(reply.stored)
        for one in bound:
            await self._photo(one)
            if await asyncio.to_thread(self._batch, 1):
                break
        return True

    def _batch(self, size: int) -> Sequence[Parcel]:
        before = self._world.clock.now() - UNDO
        ready = self._world.notebook.outbox(before, size + len(self._passed))
        return [parcel for parcel in ready if parcel.digest not in self._passed][:size]

    async def _call(self, batch: Sequence[Parcel], photos: Sequence[str] = ()) -> SyncReply:
        asked = await asyncio.to_thread(self._request, photos)
        reply = await self._world.link.sync(asked, [parcel.raw for parcel in batch])
        now, notebook = self._world.clock.now(), self._world.notebook
        done = await asyncio.to_thread(settle, notebook, batch, set(photos), reply, now)
        self.delivered += len(done.delivered)
        self.refused += len(done.refused)
        self.answers += done.answers
        self.heard = reply.server_time
        self.clock_skew_s = (reply.server_time - now).total_seconds()
        silent = {parcel.digest for parcel in batch} - done.delivered - done.refused
        self._passed |= silent
        if silent and not self._trouble:
            self._trouble = Refused("unanswered")
        self._more = reply.more and reply.cursor > asked.cursor
        return reply

    def _request(self, photos: Sequence[str]) -> SyncRequest:
        held = Held(codelists=self._memory.lists().version, places=self._memory.places().version)
        return SyncRequest(
            protocol=PROTOCOL,
            app=fieldapp.__version__,
            sent_at=self._world.clock.now(),
            cursor=self._memory.cursor(),
            held=held,
            photos=tuple(photos),
        )

    async def _blamed(self, batch: Sequence[Parcel], refused: Refused) -> int:
        """Halves until the one that cannot be read is alone; then it is taken aside."""
        if not batch or refused.status not in BLAMES_CONTENT:
            raise refused
        if len(batch) > 1:
            return len(batch) // 2
        if self.heard is None:
            await self._call(())  # raises when it is the envelope that cannot be read
        [parcel], now = batch, self._world.clock.now()
        refusal = Refusal(digest=parcel.digest, revision=parcel.revision, code=refused.code)
        await asyncio.to_thread(take_aside, self._world.notebook, parcel, refusal, now)
        self.refused += 1
        return 1

    async def _fell(self, batch: Sequence[Parcel], offline: Offline) -> int:
        """Smaller next time. A single one at which the bureau falls is passed, once a trip."""
        if offline.why not in TOO_MUCH or not batch:
            raise offline
        if len(batch) == 1 and not self._stumbled:
            self._stumbled, self._trouble = True, offline
            self._passed.add(batch[0].digest)
            return 1
        await asyncio.to_thread(self._memory.keep_stride, max(1, len(batch) // 2))
        raise offline

    def _due(self) -> dict[str, Picture]:
        due = {
            picture.sha256: picture
            for picture in self._world.notebook.pictures(stored=False)
            if picture.due and picture.sha256 not in self._spoiled.keys() | self._unclear
        }
        self._haul.load(due.values())
        return due

    async def _photo(self, wanted: Wanted) -> None:
        """One that the bureau refuses does not hold up the others; one that the worker took out
        while it waited for its turn does not leave (rule L6)."""
        name, arrived = wanted.sha256, False
        self._tried.add(name)
        if name not in await asyncio.to_thread(self._due):
            return self._haul.unload(name)
        jpeg = await asyncio.to_thread(self._world.album.read, name)
        if jpeg is None:
            return self._spoil(name, "picture_missing")
        try:
            await self._world.link.photo(wanted, jpeg, self._haul.begin(wanted))
            arrived = True
            self.photos_sent += 1
        except Refused as refused:
            if refused.status in BLAMES_NO_PICTURE or refused.status >= 500:
                raise
            self._spoil(name, refused.code)
        finally:
            await self._haul.rest(name, whole=arrived)

    def _spoil(self, sha256: str, code: str) -> None:
        self._spoiled[sha256] = code
        self._haul.unload(sha256)
