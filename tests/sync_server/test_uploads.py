"""Photos by tus 1.0.0: resumed where they stopped, checked, durable before they are confirmed."""

import os
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from pathlib import Path

import pytest
from httpx import Response

from contract import wire
from contract.protocol import SyncReply
from sync_server.photos.creation import UploadRequest
from sync_server.photos.uploads import Upload, Uploads
from sync_server.store.photo_folder import PhotoFolder
from sync_server.store.schema import photos, uploads
from tests.sync_server.bureau import Bureau
from tests.sync_server.photographs import BYTES, Sender, a_jpeg, announcing, checksum, digest, where
from tests.sync_server.serving import Server, problem

JPEG = a_jpeg()


def test_the_room_says_what_it_speaks(server: Server) -> None:
    answer = server.client.options("/v1/photos/")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert set(answer.headers["tus-extension"].split(",")) == {
        *("creation", "creation-with-upload", "checksum", "expiration", "termination")
    }
    assert answer.headers["tus-max-size"] == str(2 * 1024 * 1024)
    assert answer.headers["tus-checksum-algorithm"] == "sha256,sha1"


def test_a_photo_is_confirmed_by_its_digest(
    sender: Sender, bureau: Bureau, folder: PhotoFolder
) -> None:
    answer = sender.sent(JPEG)
    assert answer.status_code == 204
    assert answer.headers["photo-digest"] == digest(JPEG)
    assert answer.headers["upload-offset"] == str(len(JPEG))
    row = bureau.row(photos)
    assert (row.sha256, row.bytes, row.width, row.height) == (digest(JPEG), len(JPEG), 240, 180)
    assert folder.read(digest(JPEG)) == JPEG
    assert list(folder.parts()) == []


def test_a_photo_resumes_where_it_stopped(sender: Sender) -> None:
    place = sender.begun(JPEG)
    assert sender.patch(place, 0, JPEG[:1000]).headers["upload-offset"] == "1000"
    assert sender.reached(place) == 1000
    answer = sender.patch(place, 1000, JPEG[1000:])
    assert answer.headers["photo-digest"] == digest(JPEG)


def test_head_says_where_an_upload_stands(sender: Sender) -> None:
    place = sender.begun(JPEG)
    headers = sender.ask("HEAD", place).headers
    assert headers["upload-length"] == str(len(JPEG))
    assert headers["cache-control"] == "no-store"
    assert headers["upload-expires"].endswith("GMT")
    assert headers["tus-resumable"] == "1.0.0"
    assert headers["upload-metadata"].startswith("sha256 ")
    assert "photo-digest" not in headers
    sender.patch(place, 0, JPEG)
    headers = sender.ask("HEAD", place).headers
    assert (headers["upload-offset"], headers["photo-digest"]) == (str(len(JPEG)), digest(JPEG))


def test_creation_with_upload_takes_the_first_bytes(sender: Sender) -> None:
    said = BYTES | {"Upload-Length": str(len(JPEG))}
    answer = sender.ask("POST", "/v1/photos/", JPEG[:500], **said)
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "500")
    assert sender.patch(where(answer), 500, JPEG[500:]).status_code == 204


def test_creation_with_upload_may_bring_it_all(sender: Sender) -> None:
    said = BYTES | {"Upload-Length": str(len(JPEG))}
    answer = sender.ask("POST", "/v1/photos/", JPEG, **said)
    assert (answer.status_code, answer.headers["photo-digest"]) == (201, digest(JPEG))


def test_beginning_twice_is_one_upload(sender: Sender, bureau: Bureau) -> None:
    place = sender.begun(JPEG)
    sender.patch(place, 0, JPEG[:700])
    again = sender.create(JPEG)
    assert (where(again), again.headers["upload-offset"]) == (place, "700")
    assert bureau.count(uploads) == 1


def test_what_is_stored_need_not_be_sent(sender: Sender, server: Server, bureau: Bureau) -> None:
    sender.sent(JPEG)
    for handset in (sender.handset, bureau.enrol("wg2")):
        answer = Sender(server, handset).create(JPEG)
        assert answer.headers["upload-offset"] == str(len(JPEG))
        assert answer.headers["photo-digest"] == digest(JPEG)


def test_the_same_picture_from_two_phones_is_stored_once(
    sender: Sender, server: Server, bureau: Bureau
) -> None:
    other = Sender(server, bureau.enrol("wg2"))
    mine, theirs = sender.begun(JPEG), other.begun(JPEG)
    assert mine != theirs
    for who, place in ((sender, mine), (other, theirs)):
        assert who.patch(place, 0, JPEG).headers["photo-digest"] == digest(JPEG)
    assert bureau.count(photos) == 1


def test_a_repeated_last_piece_is_confirmed_again(sender: Sender) -> None:
    place = sender.begun(JPEG)
    sender.patch(place, 0, JPEG)
    answer = sender.patch(place, len(JPEG), b"")
    assert (answer.status_code, answer.headers["photo-digest"]) == (204, digest(JPEG))


def test_sync_says_what_is_wanted_and_what_is_stored(sender: Sender, server: Server) -> None:
    other = a_jpeg(2)
    sender.sent(JPEG)
    place = sender.begun(other)
    sender.patch(place, 0, other[:300])
    asked = [digest(JPEG), digest(other)]
    reply = wire.decode(SyncReply, server.sync(sender.handset, photos=asked).content)
    assert reply.stored == (digest(JPEG),)
    (wanted,) = reply.wanted
    assert (wanted.sha256, wanted.offset, wanted.upload) == (digest(other), 300, place)


def test_another_phones_upload_is_not_there(sender: Sender, server: Server, bureau: Bureau) -> None:
    place, other = sender.begun(JPEG), Sender(server, bureau.enrol())
    assert other.ask("HEAD", place).status_code == 404
    assert problem(other.patch(place, 0, JPEG)) == (404, "not_found")
    assert problem(other.ask("DELETE", place)) == (404, "not_found")
    assert sender.patch(place, 0, JPEG).status_code == 204


def test_a_dropped_upload_is_gone(sender: Sender, folder: PhotoFolder) -> None:
    place = sender.begun(JPEG)
    sender.patch(place, 0, JPEG[:100])
    assert sender.ask("DELETE", place).status_code == 204
    assert problem(sender.patch(place, 100, JPEG[100:])) == (404, "not_found")
    assert list(folder.parts()) == []


def test_a_wrong_offset_is_told(sender: Sender) -> None:
    place = sender.begun(JPEG)
    assert problem(sender.patch(place, 5, JPEG)) == (409, "wrong_offset")
    assert sender.reached(place) == 0


def test_another_type_of_body_is_refused(sender: Sender) -> None:
    answer = sender.patch(sender.begun(JPEG), 0, JPEG, **{"Content-Type": "image/jpeg"})
    assert problem(answer) == (415, "wrong_type")


def test_another_version_of_tus_is_refused(sender: Sender) -> None:
    for version in ("", "0.2.2", "2.0.0"):
        headers = {"Tus-Resumable": version, "Upload-Length": "1"}
        answer = sender.ask("POST", "/v1/photos/", **headers)
        assert problem(answer) == (412, "tus_version"), version
        assert answer.headers["tus-version"] == "1.0.0"


def test_a_stranger_may_not_send(server: Server) -> None:
    answer = server.client.post("/v1/photos/", headers={"Tus-Resumable": "1.0.0"})
    assert problem(answer) == (401, "not_signed_in")
    assert answer.headers["tus-resumable"] == "1.0.0"


UNREADABLE_HEADERS: tuple[dict[str, str], ...] = (
    {"Upload-Length": "-1"},
    {"Upload-Length": "1e3"},
    {"Upload-Length": ""},
    {"Upload-Length": "9" * 30},
    {"Upload-Length": "5", "Upload-Metadata": "sha256 ???"},
    {"Upload-Length": "5", "Upload-Metadata": "sha256 YWJj"},
    {"Upload-Length": "5", "Upload-Metadata": "a YQ==,a YQ=="},
    {"Upload-Length": "5", "Upload-Metadata": "a YQ== YQ=="},
    {"Upload-Length": "5", "Upload-Metadata": "a" * 1001},
)
UNREADABLE_CHECKSUMS = ("md5 YWJj", "sha1 YWJj", "sha256 ???", "sha256 YWJj", "sha256")


def test_a_header_that_cannot_be_read_is_refused(sender: Sender) -> None:
    answers = [problem(sender.ask("POST", "/v1/photos/", **one)) for one in UNREADABLE_HEADERS]
    pairs = zip(UNREADABLE_HEADERS, answers, strict=True)
    assert [pair for pair in pairs if pair[1] != (400, "bad_header")] == []


def test_a_checksum_that_cannot_be_read_is_refused(sender: Sender) -> None:
    place = sender.begun(JPEG)
    for header in UNREADABLE_CHECKSUMS:
        answer = sender.patch(place, 0, JPEG, **{"Upload-Checksum": header})
        assert problem(answer) == (400, "bad_header"), header


def test_a_wrong_checksum_takes_the_piece_back(sender: Sender) -> None:
    place = sender.begun(JPEG)
    first, second = JPEG[:800], JPEG[800:]
    assert sender.patch(place, 0, first, **checksum(first)).status_code == 204
    answer = sender.patch(place, 800, second[::-1], **checksum(second))
    assert problem(answer) == (460, "checksum_mismatch")
    assert sender.reached(place) == 800
    assert sender.patch(place, 800, second, **checksum(second)).status_code == 204


def test_the_checksum_that_tus_asks_of_every_server_is_known(sender: Sender) -> None:
    place = sender.begun(JPEG)
    told = {
        "Upload-Checksum": f"sha1 {b64encode(sha1(JPEG, usedforsecurity=False).digest()).decode()}"
    }
    assert problem(sender.patch(place, 0, JPEG[::-1], **told)) == (460, "checksum_mismatch")
    assert sender.reached(place) == 0
    assert sender.patch(place, 0, JPEG, **told).status_code == 204


def test_a_photo_over_the_limit_is_refused(sender: Sender) -> None:
    answer = sender.ask("POST", "/v1/photos/", **{"Upload-Length": str(2 * 1024 * 1024 + 1)})
    assert problem(answer) == (413, "photo_too_large")


@pytest.mark.parametrize("announced", [True, False])
def test_more_than_was_announced_is_refused(sender: Sender, announced: bool) -> None:
    place = sender.begun(JPEG)
    body = JPEG + b"more"
    answer = sender.patch(place, 0, body if announced else iter([body[:100], body[100:]]))
    assert problem(answer) == (413, "photo_too_large")
    assert sender.reached(place) == 0


REFUSED = {
    "photo_not_jpeg": b"GIF89a" + b"\0" * 500,
    "photo_has_metadata": a_jpeg(3, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0"),
    "photo_too_many_pixels": a_jpeg(4).replace(
        b"\x08" + (180).to_bytes(2) + (240).to_bytes(2),
        b"\x08" + (30_000).to_bytes(2) + (30_000).to_bytes(2),
    ),
}


@pytest.mark.parametrize(("code", "bad"), REFUSED.items(), ids=REFUSED)
def test_a_refused_picture_is_not_kept(
    sender: Sender, bureau: Bureau, folder: PhotoFolder, code: str, bad: bytes
) -> None:
    place = sender.begun(bad)
    assert problem(sender.patch(place, 0, bad)) == (422, code)
    assert sender.ask("HEAD", place).status_code == 404
    assert (bureau.count(photos), list(folder.parts())) == (0, [])
    assert not folder.holds(digest(bad))


def test_another_picture_than_announced_is_refused(sender: Sender, bureau: Bureau) -> None:
    place = sender.begun(JPEG, sha=digest(b"another"))
    assert problem(sender.patch(place, 0, JPEG)) == (422, "photo_mismatch")
    assert bureau.count(photos) == 0


def test_a_phone_has_only_so_many_uploads_under_way(sender: Sender, bureau: Bureau) -> None:
    limits = bureau.settings.limits
    uploads_ = Uploads(bureau.store, PhotoFolder(bureau.settings.photos, "x"), limits)
    said = sender.handset.headers["Authorization"]
    wishes = [UploadRequest(said, 5, digest(bytes([n]))) for n in range(limits.open_uploads)]
    uploads_.create(wishes, datetime.now(UTC))
    assert problem(sender.create(JPEG)) == (429, "too_many_uploads")


def test_an_upload_ends_with_its_time(sender: Sender, bureau: Bureau, folder: PhotoFolder) -> None:
    ours = Uploads(bureau.store, folder, bureau.settings.limits)
    long_ago = datetime.now(UTC) - timedelta(days=8)
    wish = UploadRequest(sender.handset.headers["Authorization"], len(JPEG), digest(JPEG))
    [old] = ours.create([wish], long_ago)
    assert isinstance(old, Upload)
    folder.write(old.name, 0, JPEG[:9])
    assert problem(sender.patch(f"/v1/photos/{old.name}", 9, JPEG[9:])) == (410, "upload_gone")
    place = sender.begun(a_jpeg(2))
    sender.patch(place, 0, JPEG[:9])
    folder.write("0" * 32, 0, b"nobody knows this part")
    folder.write("1" * 32, 0, b"nor this one, which may be a photo in a moment")
    for name in (old.name, "0" * 32):
        os.utime(Path(folder._parts) / name, (0, 0))
    ours.sweep(datetime.now(UTC))
    assert set(folder.parts()) == {place.rsplit("/", 1)[1], "1" * 32}
    assert sender.ask("HEAD", f"/v1/photos/{old.name}").status_code == 404
    assert sender.create(JPEG).headers["upload-offset"] == "0"


def test_a_full_disk_confirms_nothing_and_the_service_goes_on(
    sender: Sender, bureau: Bureau, folder: PhotoFolder
) -> None:
    """On `/dev/full` every write fails with ENOSPC."""
    place = sender.begun(JPEG)
    parts = next(Path(bureau.settings.photos).rglob("parts"))
    part = parts / place.rsplit("/", 1)[1]
    part.symlink_to("/dev/full")
    assert problem(sender.patch(place, 0, JPEG)) == (507, "storage_full")
    assert bureau.count(photos) == 0
    part.unlink()
    assert sender.patch(place, sender.reached(place), JPEG).status_code == 204


def pieces(jpeg: bytes, size: int) -> Iterator[bytes]:
    return (jpeg[at : at + size] for at in range(0, len(jpeg), size))


def test_a_body_of_many_pieces_is_one_photo(sender: Sender) -> None:
    answer = sender.patch(sender.begun(JPEG), 0, pieces(JPEG, 97))
    assert answer.headers["photo-digest"] == digest(JPEG)


def test_a_photo_whose_file_was_lost_is_wanted_again_and_never_called_stored(
    sender: Sender, server: Server, folder: PhotoFolder
) -> None:
    sender.sent(JPEG)
    next(Path(folder._photos).rglob("*.jpg")).unlink()  # as after a restore of the database alone
    reply = wire.decode(SyncReply, server.sync(sender.handset, photos=[digest(JPEG)]).content)
    assert (reply.stored, [one.sha256 for one in reply.wanted]) == ((), [digest(JPEG)])
    sender.sent(JPEG)
    assert folder.read(digest(JPEG)) == JPEG


def test_other_bytes_under_the_name_of_a_stored_photo_change_nothing(
    sender: Sender, server: Server, bureau: Bureau, folder: PhotoFolder
) -> None:
    """The second phone began before the first was through; then it sends something else."""
    second = Sender(server, bureau.enrol("wg2"))
    place, other = second.begun(JPEG), a_jpeg(2)[: len(JPEG)].ljust(len(JPEG), b"\0")
    sender.sent(JPEG)
    assert problem(second.patch(place, 0, other)) == (422, "photo_mismatch")
    assert (folder.read(digest(JPEG)), bureau.count(photos)) == (JPEG, 1)
    assert (list(folder.parts()), folder.holds(digest(other))) == ([], False)


def test_other_bytes_that_come_with_the_creation_of_a_stored_photo_are_passed_over(
    sender: Sender, bureau: Bureau, folder: PhotoFolder
) -> None:
    sender.sent(JPEG)
    told = BYTES | announcing(digest(JPEG)) | {"Upload-Length": str(len(JPEG))}
    answer = sender.ask("POST", "/v1/photos/", b"x" * len(JPEG), **told)
    assert (answer.status_code, answer.headers["photo-digest"]) == (201, digest(JPEG))
    assert folder.read(digest(JPEG)) == JPEG
    assert list(folder.parts()) == []


def test_the_same_picture_without_its_name_is_the_same_photo(
    sender: Sender, bureau: Bureau, folder: PhotoFolder
) -> None:
    sender.sent(JPEG)
    answer = sender.patch(sender.begun(JPEG, sha=None), 0, JPEG)
    assert answer.headers["photo-digest"] == digest(JPEG)
    assert (folder.read(digest(JPEG)), bureau.count(photos)) == (JPEG, 1)


def test_a_photo_that_was_whole_when_the_program_died_is_confirmed_without_another_byte(
    sender: Sender, bureau: Bureau, folder: PhotoFolder
) -> None:
    place = sender.begun(JPEG)
    folder.write(place.rsplit("/", 1)[1], 0, JPEG)
    answer = sender.create(JPEG)
    assert (answer.status_code, answer.headers["photo-digest"]) == (201, digest(JPEG))
    assert (folder.read(digest(JPEG)), list(folder.parts())) == (JPEG, [])


def test_what_a_client_said_of_an_upload_is_told_again(sender: Sender) -> None:
    said = "filename bWUuanBn, flag ,filetype  aW1hZ2UvanBlZw=="
    answer = sender.ask("POST", "/v1/photos/", **{"Upload-Length": "9", "Upload-Metadata": said})
    told = sender.ask("HEAD", where(answer)).headers["upload-metadata"]
    assert told == "filename bWUuanBn,flag,filetype aW1hZ2UvanBlZw=="


def test_an_app_that_still_sends_several_at_once_hears_that_this_is_over(sender: Sender) -> None:
    """Upon 405 it sends them alone (decision 0027)."""
    assert sender.ask("POST", "/v1/photos/together", a_jpeg(1)).status_code == 405


def as_post(sender: Sender, method: str, place: str, body: bytes = b"", **headers: str) -> Response:
    """As where a network lets no other method through."""
    override = {"X-HTTP-Method-Override": method}
    return sender.ask("POST", place, body, **BYTES | override | headers)


@pytest.mark.parametrize("method", ["PATCH", "patch"])
def test_a_post_that_says_it_is_a_patch_is_one(sender: Sender, method: str) -> None:
    place = sender.begun(JPEG)
    answer = as_post(sender, method, place, JPEG[:1000], **{"Upload-Offset": "0"})
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, "1000")
    answer = as_post(sender, method, place, JPEG[1000:], **{"Upload-Offset": "1000"})
    assert (answer.status_code, answer.headers["photo-digest"]) == (204, digest(JPEG))


def test_a_post_may_be_any_method_of_an_upload_and_nothing_else(sender: Sender) -> None:
    place = sender.begun(JPEG)
    assert as_post(sender, "HEAD", place).headers["upload-offset"] == "0"
    assert as_post(sender, "DELETE", place).status_code == 204
    assert as_post(sender, "GET", place).status_code == 405
    assert as_post(sender, "POST", place).status_code == 405
    patched = sender.ask("PATCH", place, **{"X-HTTP-Method-Override": "DELETE"})
    assert patched.status_code != 204  # only a POST may say that it is something else
