"""The photos of one trip: asked about, sent one by one, in the end asked about and forgotten."""

import asyncio
from collections.abc import Callable, Collection, Sequence

from contract.replies import PHOTOS_ASKED, SyncReply, Wanted
from fieldapp import retention
from fieldapp.calls import Calls
from fieldapp.errand import deliver
from fieldapp.haul import Haul
from fieldapp.parcel import Parcel
from fieldapp.ports import Picture, Refused

BLAMES_NO_PICTURE = {401, 403, 426, 429}


class Carrier:
    """Asks about the photos in the call that brings their reports, so that none has to be made for
    them alone. `spoiled` photos were refused: they are not tried again."""

    def __init__(self, calls: Calls, haul: Haul, spoiled: dict[str, str]) -> None:
        self._calls, self._haul, self._spoiled = calls, haul, spoiled
        self._world = calls.world
        self._wanted: dict[str, Wanted] = {}  # by the bureau's word on this trip
        self._unclear: set[str] = set()  # the bureau neither has nor wants them
        self.sent = 0

    async def load(self) -> None:
        await asyncio.to_thread(self._due)

    def ahead(self, batch: Sequence[Parcel]) -> list[str]:
        """Photos that can go when these parcels are received, and of which nothing was heard."""
        shown = {name for parcel in batch for name in parcel.pictures()}
        return [name for name in self._open(shown) if name not in self._wanted][:PHOTOS_ASKED]

    def hear(self, asked: Sequence[str], reply: SyncReply) -> None:
        """What the bureau says of the photos that it was asked about."""
        self._haul.arrive(reply.stored)
        wanted = {one.sha256: one for one in reply.wanted if one.sha256 in asked}
        self._wanted |= wanted
        self._unclear |= set(asked) - wanted.keys() - set(reply.stored)

    async def carry(self, hurried: Callable[[], bool]) -> bool:
        """Sends what is wanted, until something else is `hurried`; False when nothing is due."""
        due = await asyncio.to_thread(self._due)
        if due and not self._wanted.keys() & due.keys():
            asked = list(due)[:PHOTOS_ASKED]
            self.hear(asked, await self._calls.make((), asked))
        for name in due:
            if wanted := self._wanted.pop(name, None):
                await self._photo(wanted)
                if await asyncio.to_thread(hurried):
                    break
        return bool(due)

    async def part(self) -> bool:
        """Forgets pictures whose time is over, each upon the bureau's word of this very moment;
        one that it has lost since is due again. False when there was none to ask about."""
        asked = await asyncio.to_thread(self._over)
        for start in range(0, len(asked), PHOTOS_ASKED):
            names = asked[start : start + PHOTOS_ASKED]
            reply = await self._calls.make((), names)
            stored = set(names) & set(reply.stored)
            await asyncio.to_thread(
                retention.forget, self._world.notebook, self._world.album, stored
            )
        return bool(asked)

    def _due(self) -> dict[str, Picture]:
        due = self._open()
        self._haul.load(due.values())
        return due

    def _open(self, shown: Collection[str] = ()) -> dict[str, Picture]:
        """The pictures that can go: due, or of these; a hopeless one cannot."""
        hopeless = self._spoiled.keys() | self._unclear
        return {
            picture.sha256: picture
            for picture in self._world.notebook.pictures(stored=False)
            if (picture.due or picture.sha256 in shown) and picture.sha256 not in hopeless
        }

    def _over(self) -> list[str]:
        now = self._calls.heard
        return retention.over(self._world.notebook, now) if now else []

    async def _photo(self, wanted: Wanted) -> None:
        """One that the bureau refuses does not hold up the others; one that the worker took out
        while it waited for its turn does not leave (rule L6)."""
        name, arrived = wanted.sha256, False
        if name not in await asyncio.to_thread(self._due):
            return self._haul.unload(name)
        jpeg = await asyncio.to_thread(self._world.album.read, name)
        if jpeg is None:
            return self._spoil(name, "picture_missing")
        try:
            await self._world.link.photo(wanted, jpeg, self._haul.begin(wanted))
            arrived = True
            self.sent += 1
        except Refused as refused:
            if refused.status in BLAMES_NO_PICTURE or refused.status >= 500:
                raise
            self._spoil(name, refused.code)
        finally:
            await self._haul.rest(name, whole=arrived)
        if arrived and (now := self._calls.heard):
            await asyncio.to_thread(deliver, self._world.notebook, name, now)

    def _spoil(self, sha256: str, code: str) -> None:
        self._spoiled[sha256] = code
        self._haul.unload(sha256)
