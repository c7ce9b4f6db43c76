"""GET /records/{id}/photos/{sha256}: one photo; every view is an audit row (rule L11)."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from sync_server.casework.review import note_view
from sync_server.console.context import ConsoleContext
from sync_server.console.listing import DIGEST, photo_digests
from sync_server.console.printer import now
from sync_server.console.record import row_for
from sync_server.domain.roles import Permission
from sync_server.problems import NotFound
from sync_server.store import photos

HEADERS = {
    "Cache-Control": "no-store, private",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "inline",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/records/{record}/photos/{sha256}")
    def show(request: Request, record: UUID, sha256: str) -> Response:
        visitor = console.visitor(request, Permission.SEE_PHOTOS)
        if not DIGEST.fullmatch(sha256):
            raise NotFound
        with console.store.reading() as tx:
            named = photo_digests(row_for(tx, visitor, record))
            if sha256 not in named or not photos.stored(tx, [sha256]):
                raise NotFound
        try:
            content = console.photos.read(sha256)
        except FileNotFoundError as gone:
            raise NotFound from gone
        note_view(console.store, visitor.staff, f"{record}/{sha256[:16]}", "view_photo", now())
        return Response(content, media_type="image/jpeg", headers=HEADERS)
