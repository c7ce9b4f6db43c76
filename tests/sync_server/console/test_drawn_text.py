"""A text from outside turns no other text around, on no page, in no title and no attribute."""

import pytest
from sqlalchemy import select

from contract.visible_text import has_visible
from sync_server.console.printer import drawn, environment
from sync_server.console.words import speaker
from sync_server.store import audit_log
from sync_server.store.arrivals import sent_bytes
from sync_server.store.audit_log import AuditEntry
from sync_server.store.schema import arrivals, compounds
from tests.sync_server.console.office import Office, a_photo, a_place

SIGNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def turned(text: str) -> str:
    """The text with every sign of direction in it."""
    return f"{text[:1]}{SIGNS}{text[1:]}\u202e"


@pytest.fixture
def turning(office: Office) -> Office:
    """An office in which every text that comes from outside holds such signs."""
    place = a_place(
        compound="c999",
        compound_name=turned("样例苑"),
        building=turned("3号楼"),
        unit=turned("2单元"),
        landmark=turned("学校对面"),
    )
    first = office.report(
        place=place,
        note=turned("门口灯亮着"),
        institution=turned("示例书屋"),
        photos=(a_photo(),),
    )
    office.deliver(first, first.changed(note=turned("另一句")))
    office.deliver(first.changed(revision=2, note=turned("第二次")))
    office.at("shenhe1")
    with office.store.writing() as tx:
        tx.run(compounds.update().values(name=turned("样例苑")))
        audit_log.note(
            tx, AuditEntry(office.now, turned("a"), turned("b"), turned("c"), turned("d"))
        )
    assert office.decide(first.id, "15", comment=turned("请补充门口")).status_code == 303
    return office


def test_no_page_holds_a_sign_of_direction(turning: Office) -> None:
    client = turning.at("shenhe1")
    record = client.get("/inbox").text.partition('href="/records/')[2][:36]
    pages = {
        path: client.get(path).text
        for path in (
            "/inbox",
            f"/inbox?q={turned('苑')}",
            f"/records/{record}",
            f"/sign-in?next=/{turned('x')}",
            "/records/none",
        )
    }
    pages["/audit"] = turning.at("shenji1").get("/audit").text

    assert "样例苑3号楼" in pages["/inbox"].replace(" ", "")
    assert "第二次" in pages[f"/records/{record}"]  # the texts are there, without the signs
    found = {path: sorted(set(SIGNS) & set(page)) for path, page in pages.items()}
    assert {path: signs for path, signs in found.items() if signs} == {}


def test_what_was_sent_is_kept_as_it_was(turning: Office) -> None:
    with turning.store.reading() as tx:
        raws = [sent_bytes(tx, row) for row in tx.run(select(arrivals))]
    assert raws and all("\u202e".encode() in raw for raw in raws)


def test_a_place_of_which_nothing_shows_is_said_to_have_none(office: Office) -> None:
    office.deliver(
        office.report(
            place=a_place(compound="c999", compound_name="\u3164", building="\u200b", unit=None)
        )
    )
    page = office.at("shenhe1").get("/inbox").text
    name = page.partition('class="row"')[2].partition(">")[2].partition("<")[0]
    assert has_visible(name)


def test_a_comment_that_shows_nothing_is_no_comment(office: Office) -> None:
    report = office.report()
    office.deliver(report)
    office.at("shenhe1")
    assert office.decide(report.id, "15", comment="\u3164 \u200b").status_code == 422


def test_markup_stays_markup() -> None:
    from markupsafe import Markup

    assert drawn(Markup("<b>样\u202e例</b>")) == Markup("<b>样例</b>")
    assert isinstance(drawn(Markup("<b>样\u202e例</b>")), Markup)


def test_words_from_right_to_left_are_isolated_in_text_title_and_attribute() -> None:
    hebrew = "\u05d0\u05d1 12"
    inside = f"\u2068{hebrew}\u2069"
    assert (drawn(hebrew), drawn("样例苑 3号楼"), drawn("a")) == (inside, "样例苑 3号楼", "a")
    page = environment().from_string(
        '<title>{{ say("app.title", page=name) }}</title>'
        '<a title="{{ name }}">{{ name }} {{ n }}</a>'
    )
    shown = page.render(say=speaker("zh"), name=hebrew, n=3)
    assert shown.count(inside) == 3 and f"{inside} 3</a>" in shown
