"""Handlers of `/v1/photos/`: tus 1.0.0; docs/protocol.md says which parts of it are supported."""

import asyncio
from contextlib import suppress
from datetime import UTC
from email.utils import format_datetime

import anyio.to_thread  # by its full name: a simulation has no threads
from fastapi import Request, Response

from sync_server import problems
from sync_server.photos import headers
from sync_server.photos.creation import UploadRequest
from sync_server.photos.receiving import BYTES, UploadReceiver, authorization, check_tus_version
from sync_server.photos.request_body import IncomingBytes
from sync_server.photos.uploads import Upload, Uploads
from sync_server.settings import Clock

EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
SWEEP_S = 3600


class TusEndpoint:
    """One method for each request of tus. Each reads the headers, calls UploadReceiver, and writes
    the response."""

    def __init__(self, uploads: Uploads, clock: Clock, work_lock: asyncio.Lock) -> None:
        self._uploads, self._clock = uploads, clock
        self._receiving = UploadReceiver(uploads, clock, work_lock)

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
            asked, body = _parse_creation(request)
        except problems.Problem:
            await self._authenticate(request)
            raise
        upload = await self._receiving.create(request, asked, body)
        location = {"Location": upload.name}  # relative to the address of this request
        return _upload_response(upload, 201, location)

    async def _authenticate(self, request: Request) -> None:
        """Raises NotSignedIn or TokenRevoked: who is unknown is told of no other problem."""
        await anyio.to_thread.run_sync(self._uploads.authenticate, authorization(request))

    async def head(self, request: Request) -> Response:
        """Where the upload stands. Who asks is about to append from there, so a request that still
        writes to it is cancelled."""
        found = await self._receiving.find_and_stop_writer(request)
        more = {"Upload-Length": str(found.length), "Cache-Control": "no-store"}
        if found.metadata:
            more["Upload-Metadata"] = found.metadata
        return _upload_response(found, 200, more)

    async def patch(self, request: Request) -> Response:
        found = await self._receiving.find(request)
        if not _is_bytes(request):
            raise problems.WrongType(BYTES)
        offset = headers.parse_number(request, "upload-offset")
        return _upload_response(await self._receiving.append(request, found, offset), 204)

    async def delete(self, request: Request) -> Response:
        await self._receiving.delete(request)
        return Response(status_code=204)

    async def sweep_forever(self) -> None:
        """Sweeps now and every hour, until cancelled."""
        while True:
            with suppress(problems.Problem):  # busy or full: it is tried again in an hour
                await anyio.to_thread.run_sync(self._uploads.sweep, self._clock())
            await asyncio.sleep(SWEEP_S)


def _parse_creation(request: Request) -> tuple[UploadRequest, IncomingBytes | None]:
    check_tus_version(request)
    if "upload-defer-length" in request.headers:  # not supported; beside a length it is no request
        raise problems.BadHeader("Upload-Defer-Length")
    length = headers.parse_number(request, "upload-length")
    metadata = headers.parse_metadata(request)
    digest = headers.announced_digest(metadata)
    asked = UploadRequest(authorization(request), length, digest, metadata)
    if not _is_bytes(request):
        return asked, None
    return asked, IncomingBytes(request, length, headers.parse_checksum(request))


def _is_bytes(request: Request) -> bool:
    """Media types have no case, and may have parameters (RFC 9110, 8.3.1)."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == BYTES


def _upload_response(upload: Upload, status: int, more: dict[str, str] | None = None) -> Response:
    fields = {"Upload-Offset": str(upload.reached), **(more or {})}
    fields["Upload-Expires"] = format_datetime(upload.expires_at.astimezone(UTC), usegmt=True)
    if upload.digest:
        fields["Photo-Digest"] = upload.digest
    return Response(status_code=status, headers=fields)
