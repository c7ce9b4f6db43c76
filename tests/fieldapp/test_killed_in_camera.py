"""The app dies while the camera, the mask or the kept photo is on screen, and is started again."""

from pathlib import Path

import pytest

from fieldapp.report.entry import Stage
from tests.fieldapp.a_phone import Phone
from tests.fieldapp.test_screens_flow import to_seen

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("until", ["camera", "mask", "kept"])
async def test_a_draft_outlives_the_app_with_every_photo_that_was_kept(
    tmp_path: Path, until: str
) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        await app.tap("sign-POSTER")
        await app.tap("photo")
        if until != "camera":
            await app.tap("shutter")
        if until == "kept":
            await app.tap("use")
        assert phone.state.draft.entry
        id = phone.state.draft.entry.report.id
    again = Phone(tmp_path, enrolled=False)
    async with again:
        [draft] = again.notebook.entries((Stage.DRAFT,))
        assert draft.report.id == id and draft.report.signs == ("POSTER",)
        assert len(draft.report.photos) == (until == "kept")
        assert all(again.album.read(photo.sha256) for photo in draft.report.photos)
