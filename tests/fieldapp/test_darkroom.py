"""The darkroom keeps its promises on real photos: upright, silent, masked for good, small."""

import struct
from contextlib import suppress
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from random import Random
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from fieldapp.adapters.mask_geometry import MAX_BYTES
from fieldapp.adapters.picture_limits import MAX_PIXELS
from fieldapp.adapters.pillow_darkroom import PillowDarkroom
from fieldapp.ports import Frame, Mask, Refused
from sync_server.photos.jpeg import check_jpeg
from tests.fieldapp.awaited import AwaitedDarkroom
from tests.fieldapp.fakes import FakeDarkroom

ROOM, STAND_IN = AwaitedDarkroom(PillowDarkroom()), AwaitedDarkroom(FakeDarkroom())
# How a camera that was turned writes a photo whose red corner belongs to the upper left.
TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def a_scene(width: int = 400, height: int = 240) -> Image.Image:
    """Grey, with a red quarter at the upper left and a green one beside it."""
    scene = Image.new("RGB", (width, height), (120, 120, 120))
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, 0, width // 4, height // 4), fill=(220, 20, 20))
    draw.rectangle((width * 3 // 4, 0, width, height // 4), fill=(20, 200, 20))
    return scene


def a_noise(width: int, height: int) -> Image.Image:
    """What no encoder makes small."""
    return Image.frombytes("RGB", (width, height), Random(7).randbytes(width * height * 3))


def raw(scene: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    sheet = BytesIO()
    scene.save(sheet, form, **options)
    return sheet.getvalue()


def seen(frame: Frame) -> Image.Image:
    return Image.open(BytesIO(frame.jpeg), formats=["JPEG"]).convert("RGB")


def is_red(pixel: object) -> bool:
    assert isinstance(pixel, tuple)
    return bool(pixel[0] > 180 and pixel[1] < 90)


def a_talkative_photo() -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132] = "Maker", "Model 7", "2026:11:20 12:00:00"
    exif.get_ifd(0x8825)[2] = (38.0, 36.0, 4.4)
    return raw(
        a_scene(),
        exif=exif,
        comment=b"by the window",
        icc_profile=b"\0" * 128,
        dpi=(300, 300),
    )


def test_the_bureau_takes_whatever_the_darkroom_makes() -> None:
    """Under the phone's Pillow, too: this suite runs with both (make test-phone)."""
    scenes = (a_scene(), a_noise(1600, 1200), a_noise(17, 90), a_scene(240, 800).convert("CMYK"))
    for photo in (*map(raw, scenes), raw(a_scene(), "PNG"), a_talkative_photo()):
        frame = ROOM.develop(photo)
        masked = ROOM.masked(frame, [Mask(0.1, 0.1, 0.5, 0.5)])
        for made in (frame, masked):
            assert check_jpeg(made.jpeg, MAX_PIXELS) == (made.width, made.height)


@pytest.mark.parametrize("orientation", TURNS)
def test_a_photo_comes_out_upright_however_the_phone_was_held(orientation: int) -> None:
    turn = TURNS[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    held = a_scene().transpose(turn) if turn is not None else a_scene()
    frame = ROOM.develop(raw(held, exif=exif))
    assert (frame.width, frame.height) == (400, 240)
    assert is_red(seen(frame).getpixel((20, 20)))


def test_a_png_is_turned_as_well() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    held = a_scene().transpose(Image.Transpose.ROTATE_90)
    frame = ROOM.develop(raw(held, "PNG", exif=exif))
    assert (frame.width, frame.height) == (400, 240)
    assert is_red(seen(frame).getpixel((20, 20)))


def test_a_developed_photo_says_nothing_about_its_maker() -> None:
    talkative = a_talkative_photo()
    assert b"Model 7" in talkative and b"by the window" in talkative
    frames = [ROOM.develop(talkative)]
    frames.append(ROOM.masked(frames[0], [Mask(0.1, 0.1, 0.2, 0.2)]))
    for frame in frames:
        photo = Image.open(BytesIO(frame.jpeg))
        assert set(photo.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not photo.getexif()
        assert markers(frame.jpeg) <= {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}


def markers(jpeg: bytes) -> set[int]:
    """Which segments the file has, up to its samples: APP1 would be 0xE1, a comment 0xFE."""
    found, at = set[int](), 2
    while 0xDA not in found:
        assert jpeg[at] == 0xFF
        found.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


@pytest.mark.parametrize("size", [(4000, 3000), (3000, 4000), (9000, 50), (1601, 1600)])
def test_the_longest_side_is_at_most_1600(size: tuple[int, int]) -> None:
    frame = ROOM.develop(raw(Image.new("RGB", size, "grey")))
    assert max(frame.width, frame.height) == 1600
    assert seen(frame).size == (frame.width, frame.height)
    assert frame.width / frame.height == pytest.approx(size[0] / size[1], rel=0.12)


def test_a_small_photo_is_not_blown_up() -> None:
    frame = ROOM.develop(raw(a_scene(31, 17)))
    assert (frame.width, frame.height) == (31, 17)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1"])
def test_every_kind_of_png_is_developed(mode: str) -> None:
    assert ROOM.develop(raw(a_scene().convert(mode), "PNG")).width == 400


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_every_kind_of_jpeg_is_developed(mode: str) -> None:
    assert ROOM.develop(raw(a_scene().convert(mode))).width == 400


def test_a_webp_is_developed() -> None:
    assert is_red(seen(ROOM.develop(raw(a_scene(), "WEBP"))).getpixel((20, 20)))


def test_what_is_transparent_becomes_white() -> None:
    frame = ROOM.develop(raw(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG"))
    assert seen(frame).getpixel((32, 32)) == (255, 255, 255)


def test_noise_fits_on_the_road_all_the_same() -> None:
    frame = ROOM.masked(ROOM.develop(raw(a_noise(2000, 1500), quality=95)), [])
    assert len(frame.jpeg) <= MAX_BYTES == 300 * 1024
    assert seen(frame).size == (frame.width, frame.height)


def test_an_ordinary_photo_keeps_its_size() -> None:
    frame = ROOM.masked(ROOM.develop(raw(a_scene(1600, 1200))), [])
    assert (frame.width, frame.height) == (1600, 1200)


@pytest.mark.parametrize(("side", "period"), [(96, 24), (192, 24), (480, 60), (1200, 150)])
def test_nothing_finer_than_24_px_or_an_eighth_of_the_mask_can_be_told(
    side: int, period: int
) -> None:
    """Stripes and checks have the same mean over each period, and nothing else in common."""
    half = period // 2
    stripes, checks = Image.new("L", (side, side)), Image.new("L", (side, side))
    for x in range(0, side, half):
        for y in range(0, side, half):
            stripes.paste(255 * (x // half % 2), (x, y, x + half, y + half))
            checks.paste(255 * ((x + y) // half % 2), (x, y, x + half, y + half))
    whole = [Mask(0, 0, 1, 1)]
    frames = [Frame(raw(one, "PNG"), side, side) for one in (stripes, checks)]
    assert ROOM.masked(frames[0], []).jpeg != ROOM.masked(frames[1], []).jpeg
    assert ROOM.masked(frames[0], whole).jpeg == ROOM.masked(frames[1], whole).jpeg


@pytest.mark.parametrize(("side", "most"), [(110, 4), (47, 1), (23, 1), (1000, 8)])
def test_a_mask_that_is_no_whole_number_of_blocks_has_larger_ones(side: int, most: int) -> None:
    ramp = Image.linear_gradient("L").resize((side, side))
    strip = seen(ROOM.masked(Frame(raw(ramp, "PNG"), side, side), [Mask(0, 0, 1, 1)]))
    shades = list(strip.convert("L").resize((1, side), Image.Resampling.BOX).tobytes())
    steps = [abs(one - next_) > 12 for one, next_ in pairwise(shades)]
    assert sum(steps) + 1 <= most


def test_a_thin_mask_is_as_coarse_across_as_along() -> None:
    """30 px high and 400 px long: 30 px are one block, whatever is written in them."""
    plate = Image.new("RGB", (400, 30), "white")
    ImageDraw.Draw(plate).text((20, 8), "A 12345 ABCDEF 67890", fill="black")
    strip = seen(ROOM.masked(Frame(raw(plate, "PNG"), 400, 30), [Mask(0, 0, 1, 1)]))
    assert strip.resize((400, 1), Image.Resampling.BOX).resize((400, 30)).tobytes() == (
        strip.tobytes()
    )


def in_strip(frame: Frame) -> Image.Image:
    return seen(frame).crop((0, frame.height * 19 // 20, frame.width, frame.height))


def letters(strip: Image.Image) -> int:
    """How many columns have something white in them, of a hundred."""
    row = strip.convert("L").point(lambda shade: 255 * (shade > 128)).resize((100, 1))
    return sum(shade > 0 for shade in row.tobytes())


def test_the_strip_is_written_along_the_lower_edge() -> None:
    scene = ROOM.develop(raw(Image.new("RGB", (1600, 1200), (120, 120, 120))))
    plain, written = ROOM.masked(scene, []), ROOM.masked(scene, [], "2026-11-20 18:30  样例苑")
    assert seen(plain).getpixel((1590, 1195)) != seen(written).getpixel((1590, 1195))
    assert 15 < letters(in_strip(written)) < 60
    assert seen(plain).crop((0, 0, 1600, 1100)).tobytes() == (
        seen(written).crop((0, 0, 1600, 1100)).tobytes()
    )


def test_chinese_in_the_strip_is_no_row_of_boxes() -> None:
    """A font without them draws the same box for every character."""
    scene = ROOM.develop(raw(Image.new("RGB", (1600, 1200))))
    strips = {ROOM.masked(scene, [], name).jpeg for name in ("样例苑", "示范楼", "镕喆玥", "□□□")}
    assert len(strips) == 4


def test_a_long_strip_is_written_smaller_and_not_cut_off() -> None:
    scene = ROOM.develop(raw(Image.new("RGB", (600, 1600))))
    line = in_strip(ROOM.masked(scene, [], "2026-11-20 18:30  " + "很长的小区名字" * 4 + "  ±8 m"))
    edge = line.convert("L").crop((590, 0, 600, line.height))
    assert letters(line) > 80 and max(edge.tobytes()) < 60


def test_no_mask_is_under_the_strip_alone() -> None:
    """The strip hides nothing for good that a mask should: masks are drawn first."""
    scene = ROOM.develop(raw(a_noise(800, 600)))
    low = [Mask(0, 0.9, 1, 0.1)]
    assert ROOM.masked(scene, low, "12:00").jpeg != ROOM.masked(scene, [], "12:00").jpeg


def test_a_darkroom_without_its_font_says_so(tmp_path: Path) -> None:
    room = AwaitedDarkroom(PillowDarkroom(font=tmp_path / "none.ttf"))
    scene = room.develop(raw(a_scene()))
    with pytest.raises(Refused, match="no_strip"):
        room.masked(scene, [], "12:00")
    assert room.masked(scene, []).width == 400


def test_what_is_outside_the_masks_stays() -> None:
    frame = ROOM.masked(ROOM.develop(raw(a_scene())), [Mask(0.5, 0.5, 0.5, 0.5)])
    assert is_red(seen(frame).getpixel((20, 20)))


def test_each_of_several_masks_is_applied() -> None:
    scene = a_scene(800, 480)
    frame = ROOM.masked(ROOM.develop(raw(scene)), [Mask(0, 0, 0.5, 0.5), Mask(0.5, 0, 0.5, 0.5)])
    mixed = seen(frame)
    assert mixed.getpixel((190, 60)) != scene.getpixel((190, 60))
    assert mixed.getpixel((610, 60)) != scene.getpixel((610, 60))


def test_a_mask_drawn_backwards_or_over_the_edge_counts() -> None:
    developed = ROOM.develop(raw(a_noise(400, 240)))
    forwards = ROOM.masked(developed, [Mask(0.5, 0.5, 0.5, 0.5)])
    assert ROOM.masked(developed, [Mask(1, 1, -0.5, -0.5)]).jpeg == forwards.jpeg
    assert ROOM.masked(developed, [Mask(0.5, 0.5, 3, 3)]).jpeg == forwards.jpeg
    assert ROOM.masked(developed, [Mask(2, 2, 1, 1)]).jpeg == ROOM.masked(developed, []).jpeg


@settings(max_examples=60, deadline=None)
@given(*[st.floats(-2, 2)] * 4)
def test_any_mask_leaves_a_photo(x: float, y: float, w: float, h: float) -> None:
    frame = ROOM.masked(Frame(raw(a_scene(60, 40)), 60, 40), [Mask(x, y, w, h)])
    assert seen(frame).size == (60, 40)


def a_png_that_claims(width: int, height: int) -> bytes:
    """A header and hardly a byte behind it: to decode it would fill the memory first."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", b"")]
    written = b"\x89PNG\r\n\x1a\n"
    for name, content in chunks:
        written += struct.pack(">I", len(content)) + name + content
        written += struct.pack(">I", crc32(name + content))
    return written


REFUSED = {
    "nothing": b"",
    "a text": b"hello, this is no photo",
    "a page": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "a gif": raw(a_scene(8, 8), "GIF"),
    "half a jpeg": raw(a_noise(200, 200))[:5000],
    "a header": raw(a_scene())[:20],
    "50 million pixels and some": raw(Image.new("1", (10_000, MAX_PIXELS // 10_000 + 1)), "PNG"),
    "a bomb": a_png_that_claims(60_000, 60_000),
    "too many bytes": b"\xff\xd8" + bytes(41 * 1024 * 1024),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_what_is_not_a_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        ROOM.develop(content)
    assert refused.value.code == "not_a_picture"


@pytest.mark.parametrize("room", [ROOM, STAND_IN])
def test_darkroom_and_stand_in_refuse_a_text(room: AwaitedDarkroom) -> None:
    with pytest.raises(Refused):
        room.develop(b"hello, this is no photo")


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow grumbles about broken EXIF and reads on
@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.randoms(use_true_random=False))
def test_a_broken_photo_is_developed_or_refused_and_nothing_else(form: str, dice: Random) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    broken = bytearray(raw(a_scene(40, 30), form, exif=exif))
    for _ in range(dice.randint(1, 8)):
        broken[dice.randrange(len(broken))] = dice.randrange(256)
    with suppress(Refused):
        frame = ROOM.develop(bytes(broken))
        assert max(frame.width, frame.height) <= 1600
