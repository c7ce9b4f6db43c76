"""The duty card and what hangs on it: help without a network, diagnostics, a suggestion."""

from pathlib import Path

import pytest

from contract import wire
from contract.anchor import Anchor, ChainHead, Witness
from fieldapp.memory.memory import LastRound
from fieldapp.screens.help import LEGEND, STATES
from fieldapp.state import paths
from fieldapp.ui.manual import topics
from tests.builders import NOON
from tests.fieldapp.a_phone import Hands, Phone

pytestmark = pytest.mark.asyncio


async def test_the_card_says_which_post_and_nobody(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await app.tap("duty")
        for words in ("wg0301", "示例片区", "示例旗教育体育局", "d1", "只认岗位"):
            assert app.says(words), words


@pytest.mark.parametrize(
    ("tile", "words"),
    [
        ("to-notices", "通知"),
        ("to-tasks", "任务"),
        ("to-licensed", "公示机构"),
        ("to-help", "使用帮助"),
        ("to-suggest", "投诉建议"),
        ("to-diagnosis", "诊断"),
        ("to-privacy", "隐私说明"),
        ("to-about", "关于"),
        ("to-settings", "设置"),
    ],
)
async def test_every_tile_of_the_card_leads_somewhere_and_back(
    tmp_path: Path, tile: str, words: str
) -> None:
    async with Phone(tmp_path) as app:
        await app.route(paths.DUTY)
        await app.tap(tile)
        assert app.texts()[0] == words
        await app.tap("back")
        assert app.texts()[0] != words


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_topic_of_the_manual_opens_without_a_network(
    tmp_path: Path, language: str
) -> None:
    phone = Phone(tmp_path, Hands(road=False))
    async with phone as app:
        await phone.state.settings.change(language=language)
        await app.route(paths.HELP)
        for topic, told in topics().items():
            await app.tap(f"topic-{topic}")
            assert all(app.says(line) for line in told[language]), topic
            assert app.find(f"topic-{topic}").selected
            assert not app.shows(f"topic-{STATES}")  # what was opened stands at the top, alone
            await app.tap("back")
        await app.tap(f"topic-{STATES}")
        assert len(app.below(app.find("topic"), type(app.find("topic")))) == 1
        assert app.says("待发") or app.says("To send")
        await app.tap(f"topic-{STATES}")
        assert not app.shows("topic")


async def test_both_languages_of_the_manual_say_as_much() -> None:
    for topic, told in topics().items():
        assert set(told) == {"zh", "en"}, topic
        assert len(told["zh"]) == len(told["en"]) >= 2, topic
        assert len(told["zh"][0]) <= 15, topic
    assert STATES not in topics() and len(set(LEGEND)) == len(LEGEND)


async def test_diagnostics_are_shown_copied_and_sent(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(road=False))
    phone.memory.keep_last_round(LastRound(at=NOON, ok=False, why="no_road"))
    async with phone as app:
        await app.route(paths.DIAGNOSIS)
        assert app.says("没有网络，稍后再试") and not app.says("no_road")
        assert "no_road" in phone.state.diagnosis.text
        assert app.says("reports_sealed: 0") and app.says("app: ")
        await app.tap("copy")
        assert phone.hands.copied == phone.state.diagnosis.text and app.says("已复制")
        await app.tap("copy-witnesses")
        assert app.says("还没有审计见证")
        anchor = Anchor(audit=ChainHead(position=7, hash="a" * 64))
        phone.memory.keep_anchor(anchor, NOON)
        await app.tap("copy-witnesses")
        kept = wire.decode(Witness, phone.hands.copied.encode())
        assert (kept.day, kept.anchor) == (NOON.date(), anchor) and app.says("已复制")
        await app.tap("send-diagnosis")
        assert phone.notebook.waiting() == 1 and app.says("已放入待发")


async def test_a_suggestion_that_was_left_is_found_again(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await app.route(paths.SUGGEST)
        await app.write("suggestion", "夜里太亮")
        await app.tap("back")
    phone = Phone(tmp_path, Hands(road=False))
    async with phone as again:
        assert phone.state.suggestion.text == "夜里太亮"
        await again.route(paths.SUGGEST)
        await again.tap("send")
        assert phone.notebook.waiting() == 1 and phone.state.suggestion.text == ""


async def test_a_suggestion_that_names_somebody_stays(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await app.route(paths.SUGGEST)
        await app.write("suggestion", "请打13800138000")
        await app.tap("send")
        assert phone.notebook.waiting() == 0 and phone.state.suggestion.text == "请打13800138000"
        await app.write("suggestion", "请打总机")
        await app.tap("send")
        assert phone.notebook.waiting() == 1


async def test_the_settings_say_what_the_album_weighs_from_the_duty_card_too(
    tmp_path: Path,
) -> None:
    phone = Phone(tmp_path)
    phone.album.keep(b"x" * 2_000_000)
    async with phone as app:
        for tile in ("duty", "to-settings"):
            await app.tap(tile)
        assert app.says("2.0 MB")
