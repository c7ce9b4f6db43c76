"""The photos of one trip: asked about, sent one by one, asked about again, in the end forgotten."""

import asyncio
from collections.abc import Callable

from contract.replies import PHOTOS_ASKED, Wanted
from fieldapp import retention
from fieldapp.calls import Calls
from fieldapp.haul import Haul
from fieldapp.ports import Picture, Refused

BLAMES_NO_PICTURE = {401, 403, 426, 429}


class Carrier:
    """Only the bureau's own word, in a reply to a sync call, makes a photo stored. `spoiled` photos
    were refused: they are not tried again."""

    def __init__(self, calls: Calls, haul: Haul, spoiled: dict[str, str]) -> None:
        self._calls, self._haul, self._spoiled = calls, haul, spoiled
        self._world = calls.world
        self._tried: set[str] = set()
        self._unclear: set[str] = set()  # the bureau neither has nor wants them
        self.sent = 0

    async def load(self) -> None:
        await asyncio.to_thread(self._due)

    async def carry(self, hurried: Callable[[], bool]) -> bool:
        """Asks and sends, until something else is `hurried`; False when there is nothing to ask."""
        due = await asyncio.to_thread(self._due)
        if not due:
            return False
        asked = list(due)[:PHOTOS_ASKED]
        reply = await self._calls.make((), asked)
        self._haul.arrive(reply.stored)
        wanted = {one.sha256: one for one in reply.wanted if one.sha256 in asked}
        bound = [wanted[name] for name in asked if name in wanted and name not in self._tried]
        self._unclear |= set(asked) - {one.sha256 for one in bound} - set(reply.stored)
        for one in bound:
            await self._photo(one)
            if await asyncio.to_thread(hurried):
                break
        return True

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
        due = {
            picture.sha256: picture
            for picture in self._world.notebook.pictures(stored=False)
            if picture.due and not self._hopeless(picture.sha256)
        }
        self._haul.load(due.values())
        return due

    def _hopeless(self, sha256: str) -> bool:
        return sha256 in self._spoiled or sha256 in self._unclear

    def _over(self) -> list[str]:
        now = self._calls.heard
        return retention.over(self._world.notebook, now) if now else []

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
            self.sent += 1
        except Refused as refused:
            if refused.status in BLAMES_NO_PICTURE or refused.status >= 500:
                raise
            self._spoil(name, refused.code)
        finally:
            await self._haul.rest(name, whole=arrived)

    def _spoil(self, sha256: str, code: str) -> None:
        self._spoiled[sha256] = code
        self._haul.unload(sha256)
