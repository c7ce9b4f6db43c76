"""`/v1/photos/`: tus 1.0.0 over `uploads`; docs/protocol.md says what of it we speak."""

import asyncio
from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from datetime import UTC
from email.utils import format_datetime

from anyio import CancelScope
from anyio.to_thread import run_sync
from fastapi import Request, Response

from sync_server import headers, problems
from sync_server.beginnings import Wish
from sync_server.groups import Groups
from sync_server.incoming import Incoming
from sync_server.settings import Clock
from sync_server.turns import Turns
from sync_server.uploads import Finished, Upload, Uploads

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
BYTES = "application/offset+octet-stream"
SWEEP_S = 3600
TOGETHER = 64  # uploads in one transaction


class Counter:
    """Where photos are handed in."""

    def __init__(self, uploads: Uploads, clock: Clock) -> None:
        self._uploads, self._clock, self._turns = uploads, clock, Turns()
        self._begin = Groups[Wish, Upload](lambda those: uploads.begin(those, clock()), TOGETHER)
        self._enter = Groups[Upload, Upload](uploads.enter, TOGETHER)
        self._keep = Groups[Finished, Upload](lambda those: uploads.keep(those, clock()), TOGETHER)

    async def options(self, _: Request) -> Response:
        return Response(
            status_code=204,
            headers={
                "Tus-Extension": EXTENSIONS,
                "Tus-Max-Size": str(self._uploads.limits.photo),
                "Tus-Checksum-Algorithm": ",".join(headers.CHECKSUMS),
            },
        )

    async def create(self, request: Request) -> Response:
        try:
            wish = _wish(request)
        except problems.Problem:
            await run_sync(self._uploads.know, _token(request))  # a stranger learns nothing else
            raise
        async with self._turn_to_create(wish):
            upload = await _overtaken_or_not(self._begin.take(wish))
            if wish.brings and upload.reached == 0:
                upload = await self._received(request, upload)
            elif upload.digest is None and upload.reached == upload.length:
                upload = await self._all_came(request, upload)
        return _stands(upload, 201, {"Location": upload.name})  # as seen from here

    def _turn_to_create(self, wish: Wish) -> AbstractAsyncContextManager[None]:
        """A creation whose bytes are still in memory is known to nobody: the next one for the same
        photo ends it, waits until they count, and goes on from there."""
        if wish.announced is None:
            return nullcontext()
        return self._turns.taken(f"{wish.authorization} {wish.announced}")

    async def head(self, request: Request) -> Response:
        """Whoever asks where it stands means to go on from there: an older writer is ended."""
        found = await self._found(request)
        async with self._turns.taken(found.name):
            found = await self._found(request)
        told = {"Upload-Length": str(found.length), "Cache-Control": "no-store"}
        if found.metadata:
            told["Upload-Metadata"] = found.metadata
        return _stands(found, 200, told)

    async def patch(self, request: Request) -> Response:
        found = await self._found(request)
        if request.headers.get("content-type") != BYTES:
            raise problems.WrongType(BYTES)
        return _stands(await self._received(request, found), 204)

    async def delete(self, request: Request) -> Response:
        found = await self._found(request)
        async with self._turns.taken(found.name):
            await run_sync(self._uploads.drop, found)
        return Response(status_code=204)

    async def sweeping(self) -> None:
        """Sweeps now and every hour, until cancelled."""
        while True:
            with suppress(problems.Problem):  # a busy or full database: the next hour will do
                await run_sync(self._uploads.sweep, self._clock())
            await asyncio.sleep(SWEEP_S)

    async def _found(self, request: Request, name: str = "") -> Upload:
        _speak(request)
        name = name or request.path_params["upload"]
        return await run_sync(self._uploads.find, _token(request), name, self._clock())

    async def _received(self, request: Request, upload: Upload) -> Upload:
        promised = headers.checksum(request)
        offset = headers.number(request, "upload-offset") if request.method == "PATCH" else 0
        async with self._turns.taken(upload.name):
            if not upload.fresh:
                upload = await _overtaken_or_not(self._found(request, upload.name))
            if upload.reached != offset:
                raise problems.WrongOffset(f"at {upload.reached}")
            if upload.digest is None:
                upload = await self._written(request, upload, promised)
        return upload

    async def _written(
        self, request: Request, upload: Upload, promised: headers.Checksum | None
    ) -> Upload:
        body = Incoming(upload, self._uploads.folder, self._enter.take)
        await body.arrive(request, promised)
        if body.upload.reached + len(body.rest) == upload.length:
            return await self._settled(body.upload, body.rest)
        await body.flush()
        return body.upload

    async def _all_came(self, request: Request, upload: Upload) -> Upload:
        """The program ended before it could say so; or another request is about to."""
        with suppress(problems.WrongOffset):
            async with self._turns.taken(upload.name):
                upload = await self._found(request, upload.name)
                if upload.digest is None and upload.reached == upload.length:
                    upload = await self._settled(upload, b"")
        return upload

    async def _settled(self, upload: Upload, rest: bytes) -> Upload:
        with CancelScope(shield=True):  # it has come: a newer request waits until it counts
            finished = await run_sync(self._uploads.finish, upload, rest)
            upload = await self._keep.take(finished)
        return upload


async def _overtaken_or_not(work: Awaitable[Upload]) -> Upload:
    """Where it stands, so that the bytes that have come with this request still count."""
    with CancelScope(shield=True):
        upload = await work
    return upload


def _speak(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise problems.WrongTus(f"speak {VERSION}")


def _token(request: Request) -> str:
    return request.headers.get("authorization", "")


def _wish(request: Request) -> Wish:
    _speak(request)
    length, metadata = headers.number(request, "upload-length"), headers.metadata(request)
    brings = request.headers.get("content-type") == BYTES
    return Wish(_token(request), length, headers.announced(metadata), metadata, brings)


def _stands(upload: Upload, status: int, more: dict[str, str] | None = None) -> Response:
    told = {"Upload-Offset": str(upload.reached), **(more or {})}
    told["Upload-Expires"] = format_datetime(upload.expires_at.astimezone(UTC), usegmt=True)
    if upload.digest:
        told["Photo-Digest"] = upload.digest
    return Response(status_code=status, headers=told)
