"""POST /v1/sync over HTTP: one round trip both ways, within limits, one code for each problem."""

import gzip
import re
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from fastapi import Request

from contract import wire
from contract.codelists import built_in
from contract.protocol import Outcome, SyncReply
from sync_server.phone_api.bodies import WORTH_ZIPPING, respond, unzip
from sync_server.problems import TooLarge
from sync_server.store import devices
from sync_server.store.schema import devices as device_table
from sync_server.store.schema import quarantine, records
from tests.builders import a_name
from tests.sync_server.bureau import Bureau, Handset, a_report, sent
from tests.sync_server.serving import Server, problem


@pytest.fixture
def phone(bureau: Bureau) -> Handset:
    return bureau.enrol()


def reply(answer: Any) -> SyncReply:
    assert answer.status_code == 200, answer.text
    told = wire.decode(SyncReply, answer.content)
    assert wire.parse_json(answer.content) == wire.to_terse_json(told)  # defaults are left out
    return told


def test_a_report_goes_there_and_its_receipt_comes_back(server: Server, phone: Handset) -> None:
    thing = sent(a_report(phone))
    (receipt,) = reply(server.sync(phone, thing)).receipts
    assert (receipt.outcome, receipt.digest) == (Outcome.RECORDED, wire.digest(thing))


def test_a_zipped_call_gets_a_zipped_reply(server: Server, phone: Handset) -> None:
    said = {"protocol": 1, "sent_at": "2026-11-20T20:00:00Z", "arrivals": [sent(a_report(phone))]}
    body = gzip.compress(wire.canonical(said))
    answer = server.raw_sync(phone, body, **{"Content-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert len(reply(answer).receipts) == 1


def test_the_protocol_page_says_from_which_size_replies_are_zipped() -> None:
    page = (Path(__file__).parents[2] / "docs/protocol.md").read_text()
    [size] = re.findall(r"Replies of\s+(\d+) bytes\s+and more are zipped", page)
    assert int(size) == WORTH_ZIPPING


@pytest.mark.parametrize("size", [WORTH_ZIPPING - 1, WORTH_ZIPPING])
def test_a_reply_is_zipped_from_that_size_on(size: int) -> None:
    request = Request({"type": "http", "headers": [(b"accept-encoding", b"gzip")]})
    is_zipped = "content-encoding" in respond(request, b"0" * size).headers
    assert is_zipped == (size >= WORTH_ZIPPING)


def test_a_short_reply_is_not_zipped(server: Server, phone: Handset) -> None:
    held = first_held(server, phone)
    assert "content-encoding" not in server.sync(phone, held=held).headers


def first_held(server: Server, phone: Handset) -> dict[str, str]:
    first = reply(server.sync(phone))
    assert first.codelists and first.places
    return {"codelists": first.codelists.version, "places": first.places.version}


def test_reference_data_comes_once(server: Server, phone: Handset) -> None:
    first = reply(server.sync(phone))
    assert first.codelists == built_in()
    assert first.places and [one.name for one in first.places.compounds] == ["样例苑"]
    again = reply(server.sync(phone, held=first_held(server, phone)))
    assert (again.codelists, again.places) == (None, None)


def test_a_decision_comes_home_in_order_and_once(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    report = a_report(phone)
    server.sync(phone, sent(report))
    bureau.decide(report, "15", comment="是哪个单元?")
    server.sync(phone, sent(report.next_revision(report.seen_at)))
    bureau.decide(report, "20")
    first = reply(server.sync(phone))
    assert [(a.seq, a.state, a.comment) for a in first.answers] == [
        (1, "15", "是哪个单元?"),
        (2, "20", ""),
    ]
    assert first.answers[0].place == "样例苑 3号楼2单元"
    assert first.cursor == 2
    assert reply(server.sync(phone, cursor=2)).answers == ()
    assert [a.seq for a in reply(server.sync(phone, cursor=1)).answers] == [2]


def test_a_new_phone_of_the_same_post_hears_everything_again(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    report = a_report(phone)
    bureau.receive(phone, sent(report))
    bureau.decide(report, "20")
    assert len(reply(server.sync(bureau.enrol())).answers) == 1
    assert reply(server.sync(bureau.enrol("wg2"))).answers == ()


def test_a_long_absence_is_told_in_portions(server: Server, bureau: Bureau, phone: Handset) -> None:
    for _ in range(101):
        report = a_report(phone)
        bureau.receive(phone, sent(report))
        bureau.decide(report, "20")
    first = reply(server.sync(phone))
    assert (len(first.answers), first.cursor, first.more) == (100, 100, True)
    rest = reply(server.sync(phone, cursor=100))
    assert (len(rest.answers), rest.cursor, rest.more) == (1, 101, False)


@pytest.mark.parametrize("cursor", [9, 10**30])
def test_a_cursor_from_before_a_restored_backup_starts_anew(
    server: Server, bureau: Bureau, phone: Handset, cursor: int
) -> None:
    report = a_report(phone)
    bureau.receive(phone, sent(report))
    bureau.decide(report, "20")
    assert reply(server.sync(phone, cursor=cursor)).cursor == 1


@pytest.mark.parametrize("sent_at", ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"])
def test_a_phone_clock_off_by_years_is_taken(
    server: Server, bureau: Bureau, phone: Handset, sent_at: str
) -> None:
    assert len(reply(server.sync(phone, sent(a_report(phone)), sent_at=sent_at)).receipts) == 1
    skew = bureau.row(records).skew_s
    assert skew < -(10**9) if sent_at < "2" else skew == 2**31 - 1


def test_fifty_arrivals_make_one_batch(server: Server, phone: Handset) -> None:
    answer = server.sync(phone, *(sent(a_report(phone)) for _ in range(50)))
    assert [one.position for one in reply(answer).receipts] == list(range(1, 51))


def test_the_phone_is_remembered_as_seen(server: Server, bureau: Bureau, phone: Handset) -> None:
    server.sync(phone, app="0.1.0")
    row = bureau.row(device_table)
    assert row.app == "0.1.0"
    assert abs(datetime.now(UTC) - row.seen_at).total_seconds() < 60


TORN_ARRIVALS = {
    "repeated_key": b'{"kind":"report","kind":"report","body":{}}',
    "not_unicode": b'{"kind":"\\ud800"}',
    "too_deep": b"[" * 400 + b"]" * 400,
    "not_json": b'{"kind":NaN}',
    "nul_character": b'{"kind":"\\u0000"}',
}


@pytest.mark.parametrize(("code", "torn"), TORN_ARRIVALS.items())
def test_an_unreadable_arrival_holds_up_no_other(
    server: Server, bureau: Bureau, phone: Handset, code: str, torn: bytes
) -> None:
    whole = [wire.canonical(sent(a_report(phone))) for _ in range(2)]
    body = b'{"photos":[],"arrivals":[%s , %s,%s],"protocol":1,"sent_at":"2026-11-20T20:00:00Z"}'
    answer = reply(server.raw_sync(phone, body % (whole[0], torn, whole[1])))
    assert len(answer.receipts) == 2
    assert [refusal.code for refusal in answer.refusals] == [code]
    assert bureau.sent(quarantine) == torn


def test_a_number_beyond_all_numbers_is_refused_alone(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    whole = wire.canonical(sent(a_report(phone)))
    body = b'{"arrivals":[{"kind":1e999},%s],"protocol":1,"sent_at":"2026-11-20T20:00:00Z"}'
    answer = reply(server.raw_sync(phone, body % whole))
    assert (len(answer.receipts), answer.refusals[0].code) == (1, "not_json")


TORN_CALLS = {
    "empty": (b"", "not_json"),
    "torn": (b'{"protocol":1,"arrivals":[{"kind":"rep', "not_json"),
    "torn in a string": (b'{"protocol":1,"arrivals":["', "not_json"),
    "wrong bracket": (b'{"protocol":1,"arrivals":[}]}', "not_json"),
    "not unicode": (b"\xff\xfe", "not_json"),
    "a list": (b"[]", "unreadable"),
    "no clock": (b'{"protocol":1}', "unreadable"),
    "arrivals are no list": (
        b'{"protocol":1,"sent_at":"2026-11-20T20:00:00Z","arrivals":7}',
        "unreadable",
    ),
}


@pytest.mark.parametrize(("body", "code"), TORN_CALLS.values(), ids=TORN_CALLS)
def test_a_call_that_cannot_be_read_is_refused_and_kept(
    server: Server, bureau: Bureau, phone: Handset, body: bytes, code: str
) -> None:
    assert problem(server.raw_sync(phone, body)) == (400, code)
    row = bureau.row(quarantine)
    assert (bureau.sent(quarantine), row.code, row.device) == (body, code, phone.phone.device)


def test_torn_gzip_is_refused_and_kept(server: Server, bureau: Bureau, phone: Handset) -> None:
    torn = gzip.compress(b"{}" * 500)[:-12]
    answer = server.raw_sync(phone, torn, **{"Content-Encoding": "gzip"})
    assert problem(answer) == (400, "unreadable")
    assert bureau.sent(quarantine) == torn


def test_another_coding_is_refused(server: Server, phone: Handset) -> None:
    answer = server.raw_sync(phone, b"{}", **{"Content-Encoding": "br"})
    assert problem(answer) == (400, "bad_header")


def test_a_gzip_bomb_is_refused(server: Server, phone: Handset) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 100_000
    answer = server.raw_sync(phone, bomb, **{"Content-Encoding": "gzip"})
    assert problem(answer) == (413, "body_too_large")


def test_a_gzip_bomb_is_not_opened_to_see_how_large_it_is() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    tracemalloc.start()
    with pytest.raises(TooLarge):
        unzip(bomb, 1_000_000)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_over_the_limit_is_refused(server: Server, phone: Handset, announced: bool) -> None:
    size = 2 * 1024 * 1024 + 1
    body = b" " * size if announced else (b" " * 65_536 for _ in range(33))
    answer = server.client.post("/v1/sync", content=body, headers=phone.headers)
    assert problem(answer) == (413, "body_too_large")


def test_too_many_arrivals_are_refused(server: Server, phone: Handset) -> None:
    assert problem(server.sync(phone, *([None] * 51))) == (413, "batch_too_large")
    assert problem(server.sync(phone, photos=["0" * 64] * 101)) == (413, "batch_too_large")


@pytest.mark.parametrize("sent_at", [0, 1_764_000_000, 1.5, True])
def test_a_number_is_no_time(server: Server, phone: Handset, sent_at: float) -> None:
    said = wire.canonical({"protocol": 1, "sent_at": sent_at})
    assert problem(server.raw_sync(phone, said)) == (400, "unreadable")


def test_a_report_of_3_mb_is_refused_alone(server: Server, bureau: Bureau, phone: Handset) -> None:
    big = sent(a_report(phone))
    big["body"]["note"] = Random(1).randbytes(1_500_000).hex()
    said = {"protocol": 1, "sent_at": "2026-11-20T20:00:00Z"}
    body = gzip.compress(wire.canonical(said | {"arrivals": [big, sent(a_report(phone))]}))
    answer = reply(server.raw_sync(phone, body, **{"Content-Encoding": "gzip"}))
    assert (len(answer.receipts), answer.refusals[0].code) == (1, "arrival_too_large")
    assert bureau.count(quarantine) == 0


def test_an_old_protocol_is_told_to_update(server: Server, phone: Handset) -> None:
    answer = server.sync(phone, sent(a_report(phone)), protocol=0)
    assert problem(answer) == (426, "contract_too_old")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp4"])
def test_a_stranger_is_not_let_in(server: Server, header: str) -> None:
    answer = server.client.post("/v1/sync", content=b"{}", headers={"Authorization": header})
    assert problem(answer) == (401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_revoked_token_opens_nothing(server: Server, bureau: Bureau, phone: Handset) -> None:
    with bureau.store.writing() as tx:
        devices.revoke(tx, phone.phone.device, datetime.now(UTC))
    assert problem(server.sync(phone)) == (401, "token_revoked")


def test_an_unknown_address_and_a_wrong_method_are_problems(server: Server) -> None:
    assert problem(server.client.get("/v1/nothing")) == (404, "not_found")
    assert problem(server.client.get("/v1/sync")) == (405, "method_not_allowed")


def test_no_address_redirects_or_is_there_by_chance(server: Server) -> None:
    for path in ("/v1/photos", "/v1/sync/", "/docs", "/redoc", "/openapi.json"):
        assert problem(server.client.get(path)) == (404, "not_found"), path


def test_photos_asked_about_are_stored_or_wanted(server: Server, phone: Handset) -> None:
    digest = f"{a_name().int:064x}"
    answer = reply(server.sync(phone, photos=[digest]))
    assert [(one.sha256, one.offset, one.upload) for one in answer.wanted] == [(digest, 0, None)]
    assert answer.stored == ()


def test_every_answer_is_guarded(server: Server) -> None:
    for path in ("/healthz", "/v1/openapi.json", "/v1/nothing", "/sign-in", "/static/console.css"):
        headers = server.client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"], path
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_openapi_describes_the_addresses_with_the_contract(server: Server) -> None:
    document = wire.parse_json(server.client.get("/v1/openapi.json").content)
    assert set(document["paths"]) == {
        "/v1/enrolments",
        "/v1/sync",
        "/v1/photos/",
        "/v1/photos/{upload}",
    }
    assert {"SyncRequest", "SyncReply", "Report", "ProblemDetails"} <= set(
        document["components"]["schemas"]
    )
