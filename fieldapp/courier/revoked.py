"""The last trip of a phone that the bureau has revoked: hand all over, then give itself up."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Never

from contract.protocol import MAX_ARRIVALS, ArrivalKind
from fieldapp.courier.sync_calls import SyncCalls, TripPorts
from fieldapp.device import wipe_record
from fieldapp.device.wipe_record import WipeRecord
from fieldapp.memory.memory import Memory
from fieldapp.ports import NotebookClosed, PhoneRevoked, Refused, Safe
from fieldapp.report.entry import UNDO, Stage
from fieldapp.report.parcel import Parcel

EVER = datetime(9000, 1, 1, tzinfo=UTC)
ALL = 1_000_000
MOST_BYTES = 48 * 1024  # in one call: the bureau reads no long one of a phone that it has revoked


class RevokedTrip:
    """Good for one `go`. What the bureau named on a trip before this one counts for nothing: its
    memory may have been lost since."""

    def __init__(self, world: TripPorts, safe: Safe) -> None:
        self._world, self._safe = world, safe
        self._calls, self._memory = SyncCalls(world), Memory(world.notebook)
        self._taken: set[str] = set()
        self._device = ""

    async def go(self) -> Never:
        """Raises GivenUp when the notebook was closed: the app begins again, and the safe says with
        what. Else Offline, Refused or Full with everything kept: so where something that is here
        was not taken, or may still be undone."""
        identity = await asyncio.to_thread(self._memory.identity)
        self._device = identity.device if identity else ""
        await self._bring(())
        for batch in await asyncio.to_thread(self._batches):
            await self._bring(batch)
        word = await asyncio.to_thread(self._word)
        close = self._world.notebook.close_if
        if not await asyncio.to_thread(close, self._nothing_else_is_here):
            raise Refused("token_revoked", 401)
        with suppress(OSError):  # then the key is there yet, and the app begins with all it had
            await wipe_record.begin_wipe(self._safe, word)
        raise NotebookClosed

    async def _bring(self, batch: Sequence[Parcel]) -> None:
        """Goes on only where the bureau says its farewell, to this very phone and to no other."""
        try:
            await self._calls.make(batch)
        except PhoneRevoked as revoked:
            if revoked.farewell.device != self._device:
                raise Refused(revoked.code, revoked.status) from revoked
            self._taken |= {one.digest for one in batch} & set(revoked.farewell.taken)
        else:
            raise Refused("unanswered")  # it takes calls again: the next trip is one like any other

    def _batches(self) -> Sequence[Sequence[Parcel]]:
        batches: list[list[Parcel]] = [[]]
        weight = 0
        for parcel in self._here(self._world.clock.now() - UNDO):
            weight += len(parcel.raw)
            if len(batches[-1]) == MAX_ARRIVALS or (batches[-1] and weight > MOST_BYTES):
                batches.append([])
                weight = len(parcel.raw)
            batches[-1].append(parcel)
        return [batch for batch in batches if batch]

    def _here(self, sealed_before: datetime) -> list[Parcel]:
        """What was receipted too: the bureau may have lost it since, and it is asked once more."""
        notebook = self._world.notebook
        return [
            *notebook.outbox(sealed_before, ALL),
            *(kept.parcel for kept in notebook.receipted()),
        ]

    def _nothing_else_is_here(self) -> bool:
        """Nothing was sealed meanwhile, and this is still the phone that was meant: in another tab
        it may have a new name by now."""
        identity = self._memory.identity()
        here = {parcel.digest for parcel in self._here(EVER)}
        return identity is not None and identity.device == self._device and here <= self._taken

    def _word(self) -> WipeRecord:
        notebook, identity = self._world.notebook, self._memory.identity()
        unsent = notebook.outbox(EVER, ALL)
        return WipeRecord(
            at=self._world.clock.now(),
            device=self._device,
            bureau_name=identity.bureau_name if identity else "",
            handed=len({one.id for one in unsent if one.kind is ArrivalKind.REPORT}),
            drafts=len(notebook.entries((Stage.DRAFT,), ALL)),
            language=self._memory.settings().language,
        )
