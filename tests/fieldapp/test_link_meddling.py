"""Whatever a network answers in the bureau's place: properties of the phone's end of the link."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import wire
from contract.protocol import SyncReply, WantedPhoto
from fieldapp.adapters.http_messages import failure_of, header_of, problem_in, read_reply
from fieldapp.adapters.httpx_link import ReadResponse
from fieldapp.adapters.tus import PHOTOS_PATH, PhotoBytes, TusUpload
from fieldapp.ports import Offline

JPEG = b"\xff\xd8" + bytes(range(256)) * 60
NAME = sha256(JPEG).hexdigest()
UPLOAD = f"{PHOTOS_PATH}u1"
STATUSES = st.sampled_from((200, 201, 204, 302, 400, 401, 403, 404, 405, 410, 413, 422, 500, 502))
KINDS = st.sampled_from(
    ("", "text/html", "text/plain", "application/json", "application/problem+json; charset=utf-8")
)
BODIES = st.one_of(
    st.binary(max_size=40),
    st.dictionaries(
        st.sampled_from(("type", "title", "status", "code", "detail")),
        st.sampled_from((400, 403, 422, "about:blank", "unreadable", "urn:xuncha:problem:x")),
    ).map(wire.canonical),
)


@st.composite
def foreign(draw: st.DrawFn) -> ReadResponse:
    """What some program answers that is not the bureau."""
    headers = {"content-type": draw(KINDS)}
    for name in ("upload-offset", "location", "photo-digest"):
        if draw(st.integers(0, 4)) == 0:
            headers[name] = draw(st.sampled_from(("", "0", "x", "999999", "http://evil/", "u2")))
    return ReadResponse(draw(STATUSES), httpx.Headers(headers), draw(BODIES))


@given(foreign())
def test_nobody_else_refuses(response: ReadResponse) -> None:
    assert problem_in(response) is None
    if response.status_code >= 300:
        assert isinstance(failure_of(response), Offline)
    with pytest.raises(Offline):
        read_reply(SyncReply, response)


@given(st.lists(st.sampled_from(("5", " 5", "5 ", "6")), min_size=1, max_size=4))
def test_a_repeated_header_says_one_thing_or_nothing(values: Sequence[str]) -> None:
    said = header_of(ReadResponse(200, httpx.Headers([("n", v) for v in values]), b""), "n")
    assert said == (values[0].strip() if len({v.strip() for v in values}) == 1 else "")


@dataclass
class Network:
    """A truthful bureau behind a network that answers as `script` says, request by request: a
    response is its own, None passes on, a number of bytes cuts the request, True loses the answer.
    After the script it behaves."""

    script: list[ReadResponse | int | bool | None]
    kept: bytes = b""
    here: bool = False
    calls: list[str] = field(default_factory=list)

    async def __call__(
        self, method: str, path: str, headers: dict[str, str], content: PhotoBytes | None
    ) -> ReadResponse:
        self.calls.append(method)
        body = b"".join([piece async for piece in content.chunks()]) if content else b""
        does = self.script.pop(0) if self.script else None
        if isinstance(does, ReadResponse):
            return does
        is_cut = isinstance(does, int) and does is not True
        answer = self._bureau(
            headers.get("X-HTTP-Method-Override", method),
            path,
            headers,
            body,
            does if isinstance(does, int) and is_cut else len(body),
        )
        if does is not None:
            raise Offline("no_road")
        return answer

    def _bureau(
        self, method: str, path: str, headers: dict[str, str], body: bytes, came: int
    ) -> ReadResponse:
        if path != PHOTOS_PATH and not (self.here and path == UPLOAD):
            return _problem("not_found", 404)
        if path == PHOTOS_PATH:
            self.here = True
            self.kept += body[len(self.kept) : came]
        elif method == "PATCH" and int(headers["Upload-Offset"]) != len(self.kept):
            return _problem("wrong_offset", 409)
        elif method == "PATCH":
            self.kept += body[:came]
        said = {"upload-offset": str(len(self.kept)), "location": "u1"}
        if self.kept == JPEG:
            said["photo-digest"] = NAME
        status = {"POST": 201, "PATCH": 204}.get(method, 200)
        return ReadResponse(status, httpx.Headers(said), b"")


def _problem(code: str, status: int) -> ReadResponse:
    body = {"code": code, "status": status, "type": f"urn:xuncha:problem:{code}"}
    kind = {"content-type": "application/problem+json"}
    return ReadResponse(status, httpx.Headers(kind), wire.canonical(body))


@given(
    st.lists(st.one_of(st.none(), st.just(True), st.integers(0, len(JPEG)), foreign()), max_size=12)
)
def test_a_photo_arrives_whatever_the_network_does_and_is_never_refused(
    script: list[ReadResponse | int | bool | None],
) -> None:
    """On the next trips the bureau says in a sync call how far it is; then the photo goes on."""
    network, told = Network(script), list[int]()

    async def trips() -> None:
        for _ in range(len(script) + 2):
            wanted = WantedPhoto(sha256=NAME)
            if network.here and network.kept:
                wanted = WantedPhoto(sha256=NAME, offset=len(network.kept), upload="/v1/photos/u1")
            try:
                await TusUpload(network, JPEG, told.append).finish(wanted)
            except Offline:
                assert told[-1:] != [len(JPEG)] or network.kept == JPEG
            else:
                return
        raise AssertionError("it never arrived")

    asyncio.run(trips())
    assert network.kept == JPEG
