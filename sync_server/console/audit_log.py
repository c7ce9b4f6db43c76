"""GET /audit: who looked at and decided what; read-only, for the auditor."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from sync_server.console.context import ConsoleContext
from sync_server.console.moments import Moment, moment
from sync_server.console.printer import now, reader_of
from sync_server.console.record_list import key
from sync_server.console.sheet import Wording
from sync_server.console.words import said
from sync_server.domain.roles import Permission
from sync_server.store import audit_log
from sync_server.store.engine import DatabaseRow

SIZE = 50


@dataclass(frozen=True, slots=True)
class AuditLine:
    n: int
    at: Moment
    staff: str
    what: str
    subject: str
    reason: str
    hash: str


def routes(router: APIRouter, desk: ConsoleContext) -> None:
    @router.get("/audit")
    def show(request: Request) -> Response:
        desk.visitor(request, Permission.READ_AUDIT)
        before, reader = key(request.query_params.get("before")), reader_of(request)
        with desk.store.reading() as tx:
            rows = audit_log.page(tx, before, SIZE + 1)
        shown, time = rows[:SIZE], now()
        lines = [audit_line(row, time, reader) for row in shown]
        things = {
            "title": reader.say("audit.title"),
            "room": "audit",
            "rows": lines,
            "newest": before is not None,
            "older": f"/audit?before={shown[-1].n}" if len(rows) > SIZE else "",
        }
        return desk.printer.page(request, "audit.html", things)


def audit_line(row: DatabaseRow, time: datetime, reader: Wording) -> AuditLine:
    what = said(reader.say, f"audit.what.{row.what}", "audit.what.other", what=row.what)
    reason = reader.word("reject_reason", row.reason)
    at = moment(row.at, time, reader.say)
    return AuditLine(row.n, at, row.staff, what, row.subject, reason, row.hash)
