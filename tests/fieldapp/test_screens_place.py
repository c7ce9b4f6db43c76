"""Picking a place on screen: letters and tiles before a keyboard, and what the lists say of it."""

from datetime import timedelta
from pathlib import Path

import pytest

from contract.codelists import CodeLists
from contract.reference import (
    BuildingRecordCount,
    Compound,
    Institution,
    LeadCounts,
    Notice,
    Places,
    Reference,
    Task,
)
from fieldapp.ports import FixOutcome, Sighting
from tests.builders import NOON
from tests.fieldapp.a_phone import TOWN, Hands, Phone
from tests.fieldapp.headless import Headless

pytestmark = pytest.mark.asyncio

DAY = NOON.date()
LOST = Hands(sighting=Sighting(FixOutcome.TIMED_OUT))
LISTS = Reference(
    version="e1",
    plans=(),
    tasks=(
        Task(id="t1", title="复看3号楼", compound="yly", building="3号楼", due=DAY),
        Task(id="t2", title="早该看的", due=DAY - timedelta(days=1)),
    ),
    notices=(
        Notice(id="n1", title="寒假前提示", text="留意托管", issued=DAY, urgent=True),
        Notice(id="n2", title="过期的", issued=DAY, until=DAY - timedelta(days=1)),
    ),
    institutions=(
        Institution(
            id="i1",
            name="彩虹艺术学校",
            initials="chysxx",
            code="91150000MA0EXAMP1X",
            compound="sfgy",
            building="A座",
            source="示例旗公示",
            published=DAY,
        ),
    ),
)
COUNTS = LeadCounts(
    version="1",
    is_whole=True,
    buildings=(BuildingRecordCount(compound="yly", building="3号楼", count=2, closed=1),),
)


def a_phone(folder: Path, lists: Reference | None = LISTS, hands: Hands | None = None) -> Phone:
    phone = Phone(folder, hands)
    if lists:
        phone.memory.keep_reference_data(None, lists)
        phone.memory.keep_counts(COUNTS)
    return phone


def many(count: int) -> Places:
    """A town in which nobody wants to scroll."""
    others = tuple(
        Compound(id=f"m{n}", name=f"模拟{n}", initials=f"mn{chr(97 + n)}", community="999900100001")
        for n in range(count)
    )
    return TOWN.changed(compounds=(*TOWN.compounds, *others))


async def test_the_leads_of_a_building_are_told_as_it_is_chosen(tmp_path: Path) -> None:
    async with a_phone(tmp_path) as app:
        await app.tap("add")
        assert not app.shows("leads-here")
        await app.tap("building-1")
        assert app.says("本楼已有 2 条线索（1 条已办结）")
        await app.tap("building-0")
        assert not app.shows("leads-here")


async def test_a_licensed_institution_of_the_building_is_named(tmp_path: Path) -> None:
    async with a_phone(tmp_path) as app:
        await app.tap("add")
        await app.tap("change")
        await app.tap("pick-sfgy")
        await app.tap("building-0")
        assert app.says("公示机构：彩虹艺术学校")


async def test_a_name_on_a_board_is_looked_up_while_it_is_typed(tmp_path: Path) -> None:
    async with a_phone(tmp_path) as app:
        for identifier in ("add", "building-1", "unit-1", "next", "extras"):
            await app.tap(identifier)
        await app.write("institution", "彩")
        assert not app.shows("licensed-i1")
        await app.write("institution", "彩虹艺术")
        assert app.shows("licensed-i1") and app.says("公示机构：彩虹艺术学校")
        await app.write("institution", "彩云学堂")
        assert not app.shows("licensed-i1")


async def test_a_building_that_the_list_lacks_is_read_from_words(tmp_path: Path) -> None:
    phone = a_phone(tmp_path)
    async with phone as app:
        await app.tap("add")
        await app.tap("other")
        await app.write("door", "12-3-501")
        await app.tap("read-door")
        place = phone.state.draft.entry.report.place if phone.state.draft.entry else None
        assert place and (place.compound, place.building, place.unit) == ("yly", "12号楼", "3单元")
        assert (place.floor, place.room) == (None, None)  # a home (L4)
        assert app.find("other").selected and not app.shows("door")


@pytest.mark.parametrize(
    ("hands", "way", "field", "words"),
    [
        (Hands(), ["add", "other"], "door", "三栋2门"),
        (LOST, ["add"], "landmark", "样例苑3号楼2单元"),
    ],
    ids=["an unlisted door of a known building", "words about a known compound"],
)
async def test_words_choose_the_building_and_the_unit_that_they_mean(
    tmp_path: Path, hands: Hands, way: list[str], field: str, words: str
) -> None:
    async with a_phone(tmp_path, hands=hands) as app:
        for identifier in way:
            await app.tap(identifier)
        await app.write(field, words)
        await app.tap("read-door" if field == "door" else "read-place")
        assert app.find("building-1").selected and app.find("unit-1").selected


async def test_words_that_nobody_read_are_read_on_the_way_on(tmp_path: Path) -> None:
    phone = a_phone(tmp_path, hands=LOST)
    async with phone as app:
        await app.tap("add")
        await app.write("landmark", "河边平房 2号楼")
        await app.tap("next")
    place = phone.state.draft.entry.report.place if phone.state.draft.entry else None
    assert place and (place.landmark, place.building) == ("河边平房", "2号楼")


async def test_letters_lead_to_a_compound_without_a_keyboard(tmp_path: Path) -> None:
    phone = a_phone(tmp_path, hands=LOST)
    phone.memory.keep_reference_data(many(9), LISTS)
    async with phone as app:
        await to_pick(app)
        assert app.shows("key-m") and app.shows("key-y") and not app.shows("key-q")
        await app.tap("key-m")
        await app.tap("key-n")
        assert app.shows("pick-m0") and not app.shows("pick-yly")
        await app.tap("key-undo")
        await app.tap("key-undo")
        await app.tap("key-y")
        assert app.shows("pick-yly") and not app.shows("pick-m0")


async def to_pick(app: Headless) -> None:
    await app.tap("add")
    await app.tap("change")


async def test_few_compounds_need_no_letters(tmp_path: Path) -> None:
    async with a_phone(tmp_path) as app:
        await to_pick(app)
        assert not app.shows("key-y") and app.shows("pick-yly")


async def test_the_compound_of_the_last_report_is_offered_first(tmp_path: Path) -> None:
    async with a_phone(tmp_path) as app:
        await to_pick(app)
        assert app.shows("near-yly") and not app.shows("near-sfgy")  # ten kilometres away
        for step in ("pick-sfgy", "building-0", "next", "sign-POSTER"):
            await app.tap(step)
        await app.seal()
        await to_pick(app)
        assert app.shows("lately-sfgy") and app.shows("near-yly")


async def test_a_signboard_in_the_search_leads_to_where_its_institution_stands(
    tmp_path: Path,
) -> None:
    async with a_phone(tmp_path) as app:
        await to_pick(app)
        await app.write("search", "chys")
        await app.tap("firm-i1")
        assert app.says("示范公寓")


async def test_the_licensed_list_is_searched_by_name_initials_and_code(tmp_path: Path) -> None:
    async with a_phone(tmp_path) as app:
        await app.route("/licensed")
        for asked in ("彩虹", "chys", "91150000ma"):
            await app.write("search", asked)
            assert app.shows("institution-i1"), asked
        await app.write("search", "没有")
        assert app.says("没有找到这家机构")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/licensed", "名单还没到，联网后自动来。"),
        ("/notices", "现在没有通知"),
        ("/tasks", "现在没有任务"),
    ],
)
async def test_an_empty_list_says_so(tmp_path: Path, path: str, words: str) -> None:
    async with a_phone(tmp_path, None) as app:
        await app.route(path)
        assert app.shows("empty") and app.says(words)
        await app.tap("back")
        assert app.shows("add")


async def test_notices_in_force_are_told_and_no_others(tmp_path: Path) -> None:
    async with a_phone(tmp_path) as app:
        await app.route("/notices")
        assert app.says("请先看") and app.says("留意托管")
        assert not app.shows("notice-n2")


async def test_tasks_say_where_and_until_when(tmp_path: Path) -> None:
    async with a_phone(tmp_path) as app:
        await app.route("/tasks")
        assert app.says("样例苑 3号楼") and app.says(f"最晚 {DAY.month}月{DAY.day}日")
        assert app.says("已过")


async def test_a_task_leads_to_a_report_at_its_place(tmp_path: Path) -> None:
    async with a_phone(tmp_path) as app:
        await app.route("/tasks")
        assert not app.shows("go-t2")
        await app.tap("go-t1")
        assert app.says("样例苑") and app.shows("building-1")


async def test_a_task_chooses_its_building_and_is_done_when_sealed(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    task = Task(id="k9", title="看看3号楼", compound="yly", building="3号楼")
    phone.memory.keep_reference_data(None, Reference(version="e9", tasks=(task,)))
    async with phone as app:
        await app.route("/tasks")
        await app.tap("go-k9")
        assert app.find("building-1").selected
        for way in ("unit-0", "next", "sign-POSTER"):
            await app.tap(way)
        await app.seal()
        (parcel,) = phone.notebook.outbox(NOON + timedelta(days=1), 5)
        assert '"task":"k9"' in parcel.raw.decode()
        await app.route("/tasks")
        assert app.shows("handled-k9") and app.says("已办") and not app.shows("go-k9")
        await app.route("/")
        await app.tap("undo")
        await app.route("/tasks")
        assert app.shows("go-k9")


async def test_a_task_is_handed_back_with_a_reason(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(road=False))
    task = Task(id="k9", title="看看3号楼", compound="yly", building="3号楼")
    phone.memory.keep_reference_data(None, Reference(version="e9", tasks=(task,)))
    async with phone as app:
        await app.route("/tasks")
        await app.tap("back-k9")
        await app.tap("why-k9-0")
        assert app.says("已交回") and not app.shows("go-k9")
        (parcel,) = phone.notebook.outbox(NOON + timedelta(days=1), 5)
        sent = parcel.raw.decode()
        assert "任务交回：找不到地方（看看3号楼 k9）" in sent
        assert '"reason":"NOT_FOUND"' in sent and '"task":"k9"' in sent


async def test_nothing_seen_is_an_answer_to_a_task_that_can_be_undone(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(road=False))
    task = Task(id="k9", title="看看3号楼", compound="yly", building="3号楼")
    phone.memory.keep_reference_data(None, Reference(version="e9", tasks=(task,)))
    async with phone as app:
        await app.route("/tasks")
        await app.seal("clear-k9")
        (parcel,) = phone.notebook.outbox(NOON + timedelta(days=1), 5)
        sent = parcel.raw.decode()
        assert all(part in sent for part in ('"kind":"CLEAR"', '"task":"k9"', "3号楼"))
        await app.route("/tasks")
        assert app.shows("handled-k9") and app.says("已办")
        await app.route("/")
        await app.tap("undo")
        await app.route("/tasks")
        assert app.shows("clear-k9")


async def test_a_task_can_be_handed_back_to_a_bureau_that_has_no_list_of_reasons(
    tmp_path: Path,
) -> None:
    phone = Phone(tmp_path, Hands(road=False))
    phone.memory.keep_reference_data(
        None, Reference(version="e9", tasks=(Task(id="k9", title="看看"),))
    )
    phone.memory.keep_lists(CodeLists(version="old", lists={}))
    async with phone as app:
        await app.route("/tasks")
        await app.tap("back-k9")
        assert app.says("来不及去")
