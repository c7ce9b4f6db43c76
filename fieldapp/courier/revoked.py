"""The last trip of a phone that the bureau has revoked: hands everything over, then wipes it."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Never

from contract.protocol import MAX_ARRIVALS, MAX_PHOTOS_ASKED, ArrivalKind, WantedPhoto
from fieldapp.courier.photo_upload import is_about_the_photo
from fieldapp.courier.sync_calls import SyncCalls
from fieldapp.courier.trip_ports import TripPorts
from fieldapp.device import wipe_record
from fieldapp.device.wipe_record import WipeRecord
from fieldapp.memory import retired
from fieldapp.ports import Deferred, NotebookClosed, PhoneRevoked, Refused
from fieldapp.ports.background import in_background
from fieldapp.report.entry import UNDO, Stage
from fieldapp.report.parcel import Parcel

FAR_FUTURE = datetime(9000, 1, 1, tzinfo=UTC)
ALL = 1_000_000
MAX_BATCH_BYTES = 48 * 1024  # of parcels: the bureau reads at most 64 KB a call of a revoked phone


class RevokedTrip:
    """One trip. Only what the bureau confirms on this very trip counts as handed over: what it
    confirmed before it may have lost since."""

    def __init__(self, ports: TripPorts) -> None:
        self._ports, self._memory = ports, ports.memory
        self._calls = SyncCalls(ports)
        self._taken: set[str] = set()  # digests that the bureau holds
        self._device = ""

    async def run(self) -> Never:
        """Raises NotebookClosed once everything was handed over and the key is destroyed. Else
        Offline, Refused or DiskFull with everything kept: also where something was not taken or may
        still be undone."""
        identity = await in_background(self._memory.identity)
        self._device = identity.device if identity else ""
        await self._hand_over(())
        for batch in await in_background(self._batches):
            await self._hand_over(batch)
        await self._send_photos()
        if await in_background(self._is_all_taken):
            await self._hand_over((), leaving=True)
        record = await in_background(self._wipe_record)
        close_if = self._ports.notebook.close_if
        if not await in_background(close_if, self._is_all_taken):
            raise Refused("token_revoked", 401)
        with suppress(OSError):  # then the key is still there, and the app begins with all it had
            await wipe_record.begin_wipe(self._ports.safe, record)
        raise NotebookClosed

    async def _hand_over(
        self, batch: Sequence[Parcel], photos: Sequence[str] = (), *, leaving: bool = False
    ) -> Sequence[str]:
        """Returns only if the bureau says that it has revoked this very phone: which of these
        photos it still takes."""
        try:
            await self._calls.call(batch, photos, leaving=leaving)
        except PhoneRevoked as revoked:
            if revoked.farewell.device != self._device:
                raise Refused(revoked.code, revoked.status) from revoked
            await in_background(retired.note, self._ports.notebook, self._device)
            self._taken |= {one.digest for one in batch} & set(revoked.farewell.taken)
            return [one for one in revoked.farewell.wanted if one in photos]
        raise Refused("unanswered")  # no longer revoked: the next trip is an ordinary one

    async def _send_photos(self) -> None:
        """Sends the photos that recorded reports lack, over whatever network there is: there is no
        other time. Raises Offline or Refused where one may still get through later."""
        kept = await in_background(self._photos)
        for start in range(0, len(kept), MAX_PHOTOS_ASKED):
            for name in await self._hand_over((), kept[start : start + MAX_PHOTOS_ASKED]):
                jpeg = await in_background(self._ports.album.read, name)
                if jpeg is not None:
                    await self._send_photo(name, jpeg)

    async def _send_photo(self, name: str, jpeg: bytes) -> None:
        try:
            await self._ports.link.photo(WantedPhoto(sha256=name), jpeg, lambda _: None)
        except Refused as refused:
            if not is_about_the_photo(refused):
                raise
        except Deferred as deferred:
            await in_background(self._calls.deferrals.defer_photos, deferred.seconds)
            raise

    def _photos(self) -> list[str]:
        """Digests of the photos that are here and of which a receipted report told: also those that
        the bureau has confirmed, for it may have lost them."""
        here = self._ports.notebook.photos()
        return [one.sha256 for one in here if (one.due or one.stored) and not one.forgotten]

    def _batches(self) -> Sequence[Sequence[Parcel]]:
        batches: list[list[Parcel]] = [[]]
        size = 0
        for parcel in self._held(self._ports.clock.now() - UNDO):
            size += len(parcel.raw)
            if len(batches[-1]) == MAX_ARRIVALS or (batches[-1] and size > MAX_BATCH_BYTES):
                batches.append([])
                size = len(parcel.raw)
            batches[-1].append(parcel)
        return [batch for batch in batches if batch]

    def _held(self, sealed_before: datetime) -> list[Parcel]:
        """Every parcel that is here, the receipted ones too: the bureau may have lost them."""
        notebook = self._ports.notebook
        return [
            *notebook.outbox(sealed_before, ALL),
            *(kept.parcel for kept in notebook.receipted()),
        ]

    def _is_all_taken(self) -> bool:
        """Whether nothing was sealed meanwhile, and the phone was not enrolled anew in another
        tab."""
        identity = self._memory.identity()
        here = {parcel.digest for parcel in self._held(FAR_FUTURE)}
        return identity is not None and identity.device == self._device and here <= self._taken

    def _wipe_record(self) -> WipeRecord:
        notebook, identity = self._ports.notebook, self._memory.identity()
        unsent = notebook.outbox(FAR_FUTURE, ALL)
        return WipeRecord(
            at=self._ports.clock.now(),
            device=self._device,
            bureau_name=identity.bureau_name if identity else "",
            handed=len({one.id for one in unsent if one.kind is ArrivalKind.REPORT}),
            drafts=len(notebook.entries((Stage.DRAFT,), ALL)),
            language=self._memory.settings().language,
        )
