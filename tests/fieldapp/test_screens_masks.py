"""The mask screen with and without a look for faces, its buttons, the light and the strip."""

import asyncio
import re
from pathlib import Path

import flet as ft
import pytest

from fieldapp.ports import FixOutcome, Frame, Mask, Sighting
from fieldapp.screens.mask import FACE_SEARCHES
from fieldapp.state import mask_shapes, masking
from fieldapp.state.face_search import FaceSearch
from fieldapp.ui import words
from tests.fieldapp.a_phone import TOWN, Hands, Phone
from tests.fieldapp.headless import Headless
from tests.fieldapp.test_screens_flow import to_seen
from tests.fieldapp.test_screens_photo import to_mask

pytestmark = pytest.mark.asyncio
LEFT, RIGHT = Mask(0.1, 0.2, 0.1, 0.2), Mask(0.6, 0.2, 0.2, 0.3)


def kept(phone: Phone) -> bytes:
    """The only photo of the draft, as it lies in the album."""
    assert phone.state.draft.entry
    (photo,) = phone.state.draft.entry.report.photos
    jpeg = phone.album.read(photo.sha256)
    assert jpeg
    return jpeg


async def to_dark_mask(app: Headless) -> None:
    """To the mask screen while the phone still looks for faces."""
    await to_seen(app)
    await app.tap("photo")
    app.start("shutter")
    await app.settle()


async def test_faces_found_are_covered_without_a_tap(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(faces=[LEFT, RIGHT]))
    async with phone as app:
        await to_mask(app)
        assert app.says("自动遮住 2 处") and app.says("已遮挡 2 处")
        await app.tap("use")
        assert b"masked 0.10/0.20,0.60/0.20" in kept(phone)


async def test_a_mask_that_the_phone_set_can_be_taken_away(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(faces=[LEFT, RIGHT]))
    async with phone as app:
        await to_mask(app)
        await app.tap("mask-remove")
        await app.tap("use")
        assert b"masked 0.60/0.20 " in kept(phone)


async def test_a_photo_without_faces_asks_the_worker_to_look(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await to_mask(app)
        assert app.says("没找到人脸，请自己看") and app.shows("use")
        assert app.shows("mask-add") and not app.shows("mask-left")


async def test_a_phone_that_cannot_look_says_so_and_masks_by_hand(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(faces=None))
    async with phone as app:
        await to_mask(app)
        assert app.says("本机不能找人脸，请自己遮")
        await app.tap("mask-add")
        await app.tap("use")
        assert b"masked 0.43/0.41" in kept(phone)


async def test_a_photo_waits_while_the_phone_looks(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(faces=[LEFT]))
    phone.hands.eyes.clear()
    async with phone as app:
        await to_dark_mask(app)
        assert app.says("正在找人脸") and not app.shows("use")
        await phone.state.photo.use()
        assert phone.state.draft.entry and not phone.state.draft.entry.report.photos
        phone.hands.eyes.set()
        await app.settle()
        assert app.shows("use") and phone.state.masking.masks == (LEFT,)


async def test_a_slow_look_holds_nobody_up_and_still_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masking, "PATIENCE_S", 0.05)
    phone = Phone(tmp_path, Hands(faces=[LEFT]))
    phone.hands.eyes.clear()
    async with phone as app:
        await to_dark_mask(app)
        assert app.says("找人脸太慢，请自己遮") and app.shows("use")
        phone.hands.eyes.set()
        await app.settle()
        assert phone.state.masking.masks == (LEFT,)


async def test_faces_of_one_photo_never_cover_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masking, "PATIENCE_S", 0.05)
    phone = Phone(tmp_path, Hands(faces=[LEFT]))
    phone.hands.eyes.clear()
    async with phone as app:
        await to_dark_mask(app)
        await app.tap("use")
        phone.hands.eyes.set()
        await app.settle()
        assert phone.state.masking.masks == () and phone.state.masking.face_search is FaceSearch.OFF


async def test_a_mask_is_kept_however_quickly_the_worker_goes_on(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_mask(app)
        await asyncio.gather(phone.state.masking.tap(0.5, 0.5), phone.state.photo.use())
        assert b"masked 0.43/0.41" in kept(phone)


async def test_buttons_move_and_scale_the_chosen_mask(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(faces=[LEFT, RIGHT]))
    async with phone as app:
        await to_mask(app)
        await app.tap("mask-next")
        assert app.says("换一块 2/2")
        await app.tap("mask-left")
        await app.tap("mask-up")
        await app.tap("mask-larger")
        held, moved = phone.state.masking.masks
        assert held == LEFT
        assert (moved.x, moved.y, moved.w, moved.h) == pytest.approx((0.52, 0.08, 0.26, 0.39))
        assert phone.state.masking.preview and b"0.52/0.08" in phone.state.masking.preview.jpeg
        await app.tap("mask-next")
        assert app.says("换一块 1/2")


async def test_a_tap_on_a_mask_chooses_it_and_sets_none(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(faces=[LEFT, RIGHT]))
    async with phone as app:
        await to_mask(app)
        await phone.state.masking.tap(0.7, 0.3)
        assert phone.state.masking.chosen == 1 and len(phone.state.masking.masks) == 2


async def test_masks_added_by_button_do_not_lie_on_each_other(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_mask(app)
        for _ in range(len(masking.FREE)):
            await app.tap("mask-add")
        masks = phone.state.masking.masks
        for n, mask in enumerate(masks):
            assert mask_shapes.mask_at(masks, mask.x + mask.w / 2, mask.y + mask.h / 2) == n


async def test_the_chosen_frame_is_thicker(tmp_path: Path) -> None:
    async with Phone(tmp_path, Hands(faces=[LEFT, RIGHT])) as app:
        await to_mask(app)
        boxes = app.below(app.find("photo-preview"), ft.Container)
        edges = [box.border.top.width for box in boxes if box.border and box.left is not None]
        assert edges == [3, 1]


async def test_the_light_is_off_until_it_is_wanted(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        await app.tap("photo")
        assert phone.hands.lights == [] and app.says("开灯")
        await app.tap("torch")
        assert app.says("关灯")
        await app.tap("torch")
        assert phone.hands.lights == [True, False]


async def test_a_phone_without_a_light_says_so(tmp_path: Path) -> None:
    async with Phone(tmp_path, Hands(lamp=False)) as app:
        await to_seen(app)
        await app.tap("photo")
        await app.tap("torch")
        assert app.says("本机没有灯可开") and app.shows("shutter")


async def test_the_strip_says_when_and_where_and_never_who(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await phone.state.settings.change(strip=True)
        await to_mask(app)
        await app.tap("use")
        (said,) = re.findall(r"strip \[(.*)\]", kept(phone).decode())
        assert said == "2026-11-20 12:00  样例苑  ±8 m"
        identity = phone.state.identity
        assert identity and identity.author not in said and identity.device not in said


async def test_there_is_no_strip_unless_the_worker_wants_one(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_mask(app)
        await app.tap("use")
        assert b"strip []" in kept(phone)


async def test_the_strip_leaves_out_what_is_not_known(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(sighting=Sighting(FixOutcome.TIMED_OUT)))
    async with phone:
        await phone.state.settings.change(strip=True)
        await phone.state.draft.begin()
        await phone.state.place.choose(TOWN.compounds[0])
        await phone.state.photo.shoot()
        await phone.state.photo.use()
        assert "12:00  样例苑]" in kept(phone).decode()


async def test_a_phone_that_cannot_write_keeps_the_photo_without_a_strip(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(font=False))
    async with phone as app:
        await phone.state.settings.change(strip=True)
        await to_mask(app)
        assert app.says("本机不能加水印")
        await app.tap("use")
        assert b"strip []" in kept(phone)


async def test_every_state_of_the_glance_has_icon_words_and_colour() -> None:
    shown = set(FaceSearch) - {FaceSearch.OFF}
    assert set(FACE_SEARCHES) == shown
    assert {f"mask.glance_{glance}" for glance in shown} <= set(words.sentences())


@pytest.mark.parametrize(("x", "y"), [(0, 0), (1, 0), (0.5, 1), (0.01, 0.99)])
async def test_a_mask_never_leaves_the_photo(x: float, y: float) -> None:
    mask = mask_shapes.around(x, y, Frame(b"", 1600, 900))
    for _ in range(12):
        mask = mask_shapes.moved(mask_shapes.scaled(mask, up=True), right=1, down=-1)
        assert mask.x >= 0 and mask.x + mask.w <= 1.000001
        assert mask.y >= 0 and mask.y + mask.h <= 1.000001


async def test_a_mask_does_not_shrink_to_nothing() -> None:
    mask = mask_shapes.around(0.5, 0.5, Frame(b"", 1600, 1200))
    for _ in range(30):
        mask = mask_shapes.scaled(mask, up=False)
    assert min(mask.w, mask.h) >= mask_shapes.LEAST
