"""GET /audit: the audit log, newest first, read-only, for auditors."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contract.codelists import built_in
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.printer import now, wording_of
from sync_server.console.record_list import order_number
from sync_server.console.times import NO_TIME, ShownTime, shown_time
from sync_server.console.words import Wording, say_known
from sync_server.domain.roles import Permission
from sync_server.private_traceback import private_traceback
from sync_server.store import audit_log
from sync_server.store.engine import DatabaseRow
from sync_server.store.readable import ReadRow, UnreadableRow

log = logging.getLogger("xuncha")
SIZE = 50  # lines a page
MOST_ABOUT = 100  # characters, as in the log
RECORD = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
AGAIN = re.compile(r"x(\d+)")  # how often more: see store/audit_log.py


@dataclass(frozen=True, slots=True)
class AuditLine:
    n: int
    at: ShownTime
    staff: str
    what: str
    subject: str
    url: str  # of all rows about the same record; empty if it is about none
    reason: str
    hash: str


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/audit")
    @needs(Permission.READ_AUDIT)
    def show(request: Request) -> Response:
        before, wording = order_number(request.query_params.get("before")), wording_of(request)
        about = request.query_params.get("about", "").replace("\0", "")[:MOST_ABOUT]
        with console.store.reading() as tx:
            rows = audit_log.page(tx, before, SIZE + 1, about)
        shown, time = rows[:SIZE], now()
        lines = [listed_line(row, time, wording) for row in shown]
        values = {
            "title": wording.say("audit.title"),
            "section": "audit",
            "rows": lines,
            "is_later_page": before is not None,
            "older": _url(about, before=lines[-1].n) if len(rows) > SIZE else "",
            "newest": _url(about),
            "about": about,
        }
        return console.printer.page(request, "audit.html", values)


def listed_line(row: ReadRow, time: datetime, wording: Wording) -> AuditLine:
    """The row's line; of one that cannot be shown a line that says so, with its number."""
    if isinstance(row, UnreadableRow):
        return unshown_line(row.key.n, wording)
    try:
        return audit_line(row, time, wording)
    except Exception as error:
        log.error("audit row %r cannot be shown: %s", row.n, private_traceback(error))
        return unshown_line(row.n, wording)


def unshown_line(n: int, wording: Wording) -> AuditLine:
    return AuditLine(n, NO_TIME, "", wording.say("audit.unshown"), "", "", "", "")


def audit_line(row: DatabaseRow, time: datetime, wording: Wording) -> AuditLine:
    what = say_known(wording.say, f"audit.what.{row.what}", "audit.what.other", what=row.what)
    reason = row.reason
    if built_in().knows("reject_reason", reason):
        reason = wording.word("reject_reason", reason)
    if again := AGAIN.fullmatch(row.reason):
        reason = wording.say("audit.again", times=again[1])
    who = say_known(wording.say, f"audit.by.{row.staff}", "audit.by.other", staff=row.staff)
    at = shown_time(row.at, time, wording.say)
    return AuditLine(row.n, at, who, what, row.subject, _about(row.subject), reason, row.hash)


def _about(subject: str) -> str:
    """A record's id stands first in the subject, or in the address that was refused."""
    found = RECORD.search(subject)
    return _url(found[0]) if found else ""


def _url(about: str, **more: int) -> str:
    asked = urlencode(({"about": about} if about else {}) | more)
    return f"/audit?{asked}" if asked else "/audit"
