"""The porter carries pictures after the reports, one by one, and clears the album behind them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from contract.replies import PHOTOS_ASKED, SyncReply, Wanted
from fieldapp.memory import Memory
from fieldapp.ports import Album, Link, Notebook, Picture, Refused
from fieldapp.rounds import Progress, Trip

KEPT = timedelta(days=1)  # rule L12: a photo stays this long after the bureau has it
NOT_THE_PICTURE = frozenset({401, 403, 426, 429})  # statuses no single picture is to blame for


def forgettable(picture: Picture, now: datetime) -> bool:
    """Rule L12: whether the file may go. `now` is by the bureau's clock, as `stored_at` is."""
    if picture.stored_at is None or picture.forgotten:
        return False
    return now - picture.stored_at >= KEPT


class Porter:
    """`aside` are pictures that cannot be sent, by digest, each with a code. They are tried again
    when the app starts again, not before."""

    def __init__(self, notebook: Notebook, album: Album, link: Link) -> None:
        self._notebook = notebook
        self._album = album
        self._link = link
        self.aside: dict[str, str] = {}

    def asked(self, trip: Trip) -> list[Picture]:
        """Blocking. The pictures to ask the bureau about: those whose report it has received."""
        if not trip.photos:
            return []
        left = [
            picture
            for picture in self._notebook.pictures(stored=False)
            if picture.due and picture.sha256 not in trip.unclear | self.aside.keys()
        ]
        return left[:PHOTOS_ASKED]

    async def carry(
        self,
        trip: Trip,
        asked: Sequence[Picture],
        reply: SyncReply,
        overtaken: Callable[[], bool],
    ) -> None:
        """Sends what is wanted of the pictures asked about, each once in a trip. Stops between two
        when it is `overtaken` (blocking) by a report sealed meanwhile: reports first."""
        wanted = {want.sha256: want for want in reply.wanted}
        bound = [p for p in asked if p.sha256 in wanted and p.sha256 not in trip.tried]
        clear = set(reply.stored) | {picture.sha256 for picture in bound}
        trip.unclear |= {picture.sha256 for picture in asked} - clear
        for n, picture in enumerate(bound):
            await self._send(trip, picture, wanted[picture.sha256], len(bound) - n)
            if await asyncio.to_thread(overtaken):
                return

    def forget(self, now: datetime) -> None:
        """Blocking. Nothing is deleted once the bureau has told two stories."""
        if Memory(self._notebook).ledger_broken():
            return
        for picture in self._notebook.pictures(stored=True):
            if forgettable(picture, now):
                self._album.forget(picture.sha256)
                self._notebook.draw(replace(picture, forgotten=True))

    async def _send(self, trip: Trip, picture: Picture, wanted: Wanted, left: int) -> None:
        trip.tried.add(picture.sha256)
        jpeg = await asyncio.to_thread(self._album.read, picture.sha256)
        if jpeg is None:
            self.aside[picture.sha256] = "picture_missing"
            return
        there = wanted.offset

        def heard(sent: int) -> None:
            nonlocal there
            there = sent
            trip.told(Progress(0, sent, len(jpeg), left))

        try:
            await self._link.photo(wanted, jpeg, heard)
            trip.photos_sent += 1
        except Refused as refused:
            if refused.status in NOT_THE_PICTURE or refused.status >= 500:
                raise
            self.aside[picture.sha256] = refused.code
        finally:
            await asyncio.to_thread(self._reached, picture.sha256, there)

    def _reached(self, sha256: str, sent: int) -> None:
        """For the eye only: from where to go on, the bureau says."""
        with self._notebook.atomic():
            for picture in self._notebook.pictures(stored=False):
                if picture.sha256 == sha256:
                    self._notebook.draw(replace(picture, sent=min(sent, picture.size)))
