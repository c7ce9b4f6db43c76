"""What a group of phones that begin uploads come to: found again, new, done already, or a no."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sync_server import problems
from sync_server.accounts.phones import Phone, phones_of
from sync_server.settings import Limits
from sync_server.store import photos
from sync_server.store.engine import Tx

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """What a phone says to begin an upload: whose it is, how long, and what it tells of it."""

    authorization: str
    length: int
    announced: str | None = None
    metadata: str = ""


class Beginnings:
    """One group in one transaction: few statements, however many wishes. `here` are announced
    photos whose files are there; `whole` ones have come with their wishes, and are entered as
    photos, not as uploads.
    """

    def __init__(
        self, tx: Tx, limits: Limits, now: datetime, here: Collection[str], whole: bool = False
    ) -> None:
        self._tx, self._limits, self._now, self._here = tx, limits, now, here
        self._whole = whole
        self._new: list[Row] = []
        self._lost: list[str] = []
        self._ended: dict[str, str] = {}

    def rows(self, wishes: Sequence[UploadRequest]) -> list[Row | problems.Problem]:
        """For each its upload's row, with `fresh` when only this wish knows it; or why not. Writes
        nothing yet."""
        callers = phones_of(self._tx, [wish.authorization for wish in wishes])
        devices = {one.device for one in callers if isinstance(one, Phone)}
        digests = {wish.announced for wish in wishes if wish.announced}
        self._tx.claim(*(f"uploads/{device}" for device in devices))
        self._kept = photos.kept(self._tx, digests.intersection(self._here))
        self._begun = photos.begun(self._tx, devices, digests, self._now)
        # One that has come whole is never under way, however many others are.
        counted = () if self._whole else devices
        self._open = photos.open_counts(self._tx, counted, self._now)
        return [self._one(wish, who) for wish, who in zip(wishes, callers, strict=True)]

    @property
    def changes(self) -> bool:
        """Whether there is something to write."""
        return bool(self._new or self._lost or self._ended)

    def write(self) -> None:
        """Enters what came of it."""
        for name in self._lost:
            photos.forget(self._tx, name)
        photos.begin(self._tx, self._new)
        photos.end(self._tx, self._ended)

    def _one(self, wish: UploadRequest, who: Phone | problems.Problem) -> Row | problems.Problem:
        if isinstance(who, problems.Problem):
            return who
        if wish.length > self._limits.photo:
            return problems.PhotoTooLarge(f"at most {self._limits.photo} bytes")
        length = self._kept.get(wish.announced or "", wish.length)
        if wish.announced is None:
            return self._fresh(wish, who, length)
        key = (who.device, wish.announced, length)
        row = self._begun.get(key)
        if row and row["ended"] and row["ended"] not in self._here:  # its file was lost
            self._lost.append(row["upload"])
            row = None
        found = dict(row, fresh=False) if row else self._fresh(wish, who, length)
        if isinstance(found, dict):
            self._end(found)
            if not found["fresh"]:
                self._begun[key] = found
        return found

    def _fresh(self, wish: UploadRequest, who: Phone, length: int) -> Row | problems.Problem:
        under_way = self._open.get(who.device, 0)
        if under_way >= self._limits.open_uploads:
            return problems.TooManyUploads(retry_after=3600)
        self._open[who.device] = under_way + 1
        row: Row = {
            "upload": secrets.token_hex(16),
            "device": who.device,
            "length": length,
            "sha256": wish.announced,
            "metadata": wish.metadata,
            "expires_at": self._now + timedelta(seconds=self._limits.upload_age),
            "ended": wish.announced if wish.announced in self._kept else None,
        }
        is_fresh = self._whole and not row["ended"]
        if not is_fresh:
            self._new.append(row)
        return dict(row, fresh=is_fresh)

    def _end(self, row: Row) -> None:
        if row["sha256"] in self._kept and not row["ended"]:
            self._ended[row["upload"]] = row["ended"] = row["sha256"]
