"""npm's tus-js-client, as its makers ship it, against the photo room."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from contract.wire import Json
from tests.interop.conftest import Room

HERE = Path(__file__).parent
pytestmark = pytest.mark.skipif(
    not shutil.which("node") or not (HERE / "node_modules/tus-js-client").exists(),
    reason="no node, or `make test` found no npm to install tus-js-client with",
)
CHUNK = 100_000


def sent(room: Room, options: dict[str, Any] | None = None, **more: Json) -> dict[str, Any]:
    """What came of one run of send.js."""
    asked = {"endpoint": room.endpoint, "token": room.token, "file": str(room.file), **more}
    asked["options"] = options or {}
    ran = subprocess.run(
        ["node", str(HERE / "send.js"), json.dumps(asked)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def test_it_sends_a_photo_in_one_piece(room: Room) -> None:
    told = sent(room)
    assert (told["requests"], told["digest"]) == (["POST 201", "PATCH 204"], room.digest)
    assert told["url"].startswith(room.endpoint)
    assert room.holds_it()


def test_it_sends_a_photo_in_pieces(room: Room) -> None:
    told = sent(room, {"chunkSize": CHUNK})
    pieces = -(-room.file.stat().st_size // CHUNK)
    assert told["requests"] == ["POST 201", *["PATCH 204"] * pieces]
    assert pieces > 2
    assert room.holds_it()


def test_it_sends_the_first_piece_with_the_creation(room: Room) -> None:
    told = sent(room, {"uploadDataDuringCreation": True})
    assert (told["requests"], told["digest"]) == (["POST 201"], room.digest)
    assert room.holds_it()


def test_it_may_name_the_file_and_its_type(room: Room) -> None:
    named = {"filename": "楼道 1.jpg", "filetype": "image/jpeg", "empty": ""}
    assert sent(room, {"metadata": named})["digest"] == room.digest


def test_it_may_announce_the_digest_and_need_not_send_what_is_here(room: Room) -> None:
    for requests in (["POST 201", "PATCH 204"], ["POST 201"]):
        told = sent(room, {"metadata": {"sha256": room.digest}, "uploadDataDuringCreation": True})
        assert len(told["requests"]) <= len(requests)
        assert told["digest"] == room.digest
    assert room.holds_it()


@pytest.mark.parametrize("options", [{"chunkSize": CHUNK}, {"chunkSize": 70_001}])
def test_it_resumes_after_an_abort(room: Room, options: dict[str, Any]) -> None:
    told = sent(room, options, pauseAt=CHUNK)
    assert "HEAD 200" in told["requests"]
    assert told["requests"].count("POST 201") == 1
    assert told["digest"] == room.digest
    assert room.holds_it()


def test_another_run_of_it_finds_and_finishes_the_upload(room: Room, tmp_path: Path) -> None:
    store = str(tmp_path / "urls.json")
    first = sent(room, {"chunkSize": CHUNK}, store=store, dieAt=CHUNK)
    assert (first["found"], first["died"]) == (0, CHUNK)
    second = sent(room, {"chunkSize": CHUNK}, store=store)
    assert (second["found"], second["url"]) == (1, first["url"])
    assert second["requests"][0] == "HEAD 200"
    assert second["requests"].count("POST 201") == 0
    assert room.holds_it()


def test_it_takes_an_upload_back(room: Room) -> None:
    told = sent(room, {"chunkSize": CHUNK}, pauseAt=CHUNK, terminate=True)
    assert told["requests"][-1] == "DELETE 204"
    assert not room.holds_it()


def test_it_tells_why_a_picture_was_refused(room: Room) -> None:
    room.file.write_bytes(b"no picture " * 1000)
    told = sent(room, {"retryDelays": None})
    assert json.loads(told["error"])["code"] == "photo_not_jpeg"


def test_a_stranger_is_told_no(room: Room) -> None:
    told = sent(room, {"retryDelays": None, "headers": {"Authorization": "Bearer nobody"}})
    assert json.loads(told["error"])["code"] == "not_signed_in"
