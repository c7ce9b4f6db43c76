"""The photos of a trip: asked about, sent alone or together, at last asked about and forgotten."""

import asyncio
from collections.abc import Callable, Collection, Sequence

from contract.protocol import MAX_PHOTOS_ASKED, MAX_PHOTOS_TOGETHER, SyncReply, WantedPhoto
from fieldapp.courier import retention
from fieldapp.courier.apply_reply import mark_photo_stored
from fieldapp.courier.photo_progress import PhotoProgress
from fieldapp.courier.sync_calls import SyncCalls
from fieldapp.ports import Offline, PhotoUploadState, Refused
from fieldapp.report.parcel import Parcel

BLAMES_NO_PICTURE = {401, 403, 426, 429}


class PhotoUpload:
    """Asks about the photos in the call that brings their reports, so that none has to be made for
    them alone. `spoiled` photos were refused: they are not tried again."""

    def __init__(self, calls: SyncCalls, haul: PhotoProgress, spoiled: dict[str, str]) -> None:
        self._calls, self._haul, self._spoiled = calls, haul, spoiled
        self._world = calls.world
        self._wanted: dict[str, WantedPhoto] = {}  # by the bureau's word on this trip
        self._unclear: set[str] = set()  # the bureau neither has nor wants them
        self._alone: set[str] = set()  # on this trip they go together no more
        self.sent = 0

    async def load(self) -> None:
        await asyncio.to_thread(self._due)

    def ahead(self, batch: Sequence[Parcel]) -> list[str]:
        """Photos that can go when these parcels are received, and of which nothing was heard."""
        shown = {name for parcel in batch for name in parcel.pictures()}
        return [name for name in self._open(shown) if name not in self._wanted][:MAX_PHOTOS_ASKED]

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
            asked = list(due)[:MAX_PHOTOS_ASKED]
            self.hear(asked, await self._calls.make((), asked))
        names = [name for name in due if name in self._wanted]
        while names:
            together = self._together([due[name] for name in names])
            names = names[len(together) :]
            if len(together) > 1:
                await self._several(together)
            else:
                await self._photo(*together)
            if await asyncio.to_thread(hurried):
                break
        return bool(due)

    async def part(self) -> bool:
        """Forgets pictures whose time is over, each upon the bureau's word of this very moment;
        one that it has lost since is due again. False when there was none to ask about."""
        asked = await asyncio.to_thread(self._over)
        for start in range(0, len(asked), MAX_PHOTOS_ASKED):
            names = asked[start : start + MAX_PHOTOS_ASKED]
            reply = await self._calls.make((), names)
            stored = set(names) & set(reply.stored)
            await asyncio.to_thread(
                retention.forget_photos, self._world.notebook, self._world.album, stored
            )
        return bool(asked)

    def _due(self) -> dict[str, PhotoUploadState]:
        due = self._open()
        self._haul.load(due.values())
        return due

    def _open(self, shown: Collection[str] = ()) -> dict[str, PhotoUploadState]:
        """The pictures that can go: due, or of these; a hopeless one cannot."""
        hopeless = self._spoiled.keys() | self._unclear
        return {
            picture.sha256: picture
            for picture in self._world.notebook.photos(stored=False)
            if (picture.due or picture.sha256 in shown) and picture.sha256 not in hopeless
        }

    def _over(self) -> list[str]:
        now = self._calls.heard
        return retention.expired_photos(self._world.notebook, now) if now else []

    def _together(self, due: Sequence[PhotoUploadState]) -> list[WantedPhoto]:
        """The next photo, and those behind it that need not wait for the answer about it: none of
        which the bureau has a part, or that have been on their way together in vain."""
        room, taken = self._world.pace.room, list[WantedPhoto]()
        for picture in due[:MAX_PHOTOS_TOGETHER]:
            room -= picture.size
            wanted = self._wanted[picture.sha256]
            is_begun = wanted.upload or wanted.offset or picture.sha256 in self._alone
            if taken and (is_begun or room < 0):
                break
            taken.append(self._wanted.pop(picture.sha256))
            if is_begun:
                break
        return taken

    async def _photo(self, wanted: WantedPhoto) -> None:
        """One that the bureau refuses does not hold up the others."""
        name, arrived, began = wanted.sha256, False, asyncio.get_running_loop().time()
        if (jpeg := await self._jpeg(name)) is None:
            return
        try:
            await self._world.link.photo(wanted, jpeg, self._haul.begin(wanted))
            arrived = True
        except Refused as refused:
            if _blames_no_picture(refused):
                raise
            self._spoil(name, refused.code)
        finally:
            await self._haul.rest(name, whole=arrived)
        if arrived:
            self._world.pace.went(len(jpeg) - wanted.offset, _since(began))
            await self._delivered(name)

    async def _several(self, wanted: Sequence[WantedPhoto]) -> None:
        """What is not confirmed is asked about anew, and goes alone then."""
        began, stored = asyncio.get_running_loop().time(), frozenset[str]()
        read = [(one, await self._jpeg(one.sha256)) for one in wanted]
        loads = [(one, jpeg) for one, jpeg in read if jpeg is not None]
        if not loads:
            return
        self._alone |= {one.sha256 for one in wanted}
        try:
            stored = await self._world.link.photos(loads, self._haul.begin)
            self._world.pace.went(sum(len(jpeg) for _, jpeg in loads), _since(began))
        except Offline:
            self._world.pace.lost()
        except Refused as refused:
            if not _blames_no_picture(refused):
                self._world.pace.end()
        finally:
            for one, _ in loads:
                await self._haul.rest(one.sha256, whole=one.sha256 in stored)
        for name in stored:
            await self._delivered(name)

    async def _jpeg(self, name: str) -> bytes | None:
        """One that the worker took out while it waited for its turn does not leave (rule L6)."""
        if name not in await asyncio.to_thread(self._due):
            self._haul.unload(name)
            return None
        jpeg = await asyncio.to_thread(self._world.album.read, name)
        if jpeg is None:
            self._spoil(name, "picture_missing")
        return jpeg

    async def _delivered(self, name: str) -> None:
        self.sent += 1
        if now := self._calls.heard:
            await asyncio.to_thread(mark_photo_stored, self._world.notebook, name, now)

    def _spoil(self, sha256: str, code: str) -> None:
        self._spoiled[sha256] = code
        self._haul.unload(sha256)


def _blames_no_picture(refused: Refused) -> bool:
    return refused.status in BLAMES_NO_PICTURE or refused.status >= 500


def _since(began: float) -> float:
    return asyncio.get_running_loop().time() - began
