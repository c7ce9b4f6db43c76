"""Encodes requests to the bureau and reads its responses; opens no connection."""

import gzip
from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from contract import wire
from contract.protocol import ProblemDetails, SyncRequest
from contract.value import Value
from fieldapp.ports import Offline, PhoneRevoked, Refused

V = TypeVar("V", bound=Value)
GZIP_HEADER_BYTES = len("Content-Encoding: gzip\r\n")
TRY_LATER = {408, 425, 429}  # HTTP statuses below 500 that pass by themselves


class HttpResponse(Protocol):
    """A response that was read to its end."""

    @property
    def status_code(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def content(self) -> bytes: ...


def encode_batch(asked: SyncRequest, parcels: Sequence[bytes]) -> bytes:
    """The JSON of a sync request with the parcels' bytes in it exactly as they were sealed: the
    bureau checks their digest."""
    envelope = wire.to_terse_json(asked)
    envelope.pop("arrivals", None)
    encoded = wire.canonical(envelope)
    return b'{"arrivals":[' + b",".join(parcels) + b"]," + encoded[1:] if parcels else encoded


def compress(content: bytes) -> tuple[bytes, dict[str, str]]:
    """The body to send and the header that belongs to it: zipped only if that makes the request
    shorter. The same content gives the same bytes at every try."""
    zipped, header = gzip.compress(content, mtime=0), {"Content-Encoding": "gzip"}
    saved = len(content) - len(zipped)
    return (zipped, header) if saved > GZIP_HEADER_BYTES else (content, {})


def read_reply(model: type[V], response: HttpResponse, status: int) -> V:
    """The value in a response of this status. Raises Offline or Refused; what is not the bureau's
    JSON, such as the login page of a hotel's network, is Offline."""
    if response.status_code != status or _media_type(response) != "application/json":
        raise failure_of(response)
    try:
        return wire.decode(model, response.content)
    except wire.Unreadable as error:
        raise Offline("not_the_bureau") from error


def failure_of(response: HttpResponse) -> Offline | Refused:
    """Maps a response that is not a success: a problem that the bureau explains is Refused unless
    it will pass, everything else is Offline."""
    later = response.status_code >= 500 or response.status_code in TRY_LATER
    if response.status_code >= 400 and _media_type(response) == "application/problem+json":
        try:
            problem = wire.decode(ProblemDetails, response.content)
        except wire.Unreadable:
            return Offline("bureau_down" if later else "not_the_bureau")
        return Offline(problem.code) if later else _refused(problem, response.status_code)
    if later:
        return Offline("bureau_down")
    if response.status_code == 413:  # a proxy before the bureau says so in words of its own
        return Refused("body_too_large", 413)
    return Offline("not_the_bureau")


def _refused(problem: ProblemDetails, status: int) -> Refused:
    if problem.farewell and (status, problem.code) == (401, "token_revoked"):
        return PhoneRevoked(problem.farewell)
    return Refused(problem.code, status)


def _media_type(response: HttpResponse) -> str:
    return response.headers.get("content-type", "").partition(";")[0].strip().lower()
