"""`/v1/photos/`: tus 1.0.0 over `uploads`; docs/protocol.md says what of it we speak."""

import asyncio
from contextlib import suppress
from datetime import UTC
from email.utils import format_datetime

import anyio.to_thread  # by its full name: a simulation has no threads
from fastapi import Request, Response

from contract.protocol import MAX_BYTES_TOGETHER
from sync_server import problems
from sync_server.photos import headers
from sync_server.photos.creation import UploadRequest
from sync_server.photos.multi_body import BodyPart, body_parts
from sync_server.photos.receiving import BYTES, UploadReceiver, authorization, check_tus_version
from sync_server.photos.request_body import IncomingBytes
from sync_server.photos.uploads import Upload, Uploads
from sync_server.settings import Clock

EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
SWEEP_S = 3600


class TusEndpoint:
    """Where photos are handed in."""

    def __init__(self, uploads: Uploads, clock: Clock, turn: asyncio.Lock) -> None:
        self._uploads, self._clock = uploads, clock
        self._receiving = UploadReceiver(uploads, clock, turn)

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
            await self._known(request)
            raise
        upload = await self._receiving.created(request, wish, body)
        return _stands(upload, 201, {"Location": upload.name})  # as seen from here

    async def together(self, request: Request) -> Response:
        """Several photos in one body: for each what `create` does, and one answer that names those
        that are stored. Why another is not, its phone hears when it sends that one alone."""
        try:
            wishes = _wishes(request)
        except problems.Problem:
            await self._known(request)
            raise
        parts = zip(
            wishes, body_parts(request.receive, [one.length for one in wishes]), strict=True
        )
        done = await asyncio.gather(*(self._one_of_them(request, *part) for part in parts))
        if stored := [one.digest for one in done if isinstance(one, Upload) and one.digest]:
            return Response(status_code=201, headers={"Photo-Digest": ", ".join(stored)})
        goes_on = problems.WrongOffset("it had begun alone")
        raise next((one for one in done if isinstance(one, Exception)), goes_on)

    async def _one_of_them(
        self, request: Request, wish: UploadRequest, piece: BodyPart
    ) -> Upload | Exception:
        try:
            await piece.turn()
            return await self._receiving.created(
                request, wish, IncomingBytes(piece, wish.length, None)
            )
        except Exception as error:
            return error
        finally:
            piece.leave()

    async def _known(self, request: Request) -> None:
        """Raises NotSignedIn or TokenRevoked: a stranger learns nothing else."""
        await anyio.to_thread.run_sync(self._uploads.know, authorization(request))

    async def head(self, request: Request) -> Response:
        """Whoever asks where it stands means to go on from there: an older writer is ended."""
        found = await self._receiving.stopped(request)
        told = {"Upload-Length": str(found.length), "Cache-Control": "no-store"}
        if found.metadata:
            told["Upload-Metadata"] = found.metadata
        return _stands(found, 200, told)

    async def patch(self, request: Request) -> Response:
        found = await self._receiving.found(request)
        if request.headers.get("content-type") != BYTES:
            raise problems.WrongType(BYTES)
        offset = headers.parse_number(request, "upload-offset")
        return _stands(await self._receiving.received(request, found, offset), 204)

    async def delete(self, request: Request) -> Response:
        await self._receiving.dropped(request)
        return Response(status_code=204)

    async def sweeping(self) -> None:
        """Sweeps now and every hour, until cancelled."""
        while True:
            with suppress(problems.Problem):  # a busy or full database: the next hour will do
                await anyio.to_thread.run_sync(self._uploads.sweep, self._clock())
            await asyncio.sleep(SWEEP_S)


def _wish(request: Request) -> tuple[UploadRequest, IncomingBytes | None]:
    check_tus_version(request)
    length, metadata = (
        headers.parse_number(request, "upload-length"),
        headers.parse_metadata(request),
    )
    wish = UploadRequest(
        authorization(request), length, headers.announced_digest(metadata), metadata
    )
    brings = request.headers.get("content-type") == BYTES
    return wish, IncomingBytes(request, length, headers.parse_checksum(request)) if brings else None


def _wishes(request: Request) -> list[UploadRequest]:
    check_tus_version(request)
    whose = authorization(request)
    wishes = [
        UploadRequest(whose, length, digest) for digest, length in headers.parse_photos(request)
    ]
    if sum(one.length for one in wishes) > MAX_BYTES_TOGETHER:
        raise problems.PhotoTooLarge(f"at most {MAX_BYTES_TOGETHER} bytes together")
    return wishes


def _stands(upload: Upload, status: int, more: dict[str, str] | None = None) -> Response:
    told = {"Upload-Offset": str(upload.reached), **(more or {})}
    told["Upload-Expires"] = format_datetime(upload.expires_at.astimezone(UTC), usegmt=True)
    if upload.digest:
        told["Photo-Digest"] = upload.digest
    return Response(status_code=status, headers=told)
