"""The words: both languages, the same gaps, and one for every code that a screen may say."""

import re
from pathlib import Path
from string import Formatter

from contract.codelists import built_in
from contract.protocol import UNREADABLE
from contract.rules import FlawCode
from fieldapp.ports import FixOutcome
from fieldapp.report.entry import EventKind, Stage
from fieldapp.screens.remedies import REMEDIES
from fieldapp.ui import words
from fieldapp.ui.manual import topics
from fieldapp.ui.theme import STATES

APP = Path(words.__file__).parent.parent
NARROW = re.compile(r"[一-鿿}”][,;:!?()]|[()][一-鿿]")  # ASCII, as a keyboard has it
SAYS = re.compile(r'say\("([a-z_.0-9]+)"')


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_sentence_stands_in_both_languages_with_the_same_gaps() -> None:
    pairs = words.sentences().items()
    assert [code for code, (chinese, english) in pairs if not (chinese and english)] == []
    assert [code for code, (zh, en) in pairs if gaps(zh) != gaps(en)] == []


def test_every_code_in_the_sources_has_its_sentence() -> None:
    used = {code for path in APP.rglob("*.py") for code in SAYS.findall(path.read_text())}
    assert used and used <= set(words.sentences())


def test_every_flaw_sight_and_happening_can_be_said() -> None:
    wanted = {f"flaw.{code.value}" for code in FlawCode}
    wanted |= {f"sight.{sight.value}" for sight in FixOutcome if sight is not FixOutcome.FOUND}
    wanted |= {f"what.{what.value}" for what in EventKind}
    assert wanted <= set(words.sentences())


def test_every_state_has_icon_word_and_colour() -> None:
    stages = {stage.value for stage in Stage if stage is not Stage.REVIEWED}
    assert set(STATES) == stages | {"DISPUTED", UNREADABLE} | set(built_in().offered("case_state"))
    assert {trio.word for trio in STATES.values() if trio.word} <= set(words.sentences())


def test_a_code_newer_than_this_app_is_shown_and_not_hidden() -> None:
    say = words.speaker("zh")
    assert words.why(say, "brand_new") == "没有成功，请告诉旗局"


def codes_of_the_road() -> set[str]:
    """What courier, adapters and the bureau's catalogue of problems can give as a code; read as
    text, for a phone's suite has no server beside it."""
    raised = re.compile(
        r'(?:Offline|Refused)\("([a-z_]+)"|_give_up_on\(name, "([a-z_]+)"|why = "([a-z_]+)"'
    )
    listed = re.compile(r'^    (?:status, )?code = (?:\d+, )?"([a-z_]+)"', re.MULTILINE)
    phone = "\n".join(path.read_text() for path in APP.rglob("*.py"))
    bureau = (APP.parent / "sync_server/problems.py").read_text()
    found = {code for groups in raised.findall(phone) for code in groups if code}
    return found | set(listed.findall(bureau)) | set(listed.findall(phone))


def test_every_code_that_the_road_can_give_has_words() -> None:
    codes = codes_of_the_road()
    assert {"no_road", "full", "unanswered", "picture_missing", "contract_too_old"} <= codes
    assert len(codes) > 35
    assert {f"why.{code}" for code in codes} <= set(words.sentences())


def test_every_remedy_stands_on_a_code_that_can_be_said() -> None:
    said = set(words.sentences())
    assert {f"why.{code}" for code in REMEDIES} <= said
    assert {remedy.next for remedy in REMEDIES.values()} <= said


def test_a_trouble_and_its_remedy_are_short() -> None:
    for code, (chinese, _) in words.sentences().items():
        if code.startswith(("why.", "next.")):
            assert len(re.sub(r"\{\w+\}", "", chinese)) <= 15, code


def test_chinese_sentences_have_chinese_punctuation() -> None:
    chinese = [said for said, _ in words.sentences().values()]
    chinese += [line for topic in topics().values() for line in topic["zh"]]
    lists = built_in()
    chinese += [lists.word(name, code) for name in lists.lists for code in lists.offered(name)]
    assert [said for said in chinese if NARROW.search(said)] == []


def test_nobody_is_judged_or_ranked_in_words() -> None:
    text = "".join("".join(pair) for pair in words.sentences().values())
    for word in ("违规", "违法", "打卡", "积分", "排名", "排行", "得分", "重点人员"):
        assert word not in text, word
    assert "线索" in text and "疑似" in text
