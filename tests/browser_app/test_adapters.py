"""The browser's adapters keep the promises of their ports, inside Chromium, as phones' do."""

import shutil
from base64 import b64decode, b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image, ImageChops, ImageDraw, ImageStat

from contract.jpeg_scans import scan_count
from demo.programs import Program, reachable
from fieldapp.adapters import pillow_darkroom
from fieldapp.adapters.cryptography_cipher import AesCipher
from fieldapp.adapters.mask_geometry import MAX_BYTES
from fieldapp.adapters.picture_limits import MAX_PIXELS
from fieldapp.device.pin import slow_hash
from fieldapp.ports import Frame, Mask
from sync_server.photos.jpeg import check_jpeg
from sync_server.settings import Settings
from tests.browser_app.inside import Inside
from tests.browser_app.pocket_browser import playing, pocket_browser
from tests.fieldapp.test_spotter import EYES, a_street
from tests.journeys.conftest import free_port
from tests.journeys.worker import needs_chromium

pytestmark = pytest.mark.browser
WORLD = """
import asyncio
from base64 import b64decode, b64encode
from pathlib import Path
from fieldapp.adapters.page_scripts import OwnPageScripts
from fieldapp.adapters.indexeddb_safe import IndexedDbSafe
from fieldapp.platforms.browser import platform
from fieldapp.ports import CannotOpen, Frame, Mask, Refused
scripts = OwnPageScripts()
here = platform(scripts, "http://127.0.0.1")
cipher, safe = here.cipher(b"k" * 32), IndexedDbSafe(scripts)
def refused(work):
    try:
        work()
    except CannotOpen:
        return True
async def code(awaitable):
    try:
        await awaitable
    except Refused as refusal:
        return refusal.code
def told(frame):
    return [b64encode(frame.jpeg).decode(), frame.width, frame.height]
"""
MASKS = [Mask(0.1, 0.2, 0.3, 0.25), Mask(0.9, 0.9, 0.5, 0.5), Mask(2, 2, 1, 1)]


@pytest.fixture(scope="module")
def inside(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    needs_chromium()
    folder = tmp_path_factory.mktemp("adapters")
    settings = Settings(
        database=f"sqlite:///{folder}/b.db",
        photos=folder / "photos",
        port=free_port(),
        field_app=built,
    )
    with Program.server(settings) as server:
        reachable(settings.port, server)
        origin = f"http://127.0.0.1:{settings.port}"
        with playing() as play, pocket_browser(play, folder / "profile", origin) as browser:
            world = Inside(browser)
            world.run(WORLD)
            yield world


def a_scene(size: tuple[int, int] = (2000, 1500)) -> Image.Image:
    """Smooth grounds with edges and some noise, red at the upper left."""
    scene = Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, 0, size[0] // 4, size[1] // 4), fill=(220, 20, 20))
    dice = Random(3)
    for _ in range(300):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        draw.rectangle((x, y, x + 30, y + 20), fill=tuple(dice.randbytes(3)))
    return scene


def jpeg(scene: Image.Image, **options: Any) -> bytes:
    sheet = BytesIO()
    scene.save(sheet, "JPEG", quality=92, **options)
    return sheet.getvalue()


def literal(raw: bytes) -> str:
    return f"b64decode({b64encode(raw).decode()!r})"


def frame_of(told: list[Any]) -> Frame:
    return Frame(b64decode(told[0]), told[1], told[2])


def difference(one: bytes, other: bytes) -> float:
    """The mean difference of two pictures, 0 to 255."""
    a, b = (Image.open(BytesIO(raw)).convert("RGB") for raw in (one, other))
    assert a.size == b.size
    return max(ImageStat.Stat(ImageChops.difference(a, b)).mean)


def bright_pixels(raw: bytes) -> int:
    """Of the strip."""
    strip = Image.open(BytesIO(raw)).convert("L").crop((0, 1140, 1600, 1200))
    return sum(strip.histogram()[200:])


def test_no_code_lies_in_memory_twice(inside: Inside) -> None:
    """Files are memory in a browser: modules come from the archive, and what was compiled is gone
    once it is loaded."""
    origins, left = inside.run("""
import contract, os, pydantic_core
[contract.__file__, pydantic_core.__file__], sorted(
    name for _, _, names in os.walk("/packages") for name in names if name.endswith(".so"))
""")
    assert origins[0].startswith("/app.zip/") and origins[1].startswith("/packages/")
    assert left == []


def test_what_a_browser_seals_opens_elsewhere_and_the_other_way_round(inside: Inside) -> None:
    ours = AesCipher(b"k" * 32)
    sealed = inside.run("b64encode(cipher.seal(b'content', 'album/1')).decode()")
    assert ours.open(b64decode(sealed), "album/1") == b"content"
    theirs = literal(ours.seal(b"content", "album/1"))
    assert inside.run(f"cipher.open({theirs}, 'album/1') == b'content'")
    moved, cut = f"{theirs}, 'album/2'", f"{theirs}[:-1], 'album/1'"
    assert all(inside.run(f"refused(lambda: cipher.open({which}))") for which in (moved, cut))


def test_a_pin_is_hashed_as_on_other_phones(inside: Inside) -> None:
    assert inside.run("here.slow_hash('2468', b'salt')") == slow_hash("2468", b"salt")


def test_the_safe_keeps_settles_and_forgets(inside: Inside) -> None:
    assert inside.run("await safe.get('key')") is None
    assert inside.run("await safe.settle('key', '一')") == "一"
    assert inside.run("await safe.settle('key', 'two')") == "一"
    inside.run("await safe.put('key', None); await safe.put('key', None)")
    assert inside.run("await safe.get('key')") is None


def test_photos_are_developed_as_on_other_phones(inside: Inside) -> None:
    """Upright, of the same size, without metadata, and hardly another picture."""
    for held, turned in ((1, None), (6, Image.Transpose.ROTATE_90), (2, Image.Transpose(0))):
        exif = Image.Exif()
        exif[0x0112], exif[0x010F] = held, "Maker"
        scene = a_scene().transpose(turned) if turned is not None else a_scene()
        raw = jpeg(scene, exif=exif)
        ours = pillow_darkroom.develop(raw)
        frame = frame_of(inside.run(f"told(await here.darkroom.develop({literal(raw)}))"))
        assert (frame.width, frame.height) == (ours.width, ours.height) == (1600, 1200)
        assert b"Maker" not in frame.jpeg and scan_count(frame.jpeg) == 1
        assert check_jpeg(frame.jpeg, MAX_PIXELS) == (1600, 1200), "the bureau takes it"
        assert difference(frame.jpeg, ours.jpeg) < 4


def test_masks_cover_the_same_pixels_as_on_other_phones(inside: Inside) -> None:
    frame = pillow_darkroom.develop(jpeg(a_scene()))
    ours = pillow_darkroom.masked(frame, MASKS)
    masks = ", ".join(repr(mask) for mask in MASKS)
    given = f"Frame({literal(frame.jpeg)}, {frame.width}, {frame.height})"
    theirs = frame_of(inside.run(f"told(await here.darkroom.masked({given}, [{masks}]))"))
    assert len(theirs.jpeg) <= MAX_BYTES and (theirs.width, theirs.height) == (1600, 1200)
    assert check_jpeg(theirs.jpeg, MAX_PIXELS) == (1600, 1200), "the bureau takes it"
    assert difference(theirs.jpeg, ours.jpeg) < 4
    box = (160, 240, 640, 540)
    a, b = (Image.open(BytesIO(one.jpeg)).convert("RGB").crop(box) for one in (ours, theirs))
    assert max(ImageStat.Stat(ImageChops.difference(a, b)).mean) < 3


def test_a_strip_is_written_where_other_phones_write_it(inside: Inside) -> None:
    frame = pillow_darkroom.develop(jpeg(Image.new("RGB", (1600, 1200), (120, 120, 120))))
    ours = pillow_darkroom.masked(frame, [], "2026-11-20 18:30  样例苑")
    given = f"Frame({literal(frame.jpeg)}, {frame.width}, {frame.height})"
    strip = "'2026-11-20 18:30  样例苑'"
    theirs = frame_of(inside.run(f"told(await here.darkroom.masked({given}, [], {strip}))"))
    assert difference(theirs.jpeg, ours.jpeg) < 2
    light = [bright_pixels(one.jpeg) for one in (ours, theirs)]
    assert 0.7 < light[0] / light[1] < 1.4


def test_faces_are_found_where_other_phones_find_them(inside: Inside) -> None:
    """The same net by another runtime: the same masks, within a hundredth of the picture."""
    if not shutil.which("npm"):
        pytest.skip("no npm on this machine: apt-get install npm")
    street = a_street((200, 300, 40), (700, 420, 28))
    with ThreadPoolExecutor(1) as thread:  # the browser's driver has this one's event loop
        found = thread.submit(EYES.spot, street).result()
    ours = sorted(found, key=lambda mask: mask.x)
    given = f"Frame({literal(street.jpeg)}, {street.width}, {street.height})"
    told = f"[[m.x, m.y, m.w, m.h] for m in await here.spotter.spot({given})]"
    theirs = sorted(inside.run(told, 120))
    assert len(ours) == len(theirs) == 2
    sides = [(mask.x, mask.y, mask.w, mask.h) for mask in ours]
    assert theirs == [pytest.approx(one, abs=0.01) for one in sides]


def test_a_secret_is_shared_with_the_bureau(inside: Inside) -> None:
    theirs = ec.generate_private_key(ec.SECP256R1())
    public = theirs.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    told = f"[b64encode(part).decode() for part in await here.agreement.agree({literal(public)})]"
    point, shared = map(b64decode, inside.run(told))
    ours = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    assert theirs.exchange(ec.ECDH(), ours) == shared
    assert inside.run("await code(here.agreement.agree(b'no key'))") == "no_bureau_key"


def test_a_browser_says_whether_it_keeps_things(inside: Inside) -> None:
    inside.page.evaluate("() => navigator.storage.persist()")
    wanted = inside.page.evaluate("() => navigator.storage.persisted()")
    assert inside.run("await here.lasting()") is wanted


def test_what_is_no_picture_is_refused(inside: Inside) -> None:
    whole = jpeg(a_scene((400, 300)))
    for raw in (
        b"",
        b"hello, this is no photo",
        whole[: len(whole) // 2],
        b"\xff\xd8\xff" + b"1" * 90,
    ):
        assert inside.run(f"await code(here.darkroom.develop({literal(raw)}))") == "not_a_picture"
        assert inside.run(f"await code(here.scanner.scan({literal(raw)}))") == "not_a_picture"
