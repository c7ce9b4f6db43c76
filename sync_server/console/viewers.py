"""GET /records/{id}/viewers: a page says that its record is still open, and is told who else has it
open. No lock: whoever is second may decide."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from sync_server.console.access import asked_by_script, needs
from sync_server.console.context import ConsoleContext
from sync_server.console.printer import PRIVATE, now, wording_of
from sync_server.console.record import row_to_show
from sync_server.console.who_looks import note_looking, others
from sync_server.domain.roles import Permission


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/records/{record}/viewers")
    @needs(Permission.READ_RECORDS)
    @asked_by_script
    def show(request: Request, record: UUID) -> Response:
        visitor, time = console.visitor(request), now()
        with console.store.reading() as tx:
            row_to_show(tx, visitor, record)
            said = others(tx, str(record), visitor.staff, time, wording_of(request))
        note_looking(console.store, str(record), visitor.staff, time)
        return PlainTextResponse(said, headers=PRIVATE)
