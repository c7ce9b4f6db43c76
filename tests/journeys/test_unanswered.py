"""A question that its worker never answers: after three working days the case goes on without."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from contract.report import Report
from sync_server.casework.review import decide
from sync_server.domain.decisions import Decision
from sync_server.store.schema import answers, held_answers
from tests.journeys.conftest import DESK as OFFICER
from tests.journeys.test_console_browser import DESK, Morning, a_morning

pytestmark = pytest.mark.browser
WORDS = {
    "zh": ("待补充", "不等答复，受理"),
    "en": ("Question to answer", "Accept unanswered"),
}


@pytest.fixture
def morning(database: str, tmp_path: Path) -> Iterator[Morning]:
    with a_morning(tmp_path, database) as found:
        yield found


def asked(morning: Morning, days_ago: int) -> Report:
    """A report at a door of its own, about which its worker was asked so many days ago."""
    office = morning.office
    place = office.report().place.changed(building=f"{20 + days_ago}号楼")
    report = office.report(place=place)
    office.deliver(report)
    ask = Decision("15", "10", report.revision, comment="是哪天看到的？")
    decide(office.store, OFFICER, str(report.id), ask, office.now - timedelta(days=days_ago))
    return report


def told(morning: Morning, report: Report) -> list[str]:
    with morning.office.store.reading() as tx:
        found = [
            row
            for table in (answers, held_answers)
            for row in tx.run(select(table).where(table.c.report == str(report.id)))
        ]
    return [row.state for row in sorted(found, key=lambda row: row.at)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_question_that_nobody_answers_holds_a_case_up_for_three_working_days(
    morning: Morning, language: str
) -> None:
    folder, accept = WORDS[language]
    early, late = asked(morning, 1), asked(morning, 9)
    page = morning.signed_in(DESK)
    page.goto(f"/language/{language}")
    page.get_by_role("link", name=folder).click()
    expect(page.locator("#list a.row").filter(has_text="29号楼")).to_have_count(1)
    page.goto(f"/records/{early.id}")
    expect(page.locator("label[for=to-29]")).to_be_visible()
    expect(page.locator("label[for=to-20]")).to_have_count(0)
    page.goto(f"/records/{late.id}")
    choice = page.locator("label[for=to-20]")
    expect(choice).to_contain_text(accept)
    choice.click()
    page.locator("#decide button[type=submit]").click()
    expect(page.locator("#undo")).to_be_visible()
    assert (told(morning, early), told(morning, late)) == (["15"], ["15", "20"])
