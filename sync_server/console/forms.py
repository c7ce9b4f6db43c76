"""Reads a posted form, of limited size, and checks its token against forged requests (CSRF)."""

from collections.abc import AsyncGenerator
from hmac import compare_digest
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from sync_server.problems import TooLarge

MOST_BYTES = 16 * 1024
MOST_FIELDS = 40
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


async def read_form_with_file(request: Request, most: int) -> tuple[Form, bytes]:
    """The fields of a form and the one file in it, of at most `most` bytes together. Raises
    TooLarge, and BadToken for what is no such form."""

    async def pieces() -> AsyncGenerator[bytes, None]:
        came = 0
        async for piece in request.stream():
            came += len(piece)
            if came > most + MOST_BYTES:
                raise TooLarge
            yield piece

    try:
        parser = MultiPartParser(request.headers, pieces(), max_files=1, max_fields=MOST_FIELDS)
        parts = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise BadToken from error
    fields = {name: part for name, part in parts.items() if isinstance(part, str)}
    files = [part for part in parts.values() if isinstance(part, UploadFile)]
    content = await files[0].read() if files else b""
    await parts.close()
    return fields, content


def check_token(form: Form, token: str) -> None:
    """Raises BadToken unless the form carries `token`; compares in constant time."""
    if not token or not compare_digest(form.get("csrf", "").encode(), token.encode()):
        raise BadToken
