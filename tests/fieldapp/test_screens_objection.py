"""对结果有疑问: once, until the day that the bureau named, with words that name nobody."""

from datetime import date
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from contract import wire
from contract.protocol import ArrivalKind, Refusal
from fieldapp.courier.apply_reply import set_aside_refused
from fieldapp.report.entry import Entry
from fieldapp.report.parcel import Parcel
from tests.builders import NOON, an_answer
from tests.fieldapp.a_phone import Phone
from tests.fieldapp.headless import Headless
from tests.fieldapp.test_screens_reports import filled, told

pytestmark = pytest.mark.asyncio
LAST = date(2026, 12, 11)


async def concluded(phone: Phone, **changes: Any) -> Entry:
    """A report with a result that may be doubted, unless `changes` say another thing."""
    (entry,) = filled(phone, 1)
    said: dict[str, Any] = {"state": "70", "comment": "到场未见上课", "object_until": LAST}
    told(phone, an_answer(entry.report.id, **(said | changes)))
    return entry


async def opened(app: Headless, entry: Entry) -> None:
    await app.tap(f"report-{entry.report.id}")


def waiting(phone: Phone) -> list[Parcel]:
    return list(phone.notebook.outbox(NOON.replace(year=2027), 9))


async def test_a_worker_doubts_a_result_in_words_and_sees_that_it_waits(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    entry = await concluded(phone)
    async with phone as app:
        await opened(app, entry)
        assert app.says("最晚 12-11 提出，只能一次")
        await app.tap("object")
        assert app.says("旗局会复核")
        await app.write("objection", "昨晚七点还有学生进出")
        await app.tap("send")
        assert app.says("再点一次提出") and waiting(phone) == []
        await app.tap("send")
        assert app.says("已提出疑问") and app.says("等待复核") and app.says("昨晚七点")
        assert not app.shows("object") and app.says("已提出疑问，等待复核")
        (parcel,) = waiting(phone)
        body = wire.parse_json(parcel.raw)["body"]
        assert parcel.kind is ArrivalKind.OBJECTION and body["id"] == str(entry.report.id)
        assert body["text"] == "昨晚七点还有学生进出" and body["revision"] == 1
        await phone.told(an_answer(entry.report.id, 2, state="90", reason="OBJECTION"))
        assert app.says("旗局正在复核") and not app.says("等待复核")


@pytest.mark.parametrize(
    "changes", [{"object_until": None}, {"object_until": date(2026, 11, 19)}, {"state": "20"}]
)
async def test_what_may_not_be_doubted_offers_no_way(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    phone = Phone(tmp_path)
    entry = await concluded(phone, **({"object_until": None} | changes))
    async with phone as app:
        await opened(app, entry)
        assert not app.shows("object") and app.says("内容不再改动")


@pytest.mark.parametrize(("words", "said"), [("", "没"), ("联系 13912345678", "13912345678")])
async def test_words_that_cannot_be_sent_are_shown_and_kept(
    tmp_path: Path, words: str, said: str
) -> None:
    phone = Phone(tmp_path)
    entry = await concluded(phone)
    async with phone as app:
        await opened(app, entry)
        await app.tap("object")
        await app.write("objection", words)
        await app.tap("send")
        await app.tap("send")
        assert phone.state.objection.flaws and waiting(phone) == []
        assert any(said in str(one.error) for one in app.all(ft.TextField))
        await app.tap("back")
        await app.tap("object")
        assert phone.state.objection.text == words


async def test_an_objection_that_the_bureau_does_not_take_says_why(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    entry = await concluded(phone)
    objected, parcel = phone.notebook.entry(entry.report.id).objected("还有人", NOON)  # type: ignore[union-attr]  # it is there
    with phone.notebook.atomic():
        phone.notebook.write(objected)
        phone.notebook.enqueue(parcel)
    refusal = Refusal(digest=parcel.digest, code="objection_late")
    set_aside_refused(phone.notebook, phone.memory, parcel, refusal, NOON)
    async with phone as app:
        await opened(app, entry)
        assert app.says("旗局没有收下疑问") and app.says("期限已过")
        assert not app.shows("object") and waiting(phone) == []
