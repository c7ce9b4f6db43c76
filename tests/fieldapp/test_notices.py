"""Notices and tasks that are new on a phone: counted, shown on home, and told once."""

from datetime import date
from pathlib import Path

import flet as ft
import pytest

from contract.reference import Notice, Reference, Task
from fieldapp.memory.notices import SeenNotices, UnseenCounts, count_unseen
from fieldapp.ui import theme
from tests.fieldapp.a_phone import Phone
from tests.fieldapp.headless import Headless

TASK = Task(id="t1", title="复看3号楼", due=date(2099, 11, 30))
NOTICE = Notice(id="n1", title="寒假前提示", issued=date(2026, 11, 20))
URGENT = Notice(id="n2", title="停电提示", issued=date(2026, 11, 21), urgent=True)
OVER = Notice(id="n3", title="上月", issued=date(2020, 1, 1), until=date(2020, 1, 31))


def test_what_nobody_has_seen_is_new() -> None:
    assert count_unseen(SeenNotices(), (NOTICE, URGENT), (TASK,)) == UnseenCounts(1, 1, urgent=1)
    seen = SeenNotices().with_seen((URGENT, TASK), (NOTICE, URGENT, TASK))
    assert count_unseen(seen, (NOTICE, URGENT), (TASK,)) == UnseenCounts(1, 0, urgent=0)


def test_what_the_bureau_changes_is_new_again() -> None:
    seen = SeenNotices().with_seen((TASK,), (TASK,))
    assert count_unseen(seen, (), (TASK.changed(due=date(2026, 12, 1)),)).tasks == 1


def test_what_the_bureau_took_back_is_forgotten() -> None:
    seen = (
        SeenNotices().with_seen((NOTICE, TASK), (NOTICE, TASK)).with_seen((URGENT,), (URGENT, TASK))
    )
    assert len(seen.marks) == 2
    assert count_unseen(seen, (NOTICE,), ()).notices == 1


def test_a_thousand_notices_are_told_apart_by_short_marks() -> None:
    many = [NOTICE.changed(title=str(n)) for n in range(1_000)]
    marks = SeenNotices().with_seen(many, many).marks
    assert len(set(marks)) == 1_000 and {len(mark) for mark in marks} == {16}


def a_phone(folder: Path, *notices: Notice, tasks: tuple[Task, ...] = ()) -> Phone:
    phone = Phone(folder)
    phone.memory.keep_reference_data(None, Reference(version="e1", notices=notices, tasks=tasks))
    return phone


def inks(app: Headless, identifier: str) -> set[str]:
    texts = app.below(app.find(identifier), ft.Text)
    return {str(text.color) for text in texts}


@pytest.mark.asyncio
async def test_home_leads_to_what_is_new_until_it_was_seen(tmp_path: Path) -> None:
    phone = a_phone(tmp_path, NOTICE, OVER, tasks=(TASK,))
    async with phone as app:
        assert app.says("新通知 1") and app.says("新任务 1")
        await app.tap("new-notices")
        assert app.shows("notice-n1")
        await app.tap("back")
        assert app.shows("new-tasks") and not app.shows("new-notices")
        await app.tap("new-tasks")
        assert app.shows("task-t1")
        await app.tap("back")
        assert not app.shows("new-tasks")
    async with phone as app:
        assert app.shows("add") and not app.shows("new-notices") and not app.shows("new-tasks")


@pytest.mark.asyncio
async def test_an_urgent_notice_says_so_on_home(tmp_path: Path) -> None:
    async with a_phone(tmp_path, URGENT, NOTICE) as app:
        assert app.says("新通知 1") and app.says("急 1")
        assert theme.DANGER in inks(app, "new-notices")


@pytest.mark.asyncio
async def test_the_duty_card_counts_as_a_way_too(tmp_path: Path) -> None:
    async with a_phone(tmp_path, NOTICE) as app:
        for way in ("duty", "to-notices", "back"):
            await app.tap(way)
        assert app.shows("duty-card")
        await app.tap("back")
        assert app.shows("add") and not app.shows("new-notices")


@pytest.mark.asyncio
async def test_news_that_come_while_home_stands_show_there(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        assert not app.shows("new-notices")
        phone.memory.keep_reference_data(None, Reference(version="e2", notices=(NOTICE,)))
        await phone.state.refresh()
        await app.settle()
        assert app.shows("new-notices")
