"""Keeps what an officer had written about a record while they have to sign in again: in a cookie,
out of reach of scripts, for an hour."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from sync_server.console.cookies import Cookie
from sync_server.settings import Settings

UNSAVED = Cookie("xuncha_unsaved", age=3600, same_site="strict")
FIELDS = ("staff", "to", "reason", "comment")
MOST = 300  # characters of a comment, which may have 200: a cookie of 4 KB holds no more


def keep(settings: Settings, request: Request, answer: Response, form: Mapping[str, str]) -> None:
    """Keeps the decision of this form with the answer that sends its sender to the sign-in."""
    record = request.path_params.get("record", "")
    if not record or not form.get("comment", "").strip():
        return
    kept = {name: form.get(name, "")[:MOST] for name in FIELDS} | {"record": str(record)}
    UNSAVED.set(settings, request, answer, urlencode(kept))


def kept(settings: Settings, request: Request, staff: str, record: UUID) -> dict[str, str] | None:
    """What this duty post had written about this record from this browser; None for nothing."""
    form = dict(parse_qsl(UNSAVED.read(settings, request)))
    is_theirs = form.get("staff") == staff and form.get("record") == str(record)
    return form if is_theirs else None
