"""Drafts: the same two buttons wherever they are shown, empty ones vanish, none sends itself."""

from datetime import timedelta
from pathlib import Path

import flet as ft
import pytest

from contract.codelists import built_in
from contract.reference import Reference, Task
from contract.report import Kind
from fieldapp.report.entry import Entry, Stage
from fieldapp.screens.visits import counts_at
from tests.builders import NOON, a_name, a_parcel, a_place, a_receipt, an_entry
from tests.fieldapp.a_phone import Phone
from tests.fieldapp.test_screens_flow import to_seen

pytestmark = pytest.mark.asyncio


def begun(phone: Phone, count: int) -> list[Entry]:
    """Drafts that were never sealed, newest first."""
    drafts = []
    for n in range(count):
        at = NOON - timedelta(minutes=n)
        drafts.append(an_entry(id=a_name(at), seen_at=at, note=""))
    for draft in drafts:
        phone.notebook.write(draft)
    return drafts


async def test_a_draft_in_the_list_is_gone_on_with_or_given_up(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    (draft,) = begun(phone, 1)
    async with phone as app:
        await app.tap("reports")
        await app.tap(f"report-{draft.report.id}")
        assert app.shows("resume") and not app.shows("withdraw") and not app.says("已处理")
        await app.tap("drop")
        assert phone.notebook.entries()
        await app.tap("drop")
        assert not phone.notebook.entries() and not app.shows("resume")


async def test_all_drafts_are_reached_from_home(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    drafts = begun(phone, 3)
    async with phone as app:
        assert app.says("另有 2 条没写完")
        await app.tap("drafts")
        assert all(app.shows(f"report-{draft.report.id}") for draft in drafts)
        await app.tap("back")
        for _ in ("ask", "sure"):
            await app.tap("drop")
        assert app.shows("resume") and app.says("另有 1 条没写完")


async def test_a_tasks_draft_is_empty_until_something_is_answered(tmp_path: Path) -> None:
    """Its building came with the task; another one is an answer."""
    phone = Phone(tmp_path)
    task = Task(id="k9", title="看看3号楼", compound="yly", building="3号楼")
    phone.memory.keep_reference_data(None, Reference(version="e9", tasks=(task,)))
    async with phone as app:
        for taps, left in ((("go-k9",), 0), (("go-k9", "building-0"), 1)):
            await app.route("/tasks")
            for one in taps:
                await app.tap(one)
            await app.tap("back")
            assert len(phone.notebook.entries()) == left, taps


async def test_an_empty_draft_vanishes_and_one_with_an_answer_does_not(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await app.tap("add")
        await app.tap("back")
        assert not phone.notebook.entries() and app.shows("add")
        await app.tap("add")
        await app.route("/")
        await app.tap("add")
        assert len(phone.notebook.entries()) == 1
        await app.tap("building-1")
        await app.tap("back")
        assert len(phone.notebook.entries()) == 1 and app.shows("resume")


async def test_what_was_sealed_is_restored_when_a_change_is_given_up(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    entry = an_entry(revision=1)
    receipt = a_receipt(a_parcel(entry.report))
    sealed = entry.changed(stage=Stage.DELIVERED, receipt=receipt)
    phone.notebook.write(sealed.answered("note", "改过"))
    async with phone as app:
        for _ in ("ask", "sure"):
            await app.tap("drop")
    (kept,) = phone.notebook.entries()
    assert (kept.stage, kept.report) == (Stage.DELIVERED, sealed.report)


async def test_the_summary_says_that_a_draft_waits_for_its_seal(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await to_seen(app)
        await app.route("/")
        await app.tap("open-patrol")
        await app.tap("end-patrol")
        await app.tap("end-patrol")
        assert app.says("1 条没写完，封存后才会发") and not app.says("有网自动发")


async def test_leads_and_nothing_seen_are_counted_apart() -> None:
    def one(kind: Kind, stage: Stage = Stage.SEALED, compound: str = "yly") -> Entry:
        return an_entry(kind=kind, place=a_place(compound=compound)).changed(stage=stage)

    logged = [
        one(Kind.CLEAR),
        one(Kind.SITE),
        one(Kind.AD),
        one(Kind.SITE, Stage.DRAFT),
        one(Kind.SITE, Stage.WITHDRAWN),
        one(Kind.SITE, compound="sfgy"),
    ]
    assert counts_at(logged, "yly") == (2, 1)


async def test_a_compound_with_leads_is_not_called_clear(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await to_seen(app)
        await app.tap("sign-POSTER")
        await app.seal()
        await app.tap("clear")
        await app.seal()
        await app.tap("open-patrol")
        assert app.says("1 条线索 · 1 处未见异常")


async def test_back_leads_to_where_one_came_from(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        ways = (("start-patrol", "add"), ("start-patrol", "sos"), ("duty", "to-licensed"))
        for first, second in ways:
            await app.route("/")
            await app.tap(first if app.shows(first) else "open-patrol")
            await app.tap(second)
            await app.tap("back")
            assert app.shows("ad" if first != "duty" else "duty-card"), (first, second)


async def test_next_asks_for_a_building_and_takes_that_it_is_not_known(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await app.tap("add")
        await app.tap("next")
        assert app.says("是哪栋楼") and not app.shows("sign-POSTER")
        await app.tap("building-unsure")
        assert app.find("building-unsure").selected
        await app.tap("next")
        assert app.shows("sign-POSTER")


async def test_nothing_seen_and_an_ad_say_so_in_title_steps_and_card(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await app.tap("clear")
        assert app.says("未见异常：在哪里")
        await app.seal()
        (entry,) = phone.notebook.entries()
        card = app.below(app.find(f"report-{entry.report.id}"), ft.Text)
        assert any("未见异常" in text.value for text in card)
        await app.tap("open-patrol")
        await app.tap("ad")
        assert app.says("广告：在哪里")


async def test_the_order_of_the_bureaus_own_lists_stands_before_what_was_used(
    tmp_path: Path,
) -> None:
    phone = Phone(tmp_path)
    lists = built_in()
    signs = lists.lists["sign"]
    renamed = {**lists.lists, "sign": {**signs, "NOISE": signs["POSTER"].changed(order=-1)}}
    phone.memory.keep_lists(lists.changed(version="bureau", lists=renamed))
    phone.notebook.write(an_entry(signs=("SCHEDULE",)).changed(stage=Stage.SEALED))
    async with phone as app:
        await to_seen(app)
        tiles = [part.identifier or "" for part in app.all(ft.Semantics)]
        assert next(name for name in tiles if name.startswith("sign-")) == "sign-NOISE"


async def test_the_number_of_a_complaint_has_its_field(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        assert not app.shows("note")
        await app.tap("sign-more")
        await app.tap("sign-COMPLAINT_REF")
        await app.write("note", "12345-0087")
        (entry,) = phone.notebook.entries()
        assert entry.report.note == "12345-0087"


async def test_what_was_just_sealed_is_named_beside_its_undo(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await to_seen(app)
        await app.tap("sign-POSTER")
        await app.seal()
        (words,) = app.below(app.find("sealed"), ft.Text)
        assert words.value == "已封存 · 样例苑 3号楼2单元"
