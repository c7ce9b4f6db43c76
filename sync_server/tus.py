"""`/v1/photos/`: tus 1.0.0 over `uploads`; docs/protocol.md says what of it we speak."""

import asyncio
import errno
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC
from email.utils import format_datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from anyio import CancelScope
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from sync_server import headers, problems
from sync_server.phones import Phone
from sync_server.saying_no import said
from sync_server.settings import Clock
from sync_server.turns import Turns
from sync_server.uploads import Upload, Uploads

ROOM = "/v1/photos/"
VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
BYTES = "application/offset+octet-stream"
SPOKEN = {"Tus-Resumable": VERSION, "Tus-Version": VERSION}
SWEEP_S = 3600
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class _Spoken(APIRoute):
    """Every answer says which tus it is, and so does every no."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def speak(request: Request) -> Response:
            try:
                answer = await handle(request)
            except problems.Problem as problem:
                answer = said(problem)
            except OSError as error:
                if error.errno not in FULL:
                    raise
                answer = said(problems.StorageFull())
            answer.headers.update(SPOKEN)
            return answer

        return speak


class Counter:
    """Where photos are handed in; `who` says which phone is calling, and blocks."""

    def __init__(self, uploads: Uploads, who: Callable[[Request], Phone], clock: Clock) -> None:
        self._uploads, self._who, self._clock, self._turns = uploads, who, clock, Turns()

    async def options(self) -> Response:
        return Response(
            status_code=204,
            headers={
                "Tus-Extension": EXTENSIONS,
                "Tus-Max-Size": str(self._uploads.limits.photo),
                "Tus-Checksum-Algorithm": "sha256",
            },
        )

    async def create(self, request: Request) -> Response:
        phone = await self._caller(request)
        length, announced = headers.number(request, "upload-length"), headers.announced(request)
        upload = await run_sync(self._uploads.begin, phone, length, announced, self._clock())
        if request.headers.get("content-type") == BYTES and upload.reached == 0:
            upload = await self._received(request, phone, upload.name, 0)
        return _stands(upload, 201, {"Location": ROOM + upload.name})

    async def head(self, request: Request, upload: str) -> Response:
        """Whoever asks where it stands means to go on from there: an older writer is ended."""
        phone = await self._caller(request)
        await run_sync(self._uploads.find, phone, upload, self._clock())
        async with self._turns.taken(upload):
            found = await run_sync(self._uploads.find, phone, upload, self._clock())
        told = {"Upload-Length": str(found.length), "Cache-Control": "no-store"}
        if found.announced:
            told["Upload-Metadata"] = headers.announcing(found.announced)
        return _stands(found, 200, told)

    async def patch(self, request: Request, upload: str) -> Response:
        phone = await self._caller(request)
        if request.headers.get("content-type") != BYTES:
            raise problems.WrongType(BYTES)
        offset = headers.number(request, "upload-offset")
        await run_sync(self._uploads.find, phone, upload, self._clock())
        return _stands(await self._received(request, phone, upload, offset), 204)

    async def delete(self, request: Request, upload: str) -> Response:
        phone = await self._caller(request)
        found = await run_sync(self._uploads.find, phone, upload, self._clock())
        async with self._turns.taken(upload):
            await run_sync(self._uploads.drop, found)
        return Response(status_code=204)

    async def sweeping(self) -> None:
        """Sweeps now and every hour, until cancelled."""
        while True:
            with suppress(problems.Problem):  # a busy or full database: the next hour will do
                await run_sync(self._uploads.sweep, self._clock())
            await asyncio.sleep(SWEEP_S)

    async def _caller(self, request: Request) -> Phone:
        phone = await run_sync(self._who, request)
        if request.headers.get("tus-resumable") != VERSION:
            raise problems.WrongTus(f"speak {VERSION}")
        return phone

    async def _received(self, request: Request, phone: Phone, name: str, offset: int) -> Upload:
        promised = headers.checksum(request)
        async with self._turns.taken(name):
            upload = await run_sync(self._uploads.find, phone, name, self._clock())
            if upload.reached != offset:
                raise problems.WrongOffset(f"at {upload.reached}")
            if upload.digest is None:
                await self._written(request, upload, promised)
                upload = await run_sync(self._uploads.find, phone, name, self._clock())
            if upload.digest is None and upload.reached == upload.length:
                upload = await run_sync(self._uploads.settle, upload, self._clock())
        return upload

    async def _written(self, request: Request, upload: Upload, promised: bytes | None) -> None:
        """Each piece goes to the disk as it comes, so that it counts when the road breaks."""
        folder, at, seen = self._uploads.folder, upload.reached, sha256()
        most = upload.length - upload.reached
        if int(request.headers.get("content-length", "0")) > most:
            raise problems.PhotoTooLarge(f"{most} bytes are missing")
        try:
            async for piece in request.stream():
                if at + len(piece) > upload.length:
                    await run_sync(folder.cut, upload.name, upload.reached)
                    raise problems.PhotoTooLarge(f"{most} bytes are missing")
                with CancelScope(shield=True):  # it has come: a newer request wants it counted
                    await run_sync(folder.write, upload.name, at, piece)
                at += len(piece)
                seen.update(piece)
        except ClientDisconnect as error:
            raise problems.Unreadable("the road broke") from error
        if promised is not None and not compare_digest(seen.digest(), promised):
            await run_sync(folder.cut, upload.name, upload.reached)
            raise problems.ChecksumMismatch


def routes(counter: Counter) -> APIRouter:
    """The addresses of the photo room."""
    router = APIRouter(route_class=_Spoken, include_in_schema=False)
    router.add_api_route(ROOM, counter.options, methods=["OPTIONS"])
    router.add_api_route(ROOM + "{upload}", counter.options, methods=["OPTIONS"])
    router.add_api_route(ROOM, counter.create, methods=["POST"])
    for method in (counter.head, counter.patch, counter.delete):
        router.add_api_route(ROOM + "{upload}", method, methods=[method.__name__.upper()])
    return router


def _stands(upload: Upload, status: int, more: dict[str, str] | None = None) -> Response:
    told = {"Upload-Offset": str(upload.reached), **(more or {})}
    told["Upload-Expires"] = format_datetime(upload.expires_at.astimezone(UTC), usegmt=True)
    if upload.digest:
        told["Photo-Digest"] = upload.digest
    return Response(status_code=status, headers=told)
