"""Reads a posted form: small, plain, and only with its token."""

from hmac import compare_digest
from urllib.parse import parse_qsl

from fastapi import Request

from sync_server.problems import TooLarge

MOST_BYTES = 16 * 1024
MOST_FIELDS = 20
KIND = "application/x-www-form-urlencoded"

Form = dict[str, str]


class BadToken(Exception):
    """A form without the token of its session: forged, or older than the last sign-in."""


async def read_form(request: Request) -> Form:
    """The fields of the form, the last one of each name. Raises TooLarge before it is all read."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != KIND:
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
    """Raises BadToken unless the form carries `token`; takes the same time wherever they differ."""
    if not token or not compare_digest(form.get("csrf", "").encode(), token.encode()):
        raise BadToken
