"""Uploads whose connection is lost, over real sockets: bytes are kept, the newest request wins."""

import asyncio
import socket
import struct
import time
from typing import Any

import anyio.to_thread
import pytest
from anyio import CancelScope
from anyio.to_thread import run_sync

from sync_server.photos.request_body import UploadBody
from sync_server.store.photo_folder import PhotoFolder
from sync_server.store.schema import photos, uploads
from tests.sync_server.arriving import until, until_begun
from tests.sync_server.bureau import Bureau
from tests.sync_server.photographs import BYTES, Sender, a_jpeg, announcing, digest, where
from tests.sync_server.serving import Server

JPEG = a_jpeg()
LARGE = a_jpeg(2, (1600, 1200))
AT_ONCE_S = 1.0
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close() answers with RST and forgets the rest


def half_open(sender: Sender, place: str, offset: int, piece: bytes) -> socket.socket:
    """A connection that sends a piece of a PATCH and then is silent."""
    line = sender.line("PATCH", place, len(JPEG) - offset, **{"Upload-Offset": str(offset)})
    line.sendall(piece)
    return line


def break_off(line: socket.socket, reset: bool) -> None:
    if reset:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    line.close()


def test_every_byte_that_came_counts_when_the_road_breaks(
    sender: Sender, folder: PhotoFolder
) -> None:
    place = sender.begun(JPEG)
    with half_open(sender, place, 0, JPEG[:1234]):
        until(folder, place, 1234)
    assert sender.reached(place) == 1234
    assert sender.patch(place, 1234, JPEG[1234:]).headers["photo-digest"] == digest(JPEG)


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("size", [1, 40_000])
def test_bytes_count_that_nobody_had_read_yet_when_the_road_broke(
    sender: Sender, folder: PhotoFolder, size: int, reset: bool
) -> None:
    """The whole piece and the end of its connection arrive before the token is looked up."""
    place = sender.begun(LARGE)
    line = sender.line("PATCH", place, len(LARGE), **{"Upload-Offset": "0"})
    line.sendall(LARGE[:size])
    break_off(line, reset)
    until(folder, place, size)
    assert sender.reached(place) == size
    assert sender.patch(place, size, LARGE[size:]).headers["photo-digest"] == digest(LARGE)


def test_bytes_count_that_came_with_a_creation_whose_road_broke(
    sender: Sender, folder: PhotoFolder
) -> None:
    told = {"Upload-Length": str(len(LARGE)), **announcing(digest(LARGE))}
    line = sender.line("POST", "/v1/photos/", len(LARGE), **told)
    line.sendall(LARGE[:30_000])
    break_off(line, reset=True)
    place = until_begun(folder, 30_000)
    again = sender.create(LARGE)
    assert (where(again), again.headers["upload-offset"]) == (place, "30000")


def test_bytes_count_that_nobody_had_read_yet_when_a_newer_request_came(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy bureau has no free thread yet to look up the upload."""

    async def waited(*work: Any) -> Any:
        await asyncio.sleep(0.2)
        return await run_sync(*work)

    place = sender.begun(LARGE)
    monkeypatch.setattr(anyio.to_thread, "run_sync", waited)
    line = sender.line("PATCH", place, len(LARGE), **{"Upload-Offset": "0"})
    line.sendall(LARGE[:30_000])
    break_off(line, reset=False)
    time.sleep(0.1)  # the newer one takes over while the older one's turn has just begun
    assert sender.reached(place) == 30_000


def test_a_new_request_takes_over_from_a_half_open_one(sender: Sender, folder: PhotoFolder) -> None:
    place = sender.begun(JPEG)
    with half_open(sender, place, 0, JPEG[:1000]) as old:
        until(folder, place, 1000)
        began = time.monotonic()
        assert sender.patch(place, 1000, JPEG[1000:2000]).status_code == 204
        assert time.monotonic() - began < AT_ONCE_S
        old.sendall(b"x" * 500)  # the old writer may not add another byte
        time.sleep(0.2)
        assert sender.reached(place) == 2000
    assert sender.patch(place, 2000, JPEG[2000:]).headers["photo-digest"] == digest(JPEG)


def test_asking_where_it_stands_ends_a_half_open_writer(
    sender: Sender, folder: PhotoFolder
) -> None:
    place = sender.begun(JPEG)
    with half_open(sender, place, 0, JPEG[:1000]) as old:
        until(folder, place, 1000)
        assert sender.reached(place) == 1000
        answer = old.recv(4096)
        assert b"409" in answer.split(b"\r\n")[0]


def test_a_photo_that_hangs_half_open_is_finished_by_another_client_at_once(
    sender: Sender, server: Server, folder: PhotoFolder
) -> None:
    place, half = sender.begun(JPEG), len(JPEG) // 2
    with half_open(sender, place, 0, JPEG[:half]):
        until(folder, place, half)
        began, other = time.monotonic(), Sender(server, sender.handset)
        at = other.reached(place)
        answer = other.patch(place, at, JPEG[at:])
        assert (at, answer.headers["photo-digest"]) == (half, digest(JPEG))
        assert time.monotonic() - began < AT_ONCE_S


def test_a_creation_that_hangs_half_open_is_gone_on_with(
    sender: Sender, folder: PhotoFolder, bureau: Bureau
) -> None:
    told = {"Upload-Length": str(len(JPEG)), **announcing(digest(JPEG))}
    with sender.line("POST", "/v1/photos/", len(JPEG), **told) as line:
        line.sendall(JPEG[:700])
        place = until_begun(folder, 700)
        began = time.monotonic()
        assert (sender.begun(JPEG), sender.reached(place)) == (place, 700)
        assert sender.patch(place, 700, JPEG[700:]).headers["photo-digest"] == digest(JPEG)
        assert time.monotonic() - began < AT_ONCE_S
    assert (bureau.count(uploads), bureau.count(photos)) == (1, 1)


@pytest.mark.parametrize("brings", [False, True], ids=["asks", "brings"])
def test_a_creation_whose_bytes_are_still_in_memory_is_the_same_upload(
    sender: Sender, bureau: Bureau, monkeypatch: pytest.MonkeyPatch, brings: bool
) -> None:
    """The phone comes back before a busy bureau has saved what arrived of the first request."""
    flush = UploadBody.write_buffer

    async def late(self: UploadBody) -> None:
        with CancelScope(shield=True):
            await asyncio.sleep(0.3)
        await flush(self)

    monkeypatch.setattr(UploadBody, "write_buffer", late)
    told = {"Upload-Length": str(len(LARGE)), **announcing(digest(LARGE))}
    line = sender.line("POST", "/v1/photos/", len(LARGE), **told)
    line.sendall(LARGE[:30_000])
    break_off(line, reset=False)
    if brings:
        again = sender.ask("POST", "/v1/photos/", LARGE, **told, **BYTES)
        assert again.headers["photo-digest"] == digest(LARGE)
    else:
        again = sender.create(LARGE)
        assert again.headers["upload-offset"] == "30000"
        sender.patch(where(again), 30_000, LARGE[30_000:])
    assert (bureau.count(uploads), bureau.count(photos)) == (1, 1)
