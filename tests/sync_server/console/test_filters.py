"""The filter lives in the URL, and what a URL makes up is left out."""

from datetime import UTC, datetime

from sync_server.casework.case_rules import WorkDay
from sync_server.console.filters import Filter, chips
from sync_server.console.record_list import ListView, order_number
from sync_server.console.times import start_of_days
from sync_server.console.words import speaker
from sync_server.domain.clocks import Levels
from sync_server.domain.work_calendar import published
from sync_server.store import inbox

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = WorkDay(NOW, published(), Levels())
SAY = speaker("zh")


def test_a_filter_survives_its_own_url() -> None:
    asked = {"state": "10", "kind": "SITE", "shift": "NIGHT", "days": "7", "q": "样例苑 3号楼"}
    filter = Filter.read(asked)
    assert {name: getattr(filter, name) for name in asked} == asked
    assert filter.url("/inbox").startswith("/inbox?state=10&kind=SITE&shift=NIGHT&days=7&q=")


MADE_UP = (
    ("state", "11"),
    ("state", "10' OR 1=1"),
    ("flag", "anything"),
    ("kind", "site"),
    ("days", "8"),
    ("days", "-1"),
    ("shift", "<b>"),
    ("community", "../x"),
    ("community", "1" * 13),
)


def test_what_is_not_in_the_lists_is_left_out() -> None:
    assert [one for one in MADE_UP if Filter.read(dict([one])) != Filter()] == []


def test_search_is_cut_and_evened_out() -> None:
    assert Filter.read({"q": "  a \t b\0 "}).q == "a b"
    assert len(Filter.read({"q": "x" * 500}).q) == 60


def test_search_reads_full_width_as_half_width() -> None:
    assert Filter.read({"q": "３号楼"}).record_filter(DAY, None).words == ("3号楼",)


def test_one_community_overrules_the_url() -> None:
    asked = Filter.read({"community": "999900100002"})
    assert asked.record_filter(DAY, "999900100001").community == "999900100001"
    assert asked.record_filter(DAY, "").community == ""
    assert asked.record_filter(DAY, None).community == "999900100002"


def test_today_begins_at_midnight_in_china() -> None:
    assert start_of_days(NOW, 1) == datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    assert start_of_days(NOW, 7) == datetime(2026, 11, 16, 16, 0, tzinfo=UTC)


def test_every_chip_is_a_link_that_keeps_the_others() -> None:
    found = chips(Filter(state="10", shift="NIGHT"), {"999900100001": "示例社区"}, SAY, "zh")
    kinds = next(chip for chip in found if chip.name == "kind")
    urls = {choice.url for choice in kinds.choices}
    assert "/inbox?state=10&kind=SITE&shift=NIGHT" in urls
    shift = next(chip for chip in found if chip.name == "shift")
    assert (shift.word, shift.remove_url) == ("夜查", "/inbox?state=10")


def test_a_community_officer_gets_no_chip_for_communities() -> None:
    assert "community" not in {chip.name for chip in chips(Filter(), {}, SAY, "zh")}


def test_what_is_no_order_number_is_left_out() -> None:
    for written in (None, "", "-1", "1.5", "x", "９", "1" * 20):
        assert order_number(written) is None, written


def test_an_order_number_fits_its_column() -> None:
    assert order_number("9" * 19) == inbox.LARGEST_NUMBER
    assert ListView.read({"before": "12"}).url("/x") == "/x?before=12"
