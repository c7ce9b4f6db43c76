"""What goes on the road and what came back, as bytes: no connection is opened here."""

import gzip
from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from contract import wire
from contract.protocol import ProblemDetails, SyncRequest
from contract.value import Value
from fieldapp.ports import Offline, PhoneRevoked, Refused

V = TypeVar("V", bound=Value)
SAID_ZIPPED = len("Content-Encoding: gzip\r\n")
BUSY = {408, 425, 429}


class HttpResponse(Protocol):
    """A whole response."""

    @property
    def status_code(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def content(self) -> bytes: ...


def encode_batch(asked: SyncRequest, parcels: Sequence[bytes]) -> bytes:
    """The sealed bytes stand in the batch exactly as they are: their digest is what counts."""
    envelope = wire.to_terse_json(asked)
    envelope.pop("arrivals", None)
    words = wire.canonical(envelope)
    return b'{"arrivals":[' + b",".join(parcels) + b"]," + words[1:] if parcels else words


def compress(content: bytes) -> tuple[bytes, dict[str, str]]:
    """The content as it travels and the header that says so, where that makes it shorter."""
    small, header = gzip.compress(content, mtime=0), {"Content-Encoding": "gzip"}
    saved = len(content) - len(small)
    return (small, header) if saved > SAID_ZIPPED else (content, {})


def read_reply(model: type[V], said: HttpResponse, status: int) -> V:
    """The value in a reply; a login page of some hotel is none. Raises Offline or Refused."""
    if said.status_code != status or _kind(said) != "application/json":
        raise failure_of(said)
    try:
        return wire.decode(model, said.content)
    except wire.Unreadable as error:
        raise Offline("not_the_bureau") from error


def failure_of(said: HttpResponse) -> Offline | Refused:
    """What an answer that is no yes means: a problem of the bureau's is news, all else is road."""
    later = said.status_code >= 500 or said.status_code in BUSY
    if said.status_code >= 400 and _kind(said) == "application/problem+json":
        try:
            problem = wire.decode(ProblemDetails, said.content)
        except wire.Unreadable:
            return Offline("bureau_down" if later else "not_the_bureau")
        return Offline(problem.code) if later else _refused(problem, said.status_code)
    if later:
        return Offline("bureau_down")
    if said.status_code == 413:  # a proxy before the bureau says so in its own words
        return Refused("body_too_large", 413)
    return Offline("not_the_bureau")


def _refused(problem: ProblemDetails, status: int) -> Refused:
    if problem.farewell and (status, problem.code) == (401, "token_revoked"):
        return PhoneRevoked(problem.farewell)
    return Refused(problem.code, status)


def _kind(said: HttpResponse) -> str:
    return said.headers.get("content-type", "").partition(";")[0].strip().lower()
