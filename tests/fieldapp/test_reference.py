"""What the phone keeps to look things up in, from a bureau of today and from one of before."""

from datetime import date

import pytest

from contract.reference import BuildingRecordCount, LeadCounts, Notice, Places, Reference, Task
from tests.fieldapp.a_bureau import Phone

pytestmark = pytest.mark.asyncio

NOTICE = Notice(id="n1", title="寒假前提示", issued=date(2026, 11, 20))
TASK = Task(id="t1", title="复看3号楼", due=date(2026, 11, 30))
ALL = Reference(version="e1", plans=(), tasks=(TASK,), notices=(NOTICE,), institutions=(), leads=())


def named(phone: Phone) -> str:
    """What the phone said in its last call that it holds."""
    return phone.road.asked[-1][0].held.places


async def told(phone: Phone, places: Places | None, reference: Reference | None) -> None:
    phone.bureau.places, phone.bureau.reference = places, reference
    await phone.courier.round()


async def test_lists_are_kept_and_their_edition_is_named_in_the_next_call(phone: Phone) -> None:
    await told(phone, Places(version="v1", edition="e1"), ALL)
    assert phone.memory.reference() == ALL
    await told(phone, None, None)
    assert named(phone) == "e1"


async def test_a_list_that_did_not_come_stays_and_one_that_came_empty_is_empty(
    phone: Phone,
) -> None:
    leads = (BuildingRecordCount(compound="c1", building="3号楼", count=2, closed=1),)
    await told(phone, Places(version="v1", edition="e1"), ALL)
    await told(phone, None, Reference(version="e2", tasks=(), leads=leads))
    held = phone.memory.reference()
    assert (held.notices, held.tasks, held.leads) == ((NOTICE,), (), leads)
    assert phone.memory.places().version == "v1"
    assert phone.memory.edition() == "e2"


async def test_a_bureau_of_before_is_told_the_version_of_the_compounds(phone: Phone) -> None:
    await told(phone, Places(version="v1"), None)
    await told(phone, None, None)
    assert named(phone) == "v1"


async def test_a_bureau_that_went_back_to_a_program_of_before_is_understood(phone: Phone) -> None:
    await told(phone, Places(version="v1", edition="e1"), ALL)
    await told(phone, Places(version="v0"), None)
    await told(phone, None, None)
    assert named(phone) == "v0"
    assert phone.memory.reference().notices == (NOTICE,)


async def test_an_app_that_passed_the_lists_over_asks_for_them_once_it_can_read(
    phone: Phone,
) -> None:
    phone.memory.keep_places(Places(version="v1", edition="e1"))  # as the app of before did
    await told(phone, Places(version="v1", edition="e1"), ALL)
    assert named(phone) == ""
    await told(phone, None, None)
    assert named(phone) == "e1"


async def test_numbers_of_leads_are_kept_and_their_version_is_named(phone: Phone) -> None:
    three, five = (
        BuildingRecordCount(compound="c1", building=name, count=2) for name in ("3号楼", "5号楼")
    )
    phone.bureau.counts = LeadCounts(version="7-g1-1", is_whole=True, buildings=(three, five))
    await phone.courier.round()
    assert phone.road.asked[-1][0].held.counts == ""
    gone, more = three.changed(count=0), five.changed(count=3, closed=1)
    phone.bureau.counts = LeadCounts(version="7-g1-2", buildings=(gone, more))
    await phone.courier.round()
    assert phone.road.asked[-1][0].held.counts == "7-g1-1"
    assert phone.memory.counts().buildings == (more,)
    phone.bureau.counts = None
    await phone.courier.round()
    assert phone.memory.counts() == LeadCounts(version="7-g1-2", is_whole=True, buildings=(more,))


async def test_numbers_of_leads_are_those_of_one_device(phone: Phone) -> None:
    phone.memory.keep_counts(LeadCounts(version="7-g1-1", is_whole=True))
    identity = phone.memory.identity()
    assert identity
    phone.memory.keep_identity(identity.changed(device="another"))
    assert phone.memory.counts().version == ""
