"""Encodes requests to the bureau and reads its responses; opens no connection."""

import gzip
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from contract import wire
from contract.protocol import ProblemDetails, SyncRequest
from contract.value import Value
from fieldapp.ports import Deferred, Offline, PhoneRevoked, Refused

V = TypeVar("V", bound=Value)
GZIP_HEADER_BYTES = len("Content-Encoding: gzip\r\n")
PROBLEM, PROBLEM_TYPE = "application/problem+json", "urn:xuncha:problem:"
TRY_LATER = {408, 425, 429}  # HTTP statuses below 500 that pass by themselves
QUOTA_USED, UNTOLD_S = (429, "quota_used"), 3600  # seconds, where a proxy took Retry-After away


class HttpResponse(Protocol):
    """A response that was read to its end."""

    @property
    def status_code(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def content(self) -> bytes: ...


def encode_batch(asked: SyncRequest, parcels: Sequence[bytes], at_least: int = 0) -> bytes:
    """The JSON of a sync request with the parcels' bytes in it exactly as they were sealed: the
    bureau checks their digest. White space at its beginning makes it `at_least` so many bytes
    long."""
    envelope = wire.to_terse_json(asked)
    envelope.pop("arrivals", None)
    encoded = wire.canonical(envelope)
    if parcels:
        encoded = b'{"arrivals":[' + b",".join(parcels) + b"]," + encoded[1:]
    return b"{" + encoded[1:].rjust(at_least)


def compress(content: bytes) -> tuple[bytes, dict[str, str]]:
    """The body to send and the header that belongs to it: zipped only if that makes the request
    shorter. The same content gives the same bytes at every try."""
    zipped, header = gzip.compress(content, mtime=0), {"Content-Encoding": "gzip"}
    saved = len(content) - len(zipped)
    return (zipped, header) if saved > GZIP_HEADER_BYTES else (content, {})


def read_reply(model: type[V], response: HttpResponse) -> V:
    """The value in a response of any success, for some proxies know no other than 200. Raises
    Offline or Refused; what is not the bureau's JSON, such as the login page of a hotel's network,
    is Offline."""
    if response.status_code // 100 != 2 or media_type(response) != "application/json":
        raise failure_of(response)
    try:
        return wire.decode(model, response.content.removeprefix(BOM_UTF8))
    except wire.Unreadable as error:
        raise Offline("not_the_bureau") from error


def failure_of(response: HttpResponse) -> Offline | Refused:
    """Maps a response that is not a success. Only a problem of the bureau's own type is its word:
    Refused unless it will pass, Deferred where it says when. Whatever a proxy or a login page says
    is Offline."""
    status, problem = response.status_code, problem_in(response)
    later = status >= 500 or status in TRY_LATER
    if problem and (status, problem.code) == QUOTA_USED:
        told = header_of(response, "retry-after")
        return Deferred(int(told) if told.isdecimal() and len(told) < 9 else UNTOLD_S)
    if problem:
        return Offline(problem.code) if later else _refused(problem, status)
    if later:
        return Offline("bureau_down")
    return Offline("body_too_large" if status == 413 else "not_the_bureau")


def problem_in(response: HttpResponse) -> ProblemDetails | None:
    """The bureau's own problem in a response; None if it is somebody else's, or none at all."""
    if response.status_code < 400 or media_type(response) != PROBLEM:
        return None
    try:
        problem = wire.decode(ProblemDetails, response.content.removeprefix(BOM_UTF8))
    except wire.Unreadable:
        return None
    is_own = problem.type == PROBLEM_TYPE + problem.code and problem.status == response.status_code
    return problem if is_own else None


def header_of(response: HttpResponse, name: str) -> str:
    """The value of a header that has one; a proxy may have repeated it. Empty if it is missing or
    if its values differ."""
    values = {value.strip() for value in response.headers.get(name, "").split(",")}
    return values.pop() if len(values) == 1 else ""


def media_type(response: HttpResponse) -> str:
    """Without parameters, in lower case."""
    return header_of(response, "content-type").partition(";")[0].strip().lower()


def _refused(problem: ProblemDetails, status: int) -> Refused:
    if problem.farewell and (status, problem.code) == (401, "token_revoked"):
        return PhoneRevoked(problem.farewell)
    return Refused(problem.code, status)
