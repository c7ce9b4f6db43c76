"""The road over HTTP, against a real socket: what is sent, what is believed, what is told."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from hashlib import sha256

import httpx
import pytest

from contract import wire
from contract.protocol import Enrolment, EnrolmentRequest, SyncReply, SyncRequest, WantedPhoto
from contract.revocation import RevocationNotice
from fieldapp.adapters import httpx_link
from fieldapp.adapters.http_messages import compress, encode_batch
from fieldapp.adapters.httpx_link import HttpxLink, parse_address
from fieldapp.adapters.tus import PhotoBytes
from fieldapp.ports import Offline, PhoneRevoked, Refused
from tests.builders import NOON, SERVER_NOON, a_parcel
from tests.fieldapp.a_door import Call, Door, Reply, refused, said
from tests.fieldapp.fakes import TOKEN, FakeCredentials

pytestmark = pytest.mark.asyncio

ASKED = SyncRequest(protocol=1, sent_at=NOON, cursor=3, app="0.1.0")
NEWS = SyncReply(server_time=SERVER_NOON, cursor=4)
JPEG = b"\xff\xd8" + bytes(range(256)) * 400
NAME = sha256(JPEG).hexdigest()
UPLOAD = "/v1/photos/u1"


@asynccontextmanager
async def linked(
    *script: Reply, answer: Callable[[Call], Reply] | None = None
) -> AsyncIterator[tuple[Door, HttpxLink]]:
    async with Door(*script, answer=answer) as door:
        link = HttpxLink(FakeCredentials(door.address))
        try:
            yield door, link
        finally:
            await link.close()


async def trouble(reply: Reply) -> Offline | Refused:
    async with linked(reply) as (_, link):
        with pytest.raises((Offline, Refused)) as raised:
            await link.sync(ASKED, [])
        assert isinstance(raised.value, Offline | Refused)
        return raised.value


async def test_sealed_bytes_travel_exactly_as_they_are() -> None:
    odd = b'{"body": {"b":1.50, "a":"\xe7\x81\xaf"},"kind":"report"}'  # not canonical: an old app's
    parcel = a_parcel(note="路灯下 " * 150)
    async with linked(said(NEWS)) as (door, link):
        assert await link.sync(ASKED, [odd, parcel.raw]) == NEWS
    call = door.calls[0]
    body = gzip.decompress(call.body)
    assert (call.method, call.path) == ("POST", "/v1/sync")
    assert body.startswith(b'{"arrivals":[' + odd + b",")
    whole = wire.decode(SyncRequest, body)
    assert whole.changed(arrivals=()) == ASKED
    assert wire.digest(whole.arrivals[1]) == parcel.digest


@pytest.mark.parametrize("parcels", [0, 1, 2])
async def test_a_body_is_zipped_where_that_makes_the_request_shorter(parcels: int) -> None:
    raws = [a_parcel().raw for _ in range(parcels)]
    async with linked(said(NEWS)) as (door, link):
        await link.sync(ASKED, raws)
    [call] = door.calls
    plain = encode_batch(ASKED, raws)
    if call.headers.get("content-encoding") == "gzip":
        assert len(call.body) + len("Content-Encoding: gzip\r\n") < len(plain)
        assert gzip.decompress(call.body) == plain
    else:
        assert parcels == 0 and call.body == plain


async def test_a_body_that_zipping_would_lengthen_goes_as_it_is() -> None:
    assert compress(b"0123456789") == (b"0123456789", {})
    assert compress(b"0" * 200)[1] == {"Content-Encoding": "gzip"}


async def test_the_same_batch_is_the_same_bytes_at_every_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = encode_batch(ASKED, [a_parcel().raw])
    first = compress(body)
    monkeypatch.setattr(time, "time", lambda: 1e9)
    assert compress(body) == first


async def test_the_token_goes_with_every_call_and_only_there() -> None:
    async with linked(said(NEWS)) as (door, link):
        await link.sync(ASKED, [])
    assert door.calls[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN.encode() not in door.calls[0].body


async def test_no_proxy_of_the_environment_sees_a_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    async with linked(said(NEWS)) as (_, link):
        assert await link.sync(ASKED, []) == NEWS


async def test_a_zipped_reply_is_read() -> None:
    zipped = gzip.compress(wire.encode(NEWS))
    reply = Reply(200, zipped, {"Content-Encoding": "gzip"}, "application/json")
    async with linked(reply) as (_, link):
        assert await link.sync(ASKED, []) == NEWS


async def test_a_phone_enrols_without_a_token() -> None:
    enrolment = Enrolment(
        token="t" * 43,
        device="d1",
        author="wg0301",
        bureau="9999",
        bureau_name="示例旗教体局",
        server_time=SERVER_NOON,
    )
    async with Door(said(enrolment, 201)) as door:
        link = HttpxLink(FakeCredentials())
        assert await link.enrol(EnrolmentRequest(code="ABCD-1234"), door.address) == enrolment
        await link.close()
    call = door.calls[0]
    assert (call.method, call.path) == ("POST", "/v1/enrolments")
    assert "authorization" not in call.headers
    assert wire.decode(EnrolmentRequest, call.body).code == "ABCD-1234"


async def test_before_enrolment_there_is_no_road() -> None:
    link = HttpxLink(FakeCredentials())
    with pytest.raises(Refused, match="not_enrolled"):
        await link.sync(ASKED, [])
    await link.close()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<html>Welcome to the hotel</html>", kind="text/html"),
        Reply(302, b"", {"Location": "http://127.0.0.1:9/login"}),
        Reply(200, wire.encode(NEWS), kind="text/html"),
        Reply(403, b"<html>blocked</html>", kind="text/html"),
        Reply(200, b"{}", kind="application/json"),
        Reply(200, b'{"server_time": "now"', kind="application/json"),
        Reply(200, b"no gzip", {"Content-Encoding": "gzip"}, "application/json"),
        Reply(404, b'{"code": "b a d", "status": 404}', kind="application/problem+json"),
        Reply(204),
    ],
)
async def test_what_is_not_the_bureau_is_not_believed(reply: Reply) -> None:
    found = await trouble(reply)
    assert isinstance(found, Offline) and found.why == "not_the_bureau"


@pytest.mark.parametrize("status", [500, 502, 503, 504, 507, 429, 408])
async def test_a_bureau_that_is_down_is_asked_again_later(status: int) -> None:
    reply = Reply(status, b"{}", {"Retry-After": "60"}, "application/problem+json")
    found = await trouble(reply)
    assert isinstance(found, Offline) and found.why == "bureau_down"


@pytest.mark.parametrize(
    ("code", "status"),
    [("token_revoked", 401), ("contract_too_old", 426), ("batch_too_large", 413)],
)
async def test_the_bureaus_no_is_told_by_its_code(code: str, status: int) -> None:
    found = await trouble(refused(code, status))
    assert isinstance(found, Refused) and (found.code, found.status) == (code, status)


async def test_a_proxy_that_finds_the_body_too_large_is_not_the_bureau() -> None:
    found = await trouble(Reply(413, b"<html>nginx</html>", kind="text/html"))
    assert isinstance(found, Offline) and found.why == "body_too_large"


@pytest.mark.parametrize(
    "problem",
    [
        {"code": "unreadable", "status": 400},
        {"code": "unreadable", "status": 400, "type": "about:blank"},
        {"code": "unreadable", "status": 400, "type": "https://gateway.example/unreadable"},
        {"code": "unreadable", "status": 400, "type": "urn:xuncha:problem:not_json"},
        {"code": "unreadable", "status": 422, "type": "urn:xuncha:problem:unreadable"},
        {"status": 400, "type": "urn:xuncha:problem:unreadable"},
    ],
)
async def test_another_programs_problem_is_not_the_bureaus_word(problem: dict[str, object]) -> None:
    reply = Reply(400, wire.canonical(problem), kind="application/problem+json")
    found = await trouble(reply)
    assert isinstance(found, Offline) and found.why == "not_the_bureau"


@pytest.mark.parametrize(
    "kind",
    [
        "application/problem+json; charset=utf-8",
        "Application/Problem+JSON",
        "application/problem+json, application/problem+json",
    ],
)
async def test_the_bureaus_word_is_known_whatever_was_added_to_its_type(kind: str) -> None:
    said_no = refused("contract_too_old", 426)
    found = await trouble(Reply(426, b"\xef\xbb\xbf" + said_no.body, kind=kind))
    assert isinstance(found, Refused) and found.code == "contract_too_old"


@pytest.mark.parametrize("status", [400, 415, 422])
async def test_what_arrives_only_unzipped_is_sent_so_from_then_on(status: int) -> None:
    raws = [a_parcel(note="路灯下 " * 150).raw]

    def unzipping(call: Call) -> Reply:
        zipped = "content-encoding" in call.headers
        return refused("unreadable", status) if zipped else said(NEWS)

    async with linked(answer=unzipping) as (door, link):
        for _ in range(httpx_link.PLAIN_CALLS + 2):
            assert await link.sync(ASKED, raws) == NEWS
    zipped = ["content-encoding" in call.headers for call in door.calls]
    again = [True, *[False] * (httpx_link.PLAIN_CALLS + 1)]
    assert zipped == [*again, True, False]
    assert raws[0] in door.calls[1].body


async def test_what_cannot_be_read_unzipped_either_is_told() -> None:
    raws = [a_parcel(note="路灯下 " * 150).raw]
    async with linked(refused("unreadable", 400), refused("not_json", 400)) as (door, link):
        with pytest.raises(Refused, match="not_json"):
            await link.sync(ASKED, raws)
    assert len(door.calls) == 2


async def test_a_call_that_proves_the_way_is_as_long_as_asked_and_not_zipped() -> None:
    async with linked(said(NEWS)) as (door, link):
        await link.sync(ASKED, [], plain_bytes=5_000)
    [call] = door.calls
    assert "content-encoding" not in call.headers and len(call.body) == 5_001
    assert wire.parse_json(call.body) == wire.to_terse_json(ASKED)


async def test_a_lost_reply_is_no_road() -> None:
    found = await trouble(Reply(cut_after=0))
    assert isinstance(found, Offline) and found.why == "no_road"


async def test_a_closed_door_is_no_road() -> None:
    async with Door() as door:
        address = door.address
    link = HttpxLink(FakeCredentials(address))
    with pytest.raises(Offline, match="no_road"):
        await link.sync(ASKED, [])
    await link.close()


async def test_silence_is_told_as_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpx_link, "TIMEOUT", httpx.Timeout(0.2))
    found = await trouble(Reply(silent=True))
    assert isinstance(found, Offline) and found.why == "timed_out"


async def test_a_reply_that_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpx_link, "MAX_REPLY_BYTES", 1000)
    bomb = gzip.compress(b" " * 1_000_000 + wire.encode(NEWS))
    found = await trouble(Reply(200, bomb, {"Content-Encoding": "gzip"}, "application/json"))
    assert isinstance(found, Offline) and found.why == "not_the_bureau"


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        (" bureau.example ", "https://bureau.example"),
        ("bureau.example:8443/", "https://bureau.example:8443/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000", "http://localhost:8000"),
    ],
)
async def test_an_address_is_read_as_it_was_meant(typed: str, url: str) -> None:
    assert str(parse_address(typed)) == url


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("http://bureau.example", "address_not_safe"),
        ("http://10.0.0.5:8000", "address_not_safe"),
        ("ftp://bureau.example", "bad_address"),
        ("https://", "bad_address"),
        ("", "bad_address"),
        ("https://a b", "bad_address"),
        ("https://bureau.example:port", "bad_address"),
        ("https://you:secret@bureau.example", "bad_address"),
    ],
)
async def test_an_address_that_would_give_the_token_away_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        parse_address(typed)


class Store:
    """The photo room of a truthful bureau. `cuts` are bytes after which a body breaks off."""

    def __init__(self, *cuts: int, kept: int = 0) -> None:
        self.cuts, self.kept, self.gone = list(cuts), kept, 0
        self.digest = NAME
        self.calls: list[Call] = []
        self.loses_replies = False

    def __call__(self, call: Call) -> Reply:
        self.calls.append(call)
        if call.method == "HEAD":
            return self._stands(200)
        if call.method == "PATCH" and self.gone:
            self.gone -= 1
            return refused("upload_gone", 410)
        if call.method == "POST" and call.headers["content-length"] == "0":
            return self._stands(201)
        if call.method == "POST" and call.path != UPLOAD:
            self.kept = 0
        elif int(call.headers["upload-offset"]) != self.kept:
            return refused("wrong_offset", 409)
        length = int(call.headers["content-length"])
        cut = self.cuts.pop(0) if self.cuts else None
        self.kept += length if cut is None else min(cut, length)
        if cut is not None:
            return Reply(cut_after=min(cut, length))
        return self._stands(201 if call.method == "POST" else 204)

    def _stands(self, status: int) -> Reply:
        headers = {"Upload-Offset": str(self.kept), "Location": UPLOAD}
        if self.kept == len(JPEG):
            headers["Photo-Digest"] = self.digest
        return Reply(status, headers=headers)

    def methods(self) -> list[str]:
        return [call.method for call in self.calls]


async def sent(store: Callable[[Call], Reply], wanted: WantedPhoto, told: list[int]) -> None:
    async with linked(answer=store) as (_, link):
        await link.photo(wanted, JPEG, told.append)


async def test_a_new_photo_goes_in_one_request() -> None:
    store, told = Store(), list[int]()
    await sent(store, WantedPhoto(sha256=NAME), told)
    [call] = store.calls
    assert (call.method, call.path, call.body) == ("POST", "/v1/photos/", JPEG)
    assert call.headers["tus-resumable"] == "1.0.0"
    assert call.headers["content-type"] == "application/offset+octet-stream"
    assert call.headers["upload-length"] == str(len(JPEG))
    assert call.headers["authorization"].startswith("Bearer ")
    assert told == sorted(told) and told[-1] == len(JPEG) and len(told) > 3


async def test_a_photo_goes_on_where_the_bureau_stands() -> None:
    store, told = Store(kept=50_000), list[int]()
    await sent(store, WantedPhoto(sha256=NAME, offset=50_000, upload=UPLOAD), told)
    assert store.methods() == ["PATCH"] and store.calls[0].path == UPLOAD
    assert store.calls[0].body == JPEG[50_000:]
    assert told[0] > 50_000


async def test_a_cut_is_mended_in_the_same_call() -> None:
    store = Store(20_000, 30_000, kept=10_000)
    await sent(store, WantedPhoto(sha256=NAME, offset=10_000, upload=UPLOAD), [])
    assert store.methods() == ["PATCH", "HEAD", "PATCH", "HEAD", "PATCH"]
    assert store.kept == len(JPEG)


async def test_a_photo_whose_last_reply_was_lost_is_not_sent_again() -> None:
    store = Store(len(JPEG), kept=10)
    await sent(store, WantedPhoto(sha256=NAME, offset=10, upload=UPLOAD), [])
    assert store.methods() == ["PATCH", "HEAD"]


async def test_a_wrong_offset_is_asked_for() -> None:
    store = Store(kept=300)
    await sent(store, WantedPhoto(sha256=NAME, offset=99, upload=UPLOAD), [])
    assert store.methods() == ["PATCH", "HEAD", "PATCH"]


async def test_an_upload_that_is_gone_begins_anew() -> None:
    store = Store(kept=300)
    store.gone = 1
    await sent(store, WantedPhoto(sha256=NAME, offset=300, upload=UPLOAD), [])
    assert store.methods() == ["PATCH", "POST"] and store.calls[1].body == JPEG


async def test_a_bureau_that_forgets_every_upload_is_left_in_peace() -> None:
    def forgetful(call: Call) -> Reply:
        if call.method == "POST":
            return Reply(201, headers={"Upload-Offset": "5", "Location": UPLOAD})
        return refused("upload_gone", 410)

    with pytest.raises(Offline, match="upload_gone"):
        await sent(forgetful, WantedPhoto(sha256=NAME), [])


async def test_a_new_photo_that_was_cut_goes_on_in_the_same_call() -> None:
    """Creating it again, without a byte of it, says where it stands."""
    store = Store(20_000, 30_000)
    await sent(store, WantedPhoto(sha256=NAME), [])
    assert store.methods() == ["POST", "POST", "PATCH", "HEAD", "PATCH"]
    assert [call.headers.get("content-length") for call in store.calls[1:2]] == ["0"]
    assert store.kept == len(JPEG)


async def test_any_number_of_cuts_is_mended_while_bytes_come_through() -> None:
    store = Store(*[3_000] * 30, kept=10)
    await sent(store, WantedPhoto(sha256=NAME, offset=10, upload=UPLOAD), [])
    assert store.kept == len(JPEG)


async def test_a_road_on_which_no_byte_comes_through_is_no_road() -> None:
    store = Store(*[0] * 30, kept=10)
    with pytest.raises(Offline, match="no_road"):
        await sent(store, WantedPhoto(sha256=NAME, offset=10, upload=UPLOAD), [])
    assert store.methods() == ["PATCH", "HEAD", "POST", "HEAD", "POST", "HEAD"]


async def test_a_photo_that_moves_may_take_longer_than_any_one_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Told by the pieces: each takes a quarter of the time after which silence is no road."""
    monkeypatch.setattr(httpx_link, "PROGRESS_TIMEOUT_S", 1.0)

    class Slow(PhotoBytes):
        async def chunks(self) -> AsyncIterator[bytes]:
            for at in range(0, len(JPEG), 20_000):
                await asyncio.sleep(0.25)
                yield JPEG[at : at + 20_000]
                self.told(at)

    store = Store()
    headers = {"Content-Length": str(len(JPEG)), "Upload-Offset": "0"}
    async with linked(answer=store) as (door, link):
        place = httpx.URL(door.address).join(UPLOAD)
        said = await link._request("PATCH", place, headers, Slow(JPEG, 0, lambda _: None))
    assert said.status_code == 204


class Forbidding(Store):
    """A truthful bureau behind a proxy that answers some requests itself."""

    def __init__(self, *methods: str, status: int = 405, knows_override: bool = True) -> None:
        super().__init__(kept=50_000)
        self._methods, self._status, self._knows = set(methods), status, knows_override

    def __call__(self, call: Call) -> Reply:
        override = call.headers.get("x-http-method-override", "")
        if call.method in self._methods or (override in self._methods and "POST" in self._methods):
            self.calls.append(call)
            return Reply(self._status, b"<html>", kind="text/html")
        if override and not self._knows:
            self.calls.append(call)
            return refused("method_not_allowed", 405)
        if call.method == "POST" and call.path != UPLOAD and call.headers["content-length"] != "0":
            self.calls.append(call)
            self.kept = len(JPEG)
            return self._stands(201)
        return super().__call__(call)


BEGUN = WantedPhoto(sha256=NAME, offset=50_000, upload=UPLOAD)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 501, 502])
async def test_where_patch_is_forbidden_a_post_says_that_it_is_one(status: int) -> None:
    store, told = Forbidding("PATCH", status=status), list[int]()
    async with linked(answer=store) as (_, link):
        await link.photo(BEGUN, JPEG, told.append)
        assert store.methods() == ["PATCH", "POST", "POST"]
        assert store.calls[1].path == "/v1/photos/" and not store.calls[1].body
        assert store.calls[2].headers["x-http-method-override"] == "PATCH"
        assert store.calls[2].body == JPEG[50_000:]
        store.kept = 50_000
        await link.photo(BEGUN, JPEG, told.append)  # it has learned that
    assert store.methods()[3:] == ["POST"]


@pytest.mark.parametrize("knows", [True, False])
async def test_where_neither_is_let_through_the_whole_photo_goes_in_one_post(knows: bool) -> None:
    """A bureau from before the override says 405 itself."""

    def strict(call: Call) -> Reply:
        if knows and "x-http-method-override" in call.headers:
            store.calls.append(call)
            return Reply(403, b"<html>", kind="text/html")
        return store(call)

    store = Forbidding("PATCH", knows_override=knows)
    async with linked(answer=strict) as (_, link):
        await link.photo(BEGUN, JPEG, lambda _: None)
    assert store.calls[-1].path == "/v1/photos/" and store.calls[-1].body == JPEG
    assert sum(len(call.body) for call in store.calls) < 3 * len(JPEG)


async def test_where_head_is_forbidden_creating_again_says_how_far_it_is() -> None:
    store = Forbidding("HEAD", status=501)
    store.cuts = [20_000]
    async with linked(answer=store) as (_, link):
        await link.photo(BEGUN, JPEG, lambda _: None)
    assert store.methods() == ["PATCH", "HEAD", "POST", "PATCH"]


async def test_where_no_upload_is_named_the_photo_goes_again_from_its_first_byte() -> None:
    """A proxy has stripped Location from the answer to a creation that was cut."""
    part = Reply(201, headers={"Upload-Offset": "500"})
    whole = Reply(201, headers={"Upload-Offset": str(len(JPEG)), "Photo-Digest": NAME})
    async with linked(part, whole) as (door, link):
        await link.photo(WantedPhoto(sha256=NAME), JPEG, lambda _: None)
    assert [call.body for call in door.calls] == [JPEG, JPEG]


@pytest.mark.parametrize("status", [200, 302, 403, 413, 502])
async def test_no_progress_is_told_that_the_bureau_did_not_confirm(status: int) -> None:
    told = list[int]()
    async with linked(answer=lambda _: Reply(status, b"<html>", kind="text/html")) as (_, link):
        with pytest.raises(Offline):
            await link.photo(BEGUN, JPEG, told.append)
    assert max(told) == len(JPEG) and told[-1] == BEGUN.offset


async def test_a_location_at_an_inner_host_is_the_bureaus_own_path() -> None:
    store = Store(20_000)

    def inner(call: Call) -> Reply:
        reply = store(call)
        if "Location" in reply.headers:
            reply.headers["Location"] = f"http://10.0.0.5:8000{UPLOAD}"
        return reply

    async with linked(answer=inner) as (_, link):
        await link.photo(WantedPhoto(sha256=NAME), JPEG, lambda _: None)
    assert store.methods() == ["POST", "POST", "PATCH"] and store.calls[2].path == UPLOAD


@pytest.mark.parametrize("repeated", ["Upload-Offset", "Location", "Photo-Digest"])
async def test_a_header_that_was_repeated_says_one_thing(repeated: str) -> None:
    store = Store(20_000)

    def twice(call: Call) -> Reply:
        reply = store(call)
        if value := reply.headers.get(repeated):
            reply.headers[repeated] = f"{value}, {value}"
        return reply

    async with linked(answer=twice) as (_, link):
        await link.photo(WantedPhoto(sha256=NAME), JPEG, lambda _: None)
    assert store.kept == len(JPEG)


async def test_another_digest_is_not_this_photos() -> None:
    """The bureau compares digests itself: another one was put there on the way."""
    store = Store()
    store.digest = "0" * 64
    with pytest.raises(Offline, match="photo_mismatch"):
        await sent(store, WantedPhoto(sha256=NAME), [])


async def test_a_photo_without_its_digest_is_not_confirmed() -> None:
    reply = Reply(201, headers={"Upload-Offset": str(len(JPEG)), "Location": UPLOAD})
    async with linked(reply) as (_, link):
        with pytest.raises(Offline, match="not_the_bureau"):
            await link.photo(WantedPhoto(sha256=NAME), JPEG, lambda _: None)


@pytest.mark.parametrize("place", ["http://127.0.0.1:9/steal", "//evil.example/u1"])
async def test_the_token_never_follows_a_location_elsewhere(place: str) -> None:
    reply = Reply(201, headers={"Upload-Offset": "5", "Location": place})
    async with linked(reply) as (door, link):
        with pytest.raises(Offline, match="not_the_bureau"):
            await link.photo(WantedPhoto(sha256=NAME), JPEG, lambda _: None)
    assert len(door.calls) == 1


@pytest.mark.parametrize("offset", ["-1", "x", "999999999"])
async def test_an_offset_beyond_reason_is_not_the_bureaus(offset: str) -> None:
    async with linked(Reply(201, headers={"Upload-Offset": offset})) as (_, link):
        with pytest.raises(Offline, match="not_the_bureau"):
            await link.photo(WantedPhoto(sha256=NAME), JPEG, lambda _: None)


async def test_a_bureau_that_takes_nothing_is_not_asked_for_ever() -> None:
    def stubborn(call: Call) -> Reply:
        return Reply(204, headers={"Upload-Offset": "7"})

    with pytest.raises(Offline):
        await sent(stubborn, WantedPhoto(sha256=NAME, offset=7, upload=UPLOAD), [])


async def test_a_refused_photo_is_told() -> None:
    async with linked(refused("photo_has_metadata", 422)) as (_, link):
        with pytest.raises(Refused, match="photo_has_metadata"):
            await link.photo(WantedPhoto(sha256=NAME), JPEG, lambda _: None)


def farewell(status: int = 401, code: str = "token_revoked", **changes: object) -> Reply:
    said = {
        "code": code,
        "status": status,
        "type": f"urn:xuncha:problem:{code}",
        "farewell": {"device": "d1", "taken": [NAME]} | changes,
    }
    return Reply(status, wire.canonical(said), kind="application/problem+json")


async def test_a_farewell_is_told_with_what_it_names() -> None:
    found = await trouble(farewell())
    assert isinstance(found, PhoneRevoked)
    assert (found.code, found.farewell) == (
        "token_revoked",
        RevocationNotice(device="d1", taken=(NAME,)),
    )


@pytest.mark.parametrize(
    "reply",
    [
        farewell(403),
        farewell(401, "not_signed_in"),
        farewell(taken=["everything"]),
        farewell(device=None),
        refused("token_revoked", 401),
        Reply(401, farewell().body, kind="text/html"),
        Reply(401, farewell().body, kind="application/json"),
        Reply(200, farewell().body, kind="application/json"),
        Reply(502, farewell().body, kind="application/problem+json"),
    ],
)
async def test_what_only_looks_like_a_farewell_is_none(reply: Reply) -> None:
    assert not isinstance(await trouble(reply), PhoneRevoked)
