"""A day on which two workers report one place: one case, and each hears what comes of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ViewportSize
from sqlalchemy import Row

from sync_server.accounts.passwords import hash_password
from sync_server.domain.roles import Role
from sync_server.store import staff as people
from sync_server.store.schema import case_events, records
from tests.journeys.a_town import Town, a_town
from tests.journeys.conftest import DESK, PASSWORD
from tests.journeys.console_driver import ConsoleDriver, Said, enter
from tests.journeys.days import SITE, SLOW_MS, one, rows, taps, until
from tests.journeys.worker import Worker

__all__ = ["one"]
pytestmark = pytest.mark.browser
OFFICER, COLLEAGUE = "anjian9", "wg0302x"
WIDE = ViewportSize(width=1440, height=860)
DOUBT = "昨晚七点还有学生进出"
# What each of the two does with the case, and what is entered.
ACCEPTED = (
    ("20", Said(comment="已转社区核实")),
    ("30", Said(choices={"assignee": OFFICER})),
)
HANDLED = (
    ("40", Said()),
    ("50", Said(comment="门口有学生进出", choices={"check-PUPILS_THERE": "yes"})),
    ("55", Said(comment="请核查登记", choices={"department": "MARKET"})),
    ("40", Said(reason="NOT_OURS")),
    ("55", Said(comment="请核查备案", choices={"department": "CIVIL"})),
    ("receipt", Said(receipt="收〔2026〕8号")),
    ("60", Said(comment="民政部门已约谈")),
)
CLOSED = Said(reason="SETTLED_THERE", comment="民政部门已办结，谢谢上报。")
RIGHT = Said(reason="STOPPED", comment="复核后确认已停止，谢谢。")


# What the phones say: of one that reads Chinese on SQLite, of one that reads English on PostgreSQL.
WORDS = {
    "zh": ("已移送办结", "与 {} 是同一处", "再点一次提出", "等待复核", "属实已整改"),
    "en": (
        "Handed over and closed",
        "the same place as {}",
        "Tap again to send",
        "Waiting for a review",
        "Confirmed and put right",
    ),
}


@pytest.fixture
def language(database: str) -> str:
    return "en" if database else "zh"


@pytest.fixture
def town(database: str, tmp_path: Path) -> Iterator[Town]:
    with a_town(tmp_path, database=database) as found:
        equip(found)
        yield found


@pytest.fixture
def other(town: Town) -> Iterator[Worker]:
    """A worker of another duty post of the same grid."""
    with town.newcomer() as found:
        found.enrol(town.bureau.code(COLLEAGUE))
        yield found


def equip(town: Town) -> None:
    with town.bureau.store.writing() as tx:
        grid = people.one(tx, "wg0301")
        assert grid
        where = {"community": grid.community, "grid": grid.grid}
        people.add(tx, staff=COLLEAGUE, role="GRID", **where)
        secret = {"password_hash": hash_password(PASSWORD)}
        people.add(tx, staff=OFFICER, role=Role.CASE_OFFICER.value, **secret)


@contextmanager
def at_the_console(town: Town, language: str, staff: str) -> Iterator[ConsoleDriver]:
    """In the same browser as the phones, with cookies of its own."""
    context = town.browser.new_context(base_url=town.bureau.address, viewport=WIDE)
    page = context.new_page()
    enter(page, staff, PASSWORD, language)
    yield ConsoleDriver(page, language)
    context.close()


def both_logged(town: Town, *workers: Worker) -> list[Row[Any]]:
    """One after the other; what the bureau has of them once all are there, in this order."""
    for worker in workers:
        taps(worker, *SITE)
    until(workers[-1], lambda: len(rows(town, records)) == len(workers))
    return sorted(rows(town, records), key=lambda row: row.seq)


def states(town: Town, *found: Row[Any]) -> list[str]:
    now = {row.id: row.state for row in rows(town, records)}
    return [now[one.id] for one in found]


def handle(town: Town, language: str, supervisor: ConsoleDriver, record: str) -> None:
    """From the inbox to the end, each step by who makes it."""
    supervisor.open("10", record)
    for step in ACCEPTED:
        supervisor.step(*step)
    with at_the_console(town, language, OFFICER) as officer:
        officer.open("30", record)
        for step in HANDLED:
            officer.step(*step)
    supervisor.open("60", record)
    supervisor.step("73", CLOSED)


def open_after(worker: Worker, report: str, words: str) -> None:
    """Asks the bureau, and opens the report once it says this."""
    taps(worker, "sync")
    worker.phone.tap("retry")
    taps(worker, "back")
    worker.phone.expect_text(f"report-{report}", words, timeout_ms=SLOW_MS)
    taps(worker, f"report-{report}")


def doubt(town: Town, worker: Worker, report: str, words: tuple[str, str]) -> Row[Any]:
    """Objects to the result that is open; the step that came of it. `words`: what the phone says
    before and after."""
    taps(worker, "object")
    worker.phone.write("objection", DOUBT)
    worker.phone.tap("send")
    worker.phone.page.get_by_text(words[0]).first.wait_for()
    taps(worker, "send")
    worker.phone.expect_text("story", words[1])
    until(worker, lambda: _reviews(town, report))
    return _reviews(town, report)[0]


def _reviews(town: Town, report: str) -> list[Row[Any]]:
    return [one for one in rows(town, case_events) if (one.id, one.after) == (report, "90")]


def test_two_workers_report_one_place_and_both_read_what_came_of_it(
    town: Town, one: Worker, other: Worker, language: str
) -> None:
    closed, same, sure, waits, right = WORDS[language]
    for worker in (one, other) if language == "en" else ():
        taps(worker, "settings", "language-en", "back")
    first, second = both_logged(town, one, other)
    assert (first.author, second.author) == ("wg0301", COLLEAGUE)
    with at_the_console(town, language, DESK.staff) as supervisor:
        handle(town, language, supervisor, first.id)
        assert states(town, first, second) == ["73", "73"]
        open_after(one, first.id, closed)
        one.phone.expect_text("story", "民政部门已办结")
        open_after(other, second.id, closed)
        other.phone.expect_text("story", same.format(first.number))
        found = doubt(town, other, second.id, (sure, waits))
        assert (found.comment, found.role) == (DOUBT, "GRID")
        assert states(town, first, second) == ["73", "90"]
        taps(other, "back")
        supervisor.open("90", second.id)
        supervisor.step("72", RIGHT)
    open_after(other, second.id, right)
    other.phone.expect_text("story", "复核后确认已停止")
    assert not other.phone.at("object").count()
