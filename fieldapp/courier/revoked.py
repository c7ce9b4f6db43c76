"""The last trip of a phone that the bureau has revoked: hands everything over, then wipes it."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Never

from contract.protocol import MAX_ARRIVALS, ArrivalKind
from fieldapp.courier.sync_calls import SyncCalls
from fieldapp.courier.trip_ports import TripPorts
from fieldapp.device import wipe_record
from fieldapp.device.wipe_record import WipeRecord
from fieldapp.ports import NotebookClosed, PhoneRevoked, Refused
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
        identity = await asyncio.to_thread(self._memory.identity)
        self._device = identity.device if identity else ""
        await self._hand_over(())
        for batch in await asyncio.to_thread(self._batches):
            await self._hand_over(batch)
        record = await asyncio.to_thread(self._wipe_record)
        close_if = self._ports.notebook.close_if
        if not await asyncio.to_thread(close_if, self._is_all_taken):
            raise Refused("token_revoked", 401)
        with suppress(OSError):  # then the key is still there, and the app begins with all it had
            await wipe_record.begin_wipe(self._ports.safe, record)
        raise NotebookClosed

    async def _hand_over(self, batch: Sequence[Parcel]) -> None:
        """Returns only if the bureau says that it has revoked this very phone."""
        try:
            await self._calls.call(batch)
        except PhoneRevoked as revoked:
            if revoked.farewell.device != self._device:
                raise Refused(revoked.code, revoked.status) from revoked
            self._taken |= {one.digest for one in batch} & set(revoked.farewell.taken)
        else:
            raise Refused("unanswered")  # no longer revoked: the next trip is an ordinary one

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
