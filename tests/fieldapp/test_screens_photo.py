"""Camera and mask on screen: the card, the covers, and that only the masked photo is kept."""

from pathlib import Path

import pytest

from tests.fieldapp.a_phone import Hands, Phone
from tests.fieldapp.headless import Headless
from tests.fieldapp.test_screens_flow import to_seen

pytestmark = pytest.mark.asyncio


def written_under(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


async def to_mask(app: Headless) -> None:
    await to_seen(app)
    await app.tap("photo")
    await app.tap("shutter")


async def test_the_card_stands_until_the_first_photo_of_the_patrol(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        assert app.shows("card") and app.says("不拍人脸车牌")
        await app.tap("photo")
        await app.tap("no-photo")
        assert not app.shows("card")
        assert phone.state.patrol.current and phone.memory.card_confirmed(
            phone.state.patrol.current.id
        )


async def test_only_the_masked_photo_is_kept(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_mask(app)
        await phone.state.masking.tap(0.5, 0.5)
        await app.settle()
        await app.tap("use")
        assert phone.state.draft.entry
        (photo,) = phone.state.draft.entry.report.photos
        kept = phone.album.read(photo.sha256)
        assert kept and b"masked 0.4" in kept
        assert photo.redaction_reviewed
    assert not any(raw in (b"raw 1", b"developed raw 1") for raw in written_under(tmp_path))
    # What lies there is encrypted, so it is counted: one photo in the album, and it is the masked.
    assert len(written_under(tmp_path / "album")) == 1


async def test_removing_takes_the_chosen_cover_off(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_mask(app)
        await app.tap("mask-add")
        await app.tap("mask-add")
        first = phone.state.masking.masks[0]
        await app.tap("mask-remove")
        assert list(phone.state.masking.masks) == [first]
        await app.tap("mask-remove")
        assert not app.shows("mask-remove") and not phone.state.masking.masks


async def test_a_cover_at_the_edge_stays_in_the_photo(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_mask(app)
        await phone.state.masking.tap(1.0, 0.0)
        (mask,) = phone.state.masking.masks
        assert mask.x + mask.w <= 1 and mask.y == 0


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("camera_denied", "没有相机权限"),
        ("no_camera", "没有找到相机"),
        ("camera_busy", "相机被占用"),
    ],
)
async def test_a_camera_that_fails_is_told_and_left(tmp_path: Path, code: str, words: str) -> None:
    async with Phone(tmp_path, Hands(refusal=code)) as app:
        await to_seen(app)
        await app.tap("photo")
        assert app.says(words) and app.shows("retry")
        await app.tap("no-photo")
        assert app.shows("sign-POSTER")


async def test_a_photo_is_taken_out_by_two_taps(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_mask(app)
        await app.tap("use")
        await app.tap("extras")
        await app.tap("review")
        assert phone.state.draft.entry
        (photo,) = phone.state.draft.entry.report.photos
        await app.tap(f"remove-{photo.sha256[:8]}")
        assert app.says("再点一次") and phone.album.read(photo.sha256)
        await app.tap(f"remove-{photo.sha256[:8]}")
        assert not phone.state.draft.entry.report.photos
        assert phone.album.read(photo.sha256) is None
