"""Which bytes may be kept as a photo: one whole JPEG of allowed size, without metadata."""

import pytest

from sync_server.photos.jpeg import check_jpeg
from sync_server.problems import PhotoHasMetadata, PhotoNotJpeg, PhotoTooManyPixels, Problem
from tests.sync_server.photographs import a_jpeg

MOST = 25_000_000
PLAIN = a_jpeg()
THUMBNAIL = bytes.fromhex("ffe00013") + b"JFXX\0\x13\x02\x02" + b"\0" * 9
MPF = bytes.fromhex("ffe20008") + b"MPF\0\0\0"


def with_segment(segment: bytes) -> bytes:
    return PLAIN[:2] + segment + PLAIN[2:]


@pytest.mark.parametrize(
    "saved",
    [{}, {"progressive": True}, {"restart_marker_blocks": 3}, {"icc_profile": b"p" * 300}],
)
def test_a_plain_picture_is_measured(saved: dict[str, object]) -> None:
    assert check_jpeg(a_jpeg(1, **saved) if saved else PLAIN, MOST) == (240, 180)


SPOILT: dict[str, tuple[bytes, type[Problem]]] = {
    "empty": (b"", PhotoNotJpeg),
    "png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, PhotoNotJpeg),
    "text": (b"not a picture", PhotoNotJpeg),
    "only its beginning": (b"\xff\xd8\xff", PhotoNotJpeg),
    "torn in the header": (PLAIN[:100], PhotoNotJpeg),
    "torn in the pixels": (PLAIN[:-400], PhotoNotJpeg),
    "no frame": (b"\xff\xd8\xff\xd9", PhotoNotJpeg),
    "no pixels": (PLAIN[: PLAIN.index(b"\xff\xda")] + b"\xff\xd9", PhotoNotJpeg),
    "a length beyond the end": (b"\xff\xd8\xff\xe0\xff\xff", PhotoNotJpeg),
    "exif": (a_jpeg(1, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0"), PhotoHasMetadata),
    "xmp": (a_jpeg(1, xmp=b"<x:xmpmeta/>"), PhotoHasMetadata),
    "a comment": (a_jpeg(1, comment=b"taken at home"), PhotoHasMetadata),
    "a thumbnail": (with_segment(THUMBNAIL), PhotoHasMetadata),
    "an index of pictures": (with_segment(MPF), PhotoHasMetadata),
    "a second picture behind": (PLAIN + PLAIN, PhotoHasMetadata),
    "a film behind": (PLAIN + b"ftypmp42", PhotoHasMetadata),
    "too many pixels": (a_jpeg(1, size=(5100, 5000)), PhotoTooManyPixels),
}


@pytest.mark.parametrize(("jpeg", "why"), SPOILT.values(), ids=SPOILT)
def test_what_may_not_be_kept_is_refused(jpeg: bytes, why: type[Problem]) -> None:
    with pytest.raises(why):
        check_jpeg(jpeg, MOST)


def test_a_photo_that_was_cut_anywhere_is_no_jpeg() -> None:
    def is_refused(jpeg: bytes) -> bool:
        try:
            check_jpeg(jpeg, MOST)
        except PhotoNotJpeg:
            return True
        return False

    assert [at for at in range(len(PLAIN)) if not is_refused(PLAIN[:at])] == []


def cut(at: int, **saved: object) -> bytes:
    """A photo cut at this byte of its coded pixels, with an end mark behind."""
    jpeg = a_jpeg(1, size=(640, 480), **saved)
    begin = jpeg.index(b"\xff\xda") + 14
    return jpeg[: begin + at % (len(jpeg) - begin - 2)].rstrip(b"\xff") + b"\xff\xd9"


@pytest.mark.parametrize("at", [1, 40, 90])
def test_a_cut_photo_is_refused_where_its_structure_shows_it(at: int) -> None:
    """By restart marks, by scans that are missing, or because no coding could be that short. A cut
    inside of the only scan passes here: docs/decisions/0034."""
    for saved in ({"restart_marker_blocks": 2}, {"progressive": True}, {}):
        with pytest.raises(PhotoNotJpeg):
            check_jpeg(cut(at, **saved), MOST)


@pytest.mark.parametrize("marker", [0xC3, 0xC5, 0xC9, 0xCA, 0xCF])
def test_a_coding_that_browsers_do_not_draw_is_refused(marker: int) -> None:
    with pytest.raises(PhotoNotJpeg):
        check_jpeg(PLAIN.replace(b"\xff\xc0", bytes((0xFF, marker)), 1), MOST)
