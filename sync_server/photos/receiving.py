"""Receives the bytes of photos: creates uploads, appends to them, completes them."""

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
MOST, HEAVY = 64, 8 * 1024 * 1024  # uploads, and bytes of photos, in one transaction


class UploadReceiver:
    """Serves requests for uploads: each method returns the upload as it then stands, or raises a
    Problem. Steps that must not be cut short by a newer request run in a shielded scope."""

    def __init__(self, uploads: Uploads, clock: Clock, work_lock: asyncio.Lock) -> None:
        self._uploads, self._clock, self._takeover = uploads, clock, Takeover()
        completer = PhotoCompleter(uploads)
        self._creations = Batcher[UploadRequest, Upload](
            lambda requests: uploads.create(requests, clock()), MOST, lock=work_lock
        )
        self._completions = Batcher[CompleteUpload, Upload](
            lambda complete: completer.complete(complete, clock()),
            MOST,
            HEAVY,
            lambda one: one.upload.length,
            work_lock,
        )

    async def create(
        self, request: Request, asked: UploadRequest, body: IncomingBytes | None
    ) -> Upload:
        """Creates an upload or finds it again, and appends the body if there is one."""
        async with self._exclusive_creation(asked):
            if body:
                upload = await self._create_with_body(request, asked, body)
            else:
                upload = await self._complete_if_whole(request, await self._create(asked))
        return upload

    async def find(self, request: Request, name: str = "") -> Upload:
        """The upload named by the request's path, or by `name`."""
        await self._check_version(request)
        name = name or request.path_params["upload"]
        with CancelScope(shield=True):
            found = await anyio.to_thread.run_sync(
                self._uploads.find, authorization(request), name, self._clock()
            )
        return found

    async def _check_version(self, request: Request) -> None:
        """Raises WrongTus; but who is unknown is told of no other problem than that."""
        try:
            check_tus_version(request)
        except problems.WrongTus:
            await anyio.to_thread.run_sync(self._uploads.authenticate, authorization(request))
            raise

    async def find_and_stop_writer(self, request: Request) -> Upload:
        """Where the upload stands after a request that still writes to it has been cancelled."""
        found = await self.find(request)
        async with self._takeover.exclusive(found.name):
            found = await self.find(request)
        return found

    async def delete(self, request: Request) -> None:
        found = await self.find(request)
        async with self._takeover.exclusive(found.name):
            await anyio.to_thread.run_sync(self._uploads.delete, found)

    async def append(
        self, request: Request, upload: Upload, offset: int, body: IncomingBytes | None = None
    ) -> Upload:
        """Appends the body of the request, or `body`, at `offset`; raises WrongOffset if the upload
        has not reached just that."""
        promised = headers.parse_checksum(request)
        async with self._takeover.exclusive(upload.name):
            upload = await self.find(request, upload.name)
            if upload.reached != offset:
                raise problems.WrongOffset(f"at {upload.reached}")
            if upload.digest is None:
                body = body or IncomingBytes(request, upload.length - upload.reached, promised)
                upload = await self._append_body(upload, body)
        return upload

    async def _append_body(self, upload: Upload, body: IncomingBytes) -> Upload:
        incoming = UploadBody(upload, self._uploads.folder, body)
        await incoming.read_to_end()
        if incoming.upload.reached + body.buffered == upload.length:
            return await self._complete(incoming.upload, body.buffer)
        await incoming.write_buffer()
        return incoming.upload

    async def _complete_if_whole(self, request: Request, upload: Upload) -> Upload:
        """Completes an upload all of whose bytes are on the disk: the server ended before it could
        do so, or another request is about to."""
        with suppress(problems.WrongOffset):
            async with self._takeover.exclusive(upload.name):
                upload = await self.find(request, upload.name)
                if upload.digest is None and upload.reached == upload.length:
                    upload = await self._complete(upload, b"")
        return upload

    async def _complete(self, upload: Upload | UploadRequest, rest: bytes) -> Upload:
        with CancelScope(shield=True):  # all bytes are here: a newer request waits for the commit
            completed = await self._completions.submit(CompleteUpload(upload, rest))
        return completed

    async def _create_with_body(
        self, request: Request, asked: UploadRequest, body: IncomingBytes
    ) -> Upload:
        """The bytes come with the request, from the first one on; those that an earlier request
        brought are skipped. Most photos come whole and without a pause: such a one is created and
        completed in one step, in one commit."""
        try:
            await body.read_available()
        except (problems.PhotoTooLarge, problems.ChecksumMismatch):
            raise
        except BaseException:
            await self._save_buffer(asked, body)
            raise
        if body.buffered == asked.length and not body.more:
            return await self._complete(asked, body.buffer)
        upload = await self._create(asked)
        if upload.digest or upload.reached == upload.length:
            return await self._complete_if_whole(request, upload)
        body.skip(upload.reached)
        return await self.append(request, upload, upload.reached, body)

    async def _save_buffer(self, asked: UploadRequest, body: IncomingBytes) -> None:
        """Saves what arrived before the connection was lost, or before a newer request took over,
        as an upload."""
        with CancelScope(shield=True), suppress(problems.Problem):
            if body.buffered:
                upload = await self._creations.submit(asked)
                if not upload.digest and upload.reached < body.buffered:
                    body.skip(upload.reached)
                    await UploadBody(upload, self._uploads.folder, body).write_buffer()

    async def _create(self, asked: UploadRequest) -> Upload:
        """Not cut short by a newer request: the bytes that have arrived must be saved."""
        with CancelScope(shield=True):
            upload = await self._creations.submit(asked)
        return upload

    def _exclusive_creation(self, asked: UploadRequest) -> AbstractAsyncContextManager[None]:
        """While the bytes of a creation are only in memory, its upload has no name to take over. So
        a newer creation for the same photo cancels it, waits until its bytes are saved, and goes on
        from there."""
        if asked.announced is None:
            return nullcontext()
        return self._takeover.exclusive(f"{asked.authorization} {asked.announced}")


def check_tus_version(request: Request) -> None:
    """Raises WrongTus."""
    if request.headers.get("tus-resumable") != VERSION:
        raise problems.WrongTus(f"speak {VERSION}")


def authorization(request: Request) -> str:
    """The `Authorization` header; empty if there is none."""
    return request.headers.get("authorization", "")
