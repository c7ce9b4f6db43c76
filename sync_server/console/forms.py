"""Reads a posted form, of limited size, and checks its token against forged requests (CSRF)."""

from hmac import compare_digest
from urllib.parse import parse_qsl

from fastapi import Request

from sync_server.problems import TooLarge

MOST_BYTES = 16 * 1024
MOST_FIELDS = 20
CONTENT_TYPE = "application/x-www-form-urlencoded"

Form = dict[str, str]


class BadToken(Exception):
    """The form does not carry its session's token: it is forged, or from before the last
    sign-in."""


async def read_form(request: Request) -> Form:
    """The fields of the form; of several with one name the last. Raises TooLarge without reading
    all of it, and BadToken for what is no form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != CONTENT_TYPE:
        raise BadToken
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise TooLarge
    try:
        fields = parse_qsl(body.decode("ascii"), True, errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadToken from error
    return {name: value.replace("\0", "").replace("\r\n", "\n") for name, value in fields}


def check_token(form: Form, token: str) -> None:
    """Raises BadToken unless the form carries `token`; compares in constant time."""
    if not token or not compare_digest(form.get("csrf", "").encode(), token.encode()):
        raise BadToken
