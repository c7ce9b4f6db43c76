"""Several photos in one request: each is handled alone, and the bytes of a cut one are kept."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import httpx
import pytest

from contract.protocol import MAX_BYTES_TOGETHER, MAX_PHOTOS_TOGETHER
from sync_server.photos import request_body
from sync_server.photos.request_body import PAUSE_S
from sync_server.store.photo_folder import PhotoFolder
from sync_server.store.schema import photos
from tests.sync_server.arriving import PATIENCE_S, until_begun
from tests.sync_server.bureau import Bureau
from tests.sync_server.photographs import Sender, a_jpeg, digest
from tests.sync_server.serving import Server, problem

PLACE = "/v1/photos/together"
ONE, TWO, THREE = MADE = [a_jpeg(n) for n in (1, 2, 3)]
TORN = TWO[:-1] + b"x"


def named(*jpegs: bytes) -> dict[str, str]:
    return {"Photos": ", ".join(f"{digest(jpeg)}={len(jpeg)}" for jpeg in jpegs)}


def together(sender: Sender, *jpegs: bytes, said: bytes = b"", **headers: str) -> httpx.Response:
    """Sends all of them in one request; `said`, if given, is sent as the body instead."""
    return sender.ask("POST", PLACE, said or b"".join(jpegs), **named(*jpegs) | headers)


def confirmed(answer: httpx.Response) -> tuple[int, list[str]]:
    return answer.status_code, answer.headers["photo-digest"].split(", ")


def until_two_began(folder: PhotoFolder) -> None:
    """The first photo is stored, its part is gone, and 1,000 bytes of the second have arrived."""
    deadline = time.monotonic() + PATIENCE_S
    while not folder.holds(digest(ONE)) and time.monotonic() < deadline:
        time.sleep(0.01)
    until_begun(folder, 1000)


def test_all_are_confirmed_in_one_round_trip(
    sender: Sender, bureau: Bureau, folder: PhotoFolder
) -> None:
    assert confirmed(together(sender, *MADE)) == (201, [digest(jpeg) for jpeg in MADE])
    assert [folder.read(digest(jpeg)) for jpeg in MADE] == MADE
    assert (bureau.count(photos), list(folder.parts())) == (3, [])
    assert confirmed(together(sender, *MADE)) == (201, [digest(jpeg) for jpeg in MADE])
    assert bureau.count(photos) == 3


def test_what_is_wrong_with_one_is_not_the_others_affair(
    sender: Sender, folder: PhotoFolder
) -> None:
    answer = together(sender, *MADE, said=ONE + TORN + THREE)
    assert confirmed(answer) == (201, [digest(ONE), digest(THREE)])
    assert not folder.holds(digest(TWO))
    assert problem(sender.at_once(TWO, TORN)) == (
        422,
        "photo_mismatch",
    )  # alone: told why


def test_when_none_may_be_kept_the_first_one_says_why(sender: Sender, bureau: Bureau) -> None:
    assert problem(together(sender, TORN)) == (422, "photo_not_jpeg")
    assert bureau.count(photos) == 0


def test_a_strangers_are_not_kept(server: Server, bureau: Bureau, folder: PhotoFolder) -> None:
    stranger = Sender(server, bureau.enrol())
    for said in (named(*MADE)["Photos"], "nonsense"):
        answer = together(stranger, *MADE, Authorization="Bearer nobody", Photos=said)
        assert problem(answer) == (401, "not_signed_in")
    assert (bureau.count(photos), list(folder.parts())) == (0, [])


def test_a_cut_takes_nothing_that_had_come(sender: Sender, folder: PhotoFolder) -> None:
    with sender.line("POST", PLACE, sum(map(len, MADE)), **named(*MADE)) as line:
        line.sendall(ONE + TWO[:1000])
    until_two_began(folder)
    assert (folder.holds(digest(ONE)), folder.holds(digest(TWO))) == (True, False)
    for jpeg, reached in ((ONE, len(ONE)), (TWO, 1000), (THREE, 0)):
        assert sender.create(jpeg).headers["upload-offset"] == str(reached)


def test_they_may_come_drop_by_drop(sender: Sender, folder: PhotoFolder) -> None:
    body = b"".join(MADE)
    cuts = [0, 500, len(ONE) - 1, len(ONE) + 1, len(ONE + TWO), len(body)]
    with sender.line("POST", PLACE, len(body), **named(*MADE)) as line:
        for start, end in pairwise(cuts):
            line.sendall(body[start:end])
            time.sleep(3 * PAUSE_S)
        assert line.recv(4096).split(b"\r\n")[0] == b"HTTP/1.1 201 Created"
    assert [folder.read(digest(jpeg)) for jpeg in MADE] == MADE


def test_one_may_wait_longer_for_its_turn_than_a_road_may_be_silent(
    sender: Sender, folder: PhotoFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_body, "SILENT_S", 0.4)
    body = b"".join(MADE)
    with sender.line("POST", PLACE, len(body), **named(*MADE)) as line:
        for at in range(6):
            line.sendall(body[100 * at : 100 * at + 100])
            time.sleep(0.2)
        line.sendall(body[600:])
        assert line.recv(4096).split(b"\r\n")[0] == b"HTTP/1.1 201 Created"
    assert [folder.read(digest(jpeg)) for jpeg in MADE] == MADE


def test_one_that_had_begun_alone_goes_with_the_others(sender: Sender, folder: PhotoFolder) -> None:
    sender.patch(sender.begun(TWO), 0, TWO[:1000])
    assert confirmed(together(sender, *MADE)) == (201, [digest(jpeg) for jpeg in MADE])
    assert list(folder.parts()) == []


def test_a_newer_request_takes_over_from_a_half_open_one(
    sender: Sender, folder: PhotoFolder
) -> None:
    with sender.line("POST", PLACE, sum(map(len, MADE)), **named(*MADE)) as line:
        line.sendall(ONE + TWO[:1000])
        until_two_began(folder)
        assert sender.at_once(TWO).headers["photo-digest"] == digest(TWO)
        line.sendall(TWO[1000:] + THREE)
        assert confirmed(together(sender, *MADE)) == (201, [digest(jpeg) for jpeg in MADE])


def test_the_same_at_once_are_stored_once(
    sender: Sender, bureau: Bureau, folder: PhotoFolder
) -> None:
    with ThreadPoolExecutor(4) as hands:
        for answer in hands.map(lambda _: together(sender, *MADE), range(8)):
            assert answer.status_code in {201, 409}
    assert confirmed(together(sender, *MADE)) == (201, [digest(jpeg) for jpeg in MADE])
    assert (bureau.count(photos), list(folder.parts())) == (3, [])


def test_where_one_goes_on_alone_those_behind_it_come_another_time(sender: Sender) -> None:
    """The rest of its bytes is not read, so that the beginning of the next photo is unknown."""
    sender.patch(sender.begun(ONE), 0, ONE[:1000])
    with sender.line("POST", PLACE, sum(map(len, MADE)), **named(*MADE)) as line:
        line.sendall(ONE[:500])
        time.sleep(3 * PAUSE_S)
        assert line.recv(4096).split(b"\r\n")[0] == b"HTTP/1.1 400 Bad Request"
    assert sender.create(ONE).headers["upload-offset"] == "1000"
    assert confirmed(together(sender, *MADE)) == (201, [digest(jpeg) for jpeg in MADE])


def test_one_that_goes_on_alone_is_told_so(sender: Sender) -> None:
    sender.patch(sender.begun(ONE), 0, ONE[:1000])
    with sender.line("POST", PLACE, len(ONE), **named(ONE)) as line:
        line.sendall(ONE[:500])
        time.sleep(3 * PAUSE_S)
        assert line.recv(4096).split(b"\r\n")[0] == b"HTTP/1.1 409 Conflict"
    assert sender.create(ONE).headers["upload-offset"] == "1000"


NOT_TOLD_APART = {
    "": (400, "bad_header"),
    digest(ONE): (400, "bad_header"),
    f"{digest(ONE)}=0": (400, "bad_header"),
    f"{digest(ONE)}=-5": (400, "bad_header"),
    f"../{digest(ONE)[3:]}=5": (400, "bad_header"),
    ", ".join([f"{digest(ONE)}=5"] * 2): (400, "bad_header"),
    ", ".join(f"{n:064x}=5" for n in range(MAX_PHOTOS_TOGETHER + 1)): (400, "bad_header"),
    f"{digest(ONE)}={MAX_BYTES_TOGETHER}, {digest(TWO)}=1": (413, "photo_too_large"),
}


def test_what_cannot_be_told_apart_is_refused(sender: Sender, bureau: Bureau) -> None:
    answers = {one: problem(sender.ask("POST", PLACE, ONE, Photos=one)) for one in NOT_TOLD_APART}
    assert answers == NOT_TOLD_APART
    assert bureau.count(photos) == 0


def test_a_body_that_ends_early_brings_what_is_in_it(sender: Sender, folder: PhotoFolder) -> None:
    assert confirmed(together(sender, *MADE, said=ONE + TWO[:9])) == (201, [digest(ONE)])
    assert sender.create(TWO).headers["upload-offset"] == "9"
    assert not folder.holds(digest(THREE))
    longer = together(sender, *MADE, said=b"".join(MADE) + b"more")
    assert confirmed(longer) == (201, [digest(jpeg) for jpeg in MADE])


def test_nothing_else_is_done_with_them(sender: Sender) -> None:
    methods = ("GET", "HEAD", "PATCH", "DELETE")
    assert [sender.ask(method, PLACE).status_code for method in methods] == [405] * 4
