"""Requests at the edge of HTTP, tus and the protocol: what careless clients and proxies send."""

import gzip
import socket
from base64 import b64encode
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import httpx
import pytest

from contract import wire
from contract.protocol import PROTOCOL, Outcome, Receipt, SyncReply
from sync_server.store.schema import quarantine, records
from tests.sync_server.bureau import Bureau, Handset, a_report, sent
from tests.sync_server.photographs import BYTES, TUS, Sender, a_jpeg, announcing, digest
from tests.sync_server.serving import Server, problem, serving

JPEG = a_jpeg()
UTF8_NAME = b64encode("照片.jpg".encode()).decode()
NAMED = "filename YQ=="
BOM = b"\xef\xbb\xbf"


@pytest.fixture
def phone(bureau: Bureau) -> Handset:
    return bureau.enrol()


def a_body(**envelope: object) -> bytes:
    return wire.canonical(
        {"protocol": PROTOCOL, "sent_at": "2026-11-20T20:15:00+08:00", "arrivals": []} | envelope
    )


def reply_of(answer: httpx.Response) -> SyncReply:
    return wire.decode(SyncReply, answer.content)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Upload-Length": "0"}, 422, "photo_not_jpeg"),
        ({"Upload-Length": "0"} | BYTES, 422, "photo_not_jpeg"),
        ({}, 400, "bad_header"),
        ({"Upload-Defer-Length": "1"}, 400, "bad_header"),
        ({"Upload-Length": "-5"}, 400, "bad_header"),
        ({"Upload-Length": "5.0"}, 400, "bad_header"),
        ({"Upload-Length": "0x10"}, 400, "bad_header"),
        ({"Upload-Length": "9" * 12}, 413, "photo_too_large"),
        ({"Upload-Length": "9" * 40}, 400, "bad_header"),
        ({"Upload-Length": "10", "Upload-Metadata": "sha256"}, 400, "bad_header"),
        ({"Upload-Length": "10"} | announcing(digest(JPEG).upper()), 400, "bad_header"),
    ],
)
def test_an_upload_that_cannot_be_is_not_created(
    sender: Sender, headers: dict[str, str], status: int, code: str
) -> None:
    assert problem(sender.ask("POST", "/v1/photos/", **headers)) == (status, code)


def test_digits_of_another_script_are_no_length(server: Server, phone: Handset) -> None:
    said = [(name.encode(), value.encode()) for name, value in (TUS | phone.headers).items()]
    said.append((b"Upload-Length", "１２".encode()))
    assert problem(server.client.post("/v1/photos/", headers=said)) == (400, "bad_header")


@pytest.mark.parametrize(
    "metadata",
    [f"filename {UTF8_NAME},empty,other", f"{NAMED},", f"{NAMED}, filetype aW1hZ2UvanBlZw=="],
)
def test_metadata_may_be_written_loosely(sender: Sender, metadata: str) -> None:
    told = {"Upload-Length": "10", "Upload-Metadata": metadata}
    answer = sender.ask("POST", "/v1/photos/", **told)
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "0")


def test_a_piece_that_does_not_fit_changes_nothing(sender: Sender) -> None:
    place = sender.begun(JPEG)
    assert problem(sender.patch(place, len(JPEG) + 1, b"x")) == (409, "wrong_offset")
    assert problem(sender.patch(place, 0, b"x", **{"Upload-Offset": ""})) == (400, "bad_header")
    assert sender.patch(place, 0, JPEG[:500]).headers["upload-offset"] == "500"
    assert problem(sender.patch(place, 0, JPEG[:500])) == (409, "wrong_offset")
    chunked = sender.patch(place, 500, iter([JPEG[500:700], JPEG[700:900]]))
    assert chunked.headers["upload-offset"] == "900"
    assert sender.patch(place, 900, b"").headers["upload-offset"] == "900"
    assert problem(sender.patch(place, 900, JPEG[900:] + b"zz")) == (413, "photo_too_large")
    assert sender.reached(place) == 900


def test_what_is_stored_is_told_again_to_whoever_asks(sender: Sender) -> None:
    place = sender.begun(JPEG)
    sender.patch(place, 0, JPEG)
    for answer in (sender.ask("HEAD", place), sender.patch(place, len(JPEG), b"")):
        assert answer.headers["photo-digest"] == digest(JPEG)
    assert sender.ask("DELETE", place).status_code == 204
    assert sender.create(JPEG).headers["photo-digest"] == digest(JPEG)


def test_addresses_are_exact(server: Server, sender: Sender, phone: Handset) -> None:
    length = {"Upload-Length": "5"}
    assert problem(sender.ask("POST", "/v1/photos", **length)) == (404, "not_found")
    assert problem(sender.ask("GET", sender.begun(JPEG)))[0] == 405
    addresses = ("/V1/sync", "/v1/sync/", "/v1/sync?x=1")
    asked = (server.client.post(one, content=a_body(), headers=phone.headers) for one in addresses)
    assert [answer.status_code for answer in asked] == [404, 404, 200]


def test_the_same_at_once_is_there_once(server: Server, sender: Sender, bureau: Bureau) -> None:
    """Some of those that send one photo at the same moment are told that another took over."""

    def send(_: int) -> httpx.Response:
        return sender.at_once(JPEG)

    with ThreadPoolExecutor(12) as hands:
        statuses = {answer.status_code for answer in hands.map(send, range(12))}
    assert statuses <= {201, 409}
    assert sender.at_once(JPEG).headers["photo-digest"] == digest(JPEG)


def test_a_bureau_is_reached_over_ipv6(bureau: Bureau, phone: Handset) -> None:
    with serving(bureau.settings, "::1") as server:
        assert len(reply_of(server.sync(phone, sent(a_report(phone)))).receipts) == 1


def test_a_report_at_once_is_recorded_once(server: Server, phone: Handset, bureau: Bureau) -> None:
    report = sent(a_report(phone))

    def send(_: int) -> Receipt:
        [receipt] = reply_of(server.sync(phone, report)).receipts
        return receipt

    with ThreadPoolExecutor(12) as hands:
        receipts = list(hands.map(send, range(12)))
    assert sorted(one.outcome for one in receipts) == [Outcome.HELD] * 11 + [Outcome.RECORDED]
    assert len({one.number for one in receipts}) == 1 and bureau.count(records) == 1


def test_a_report_in_another_encoding_is_refused_alone_and_kept(
    server: Server, phone: Handset, bureau: Bureau
) -> None:
    good, other = sent(a_report(phone)), sent(a_report(phone, note="门口灯亮着"))
    body = a_body(arrivals=[good, other]).decode()
    start, end = body.index("门口灯亮着"), body.index("门口灯亮着") + 5
    raw = body[:start].encode() + body[start:end].encode("gbk") + body[end:].encode()
    reply = reply_of(server.raw_sync(phone, raw))
    assert len(reply.receipts) == 1 and [one.code for one in reply.refusals] == ["not_unicode"]
    assert "门口灯亮着".encode("gbk") in bureau.sent(quarantine)


def raw_sync(server: Server, phone: Handset, lines: Sequence[str], body: bytes) -> int:
    """The status of a sync call with these lines in its head."""
    head = chain(
        ("POST /v1/sync HTTP/1.1", "Host: bureau"),
        (f"{name}: {value}" for name, value in phone.headers.items()),
        (*lines, "Connection: close", "", ""),
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall("\r\n".join(head).encode() + body)
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    statuses = [int(one[:3]) for one in answer.split(b"HTTP/1.1 ")[1:]]
    return next(status for status in statuses if status != 100)


def test_a_call_may_come_in_chunks_or_wait_for_a_go_ahead(server: Server, phone: Handset) -> None:
    body = a_body()
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    length = f"Content-Length: {len(body)}"
    assert raw_sync(server, phone, ["Transfer-Encoding: chunked"], chunked) == 200
    assert raw_sync(server, phone, ["Expect: 100-continue", length], body) == 200


def test_a_call_whose_end_is_unclear_is_refused(server: Server, phone: Handset) -> None:
    """Two programs that take different ends for true can be played off against each other."""
    body = a_body()
    length = f"Content-Length: {len(body)}"
    assert raw_sync(server, phone, ["Transfer-Encoding: chunked", length], body) == 400
    assert raw_sync(server, phone, ["Content-Length: 3", length], body) == 400


@pytest.mark.parametrize(
    ("coding", "status"),
    [
        *(("GZIP", 200), ("gzip", 200), ("x-gzip", 400), ("gzip, identity", 400)),
        *(("gzip, gzip", 400), ("deflate", 400), ("br", 400), ("", 400)),
    ],
)
def test_a_coding_is_known_or_refused(
    server: Server, phone: Handset, coding: str, status: int
) -> None:
    zipped = gzip.compress(a_body())
    answer = server.raw_sync(phone, zipped, **{"Content-Encoding": coding})
    assert answer.status_code == status
    if status != 200:
        assert problem(answer) == (400, "bad_header")


def test_one_member_of_gzip_is_read_and_no_second(server: Server, phone: Handset) -> None:
    body, coding = a_body(), {"Content-Encoding": "gzip"}
    two = gzip.compress(body[:20]) + gzip.compress(body[20:])
    assert server.raw_sync(phone, two, **coding).status_code == 400
    assert server.raw_sync(phone, gzip.compress(body) + b"\0" * 8, **coding).status_code == 200


def test_a_byte_order_mark_is_no_json(server: Server, phone: Handset) -> None:
    assert problem(server.raw_sync(phone, BOM + a_body())) == (400, "not_json")


@pytest.mark.parametrize(
    ("scheme", "status"), [("Bearer ", 200), ("bearer ", 200), ("Bearer  ", 401), ("Basic ", 401)]
)
def test_a_token_is_given_by_one_scheme(
    server: Server, phone: Handset, scheme: str, status: int
) -> None:
    token = phone.headers["Authorization"].partition(" ")[2]
    answer = server.raw_sync(phone, a_body(), Authorization=scheme + token)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("sent_at", "status"),
    [
        *((f"2026-11-20T20:15:00{zone}", 200) for zone in ("+0800", "z", "Z", "−08:00")),
        *(("2026-11-20 20:15:00+08:00", 200), ("2026-11-20T20:15+08:00", 200)),
        *(("0001-01-01T00:00:00+14:00", 200), ("9999-12-31T23:59:59-14:00", 200)),
        ("1970-01-01T00:00:00Z", 200),
        *(("2026-11-20T20:15:00+08", 400), ("2026-W47-5T20:15:00+08:00", 400)),
        *(("２０２６-11-20T20:15:00+08:00", 400), ("2026-11-20T20:15:00 下午", 400)),
        *(("2026-11-20T20:15:00", 400), ("", 400)),
    ],
)
def test_a_phones_time_is_read_or_refused(
    server: Server, phone: Handset, sent_at: str, status: int
) -> None:
    assert server.raw_sync(phone, a_body(sent_at=sent_at)).status_code == status
