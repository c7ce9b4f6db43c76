"""`/v1/photos/`: tus 1.0.0 over `uploads`; docs/protocol.md says what of it we speak."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from datetime import UTC
from email.utils import format_datetime

from anyio import CancelScope
from anyio.to_thread import run_sync
from fastapi import Request, Response

from sync_server import headers, problems
from sync_server.beginnings import Wish
from sync_server.groups import Groups
from sync_server.incoming import Body, Incoming
from sync_server.keeping import Keeper, Whole
from sync_server.settings import Clock
from sync_server.turns import Turns
from sync_server.uploads import Upload, Uploads

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
BYTES = "application/offset+octet-stream"
SWEEP_S = 3600
TOGETHER, HEAVY = 64, 8 * 1024 * 1024  # uploads and their bytes in one transaction


class Counter:
    """Where photos are handed in."""

    def __init__(self, uploads: Uploads, clock: Clock, turn: asyncio.Lock) -> None:
        self._uploads, self._clock, self._turns = uploads, clock, Turns()
        begin = lambda those: uploads.begin(those, clock())  # noqa: E731
        self._begin = Groups[Wish, Upload](begin, TOGETHER, turn=turn)
        keeper, weigh = Keeper(uploads), lambda one: one.upload.length
        keep = lambda those: keeper.keep(those, clock())  # noqa: E731
        self._keep = Groups[Whole, Upload](keep, TOGETHER, HEAVY, weigh, turn)

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
            wish, body = _wish(request)
        except problems.Problem:
            await run_sync(self._uploads.know, _token(request))  # a stranger learns nothing else
            raise
        async with self._turn_to_create(wish):
            if body:
                upload = await self._brought(request, wish, body)
            else:
                upload = await self._all_came(request, await self._begun(wish))
        return _stands(upload, 201, {"Location": upload.name})  # as seen from here

    async def _brought(self, request: Request, wish: Wish, body: Body) -> Upload:
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
        return await self._received(request, upload, 0, body)

    async def _rescued(self, wish: Wish, body: Body) -> None:
        """What came before the road broke, or before a newer request took over, counts."""
        with CancelScope(shield=True), suppress(problems.Problem):
            if body.waiting:
                upload = await self._begin.take(wish)
                if not (upload.reached or upload.digest):
                    await Incoming(upload, self._uploads.folder, body).flush()

    async def _begun(self, wish: Wish) -> Upload:
        """Where it stands, even when a newer request takes over: what has come counts."""
        with CancelScope(shield=True):
            upload = await self._begin.take(wish)
        return upload

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
        offset = headers.number(request, "upload-offset")
        return _stands(await self._received(request, found, offset), 204)

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
        """Also when a newer request takes over meanwhile."""
        _speak(request)
        name = name or request.path_params["upload"]
        with CancelScope(shield=True):
            found = await run_sync(self._uploads.find, _token(request), name, self._clock())
        return found

    async def _received(
        self, request: Request, upload: Upload, offset: int, body: Body | None = None
    ) -> Upload:
        promised = headers.checksum(request)
        async with self._turns.taken(upload.name):
            upload = await self._found(request, upload.name)
            if upload.reached != offset:
                raise problems.WrongOffset(f"at {upload.reached}")
            if upload.digest is None:
                body = body or Body(request, upload.length - upload.reached, promised)
                upload = await self._written(upload, body)
        return upload

    async def _written(self, upload: Upload, body: Body) -> Upload:
        incoming = Incoming(upload, self._uploads.folder, body)
        await incoming.arrive()
        if incoming.upload.reached + body.waiting == upload.length:
            return await self._settled(incoming.upload, body.rest)
        await incoming.flush()
        return incoming.upload

    async def _all_came(self, request: Request, upload: Upload) -> Upload:
        """The program ended before it could say so; or another request is about to."""
        with suppress(problems.WrongOffset):
            async with self._turns.taken(upload.name):
                upload = await self._found(request, upload.name)
                if upload.digest is None and upload.reached == upload.length:
                    upload = await self._settled(upload, b"")
        return upload

    async def _settled(self, upload: Upload | Wish, rest: bytes) -> Upload:
        with CancelScope(shield=True):  # it has come: a newer request waits until it counts
            kept = await self._keep.take(Whole(upload, rest))
        return kept


def _speak(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise problems.WrongTus(f"speak {VERSION}")


def _token(request: Request) -> str:
    return request.headers.get("authorization", "")


def _wish(request: Request) -> tuple[Wish, Body | None]:
    _speak(request)
    length, metadata = headers.number(request, "upload-length"), headers.metadata(request)
    wish = Wish(_token(request), length, headers.announced(metadata), metadata)
    brings = request.headers.get("content-type") == BYTES
    return wish, Body(request, length, headers.checksum(request)) if brings else None


def _stands(upload: Upload, status: int, more: dict[str, str] | None = None) -> Response:
    told = {"Upload-Offset": str(upload.reached), **(more or {})}
    told["Upload-Expires"] = format_datetime(upload.expires_at.astimezone(UTC), usegmt=True)
    if upload.digest:
        told["Photo-Digest"] = upload.digest
    return Response(status_code=status, headers=told)
