"""What officers read: both languages whole, suspected and never judged, times they can trust."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contract.cases import CaseState
from contract.codelists import built_in
from sync_server.console import words
from sync_server.console.state_badges import STATES, state_badge
from sync_server.console.times import duration, shown_time
from sync_server.console.words import code_word, say_known, sentences, speaker
from sync_server.domain.cases import EVENTS, MOVES

CONSOLE = Path(words.__file__).parent
GAP = re.compile(r"\{(\w+)\}")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # 20:00 in China


def test_every_sentence_has_both_languages_with_the_same_gaps() -> None:
    def is_whole(both: tuple[str, ...]) -> bool:
        gaps = {frozenset(GAP.findall(sentence)) for sentence in both}
        return len(both) == 2 and all(both) and len(gaps) == 1

    assert [code for code, both in sentences().items() if not is_whole(both)] == []


def test_every_code_that_is_used_has_words() -> None:
    sources = [*CONSOLE.rglob("*.html"), *CONSOLE.glob("*.py")]
    used = {
        code
        for source in sources
        for code in re.findall(r'\bsay\(\s*"([a-z_]+\.[a-z0-9_.]+)"', source.read_text())
        if not code.endswith(".")
    }
    assert len(used) > 80
    assert used <= sentences().keys()


def test_nothing_is_called_a_violation() -> None:
    text = (CONSOLE / "words.json").read_text()
    assert "线索" in text
    assert not re.search("违规|违法|打卡|积分|排名|重点人员|violation|illegal", text)


def test_every_state_has_an_icon_a_word_and_a_colour() -> None:
    assert STATES.keys() == built_in().lists["case_state"].keys()
    for state in STATES:
        badge = state_badge(state, "zh")
        assert badge.icon and badge.colour and badge.word != state


def test_every_icon_is_drawn() -> None:
    drawn = (CONSOLE / "templates" / "icons.html").read_text()
    assert all(f'name == "{look.icon}"' in drawn for look in STATES.values())


def test_a_code_from_a_newer_list_is_never_shown() -> None:
    assert code_word("sign", "SKYWRITING", "zh") == "未收录"
    assert state_badge("77", "en").word == "not listed here"
    said = say_known(speaker("zh"), "flaw.new_code", "flaw.other", code="new_code")
    assert said.startswith("没有提交") and "new_code" not in said


@pytest.mark.parametrize(
    ("ago", "short"),
    [
        (timedelta(minutes=5), "今天 19:55"),
        (timedelta(hours=20), "今天 00:00"),
        (timedelta(hours=21), "昨天 23:00"),
        (timedelta(days=2), "11-21 20:00"),
        (timedelta(days=400), "2025-10-19 20:00"),
    ],
)
def test_times_are_near_for_the_eye_and_exact_beside_it(ago: timedelta, short: str) -> None:
    found = shown_time(NOW - ago, NOW, speaker("zh"))
    assert found.short == short
    assert found.iso.endswith("+08:00") and len(found.exact) == 19


def test_a_skew_is_said_in_the_unit_it_has() -> None:
    say = speaker("zh")
    assert duration(-400, say) == "7 分钟"
    assert duration(7500, say) == "2 小时 5 分"
    assert duration(86_400 * 900, say) == "900 天"


def test_every_step_shows_what_is_said_with_it_and_its_button_once_it_is_chosen() -> None:
    style = (CONSOLE / "static" / "console.css").read_text()
    steps = {after.value for _, after in MOVES if after != CaseState.PURGED}
    steps |= {kind.value for kind, _ in EVENTS}
    wanted = {f"#to-{one}:checked) .for-{one}" for one in steps}
    wanted |= {f"#to-{one}:checked) :is(.reasons, .phrases).of-{one}" for one in steps}
    assert not [one for one in wanted if one not in style]


def test_every_step_of_a_case_has_a_name_on_its_button_and_in_the_audit_log() -> None:
    steps = [
        (str(before), str(after)) for before, after in MOVES if after != "99"
    ]  # no page purges
    steps += [(str(state), kind.value) for kind, state in EVENTS]
    codes = sentences().keys()
    unnamed = [
        (state, to)
        for state, to in steps
        if not codes & {f"decide.{state}.{to}", f"decide.{to}"} and to != CaseState.REPORTED
    ]
    unheard = [to for _, to in steps if f"audit.what.decide_{to}" not in codes]
    assert not unnamed and set(unheard) <= {CaseState.REPORTED}
