"""The very first draft: its position may be there before the bureau's places are."""

from pathlib import Path

import pytest

from tests.fieldapp.a_phone import TOWN, Phone, an_identity
from tests.fieldapp.headless import Headless

pytestmark = pytest.mark.asyncio


async def before_its_places(phone: Phone, app: Headless) -> None:
    """A first draft that has its position, on a phone whose first round is under way."""
    phone.memory.keep_identity(an_identity())
    await phone.state.open()
    await app.tap("add")
    assert phone.state.draft.entry and phone.state.draft.entry.report.fix
    assert not app.shows("compound") and not app.shows("compound-0")


async def places_come(phone: Phone, app: Headless) -> None:
    phone.memory.keep_places(TOWN)
    await phone.state.sync.run()
    await app.settle()


async def test_places_that_come_after_the_position_are_chosen_from(tmp_path: Path) -> None:
    phone = Phone(tmp_path, enrolled=False)
    async with phone as app:
        await before_its_places(phone, app)
        await places_come(phone, app)
        assert app.says("样例苑") and app.shows("building-1")


async def test_places_that_come_late_take_no_words_away(tmp_path: Path) -> None:
    phone = Phone(tmp_path, enrolled=False)
    async with phone as app:
        await before_its_places(phone, app)
        await app.write("landmark", "桥头小卖部二楼")
        await places_come(phone, app)
        assert phone.state.draft.entry
        place = phone.state.draft.entry.report.place
        assert (place.compound, place.landmark) == (None, "桥头小卖部二楼")
        assert app.shows("compound-0"), "still to be picked"
