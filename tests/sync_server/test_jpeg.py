"""Which bytes may be kept as a photo: one whole JPEG of allowed size, and nothing beside it."""

from io import BytesIO
from random import Random

import pytest
from PIL import Image

from sync_server.photos.jpeg import check_jpeg
from sync_server.problems import PhotoHasMetadata, PhotoNotJpeg, PhotoTooManyPixels, Problem
from tests.sync_server.photographs import a_jpeg

MOST = 25_000_000
PLAIN = a_jpeg()
PROGRESSIVE = a_jpeg(1, progressive=True)
JFIF = b"JFIF\0\1\1\0\0\1\0\1\0\0"
ADOBE = b"Adobe\0\x64\0\0\0\0\1"
TEXT = b"N 38.123456 E 108.543219, 3-2-502 "
EXIF = b"Exif\0\0MM\0*\0\0\0\x08\0\0"


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2) + body


def behind_start(*segments: bytes, jpeg: bytes = PLAIN) -> bytes:
    """Behind the start mark and JFIF's own segment."""
    return jpeg[:20] + b"".join(segments) + jpeg[20:]


def before(mark: bytes, more: bytes, jpeg: bytes = PLAIN) -> bytes:
    at = jpeg.rindex(mark)
    return jpeg[:at] + more + jpeg[at:]


def reason(jpeg: bytes) -> str:
    """The name of the problem; "" for a photo that may be kept."""
    try:
        check_jpeg(jpeg, MOST)
    except Problem as problem:
        return type(problem).__name__
    return ""


def test_a_plain_picture_is_measured() -> None:
    grey = BytesIO()
    Image.linear_gradient("L").resize((240, 180)).save(grey, "JPEG")
    kinds: tuple[dict[str, object], ...] = (
        {"progressive": True},
        {"optimize": True},
        {"subsampling": 0},
        {"keep_rgb": True},  # with Adobe's segment
        {"restart_marker_blocks": 3},
        {"restart_marker_rows": 1, "progressive": True},
        {"restart_marker_blocks": 60_000},
    )
    pictures = [PLAIN, grey.getvalue(), *(a_jpeg(1, **saved) for saved in kinds)]
    assert [check_jpeg(jpeg, MOST) for jpeg in pictures] == [(240, 180)] * len(pictures)


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
    "a second picture behind": (PLAIN + PLAIN, PhotoHasMetadata),
    "a film behind": (PLAIN + b"ftypmp42", PhotoHasMetadata),
    "too many pixels": (a_jpeg(1, size=(5100, 5000)), PhotoTooManyPixels),
}


@pytest.mark.parametrize(("jpeg", "why"), SPOILT.values(), ids=SPOILT)
def test_what_may_not_be_kept_is_refused(jpeg: bytes, why: type[Problem]) -> None:
    with pytest.raises(why):
        check_jpeg(jpeg, MOST)


# What stands between the segments of a picture, and in them, that no pixel needs.
HIDDEN = {
    "a thumbnail": behind_start(segment(0xE0, b"JFXX\0\x13\2\2" + b"\0" * 12)),
    "a thumbnail in JFIF": behind_start(segment(0xE0, JFIF[:12] + b"\2\2" + b"abc" * 4)),
    "text behind JFIF": PLAIN[:2] + segment(0xE0, JFIF + TEXT) + PLAIN[20:],
    "JFIF twice": behind_start(segment(0xE0, JFIF)),
    "an index of pictures": behind_start(segment(0xE2, b"MPF\0\0\0")),
    "text as a colour profile": behind_start(segment(0xE2, b"ICC_PROFILE\0\1\1" + TEXT)),
    "Exif as a colour profile": behind_start(segment(0xE2, b"ICC_PROFILE\0\1\1" + EXIF)),
    "a picture as a profile": behind_start(segment(0xE2, b"ICC_PROFILE\0\1\1" + PLAIN)),
    "a colour profile": a_jpeg(1, icc_profile=b"p" * 300),
    "text behind Adobe": behind_start(segment(0xEE, ADOBE + TEXT)),
    "text in Adobe": behind_start(segment(0xEE, b"Adobe\0\x64text\1")),
    "Adobe twice": behind_start(*[segment(0xEE, ADOBE)] * 2),
    "Exif behind the pixels": before(b"\xff\xd9", segment(0xE1, EXIF)),
    "a comment behind the pixels": before(b"\xff\xd9", segment(0xFE, TEXT)),
    "a marker alone": before(b"\xff\xd9", b"\xff\x01"),
    "a restart": before(b"\xff\xd9", b"\xff\xd0" + TEXT),
    "one restart more": before(b"\xff\xd9", b"\xff\xd2" + TEXT, a_jpeg(1, restart_marker_rows=4)),
    "a fill byte": before(b"\xff\xda", b"\xff"),
    "an interval that no scan has": before(b"\xff\xd9", segment(0xDD, b"GP")),
    "an interval told twice": before(b"\xff\xda", segment(0xDD, b"\x7f\xff") * 2),
    "text behind an interval": before(b"\xff\xda", segment(0xDD, b"\x7f\xff" + TEXT)),
    "a table of quantisation": behind_start(segment(0xDB, b"\3" + (TEXT * 2)[:64])),
    "the same table twice": behind_start(segment(0xDB, b"\0" + (TEXT * 2)[:64])),
    "text behind a table": behind_start(segment(0xDB, b"\3" + b"\1" * 64 + TEXT)),
    "a table of codes": before(b"\xff\xda", segment(0xC4, b"\3\0\0\2" + b"\0" * 14 + b"\1\2")),
    "codes of another kind": before(b"\xff\xda", segment(0xC4, b"\x20\0\2" + b"\0" * 14 + b"\1\2")),
    "codes at the end": before(b"\xff\xd9", segment(0xC4, b"\0\0\0\2" + b"\0" * 14 + b"\1\2")),
    "codes for letters": PLAIN.replace(bytes(range(12)), b"ABCDEFGHIJKL", 1),
    "two codes for the same": PLAIN.replace(bytes(range(12)), bytes([*range(11), 0]), 1),
    "codes that are none": PLAIN.replace(b"\0\1\5\1\1\1\1\1\1\0", b"\3\0\2\1\1\1\1\1\1\1", 1),
    "a table of codes twice": PLAIN.replace(
        segment(0xC4, codes := PLAIN[PLAIN.index(b"\xff\xc4") + 4 :][:29]), segment(0xC4, codes * 2)
    ),
    "text as codes": before(b"\xff\xda", segment(0xC4, TEXT)),
    "text behind a frame": PLAIN.replace(
        segment(0xC0, frame := PLAIN[PLAIN.index(b"\xff\xc0") + 4 :][:15]),
        segment(0xC0, frame + TEXT),
    ),
    "text behind a scan's head": PLAIN.replace(
        segment(0xDA, scan := PLAIN[PLAIN.index(b"\xff\xda") + 4 :][:10]),
        segment(0xDA, scan + TEXT),
    ),
} | {
    f"marker {marker:02X} with {name}": behind_start(segment(marker, what))
    for marker in sorted({*range(0xC0), 0xC8, 0xCC, *range(0xD0, 0x100)} - {0xD9, 0xDA})
    for name, what in (("text", TEXT), ("Exif", EXIF), ("a picture", PLAIN))
}


def test_nothing_stands_beside_the_picture() -> None:
    found = {name: reason(jpeg) for name, jpeg in HIDDEN.items()}
    assert {name: why for name, why in found.items() if why != "PhotoHasMetadata"} == {}


def test_a_picture_has_one_frame_and_that_one_is_measured() -> None:
    small, large = (
        segment(0xC0, b"\x08" + size + b"\x03\1\x22\0\2\x11\1\3\x11\1")
        for size in (b"\0\x10\0\x10", b"\xff\xff\xff\xff")
    )
    assert reason(behind_start(small)) == "PhotoNotJpeg"
    assert reason(before(b"\xff\xda", large)) == "PhotoNotJpeg"
    assert reason(behind_start(large)) == "PhotoTooManyPixels"


def test_scans_and_segments_are_limited() -> None:
    """170 scans of 25 million pixels keep a viewer busy for 3.8 s."""
    last = PROGRESSIVE[PROGRESSIVE.rindex(b"\xff\xda") : -2]
    assert reason(before(b"\xff\xd9", last * 10, PROGRESSIVE)) == ""
    assert reason(before(b"\xff\xd9", last * 11, PROGRESSIVE)) == "PhotoNotJpeg"
    assert reason(behind_start(segment(0xDD, b"\x7f\xff") * 400_000)) == "PhotoNotJpeg"


def test_whatever_comes_is_taken_or_refused_in_words() -> None:
    """Another exception would be an error of the bureau, and the phone would try for ever."""
    dice, whys = Random(7), set()
    for _ in range(3_000):
        jpeg = bytearray(dice.choice((PLAIN, PROGRESSIVE)))
        for _ in range(dice.randrange(1, 4)):
            jpeg[dice.randrange(min(700, len(jpeg)))] = dice.randrange(256)
        whys.add(reason(bytes(jpeg)))
    assert whys >= {"", "PhotoNotJpeg", "PhotoHasMetadata"}


def test_a_photo_that_was_cut_anywhere_is_no_jpeg() -> None:
    whys = {at: reason(PLAIN[:at]) for at in range(len(PLAIN))}
    assert [at for at, why in whys.items() if why != "PhotoNotJpeg"] == []


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
