"""The photos of a trip: asks the bureau about them, sends what it wants, deletes what is old."""

from collections.abc import Callable, Collection, Sequence

from contract.protocol import MAX_PHOTOS_ASKED, SyncReply, WantedPhoto
from fieldapp.courier import retention
from fieldapp.courier.apply_reply import mark_photo_stored
from fieldapp.courier.photo_progress import PhotoProgress
from fieldapp.courier.sync_calls import SyncCalls
from fieldapp.ports import Deferred, Offline, PhotoUploadState, Refused
from fieldapp.ports.background import in_background
from fieldapp.report.parcel import Parcel

# Why the network, not the bureau, did not let a photo through or its answer back.
MEDDLED = {"not_the_bureau", "body_too_large", "photo_mismatch", "upload_gone"}
DAMAGED_REQUEST = {400, 404, 405, 411, 412, 415, 460}  # HTTP statuses
MOST_PASSED_OVER = 2  # photos in a row: each costs its bytes
NOT_ABOUT_THE_PHOTO = {401, 403, 426, 429}  # HTTP statuses that any request would have met


class PhotoUpload:
    """Asks about photos in the sync call that brings their reports, so that none needs a call of
    its own. `refused` maps digests to codes: photos that cannot be sent, which are not tried again
    while this program runs. `sent` counts what the bureau has confirmed on this trip."""

    def __init__(self, calls: SyncCalls, progress: PhotoProgress, refused: dict[str, str]) -> None:
        self._calls, self._progress, self._refused = calls, progress, refused
        self._ports = calls.ports
        self._wanted: dict[str, WantedPhoto] = {}  # as the bureau said on this trip
        self._unclear: set[str] = set()  # the bureau said nothing of them when it was asked
        self._passed_over = 0
        self.postponed: Offline | None = None  # raised once all others had their turn
        self.sent = 0

    async def load(self) -> None:
        """Counts the photos that are due from earlier trips."""
        await in_background(self._due)

    def to_ask_about(self, batch: Sequence[Parcel]) -> list[str]:
        """Digests of photos that are due, or will be once these parcels are received, and of which
        the bureau has said nothing yet."""
        shown = {name for parcel in batch for name in parcel.photos()}
        return [name for name in self._sendable(shown) if name not in self._wanted][
            :MAX_PHOTOS_ASKED
        ]

    def note_reply(self, asked: Sequence[str], reply: SyncReply) -> None:
        """Takes in what the bureau says of the photos that it was asked about."""
        self._progress.mark_stored(reply.stored)
        wanted = {one.sha256: one for one in reply.wanted if one.sha256 in asked}
        self._wanted |= wanted
        self._unclear |= set(asked) - wanted.keys() - set(reply.stored)

    async def send_due(self, interrupted: Callable[[], bool]) -> bool:
        """Sends what is wanted, until `interrupted()` between two photos; False if nothing was
        due, or the bureau takes photos only later."""
        if await in_background(self._is_deferred):
            return False
        due = await in_background(self._due)
        if due and not self._wanted.keys() & due.keys():
            asked = list(due)[:MAX_PHOTOS_ASKED]
            self.note_reply(asked, await self._calls.call((), asked))
        for name in [name for name in due if name in self._wanted]:
            await self._send(self._wanted.pop(name))
            if await in_background(lambda: interrupted() or self._is_deferred()):
                break
        return bool(due)

    async def forget_expired(self) -> bool:
        """Deletes the photos whose time here is over, each only if the bureau says at this very
        moment that it has it; one that it has lost is due again. False if there was none."""
        asked = await in_background(self._expired)
        for start in range(0, len(asked), MAX_PHOTOS_ASKED):
            names = asked[start : start + MAX_PHOTOS_ASKED]
            reply = await self._calls.call((), names)
            stored = set(names) & set(reply.stored)
            await in_background(
                retention.forget_photos, self._ports.notebook, self._ports.album, stored
            )
        return bool(asked)

    def _is_deferred(self) -> bool:
        return self._calls.deferrals.pending().photos is not None

    def _due(self) -> dict[str, PhotoUploadState]:
        due = self._sendable()
        self._progress.add(due.values())
        return due

    def _sendable(self, shown: Collection[str] = ()) -> dict[str, PhotoUploadState]:
        """The photos that are due or among `shown`, without those that cannot be sent."""
        hopeless = self._refused.keys() | self._unclear
        return {
            photo.sha256: photo
            for photo in self._ports.notebook.photos(stored=False)
            if (photo.due or photo.sha256 in shown) and photo.sha256 not in hopeless
        }

    def _expired(self) -> list[str]:
        now = self._calls.bureau_time
        if now is None:
            return []
        return retention.expired_photos(self._ports.notebook, self._ports.memory, now)

    async def _send(self, wanted: WantedPhoto) -> None:
        """A photo that the bureau refuses does not hold up the others."""
        name, arrived = wanted.sha256, False
        if (jpeg := await self._read_if_due(name)) is None:
            return
        try:
            await self._ports.link.photo(wanted, jpeg, self._progress.begin(wanted))
            arrived = True
        except Refused as refused:
            if not is_about_the_photo(refused):
                await self._pass_over(name, _as_offline(refused))
            else:
                self._give_up_on(name, refused.code)
        except Deferred as deferred:
            await in_background(self._calls.deferrals.defer_photos, deferred.seconds)
        except Offline as offline:
            if offline.why not in MEDDLED:
                raise
            await self._pass_over(name, offline)
        finally:
            await self._progress.finish(name, complete=arrived)
        if arrived:
            self._passed_over = 0
            await self._mark_stored(name)

    async def _pass_over(self, name: str, offline: Offline) -> None:
        """The network did something to this photo, or to the bureau's answer. The bureau is asked
        whether it has it after all; if not, it is sent again on the next trip. Raises Offline where
        the bureau is not reached either, and for MOST_PASSED_OVER photos in a row."""
        reply = await self._calls.call((), [name])
        self.note_reply([name], reply)
        if name in reply.stored:
            self._passed_over, self.sent = 0, self.sent + 1
            return
        self._wanted.pop(name, None)
        self._unclear.add(name)
        self.postponed, self._passed_over = offline, self._passed_over + 1
        if self._passed_over == MOST_PASSED_OVER:
            raise offline

    async def _read_if_due(self, name: str) -> bytes | None:
        """None for a photo that the worker took out meanwhile: it must not leave (rule L6)."""
        if name not in await in_background(self._due):
            self._progress.remove(name)
            return None
        jpeg = await in_background(self._ports.album.read, name)
        if jpeg is None:
            self._give_up_on(name, "picture_missing")
        return jpeg

    async def _mark_stored(self, name: str) -> None:
        self.sent += 1
        if now := self._calls.bureau_time:
            await in_background(mark_photo_stored, self._ports.notebook, name, now)

    def _give_up_on(self, sha256: str, code: str) -> None:
        self._refused[sha256] = code
        self._progress.remove(sha256)


def is_about_the_photo(refused: Refused) -> bool:
    """A photo that arrived damaged (`photo_mismatch`) is whole on the phone."""
    return refused.code == "photo_too_large" or (
        refused.status == 422 and refused.code != "photo_mismatch"
    )


def _as_offline(refused: Refused) -> Offline:
    """What the bureau says of a request whose headers did not arrive as they were sent. Raises
    Refused where any other request would have been refused as well."""
    if refused.status in NOT_ABOUT_THE_PHOTO or refused.status >= 500:
        raise refused
    return Offline("not_the_bureau" if refused.status in DAMAGED_REQUEST else refused.code)
