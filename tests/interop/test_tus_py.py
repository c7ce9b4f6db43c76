"""PyPI's tuspy and aiotus, as their makers ship them, against the photo room."""

import asyncio
import gc
import warnings
from pathlib import Path

import aiohttp
import aiotus
import aiotus.core
import pytest
import yarl
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed
from tusclient.storage.filestorage import FileStorage

from tests.interop.conftest import Room

CHUNK = 100_000
ONCE = aiotus.RetryConfiguration(retry_attempts=1)


@pytest.mark.parametrize(
    "metadata", [None, {}, {"filename": "楼道 1.jpg", "filetype": "image/jpeg"}]
)
@pytest.mark.parametrize("pieces", [{}, {"chunk_size": CHUNK}], ids=["whole", "pieces"])
def test_tuspy_sends_a_photo(
    room: Room, metadata: dict[str, str] | None, pieces: dict[str, int]
) -> None:
    client = TusClient(room.endpoint, headers=room.headers)
    with room.file.open("rb") as stream:
        client.uploader(file_stream=stream, metadata=metadata, **pieces).upload()
    assert room.holds_it()


def test_tuspy_sends_checksums(room: Room) -> None:
    client = TusClient(room.endpoint, headers=room.headers)
    with room.file.open("rb") as stream:
        client.uploader(file_stream=stream, chunk_size=CHUNK, upload_checksum=True).upload()
    assert room.holds_it()


def test_tuspy_resumes_what_another_run_began(room: Room, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "unclosed file", ResourceWarning)  # tuspy leaves it open
        resumed(room, tmp_path / "urls.json")
        gc.collect()
    assert room.holds_it()


def resumed(room: Room, urls: Path) -> None:
    for begins, stop_at in ((0, 2 * CHUNK), (2 * CHUNK, None)):
        storage = FileStorage(str(urls))  # type: ignore[no-untyped-call]  # theirs
        one = TusClient(room.endpoint, headers=room.headers).uploader(
            str(room.file), chunk_size=CHUNK, store_url=True, url_storage=storage
        )
        assert one.offset == begins
        one.upload(stop_at=stop_at)
        storage.close()  # type: ignore[no-untyped-call]  # theirs


def test_tuspys_asynchronous_client_sends_a_photo(room: Room) -> None:
    client = TusClient(room.endpoint, headers=room.headers)
    with room.file.open("rb") as stream:
        asyncio.run(client.async_uploader(file_stream=stream, chunk_size=CHUNK).upload())
    assert room.holds_it()


def test_tuspy_is_told_that_a_picture_was_refused(room: Room) -> None:
    room.file.write_bytes(b"no picture " * 1000)
    client = TusClient(room.endpoint, headers=room.headers)
    with room.file.open("rb") as stream, pytest.raises(TusUploadFailed) as refused:
        client.uploader(file_stream=stream).upload()
    assert refused.value.status_code == 422


def test_tuspy_is_told_that_it_is_a_stranger(room: Room) -> None:
    client = TusClient(room.endpoint, headers={"Authorization": "Bearer nobody"})
    with room.file.open("rb") as stream, pytest.raises(TusCommunicationError) as refused:
        client.uploader(file_stream=stream).upload()
    assert refused.value.status_code == 401


@pytest.mark.parametrize("chunk", [4 * 1024 * 1024, CHUNK], ids=["whole", "pieces"])
@pytest.mark.parametrize("metadata", [None, {"filename": "楼道 1.jpg".encode(), "flag": None}])
def test_aiotus_sends_a_photo_and_reads_back_what_it_said_of_it(
    room: Room, metadata: dict[str, bytes | None] | None, chunk: int
) -> None:
    async def sent() -> None:
        with room.file.open("rb") as file:
            where = await aiotus.upload(
                room.endpoint, file, metadata, None, ONCE, room.headers, chunk
            )
        assert where is not None and str(where).startswith(room.endpoint)
        told = await aiotus.metadata(where, config=ONCE, headers=room.headers)
        assert told == (metadata or {})

    asyncio.run(sent())
    assert room.holds_it()


def test_aiotus_finds_what_the_room_speaks(room: Room) -> None:
    async def asked() -> aiotus.core.ServerConfiguration:
        async with aiohttp.ClientSession() as session:
            return await aiotus.core.configuration(session, yarl.URL(room.endpoint))

    spoken = asyncio.run(asked())
    assert (spoken.protocol_versions, spoken.max_size) == (["1.0.0"], 2 * 1024 * 1024)
    assert "concatenation" not in spoken.protocol_extensions
