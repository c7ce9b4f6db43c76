"""Photos that come whole in the request that creates them: created and completed in one step."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from itertools import pairwise
from random import Random
from shutil import rmtree

import pytest
from PIL import Image

from sync_server.photos import completion
from sync_server.photos.request_body import LARGE, PAUSE_S
from sync_server.store import photo_folder as folder_room
from sync_server.store.photo_folder import PhotoFolder
from sync_server.store.schema import photos, uploads
from tests.sync_server.arriving import until
from tests.sync_server.bureau import Bureau
from tests.sync_server.photographs import Sender, a_jpeg, announcing, checksum, digest
from tests.sync_server.serving import Server, problem

JPEG = a_jpeg()
TOLD = {"Upload-Length": str(len(JPEG)), **announcing(digest(JPEG))}
OTHER = a_jpeg(2)[: len(JPEG)].ljust(len(JPEG), b"\0")


def a_noise() -> bytes:
    """A photo that hardly compresses."""
    out = BytesIO()
    noise = Image.frombytes("L", (1000, 800), Random(1).randbytes(800_000))
    noise.save(out, "JPEG", quality=90)
    return out.getvalue()


def test_it_is_confirmed_in_one_round_trip(
    sender: Sender, bureau: Bureau, folder: PhotoFolder
) -> None:
    answer = sender.at_once(JPEG, **checksum(JPEG))
    assert (answer.status_code, answer.headers["photo-digest"]) == (201, digest(JPEG))
    assert (folder.read(digest(JPEG)), list(folder.parts())) == (JPEG, [])
    assert (bureau.count(photos), bureau.count(uploads)) == (1, 1)
    assert sender.at_once(JPEG).headers["photo-digest"] == digest(JPEG)
    assert bureau.count(photos) == 1


def test_a_strangers_is_not_kept(server: Server, bureau: Bureau, folder: PhotoFolder) -> None:
    handset = bureau.enrol()
    stranger = Sender(server, handset)
    answer = stranger.at_once(JPEG, Authorization="Bearer nobody")
    assert problem(answer) == (401, "not_signed_in")
    assert (bureau.count(photos), list(folder.parts())) == (0, [])
    assert not folder.holds(digest(JPEG))


def test_a_stranger_who_sends_drop_by_drop_is_soon_turned_away(
    server: Server, bureau: Bureau, folder: PhotoFolder
) -> None:
    told = {"Upload-Length": str(len(JPEG)), **announcing(digest(JPEG))}
    told |= {"Authorization": "Bearer nobody"}
    sender = Sender(server, bureau.enrol())
    with sender.line("POST", "/v1/photos/", len(JPEG), **told) as line:
        line.setblocking(False)
        for n in range(200):
            line.send(JPEG[n : n + 1])
            time.sleep(0.02)
            with suppress(BlockingIOError):
                assert b"401" in line.recv(4096).split(b"\r\n")[0]
                break
        else:
            pytest.fail("it may go on sending")
    assert list(folder.parts()) == []


def test_many_at_once_are_each_told_their_own(
    server: Server, bureau: Bureau, folder: PhotoFolder
) -> None:
    """Good ones, damaged ones and those of unknown phones share one commit."""
    phones = [Sender(server, bureau.enrol(f"wg{n}")) for n in (1, 2)]
    made = [a_jpeg(n) for n in range(10, 18)]

    def hand_in(n: int) -> tuple[int, str]:
        jpeg = made[n]
        if n % 4 == 2:
            answer = phones[0].at_once(jpeg, jpeg[:-1] + b"x")
        elif n % 4 == 3:
            answer = phones[1].at_once(jpeg, Authorization="Bearer nobody")
        else:
            answer = phones[n % 4].at_once(jpeg)
        return answer.status_code, answer.headers.get("photo-digest", "")

    with ThreadPoolExecutor(8) as hands:
        told = list(hands.map(hand_in, range(8)))
    for n, jpeg in enumerate(made):
        status = {2: 422, 3: 401}.get(n % 4, 201)
        assert told[n] == (status, digest(jpeg) if status == 201 else "")
        assert folder.holds(digest(jpeg)) == (status == 201)
    assert (bureau.count(photos), list(folder.parts())) == (4, [])


def test_it_comes_again_after_its_folder_was_taken_away(
    sender: Sender, bureau: Bureau, folder: PhotoFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sender.at_once(JPEG).status_code == 201
    all_photos = bureau.settings.photos / bureau.settings.bureau / "photos"
    rmtree(all_photos / digest(JPEG)[:2])
    assert not folder.holds(digest(JPEG))
    synced, sync = list[str](), folder_room.sync_folder

    def noted(path: str) -> None:
        synced.append(path)
        sync(path)

    monkeypatch.setattr(folder_room, "sync_folder", noted)
    assert sender.at_once(JPEG).headers["photo-digest"] == digest(JPEG)
    assert folder.read(digest(JPEG)) == JPEG
    assert str(all_photos) in synced  # the folder's own name is on the disk as well


def test_nothing_is_sent_again_when_the_database_fails_at_the_last_moment(
    sender: Sender, folder: PhotoFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = sender.begun(JPEG)
    with monkeypatch.context() as broken:
        broken.delattr(completion, "_save")
        assert sender.patch(place, 0, JPEG).status_code == 500
    assert sender.reached(place) == len(JPEG)
    assert sender.patch(place, len(JPEG), b"").headers["photo-digest"] == digest(JPEG)
    assert (folder.read(digest(JPEG)), list(folder.parts())) == (JPEG, [])


def test_it_needs_nothing_of_what_came_of_it_before(
    sender: Sender, bureau: Bureau, folder: PhotoFolder
) -> None:
    place = sender.begun(JPEG)
    sender.patch(place, 0, JPEG[:1000])
    answer = sender.at_once(JPEG)
    assert (answer.status_code, answer.headers["photo-digest"]) == (201, digest(JPEG))
    assert sender.ask("HEAD", place).headers["photo-digest"] == digest(JPEG)
    assert (folder.read(digest(JPEG)), list(folder.parts())) == (JPEG, [])
    assert (bureau.count(photos), bureau.count(uploads)) == (1, 1)


def test_an_older_writer_of_the_same_photo_cannot_touch_it(
    sender: Sender, bureau: Bureau, folder: PhotoFolder
) -> None:
    """Its connection lives on; what it writes then goes to another part file."""
    place = sender.begun(JPEG)
    with sender.line("PATCH", place, len(JPEG), **{"Upload-Offset": "0"}) as old:
        old.sendall(JPEG[:1000])
        until(folder, place, 1000)  # else it may be the older one that comes too late: 409
        assert sender.at_once(JPEG).headers["photo-digest"] == digest(JPEG)
        old.sendall(OTHER[1000:])
        assert b"422" in old.recv(4096).split(b"\r\n")[0]
    assert folder.read(digest(JPEG)) == JPEG
    assert bureau.count(photos) == 1
    assert sender.at_once(JPEG).headers["photo-digest"] == digest(JPEG)


def test_a_damaged_one_takes_nothing_away(sender: Sender, folder: PhotoFolder) -> None:
    place = sender.begun(JPEG)
    sender.patch(place, 0, JPEG[:1000])
    assert problem(sender.at_once(JPEG, OTHER)) == (422, "photo_mismatch")
    assert sender.reached(place) == 1000
    assert sender.patch(place, 1000, JPEG[1000:]).headers["photo-digest"] == digest(JPEG)


@pytest.mark.parametrize(
    ("told", "refused"),
    [
        ({"Upload-Checksum": checksum(b"other")["Upload-Checksum"]}, (460, "checksum_mismatch")),
        ({"Upload-Length": str(len(JPEG) - 1)}, (413, "photo_too_large")),
        (announcing(digest(OTHER)), (422, "photo_mismatch")),
    ],
    ids=["damaged", "longer", "another"],
)
def test_what_is_not_as_it_was_said_is_refused_whole(
    sender: Sender,
    bureau: Bureau,
    folder: PhotoFolder,
    told: dict[str, str],
    refused: tuple[int, str],
) -> None:
    assert problem(sender.at_once(JPEG, **told)) == refused
    assert (bureau.count(photos), list(folder.parts())) == (0, [])


def test_one_too_large_to_wait_in_memory_goes_by_the_disk(
    sender: Sender, folder: PhotoFolder
) -> None:
    large = a_noise()
    assert len(large) > LARGE
    answer = sender.at_once(large, **checksum(large))
    assert (answer.status_code, answer.headers["photo-digest"]) == (201, digest(large))
    assert (folder.read(digest(large)), list(folder.parts())) == (large, [])


def test_a_creation_may_bring_again_what_is_here(sender: Sender, folder: PhotoFolder) -> None:
    """The way around a network that lets no PATCH through: its bytes begin at the first one."""
    sender.patch(sender.begun(JPEG), 0, JPEG[:1000])
    answer = sender.at_once(JPEG)
    assert (answer.status_code, answer.headers["photo-digest"]) == (201, digest(JPEG))
    assert folder.read(digest(JPEG)) == JPEG


def test_a_creation_that_comes_slowly_goes_on_where_the_upload_stands(
    sender: Sender, folder: PhotoFolder
) -> None:
    sender.patch(sender.begun(JPEG), 0, JPEG[:1000])
    with sender.line("POST", "/v1/photos/", len(JPEG), **TOLD) as line:
        for start, end in pairwise([0, 400, 1000, 1001, 1500, len(JPEG)]):
            line.sendall(JPEG[start:end])
            time.sleep(3 * PAUSE_S)
        assert line.recv(4096).split(b"\r\n")[0] == b"HTTP/1.1 201 Created"
    assert folder.read(digest(JPEG)) == JPEG


@pytest.mark.parametrize(("came", "reached"), [(400, 1000), (1000, 1000), (1300, 1300)])
def test_a_creation_that_was_cut_takes_nothing_back(
    sender: Sender, folder: PhotoFolder, came: int, reached: int
) -> None:
    sender.patch(place := sender.begun(JPEG), 0, JPEG[:1000])
    with sender.line("POST", "/v1/photos/", len(JPEG), **TOLD) as line:
        line.sendall(JPEG[:came])
        time.sleep(4 * PAUSE_S)
    until(folder, place, reached)
    assert sender.create(JPEG).headers["upload-offset"] == str(reached)
    assert sender.at_once(JPEG).headers["photo-digest"] == digest(JPEG)
