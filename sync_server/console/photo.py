"""GET /records/{id}/photos/{sha256}: a photo as it was sent, on demand; and …/thumbnail, what pages
show of it. Every view is an audit row (rule L11)."""

import re
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from sync_server.casework.review import note_photos_seen, note_view
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.listing import DIGEST, photo_digests
from sync_server.console.printer import PRIVATE, now, wording_of
from sync_server.console.record import row_for
from sync_server.console.sessions import Visitor
from sync_server.domain.roles import Permission
from sync_server.photos.thumbnails import NoThumbnail
from sync_server.problems import NotFound
from sync_server.store import photos
from sync_server.store.engine import DatabaseRow

HEADERS = {
    "Cache-Control": "no-store, private",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "inline",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DRAWING = (
    HEADERS | PRIVATE | {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
)
WORDS = {NoThumbnail.UNREADABLE: "photo.unshown", NoThumbnail.BUSY: "photo.busy"}
LINE_END = re.compile("(?<=[，,]) ?")


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/records/{record}/photos/{sha256}")
    @needs(Permission.SEE_PHOTOS)
    def show(request: Request, record: UUID, sha256: str) -> Response:
        return original(console, request, record, sha256)

    @router.get("/records/{record}/photos/{sha256}/page")
    @needs(Permission.SEE_PHOTOS)
    def page(request: Request, record: UUID, sha256: str) -> Response:
        return photo_page(console, request, record, sha256)

    @router.get("/records/{record}/photos/{sha256}/thumbnail")
    @needs(Permission.SEE_PHOTOS)
    async def thumbnail(request: Request, record: UUID, sha256: str) -> Response:
        visitor = await run_in_threadpool(_visitor, console, request, record, sha256)
        try:
            picture = await console.thumbnails.get(sha256)
        except FileNotFoundError as gone:
            raise NotFound from gone
        if isinstance(picture, NoThumbnail):
            return _words(console, request, WORDS[picture])
        await run_in_threadpool(note_photos_seen, console.store, visitor.staff, str(record), now())
        return Response(picture, media_type="image/jpeg", headers=HEADERS)


def original(console: ConsoleContext, request: Request, record: UUID, sha256: str) -> Response:
    """The photo as it was sent; each is a row of the audit log."""
    visitor = _visitor(console, request, record, sha256)
    try:
        content = console.photos.read(sha256)
    except FileNotFoundError as gone:
        raise NotFound from gone
    note_view(console.store, visitor.staff, f"{record}/{sha256[:16]}", "view_photo", now())
    return Response(content, media_type="image/jpeg", headers=HEADERS)


def photo_page(console: ConsoleContext, request: Request, record: UUID, sha256: str) -> Response:
    """The original in a page with a title; the view is noted when the photo is asked for."""
    row = _row(console, request, record, sha256)
    n = photo_digests(row.body["photos"]).index(sha256) + 1
    title = wording_of(request).say("photo.title", number=row.number, n=n)
    values = {"title": title, "photo": f"/records/{record}/photos/{sha256}"}
    return console.printer.page(request, "photo.html", values)


def _visitor(console: ConsoleContext, request: Request, record: UUID, sha256: str) -> Visitor:
    """Who asks. Raises NotFound if the record has no such finished photo."""
    _row(console, request, record, sha256)
    return console.visitor(request)


def _row(console: ConsoleContext, request: Request, record: UUID, sha256: str) -> DatabaseRow:
    """The record, if it has this photo and the photo is finished. Raises NotFound."""
    visitor = console.visitor(request)
    if not DIGEST.fullmatch(sha256):
        raise NotFound
    with console.store.reading() as tx:
        row = row_for(tx, visitor, record)
        body = row.body
        named = photo_digests(body.get("photos") if isinstance(body, dict) else ())
        if sha256 not in named or not photos.stored(tx, [sha256]):
            raise NotFound
    return row


def _words(console: ConsoleContext, request: Request, code: str) -> Response:
    """A picture that says why there is none: a page without scripts shows words no other way."""
    lines = LINE_END.split(wording_of(request).say(code))
    drawing = console.printer.pages.get_template("no_photo.svg").render(lines=lines)
    return Response(drawing, media_type="image/svg+xml", headers=DRAWING)
