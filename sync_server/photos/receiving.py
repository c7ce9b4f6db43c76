"""The bytes of photos on their way to a place of their own: begun, gone on with, and whole."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext, suppress

import anyio.to_thread  # by its full name: a simulation has no threads
from anyio import CancelScope
from fastapi import Request

from sync_server import problems
from sync_server.phone_api.batching import Batcher
from sync_server.photos import headers
from sync_server.photos.completion import CompleteUpload, PhotoCompleter
from sync_server.photos.creation import UploadRequest
from sync_server.photos.request_body import IncomingBytes, UploadBody
from sync_server.photos.takeover import Takeover
from sync_server.photos.uploads import Upload, Uploads
from sync_server.settings import Clock

VERSION = "1.0.0"
BYTES = "application/offset+octet-stream"
MOST, HEAVY = 64, 8 * 1024 * 1024  # uploads and their bytes in one transaction


class UploadReceiver:
    """Every way of it ends with the upload as it stands, or with a Problem."""

    def __init__(self, uploads: Uploads, clock: Clock, turn: asyncio.Lock) -> None:
        self._uploads, self._clock, self._turns = uploads, clock, Takeover()
        begin = lambda those: uploads.begin(those, clock())  # noqa: E731
        self._begin = Batcher[UploadRequest, Upload](begin, MOST, turn=turn)
        keeper, weigh = PhotoCompleter(uploads), lambda one: one.upload.length
        keep = lambda those: keeper.keep(those, clock())  # noqa: E731
        self._keep = Batcher[CompleteUpload, Upload](keep, MOST, HEAVY, weigh, turn)

    async def created(
        self, request: Request, wish: UploadRequest, body: IncomingBytes | None
    ) -> Upload:
        """Begun, or found again; with a body its bytes count."""
        async with self._turn_to_create(wish):
            if body:
                upload = await self._brought(request, wish, body)
            else:
                upload = await self._all_came(request, await self._begun(wish))
        return upload

    async def found(self, request: Request, name: str = "") -> Upload:
        """Also when a newer request takes over meanwhile."""
        check_tus_version(request)
        name = name or request.path_params["upload"]
        with CancelScope(shield=True):
            found = await anyio.to_thread.run_sync(
                self._uploads.find, authorization(request), name, self._clock()
            )
        return found

    async def stopped(self, request: Request) -> Upload:
        """Where it stands, once whoever still writes to it has been ended."""
        found = await self.found(request)
        async with self._turns.taken(found.name):
            found = await self.found(request)
        return found

    async def dropped(self, request: Request) -> None:
        found = await self.found(request)
        async with self._turns.taken(found.name):
            await anyio.to_thread.run_sync(self._uploads.drop, found)

    async def received(
        self, request: Request, upload: Upload, offset: int, body: IncomingBytes | None = None
    ) -> Upload:
        promised = headers.parse_checksum(request)
        async with self._turns.taken(upload.name):
            upload = await self.found(request, upload.name)
            if upload.reached != offset:
                raise problems.WrongOffset(f"at {upload.reached}")
            if upload.digest is None:
                body = body or IncomingBytes(request, upload.length - upload.reached, promised)
                upload = await self._written(upload, body)
        return upload

    async def _written(self, upload: Upload, body: IncomingBytes) -> Upload:
        incoming = UploadBody(upload, self._uploads.folder, body)
        await incoming.arrive()
        if incoming.upload.reached + body.waiting == upload.length:
            return await self._settled(incoming.upload, body.rest)
        await incoming.flush()
        return incoming.upload

    async def _all_came(self, request: Request, upload: Upload) -> Upload:
        """The program ended before it could say so; or another request is about to."""
        with suppress(problems.WrongOffset):
            async with self._turns.taken(upload.name):
                upload = await self.found(request, upload.name)
                if upload.digest is None and upload.reached == upload.length:
                    upload = await self._settled(upload, b"")
        return upload

    async def _settled(self, upload: Upload | UploadRequest, rest: bytes) -> Upload:
        with CancelScope(shield=True):  # it has come: a newer request waits until it counts
            kept = await self._keep.take(CompleteUpload(upload, rest))
        return kept

    async def _brought(self, request: Request, wish: UploadRequest, body: IncomingBytes) -> Upload:
        """The bytes come with the wish. Most photos come whole and without a pause: such a one is
        begun and kept in one step, and one commit."""
        try:
            await body.gather()
        except (problems.PhotoTooLarge, problems.ChecksumMismatch):
            raise
        except BaseException:
            await self._rescued(wish, body)
            raise
        if body.waiting == wish.length and not body.more:
            return await self._settled(wish, body.rest)
        upload = await self._begun(wish)
        if upload.reached or upload.digest:
            return await self._all_came(request, upload)
        return await self.received(request, upload, 0, body)

    async def _rescued(self, wish: UploadRequest, body: IncomingBytes) -> None:
        """What came before the road broke, or before a newer request took over, counts."""
        with CancelScope(shield=True), suppress(problems.Problem):
            if body.waiting:
                upload = await self._begin.take(wish)
                if not (upload.reached or upload.digest):
                    await UploadBody(upload, self._uploads.folder, body).flush()

    async def _begun(self, wish: UploadRequest) -> Upload:
        """Where it stands, even when a newer request takes over: what has come counts."""
        with CancelScope(shield=True):
            upload = await self._begin.take(wish)
        return upload

    def _turn_to_create(self, wish: UploadRequest) -> AbstractAsyncContextManager[None]:
        """A creation whose bytes are still in memory is known to nobody: the next one for the same
        photo ends it, waits until they count, and goes on from there."""
        if wish.announced is None:
            return nullcontext()
        return self._turns.taken(f"{wish.authorization} {wish.announced}")


def check_tus_version(request: Request) -> None:
    """Raises WrongTus."""
    if request.headers.get("tus-resumable") != VERSION:
        raise problems.WrongTus(f"speak {VERSION}")


def authorization(request: Request) -> str:
    """What the caller says to be known by."""
    return request.headers.get("authorization", "")
