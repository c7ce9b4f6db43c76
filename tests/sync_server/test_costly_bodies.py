"""No body of 2 MB, zipped or not, takes long to read; and what may be sent alone always is."""

import gzip
import time
from threading import Event, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.protocol import MAX_ARRIVALS
from sync_server import problems
from sync_server.intake.salvage import MOST_COSTLY, split_body
from sync_server.intake.validate import RefusedArrival
from sync_server.phone_api.bodies import MOST_SWELLING, ROOM, RequestBody
from sync_server.phone_api.opening import ReadCall, read_call
from sync_server.settings import Limits
from tests.sync_server.bureau import Bureau
from tests.sync_server.serving import Server, problem

BEGUN = b'{"protocol":1,"sent_at":"2026-11-29T22:00:00+08:00"'
TORN = BEGUN + b',"x":1e999,"arrivals":['
HALF_SECOND = 0.5  # of CPU; all of them take less than 0.1 s on an idle machine
ARRIVAL = 64 * 1024


def report_with(more: bytes, times: int) -> bytes:
    one = b'{"kind":"report","body":{' + more + b"}}"
    return BEGUN + b',"arrivals":[' + b",".join([one] * times) + b"]}"


NOTED = (
    b'"id":"019a9f0e-0000-7000-8000-000000000000","revision":1,"device":"d","author":"a",'
    b'"seen_at":"2026-11-20T18:30:00+08:00","place":{"venue":"RESIDENTIAL"},"note":"%s"'
)
COSTLY = {
    "torn brackets": BEGUN + b',"arrivals":[' + b"{1e999:[]}," * 720_000 + b"1]}",
    "torn lists": TORN + b"[]," * 2_700_000 + b"1]}",
    "quotes": TORN + b'"",' * 2_700_000 + b"1]}",
    "escaped quotes": TORN + b'"\\"' * 2_000_000,
    "valid lists": BEGUN + b',"x":[' + b"[]," * 2_700_000 + b"[]]}",
    "valid objects": BEGUN + b',"x":[' + b"{}," * 2_600_000 + b"{}]}",
    "deep objects": b'{"a":' * 1_000_000 + b"1" + b"}" * 1_000_000,
    "keys": BEGUN + b"".join(b',"k%d":1' % n for n in range(150_000)) + b"}",
    "small numbers": BEGUN + b',"x":[' + b"1," * 900_000 + b"1]}",
    "fractions": BEGUN + b',"x":[' + b"1.5e300," * 200_000 + b"1]}",
    "long numbers": BEGUN + b',"x":[' + b",".join([b"9" * 4_300] * 450) + b"]}",
    "long fractions": BEGUN + b',"x":[' + b",".join([b"1." + b"9" * 390] * 5_000) + b"]}",
    "one number": BEGUN + b',"x":1.' + b"9" * 1_900_000 + b"}",
    "one text": BEGUN + b',"x":"' + b"a" * 1_900_000 + b'"}',
    "one torn text": BEGUN + b',"x":1e999,"y":"' + b"a" * 1_900_000,
    "escapes": BEGUN + b',"x":"' + b"\\u4e00" * 300_000 + b'"}',
    "spaces": BEGUN + b',"arrivals"' + b" " * 1_900_000 + b":[}",
    "photos asked about": BEGUN + b',"photos":[' + b"1," * 90_000 + b"1]}",
    "unfit signs": report_with(b'"signs":[' + b"1," * 1_900 + b"1]", 50),
    "unfit photos": report_with(b'"photos":[' + b"{}," * 950 + b"{}]", 50),
    "notes full of numbers": report_with(NOTED % (b"1-" * 2_000), 50),
    "notes full of names": report_with(NOTED % ("王小明".encode() * 1_300), 50),
}


@pytest.mark.parametrize("name", COSTLY)
def test_no_body_takes_long_to_read(name: str) -> None:
    begun = time.process_time()
    read_call(RequestBody(COSTLY[name], "identity"), Limits().unzipped, "a")
    read_call(RequestBody(gzip.compress(COSTLY[name], 1), "gzip"), Limits().unzipped, "a")
    assert time.process_time() - begun < 2 * HALF_SECOND


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from([b"[", b"]", b"{", b"}", b",", b'"', b"\\", b"1e999"]), min_size=1))
def test_no_repeated_piece_takes_long_to_read(piece: list[bytes]) -> None:
    unit = b"".join(piece)
    begun = time.process_time()
    raw = TORN + unit * (1_000_000 // len(unit))
    read_call(RequestBody(raw, "identity"), Limits().unzipped, "a")
    assert time.process_time() - begun < HALF_SECOND


def test_a_split_stops_at_the_first_arrival_too_many() -> None:
    with pytest.raises(problems.BatchTooLarge):
        split_body(BEGUN + b',"arrivals":[' + b"1," * MAX_ARRIVALS + b"1, and then {{{ whatever")
    assert len(split_body(BEGUN + b',"arrivals":[' + b"1," * (MAX_ARRIVALS - 1) + b"1]}")[1]) == 50


@pytest.mark.parametrize("sign", [b",", b"[", b"{", b'"', b"\\", b"9", b"\\u4e00", b"1,", b"[],"])
def test_one_arrival_of_64_kb_is_always_looked_at(sign: bytes) -> None:
    """Else a phone that makes smaller batches could never send it."""
    inside = sign * ((ARRIVAL - 200) // len(sign))
    raw = BEGUN + b',"arrivals":[{"kind":"report","body":{"note":"' + inside + b'"}}]}'
    read = read_call(RequestBody(raw, "identity"), Limits().unzipped, "a")
    assert not isinstance(read, problems.TooLarge | problems.BatchTooLarge)


def test_fifty_ordinary_arrivals_are_far_within_the_bounds() -> None:
    read = read_call(
        RequestBody(report_with(NOTED % b"x" * 1, 50), "identity"), Limits().unzipped, "a"
    )
    assert isinstance(read, ReadCall)
    assert all(isinstance(one, RefusedArrival) for one in read.arrivals)
    assert report_with(NOTED % b"x", 50).count(b'"') * 5 < MOST_COSTLY


def test_a_body_that_swells_too_much_is_not_unzipped_to_its_end() -> None:
    raw = BEGUN + b"}" + b" " * (Limits().unzipped - 1_000)
    zipped = gzip.compress(raw)
    assert len(raw) > MOST_SWELLING * len(zipped)
    with pytest.raises(problems.TooLarge):
        RequestBody(zipped, "gzip").plain(Limits().unzipped)
    assert RequestBody(gzip.compress(raw[:ROOM]), "gzip").plain(Limits().unzipped) == raw[:ROOM]


def test_a_body_that_is_refused_is_not_held_by_its_problem() -> None:
    zipped = gzip.compress(b"{" + b" " * 4_000_000)
    refused = read_call(RequestBody(zipped, "gzip"), Limits().unzipped, "wg1")
    assert isinstance(refused, problems.TooLarge) and refused.__traceback__ is None


def test_another_phone_is_answered_meanwhile(server: Server, bureau: Bureau) -> None:
    """Each costly body is sent while another phone polls; the poll waits for none of them."""
    sender, other = bureau.enrol("wg1"), bureau.enrol("wg2")
    zipped = [gzip.compress(raw, 1) for raw in COSTLY.values()]
    done = Event()

    def send() -> None:
        for body in zipped:
            if len(body) < Limits().body:
                server.raw_sync(sender, body, **{"Content-Encoding": "gzip"})
        done.set()

    thread = Thread(target=send)
    thread.start()
    waits = []
    while not done.is_set():
        begun = time.monotonic()
        assert server.sync(other).status_code == 200
        waits.append(time.monotonic() - begun)
    thread.join()
    assert sorted(waits)[len(waits) * 95 // 100] < HALF_SECOND


def test_a_revoked_phone_is_read_to_256_kb(server: Server, bureau: Bureau) -> None:
    from datetime import UTC, datetime

    from sync_server.store import devices

    phone = bureau.enrol()
    with bureau.store.writing() as tx:
        devices.revoke(tx, phone.phone.device, datetime.now(UTC))
    large = BEGUN + b',"arrivals":[{"a":"' + b"ab" * 150_000 + b'"}]}'
    answer = server.raw_sync(phone, gzip.compress(large), **{"Content-Encoding": "gzip"})
    assert problem(answer) == (401, "token_revoked") and "farewell" not in answer.json()
    small = BEGUN + b',"arrivals":[{"a":1}]}'
    answer = server.raw_sync(phone, gzip.compress(small), **{"Content-Encoding": "gzip"})
    assert len(answer.json()["farewell"]["taken"]) == 1
