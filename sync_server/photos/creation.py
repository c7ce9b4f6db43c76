"""Creates a batch of uploads: each is found again, new, already finished, or refused."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sync_server import problems
from sync_server.accounts import quota
from sync_server.accounts.phones import Phone, senders_of
from sync_server.accounts.quota import DayUse
from sync_server.settings import Limits
from sync_server.store import photos
from sync_server.store.engine import Tx

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """What a phone sends to create an upload: its `Authorization` header, the length in bytes, the
    announced digest if any, and tus metadata."""

    authorization: str
    length: int
    announced: str | None = None
    metadata: str = ""


class UploadCreation:
    """Creates a batch of uploads in one transaction, with few statements.

    `here` are those of the announced digests whose photo files exist. `whole`: all bytes came with
    the requests, so new uploads are not saved here; they are saved when they become photos.
    """

    def __init__(
        self, tx: Tx, limits: Limits, now: datetime, here: Collection[str], whole: bool = False
    ) -> None:
        self._tx, self._limits, self._now, self._here = tx, limits, now, here
        self._whole = whole
        self._new: list[Row] = []
        self._lost: list[str] = []
        self._ended: dict[str, str] = {}
        self._used: dict[str, DayUse] = {}  # by device, with what is created here
        self._counted: dict[str, DayUse] = {}  # by device, what is saved here alone

    def rows(self, requests: Sequence[UploadRequest]) -> list[Row | problems.Problem]:
        """For each request the row of its upload, with `is_unsaved` if it is not to be saved here;
        or why there is none. Writes nothing yet."""
        callers = senders_of(self._tx, [request.authorization for request in requests])
        devices = {one.device for one in callers if isinstance(one, Phone)}
        digests = {request.announced for request in requests if request.announced}
        self._tx.claim(*(f"uploads/{device}" for device in devices))
        revoked = {one.author for one in callers if isinstance(one, Phone) and one.is_revoked}
        self._named = photos.named_by(self._tx, revoked, digests)
        self._kept = photos.sizes(self._tx, digests.intersection(self._here))
        self._begun = photos.known_uploads(self._tx, devices, digests, self._now)
        # Whole ones are never open: the limit on open uploads does not concern them.
        counted = () if self._whole else devices
        self._open = photos.open_upload_counts(self._tx, counted, self._now)
        return [self._row(request, who) for request, who in zip(requests, callers, strict=True)]

    @property
    def has_changes(self) -> bool:
        """Whether there is something to write."""
        return bool(self._new or self._lost or self._ended)

    def write(self) -> None:
        """Saves new uploads, ends those whose photos are here, forgets those whose files are
        lost."""
        for name in self._lost:
            photos.delete_upload(self._tx, name)
        photos.add_uploads(self._tx, self._new)
        quota.add(self._tx, self._counted)
        photos.end_uploads(self._tx, self._ended)

    def _row(
        self, request: UploadRequest, caller: Phone | problems.Problem
    ) -> Row | problems.Problem:
        if isinstance(caller, problems.Problem):
            return caller
        if caller.is_revoked and (caller.author, request.announced) not in self._named:
            return problems.TokenRevoked(caller.device)
        if request.length > self._limits.photo:
            return problems.PhotoTooLarge(f"at most {self._limits.photo} bytes")
        length = self._kept.get(request.announced or "", request.length)
        if request.announced is None:
            return self._new_row(request, caller, length)
        key = (caller.device, request.announced, length)
        row = self._begun.get(key)
        if row and row["ended"] and row["ended"] not in self._kept:  # lost, or leaving
            self._lost.append(row["upload"])
            row = None
        found = dict(row, is_unsaved=False) if row else self._new_row(request, caller, length)
        if isinstance(found, dict):
            self._end(found)
            if not found["is_unsaved"]:
                self._begun[key] = found
        return found

    def _new_row(self, request: UploadRequest, phone: Phone, length: int) -> Row | problems.Problem:
        is_here = request.announced in self._kept
        if problem := self._no_room(phone, length, is_here):
            return problem
        row: Row = {
            "upload": secrets.token_hex(16),
            "device": phone.device,
            "length": length,
            "sha256": request.announced,
            "metadata": request.metadata,
            "expires_at": self._now + timedelta(seconds=self._limits.upload_age),
            "ended": request.announced if is_here else None,
        }
        is_unsaved = self._whole and not is_here
        if not is_unsaved:
            self._new.append(row)
        if not is_here:
            self._count(phone, length, is_unsaved)
        return dict(row, is_unsaved=is_unsaved)

    def _no_room(self, phone: Phone, length: int, is_here: bool) -> problems.Problem | None:
        """Why this phone may create no upload; a photo that is here already costs nothing."""
        open_count = self._open.get(phone.device, 0)
        if open_count >= self._limits.open_uploads:
            return problems.TooManyUploads(retry_after=3600)
        used = self._used.setdefault(phone.device, phone.used.today(self._now))
        if not (is_here or used.has_room_for_photo(length, self._limits.daily)):
            return quota.quota_used(self._now)
        self._open[phone.device] = open_count + 1
        return None

    def _count(self, phone: Phone, length: int, is_unsaved: bool) -> None:
        """Against the quota of the day. What is saved later is counted in the database then."""
        device, used = phone.device, self._used[phone.device]
        self._used[device] = used.with_photo(length)
        if not is_unsaved:
            counted = self._counted.get(device, DayUse(used.day))
            self._counted[device] = counted.with_photo(length)

    def _end(self, row: Row) -> None:
        """Ends an upload if its photo is here, whoever sent it."""
        if row["sha256"] in self._kept and not row["ended"]:
            self._ended[row["upload"]] = row["ended"] = row["sha256"]
